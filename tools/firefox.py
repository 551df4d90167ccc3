"""Finding a Firefox for the long tests: one already there, else Debian's (as root)."""

from __future__ import annotations

import os
import shutil
import subprocess


def find() -> str:
    """The path of a Firefox, fetched if need be; empty if none can be had."""
    path = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not path and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Firefox here: fetching one for the long tests …", flush=True)
        for command in (
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "--no-install-recommends", "firefox-esr"],
        ):
            subprocess.run(command, capture_output=True, timeout=300, check=False)
        path = shutil.which("firefox-esr")
    return path or ""
