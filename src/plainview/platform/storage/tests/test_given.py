"""Files that are named to a command, which the wrapper of deploy/ runs as the service's user."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click
import pytest

from plainview.platform.storage.given import File

NOBODY = 65534


def convert_as_nobody(path: Path) -> Path:
    os.seteuid(NOBODY)
    try:
        return File().convert(str(path), None, None)
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("which", ["walk.mkv", "."])
def test_what_only_root_can_read_is_not_said_to_be_missing(monkeypatch, which):
    """An administrator names a film of theirs; the command runs as another, who is named."""
    monkeypatch.setenv("LOGNAME", "root")  # as it stays when the wrapper changes the user
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        film = Path(folder, "walk.mkv")
        film.write_bytes(b"film")
        assert convert_as_nobody(film) == film
        Path(folder, which).chmod(0o600)
        with pytest.raises(click.BadParameter, match="can't be opened by nobody, who runs this"):
            convert_as_nobody(film)
    with pytest.raises(click.BadParameter, match="does not exist"):
        convert_as_nobody(film)
