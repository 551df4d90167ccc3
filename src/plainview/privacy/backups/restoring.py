"""Putting a backup back into an empty place: first the files, then the database, then the ledger.

Nothing is moved into its place before the whole archive is proved to be what was put in. From the
first step to the last the barrier stands; killed at any moment, the same command goes on.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import connection
from django.utils import timezone

from plainview.platform.storage.whole import put_whole, write_through
from plainview.privacy.backups import archive, barrier, ledger
from plainview.privacy.backups.archive import Broken, Manifest
from plainview.privacy.backups.barrier import State
from plainview.privacy.backups.making import (
    DATA,
    DATABASE,
    MEDIA,
    TRANSLATIONS,
    apart,
    fingerprints,
)
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.postgresql import copying as postgresql
from plainview.privacy.gate.sqlite3 import copying as sqlite
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

FRESH = 60
"""Seconds: a key that is no older has been made for this command, and nothing stands under it."""


class NotEmpty(Exception):
    """There is a database, which is not overwritten."""


class NoLedger(Exception):
    """There is no ledger of what must not come back."""


class Over(Exception):
    """The archive's life is over; what the ledger knew of its time is over too."""


class Restored(NamedTuple):
    """What was put back: the list of the archive, and what of it can't be read by keys of here."""

    manifest: Manifest
    other_keys: list[str]


def unpack(path: Path, identity: Path, *, lost: bool = False) -> Restored | None:
    """Put database and files into their place; None if that was done and the replay is due.

    `lost` says that the ledger, or a part of it, is lost: then nobody's yes counts until they say
    it again. Raises Broken, NotEmpty, NoLedger, Over, postgresql.NoProgram, and OSError.
    """
    state = barrier.state()
    if state is not None and state.stage == "placing" and not empty():
        barrier.put_up(msgspec.structs.replace(state, stage="replay", base=barrier.base()))
        return None
    if state is not None and state.stage == "replay":
        return None
    if not lost and not ledger.exists():
        raise NoLedger
    if not empty():
        raise NotEmpty
    keys = archive.identities(identity)
    barrier.put_up(State("files", path.name, unknown=lost))
    barrier.clear()
    room = barrier.room()
    room.mkdir(mode=0o700)
    try:
        manifest = _unpacked(path, keys, room)
    except (Broken, Over):
        barrier.clear()
        if state is None:  # else what a restore before moved into its place may lie there
            barrier.lift()
        raise
    places = {MEDIA: settings.MEDIA_ROOT, TRANSLATIONS: settings.TRANSLATIONS, DATA: settings.DATA}
    for place, root in places.items():
        _move(room / place, Path(root))
    barrier.put_up(State("placing", path.name, unknown=lost))
    _put_in_place(room / DATABASE)
    barrier.put_up(State("replay", path.name, unknown=lost, base=barrier.base()))
    barrier.clear()
    ledger.begin()
    return Restored(manifest, _other(manifest))


def keys_from(path: Path, identity: Path) -> list[str]:
    """Put the keys of an archive of keys into the data folder; return the names of what changed.

    A key of here that is another is kept beside it, as `….before`, unless the settings have just
    made it. Raises Broken, and OSError.
    """
    changed = []
    try:
        with archive.opened(path, archive.identities(identity)) as content:
            found = {(name, _of_key(name)): stream.read() for name, stream in content.members()}
    except Broken as error:
        raise Broken(f"{path.name}: {error}") from None
    for (name, target), text in found.items():
        if target.exists() and target.read_bytes() == text:
            continue
        if target.exists() and time.time() - target.stat().st_mtime > FRESH:
            target.replace(target.with_name(f"{target.name}.before"))
        put_whole(target, text)
        changed.append(name.removeprefix("keys/"))
    return changed


def _of_key(name: str) -> Path:
    """Where a key belongs. Raises Broken for what is none."""
    plain = name.removeprefix("keys/")
    if plain == "ledger/key":
        return ledger.folder() / "key"
    if plain == "connections.toml":
        return Path(settings.CONNECTIONS)
    if name == plain or "/" in plain or not plain.endswith(("-key", "-keys")):
        raise Broken("this is no archive of keys")
    return settings.DATA / plain


def empty() -> bool:
    """Whether the database has nothing in it."""
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        return not path.exists() or sqlite.bare(path)
    with duty("migrate"), connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def _unpacked(path: Path, keys: list[object], room: Path) -> Manifest:
    with archive.opened(path, keys) as content:
        for name, stream in content.members():
            _refuse_unfit(content)
            place, _, rest = name.partition("/")
            known = place in (DATABASE, MEDIA, TRANSLATIONS) or (place == DATA and apart(rest))
            if not known or not rest:
                raise Broken(f"{name} does not belong into an archive")
            target = room / DATABASE if place == DATABASE else room / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("ab" if place == DATABASE else "wb") as file:
                shutil.copyfileobj(stream, file, archive.BLOCK)
    if content.manifest is None or not (room / DATABASE).exists():
        raise Broken("there is no database in it")
    for name in content.manifest.gone:
        (room / name).unlink(missing_ok=True)
    return content.manifest


def _refuse_unfit(content: archive.Content) -> None:
    """Before anything is unpacked: is it of this kind of database, and not too old?"""
    about = content.about
    if about is None:
        raise Broken("the archive does not begin with what it is of")
    if about.engine == "keys":
        raise Broken("this is no archive of a database: use it with --keys")
    if about.engine != connection.vendor:
        raise Broken(_ELSEWHERE.get(about.engine, f"it is a copy of {about.engine!r}"))
    made = timezone.localdate(dt.datetime.fromisoformat(about.made_at))
    if later(made, in_force().retention.backups) < timezone.localdate():
        raise Over


_ELSEWHERE = {
    "sqlite": "it is a copy of SQLite's file, which goes back into one: leave"
    " PLAINVIEW_DATABASE_URL empty for this command; `plainview database take` carries it over"
    " then (docs/operator.md)",
    "postgresql": "it is a copy of a database of PostgreSQL, which goes back into one: name an"
    " empty one in PLAINVIEW_DATABASE_URL",
}
"""What is said of a copy of another engine than the database's here."""


def _move(source: Path, target: Path) -> None:
    """Put unpacked files where they belong, each at once; what lies there of the name goes."""
    for folder, _, names in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.move(Path(folder) / name, place / name)


def _put_in_place(copy: Path) -> None:
    if connection.vendor == "sqlite":
        if not sqlite.whole(copy):
            raise Broken("SQLite finds the copy damaged")
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        target = Path(str(connection.settings_dict["NAME"]))
        for end in ("-wal", "-shm", "-journal"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        copy.replace(target)
        write_through(target.parent)
        return
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    connection.close()
    if trouble := postgresql.load(connection.settings_dict, copy, version):
        raise Broken(f"PostgreSQL did not take the copy: {trouble}")


def _other(manifest: Manifest) -> list[str]:
    """The keys of the copy that are none of here."""
    here = fingerprints()
    return [
        name
        for name, prints in manifest.keys.items()
        if not set(prints[:1]) <= set(here.get(name, []))
    ]
