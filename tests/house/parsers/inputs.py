"""What the parsers to try share: where their files stand, and how bytes become text."""

from __future__ import annotations

import functools
import os
import re
import tempfile
from pathlib import Path

from django.test import RequestFactory

ROOT = Path(__file__).resolve().parents[3]
POLICY = ROOT / "policy"
HERE = RequestFactory()


@functools.cache
def place() -> Path:
    """A folder of this process, whose files live in memory where one may write to such a disk."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="plainview-fuzz-", dir=memory))


def as_text(data: bytes) -> str:
    """What arrives as text: whatever stands in it, but no half of a character."""
    return data.decode("utf-8", "replace")


def as_header(data: bytes) -> str:
    """What a server hands on as the value of a header: Latin-1, on one line."""
    return re.sub(r"[\r\n\0]", " ", data.decode("latin-1"))[:8000]
