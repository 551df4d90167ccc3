#!/usr/bin/env python3
"""Django's own tests, from its source distribution, in a cache outside git; part of the set-up."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "5.2.19"
SHA256 = "ad03d8abc51dbff95ebf34b27123cf0c26a3b62db7ba0cd520783686362533d1"
ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.get("PLAINVIEW_TEST_CACHE", ROOT / "var" / "test-cache"))


class Unavailable(Exception):
    """The source distribution cannot be had here, or is not the one that is meant."""


def fetch() -> Path:
    """Return the folder of the tests, fetched, checked and unpacked if need be.

    Raises Unavailable.
    """
    folder = CACHE / f"django-{VERSION}" / "tests"
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / f"django-{VERSION}.tar.gz"
    if not archive.exists():
        _download()
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        raise Unavailable(f"{archive.name} does not have the hash that it should")
    with tempfile.TemporaryDirectory(dir=CACHE) as half, tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # none before 3.11.4
        packed.extractall(half)  # noqa: S202 - the hash is of what we mean
        shutil.rmtree(folder.parent, ignore_errors=True)
        (Path(half) / folder.parent.name).rename(folder.parent)
    return folder


def _download() -> None:
    said = "there is no pip"
    for python in dict.fromkeys([sys.executable, os.environ.get("PYTHON", ""), "python3"]):
        if not python or not shutil.which(python):
            continue
        fetched = subprocess.run(
            [python, "-m", "pip", "download", "--quiet", "--no-binary", "django",
             "--no-deps", f"django=={VERSION}", "--dest", str(CACHE)],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if not fetched.returncode:
            return
        said = fetched.stderr[-300:]
    raise Unavailable(f"Django's source cannot be had here: {said}")


if __name__ == "__main__":
    try:
        fetch()
    except Unavailable as error:
        raise SystemExit(str(error)) from None
