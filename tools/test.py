"""`make test`: the front end's tests, every test on SQLite, those with rows on PostgreSQL.

There a test with many cases runs one, and a test of which others send every clause none, unless
the database itself gives the answer; `--whole` runs them all, `--cover` looks anew which these are.
`--fast` leaves out browsers, films and PostgreSQL; `--soak` runs the long counts, and everything on
PostgreSQL. Other arguments go to pytest. What had to be left out is said at the end, with how to
get it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import browsers
import postgres

ROOT = Path(__file__).resolve().parent.parent
# What a file sets up is set up once, and no worker is left with all the journeys of the end.
BY_FILE = ["--dist=loadfile", "--no-loadscope-reorder"]
PROPERTIES = ["tests/policy", "tests/places", "tests/log", "tests/backups/test_archives.py"]
"""Where `tests/lengths.py` says how many examples are tried; most of it knows no database."""
JOURNEYS = "tests/journeys"
"""Where all of them lie: whoever runs the others need not read them, and the other way round."""
NONE_OF_THESE = 5
"""What pytest ends with where the arguments choose no test of a run."""


def run(name: str, command: Sequence[str], environment: Mapping[str, str], *, aside: bool) -> int:
    """Run a part of the tests; prints a heading; returns its status.

    One that runs `aside` of another is printed whole once it is done.
    """
    print(f"\n=== {name}{', aside' if aside else ''}", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        stdout=subprocess.PIPE if aside else None,
        stderr=subprocess.STDOUT if aside else None,
        text=True,
    )
    print(f"{done.stdout or ''}=== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode


def pytest(
    name: str,
    chosen: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    workers: int = 2,
    aside: bool = False,
) -> int:
    """Run pytest on the tests whose marks are `chosen`; returns its status.

    By no `workers`, what the tests share (a service, a browser, a film) is made once.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-m", chosen, *arguments]
    spread = [f"-n{workers}", *BY_FILE] if workers else []
    return run(name, [*command, *spread], environment, aside=aside)


def covered(arguments: Sequence[str]) -> int:
    """List anew which tests PostgreSQL need not run (`tests/covering.py`); returns a status."""
    with TemporaryDirectory() as folder, postgres.cluster() as address:
        noted, chosen = Path(folder, "statements"), "not journey and not soak"
        options = ["--once", f"--note-statements={noted}", *arguments]
        environment = {"PLAINVIEW_DATABASE_URL": address}
        done = pytest("noting", chosen, options, environment)
        if noted.exists():  # also where one failed: it has sent what it sends
            sys.path.insert(0, str(ROOT))
            from tests import covering  # noqa: PLC0415 - needs what the environment has

            print(covering.write(noted))
        return done


def main() -> int:
    own = ("--fast", "--soak", "--whole", "--cover")
    arguments = [word for word in sys.argv[1:] if word not in own]
    fast, soak, whole, cover = (word in sys.argv for word in own)
    if fast:
        return pytest("fast", "not slow and not soak", arguments, {})
    if cover:
        return covered(arguments)
    marks = "soak" if soak else "not soak"
    few = [] if soak or whole else ["--once"]
    left_out, ends = [], list[int]()
    browser = browsers.chromium()
    if not browser:
        left_out.append(
            "EVERY BROWSER TEST: no Chromium was found or could be fetched.\n"
            "    Install one (`apt install chromium`) or set CHROMIUM=/path/to/it."
        )
    proxy = browsers.nginx()
    if not proxy:
        left_out.append(
            "THE TEST OF SHARED CACHES: no nginx was found or could be fetched.\n"
            "    Install one (`apt install nginx-light`) or set NGINX=/path/to/it."
        )
    other = browsers.firefox() if soak else ""
    if soak and not other:
        left_out.append(
            "EVERY TEST IN FIREFOX: none was found or could be fetched.\n"
            "    Install one (`apt install firefox-esr`) or set FIREFOX=/path/to/it."
        )
    found = {"CHROMIUM_SHELL": browsers.shell(), "CHROMIUM": browser}
    found |= {"NGINX": proxy, "FIREFOX": other}
    engines = {"SQLite": found}
    with ExitStack() as stack:
        try:
            address = stack.enter_context(postgres.cluster())
        except postgres.Unavailable as error:
            left_out.append(f"EVERY TEST ON POSTGRESQL: {error}")
        else:
            engines["PostgreSQL"] = {**found, "PLAINVIEW_DATABASE_URL": address}
        kinds = {
            "journeys": ("journey", arguments or [JOURNEYS]),
            "tests": ("not journey", arguments or [f"--ignore={JOURNEYS}"]),
        }
        journeys, tests = (
            [
                (f"{kind} on {engine}", f"{which} and {marks}", [*few, *chosen], environment)
                for engine, environment in engines.items()
            ]
            for kind, (which, chosen) in kinds.items()
        )
        if soak:
            name, chosen = "properties at length", "not journey and not soak"
            long = {**found, "PROPERTIES_AT_LENGTH": "1"}
            ends.append(pytest(name, chosen, arguments or PROPERTIES, long))
            if "PostgreSQL" in engines:
                name, chosen = "every case on PostgreSQL", "not journey and not soak"
                ends.append(pytest(name, chosen, arguments, engines["PostgreSQL"]))
            ends += [pytest(*each) for each in (*tests, *journeys)]
        else:
            # A journey waits half of its time, for a film or a letter: the others run meanwhile.
            # Whichever of the two is done first goes on with those on PostgreSQL, and the other
            # with the few journeys there, so that neither processor waits for the end of one part.
            lanes = ThreadPoolExecutor(2)
            stack.callback(lanes.shutdown, cancel_futures=True)
            front_end = [sys.executable, "tools/bootstrap.py", "npm", "test"]
            others = [lanes.submit(pytest, *tests[0])]
            others += [lanes.submit(run, "the front end", front_end, {}, aside=True)]
            others += [lanes.submit(pytest, *journeys[0], workers=0, aside=True)]
            others += [lanes.submit(pytest, *each, aside=True) for each in tests[1:]]
            others += [lanes.submit(pytest, *each, workers=0, aside=True) for each in journeys[1:]]
            ends += [each.result() for each in others]
    for text in left_out:
        print(f"\n!!! LEFT OUT: {text}")
    passed = {0} <= {*ends} <= {0, NONE_OF_THESE}
    print("\nAll tests passed." if passed else "\nThere were failures: see above.")
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
