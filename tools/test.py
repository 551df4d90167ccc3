"""`make test`: the front end's tests, every test on SQLite, those with rows on PostgreSQL.

`--fast` leaves out browsers, films and PostgreSQL; `--soak` runs the long counts. Other arguments
go to pytest. What had to be left out is said at the end, with how to get it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import chromium
import firefox
import nginx
import postgres

ROOT = Path(__file__).resolve().parent.parent
# What a file sets up is set up once, and no worker is left with all the journeys of the end.
BY_FILE = ["--dist=loadfile", "--no-loadscope-reorder"]


def pytest(name: str, *arguments: str, **environment: str) -> bool:
    """Run pytest with further environment variables; prints a heading; True if it passed."""
    print(f"\n=== {name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n2", *BY_FILE, *arguments]
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    print(f"=== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


def main() -> int:
    arguments = [word for word in sys.argv[1:] if word not in ("--fast", "--soak")]
    fast, soak = "--fast" in sys.argv, "--soak" in sys.argv
    if fast:
        return 0 if pytest("fast", "-m", "not slow and not soak", *arguments) else 1
    marks = "soak" if soak else "not soak"
    left_out, passed = [], []
    if not soak:
        command = [sys.executable, "tools/bootstrap.py", "npm", "test"]
        passed.append(subprocess.run(command, cwd=ROOT, check=False).returncode == 0)
    browser = chromium.find()
    if not browser:
        left_out.append(
            "EVERY BROWSER TEST: no Chromium was found or could be fetched.\n"
            "    Install one (`apt install chromium`) or set CHROMIUM=/path/to/it."
        )
    proxy = nginx.find()
    if not proxy:
        left_out.append(
            "THE TEST OF SHARED CACHES: no nginx was found or could be fetched.\n"
            "    Install one (`apt install nginx-light`) or set NGINX=/path/to/it."
        )
    other = firefox.find() if soak else ""
    if soak and not other:
        left_out.append(
            "EVERY TEST IN FIREFOX: none was found or could be fetched.\n"
            "    Install one (`apt install firefox-esr`) or set FIREFOX=/path/to/it."
        )
    found = {"CHROMIUM": browser, "NGINX": proxy, "FIREFOX": other}
    passed.append(pytest("on SQLite", "-m", marks, *arguments, **found))
    with ExitStack() as stack:
        try:
            address = stack.enter_context(postgres.cluster())
        except postgres.Unavailable as error:
            left_out.append(f"EVERY TEST ON POSTGRESQL: {error}")
        else:
            passed.append(
                pytest(
                    "on PostgreSQL",
                    "-m",
                    marks,
                    *arguments,
                    PLAINVIEW_DATABASE_URL=address,
                    **found,
                )
            )
    for text in left_out:
        print(f"\n!!! LEFT OUT: {text}")
    print("\nAll tests passed." if all(passed) else "\nThere were failures: see above.")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
