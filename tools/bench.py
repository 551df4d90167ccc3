"""`make bench`: every measurement of bench/, each in a process of its own, with the demonstration.

`make bench` prints. `--write` puts what all of them printed in this run, and on which machine, into
docs/benchmarks.md; docs/measurements.md says what the figures mean, and their goals.
What is about the database is measured on PostgreSQL too; `--sqlite` and `--postgresql` choose one.
`--scale=1` fills the search with all that its goal names (else a hundredth), and `--keep=FOLDER`
leaves what was filled there, for the next run: one folder a bench.
"""

from __future__ import annotations

import ast
import datetime as dt
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import postgres

ROOT = Path(__file__).resolve().parent.parent
ALONE = {"gate"}  # it brings its own tables and both engines
# They fill a database of their own.
BOTH = {"audit", "casework", "endings", "log", "refold", "rights", "rooms", "search"}
CATALOGUE = {"banners", "consent", "ingest", "notices", "pages", "vitals", "walk"}
FILMS = CATALOGUE - {
    "banners",
    "consent",
    "notices",
}  # what looks at pages alone needs no film that plays
ROOMY = "-c shared_buffers=2GB -c maintenance_work_mem=1GB -c max_wal_size=8GB"
"""For a filled database that is kept, as somebody with so much would set it."""
START = (
    "import os, sys; sys.path[:0] = ['bench', 'tools'];"
    "os.environ['DJANGO_SETTINGS_MODULE'] = 'plainview.settings';"
    "import django; django.setup();"
    "import importlib; importlib.import_module(sys.argv.pop(1)).main()"
)


SAID: dict[str, list[str]] = {}
"""What each bench printed, by its name: its engine first, then its lines."""
NO_FIGURE = re.compile(r"First run: |.* is at http://|\S+ \S+ INFO ")
"""What a service says of itself when it starts; the first has a secret link in it."""


SECTION = re.compile(r"^## (\w+)\n\n(.*?\n```text\n.*?\n```)$", re.DOTALL | re.MULTILINE)
"""One of the page that `--write` writes: the name of its bench, and the rest."""


def said(name: str, engine: str, command: list[str], environment: Mapping[str, str]) -> int:
    """Run one, its output shown and kept; gives its status."""
    begun = time.monotonic()
    lines = SAID.setdefault(name, [])
    lines.append(f"--- {engine}")
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            if not NO_FIGURE.match(line):
                lines.append(line.rstrip())
    if running.returncode:
        lines.append(f"MISSED A GOAL, or broke: it ended with {running.returncode}")
    lines.append(f"--- {time.monotonic() - begun:.0f} s")
    return running.returncode


def machine() -> str:
    """What the figures were taken on, as one line of text."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({cpu[1] if cpu else platform.machine()}), {memory:.0f} GB,"
        f" Linux {platform.release()}, Python {platform.python_version()}"
    )


def written(wanted: list[str]) -> None:
    """docs/benchmarks.md: each bench's own first words, its command, when, and what it printed.

    A section of a bench that has not run stays as it is.
    """
    page = ROOT / "docs/benchmarks.md"
    old = page.read_text() if page.exists() else ""
    sections = dict(SECTION.findall(old))
    head = subprocess.run(
        ["git", "rev-parse", "--short=8", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    day = f"{dt.datetime.now(dt.UTC):%-d %B %Y}"
    parts = [
        "# Benchmarks",
        "As `make bench` printed them, put here by `tools/bench.py --write`: each with what it is"
        " measured against, and its run.",
        "[Measurements](measurements.md) says what the figures mean, their goals, and those of"
        " larger runs.",
    ]
    load = f"load {os.getloadavg()[2]:.1f} in the quarter of an hour before"
    run = f"{day}, at `{head}`; {machine()}; {load}."
    for name in set(wanted) & set(SAID):
        told = ast.get_docstring(ast.parse((ROOT / f"bench/{name}.py").read_text())) or ""
        about = " ".join(told.split("\n\n")[0].split())
        figures = "\n".join(SAID[name])
        command = f"    tools/bench.py {name}"
        sections[name] = f"{about}\n\n{command}\n\n{run}\n\n```text\n{figures}\n```"
    parts += [f"## {name}\n\n{section}" for name, section in sorted(sections.items())]
    page.write_text("\n\n".join(parts) + "\n")


@contextmanager
def _own(keep: Path | None) -> Iterator[dict[str, str]]:
    """A data folder with an empty SQLite database, for a bench that fills it by itself."""
    with tempfile.TemporaryDirectory() if keep is None else nullcontext(keep / "sqlite") as data:
        Path(data).mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "PLAINVIEW_DATA_DIR": str(data)}
        migrate = [sys.executable, "-m", "plainview", "manage", "migrate", "-v0"]
        subprocess.run(migrate, env=environment, check=True)
        yield environment


def on_postgresql(name: str, environment: dict[str, str]) -> int:
    """Run a bench of its own tables on a PostgreSQL of the moment; says loudly if there is none."""
    try:
        with postgres.cluster() as address:
            found = urlsplit(address)
            server = {
                "GATE_PG_HOST": parse_qs(found.query)["host"][0],
                "GATE_PG_USER": found.username or "",
            }
            command = [sys.executable, f"bench/{name}.py", "postgresql"]
            return said(name, "PostgreSQL", command, {**environment, **server})
    except postgres.Unavailable as error:
        print(f"!!! LEFT OUT: {name} on PostgreSQL: {error}", flush=True)
        return 0


@contextmanager
def _kept(folder: Path) -> Iterator[str]:
    """A PostgreSQL whose data stay in a folder: made there, or started again."""
    place = folder / "postgresql"
    options = f"-c max_connections=60 {ROOMY}"
    made = (place / "data").is_dir()
    place.mkdir(parents=True, exist_ok=True)
    server = postgres.Server(place, options, fresh=not made)
    server.start()
    try:
        yield server.address
    finally:
        server.stop(fast=True)


def filled_on_postgresql(name: str, keep: Path | None) -> int:
    """Run a bench with a database of its own on a PostgreSQL that confirms what is on the disk."""
    try:
        with (
            _kept(keep) if keep else postgres.cluster("-c max_connections=60") as address,
            tempfile.TemporaryDirectory() as data,
        ):
            own = {"PLAINVIEW_DATABASE_URL": address, "PLAINVIEW_DATA_DIR": data}
            environment = {**os.environ, **own}
            migrate = [sys.executable, "-m", "plainview", "manage", "migrate", "-v0"]
            subprocess.run(migrate, env=environment, check=True)
            command = [sys.executable, "-c", START, name]
            return said(name, "PostgreSQL", command, environment)
    except postgres.Unavailable as error:
        print(f"!!! LEFT OUT: {name} on PostgreSQL: {error}", flush=True)
        return 0


def main() -> int:
    options = dict(each.split("=", 1) for each in sys.argv[1:] if "=" in each)
    keep = Path(options["--keep"]).resolve() if "--keep" in options else None
    words = [word for word in sys.argv[1:] if "=" not in word]
    engines = {word for word in words if word in ("--sqlite", "--postgresql")} or {
        "--sqlite", "--postgresql",
    }  # fmt: skip
    wanted = [word for word in words if word not in engines and word != "--write"]
    wanted = wanted or sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    failed = 0
    os.environ["BENCH_SCALE"] = options.get("--scale", "0.01")
    with _own(None) as environment:
        plainview = [sys.executable, "-m", "plainview"]
        if CATALOGUE & set(wanted):
            wait = ["--wait"] if FILMS & set(wanted) else []
            subprocess.run([*plainview, "demo", *wait], env=environment, check=True)
        for name in wanted:
            print(f"\n=== bench/{name}.py", flush=True)
            command = [sys.executable, "-c", START, name]
            if name in ALONE:
                command = [sys.executable, f"bench/{name}.py"]
            if "--sqlite" in engines and name in BOTH:
                with _own(keep) as own:
                    failed += said(name, "SQLite", command, own) != 0
            elif "--sqlite" in engines:
                failed += said(name, "SQLite", command, environment) != 0
            if "--postgresql" in engines and name in ALONE:
                failed += on_postgresql(name, environment) != 0
            if "--postgresql" in engines and name in BOTH:
                failed += filled_on_postgresql(name, keep) != 0
            if "--write" in words:
                written(wanted)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
