"""Finding nginx for the test of shared caches: one already there, else Debian's (as root)."""

from __future__ import annotations

import os
import shutil
import subprocess

PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def find() -> str:
    """The path of nginx, fetched if need be; empty if none can be had."""
    if path := os.environ.get("NGINX") or shutil.which("nginx", path=PLACES):
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("No nginx here: fetching one for the test of shared caches …", flush=True)
        # RUNLEVEL keeps Debian from starting it as a service.
        environment = {**os.environ, "RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "--no-install-recommends", "nginx-light"],
        ):
            subprocess.run(command, env=environment, capture_output=True, timeout=300, check=False)
    return shutil.which("nginx", path=PLACES) or ""
