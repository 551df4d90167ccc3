"""Reads the settings from the environment, and says of every wrong one what it should be."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from plainview.platform.storage.given import running_as
from plainview.settings.environment import NETWORKS, PREFIX, THERE, Environment


class SettingsError(Exception):
    """One or more settings could not be read; the text lists every one with its remedy."""


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read the settings from `environ`.

    Raises SettingsError naming all bad values and all unknown `PLAINVIEW_…` variables at once.
    """
    known = {PREFIX + field.name.upper(): field for field in msgspec.structs.fields(Environment)}
    values: dict[str, Any] = {}
    problems = []
    for variable in sorted(v for v in environ if v.startswith(PREFIX)):
        field, text = known.get(variable), environ[variable]
        if field is None:
            names = [each.removeprefix(PREFIX) for each in known]
            near = difflib.get_close_matches(variable.removeprefix(PREFIX), names, 1)
            meant = f": did you mean {PREFIX}{near[0]}?" if near else ""
            problems.append(f"{variable} is not a setting{meant} (docs/settings.md has them all)")
            continue
        kind, meta = get_args(field.type)
        try:
            values[field.name] = msgspec.convert(text, field.type, strict=False)
        except msgspec.ValidationError:
            problems.append(f"{variable} can't be read: write {_wanted(kind, meta)}")
        if meta.extra == THERE and text and not Path(text).exists():
            problems.append(f"{variable} names {text}, and nothing is there")
        if meta.extra == NETWORKS and not _networks(text):
            problems.append(f"{variable} can't be read: write {_wanted(kind, meta)}")
        if variable.endswith("_URL") and not _readable(text):
            problems.append(f"{variable} can't be read: its host or port is written wrong")
    if problems:
        raise SettingsError("\n".join(problems))
    return Environment(**values)


def _readable(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _networks(text: str) -> bool:
    try:
        return all(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        return False


def _wanted(kind: type, meta: Meta) -> str:
    """What a value has to be, in words."""
    if kind is int:
        return f"a whole number from {meta.ge} to {meta.le}"
    return f"it as {meta.examples[0]}" if meta.examples else "true or false"


def data_folder(settings: Environment) -> Path:
    """The data folder as an absolute path, made if it is missing. Raises SettingsError."""
    folder = Path(settings.data_dir).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"the data folder {folder} can't be made ({error.strerror}): name another in"
            f" PLAINVIEW_DATA_DIR, or make it and give it to {running_as()}"
        ) from None
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise SettingsError(
            f"the disk of the data folder {folder} can only be read, for everybody: `dmesg` says"
            " whether an error made it so; then mount it to be written to"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(
            f"the data folder {folder} can't be written to: give it to {running_as()}, who"
            " runs this, or name another in PLAINVIEW_DATA_DIR"
        )
    return folder
