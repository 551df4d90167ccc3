"""The file of SQLite that stays from run to run: the same migrations make the same tables."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from django.apps import apps


def kept(config: pytest.Config) -> Path:
    """Where tables are that these migrations made, if somebody put them there; empty ones.

    What follows every migration (`post_migrate`) is not done in them.
    """
    folders = [Path(each.path, "migrations") for each in apps.get_app_configs()]
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    files.append(config.rootpath / "requirements" / "run.txt")
    read = b"".join(path.read_bytes() for path in files)
    return config.cache.mkdir("migrated") / f"{sha256(read).hexdigest()}.sqlite3"
