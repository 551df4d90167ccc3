"""Writes the tables of docs/data-journeys.md from what a test finds: `tools/journeys.py --write`.

Nothing is listed by hand: the test plants eight values through the public door, compares the whole
database and every file before and after, and draws what is new. Without `--write` it compares.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST = "tests/rights/test_data_journeys.py"


def main() -> int:
    writing = {"WRITE_JOURNEYS": "yes"} if "--write" in sys.argv else {}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", TEST]
    return subprocess.run(command, cwd=ROOT, env=os.environ | writing, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
