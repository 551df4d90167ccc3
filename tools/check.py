"""`make check`: format, lint, types, import contract, migrations, audit, translations, promises.

Every check runs even if one before it failed; the last lines say which did. `--format` only mends
the format.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ["src", "tests", "bench", "tools"]


def front_end() -> list[str]:
    return [sys.executable, "tools/bootstrap.py", "npm", "check"]


CHECKS: dict[str, list[str]] = {
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", *CODE],
    "lint": [f"{BIN}/ruff", "check", "--quiet", *CODE],
    "types": [f"{BIN}/mypy"],
    "import contract": [f"{BIN}/lint-imports"],
    "front-end types": front_end(),
    "migrations": [sys.executable, "-m", "plainview", "manage", "makemigrations", "--check", "-v1"],
    "system checks": [sys.executable, "-m", "plainview", "manage", "check", "--fail-level=WARNING"],
    "translations": [sys.executable, "tools/messages.py", "check"],
    "promises": [sys.executable, "tools/promises.py"],
    "stale translations": [
        sys.executable,
        "-m",
        "plainview",
        "policy",
        "translations",
        "--check",
    ],
    "policy schema": [sys.executable, "-m", "plainview", "policy", "schema", "--check"],
}


def run(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def audit(environment: dict[str, str]) -> tuple[bool, str]:
    """Known vulnerabilities of the locked packages; says loudly if the advisories can't be had."""
    command = [f"{BIN}/pip-audit", "--require-hashes", "--disable-pip", "--progress-spinner=off"]
    code, text = run([*command, "--timeout=10", "-r", "requirements/run.txt"], environment)
    locked = sum("==" in line for line in (ROOT / "requirements/run.txt").read_text().splitlines())
    silent = text.count("could not be audited")
    if silent >= locked // 2 or (code and "vulnerab" not in text):
        return True, "NOT DONE: the advisories can't be reached from here; run it where they can"
    return code == 0, text


def main() -> int:
    if "--format" in sys.argv:
        subprocess.run([f"{BIN}/ruff", "check", "--fix", "--quiet", *CODE], cwd=ROOT, check=False)
        return subprocess.run([f"{BIN}/ruff", "format", *CODE], cwd=ROOT, check=False).returncode
    failed = []
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "PLAINVIEW_DATA_DIR": data}
        for name, command in CHECKS.items():
            started = time.monotonic()
            code, text = run(command, environment)
            print(f"{'ok  ' if code == 0 else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)")
            if code:
                failed.append(name)
                print("\n".join(f"     {line}" for line in text.splitlines()[-60:]))
        good, text = audit(environment)
        print(f"{'ok  ' if good else 'FAIL'} dependency audit: {(text.splitlines() or [''])[-1]}")
        if not good:
            failed.append("dependency audit")
            print(text)
    if text.startswith("NOT DONE"):
        print(f"\n!!! LEFT OUT: the dependency audit was {text}")
    print(f"\n{len(failed)} failed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
