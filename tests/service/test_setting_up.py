"""`make setup` makes what the service's user reads, who is another than the one who runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tools import bootstrap


@pytest.fixture(autouse=True)
def log(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOG", str(tmp_path / "setup.log"))


@pytest.mark.slow
def test_whoever_runs_the_service_can_read_the_files_of_its_pages(tmp_path):
    before = os.umask(0o022)
    try:
        bootstrap.gather(str(tmp_path / "gathered"))
    finally:
        os.umask(before)
    made = [tmp_path / "gathered", *(tmp_path / "gathered").rglob("*")]
    assert [each for each in made if each.name == "staticfiles.json"]
    assert not [each for each in made if not each.stat().st_mode & 0o004]


def gathered(folder: Path, **files: str) -> Path:
    """A folder as `collectstatic` leaves it: a manifest, files by name and with their hash."""
    (folder / "build").mkdir(parents=True)
    paths = {}
    for name, hashed in files.items():
        paths[f"build/{name}.css"] = f"build/{name}.{hashed}.css"
        for each in (f"{name}.css", f"{name}.{hashed}.css", f"{name}.{hashed}.css.gz"):
            (folder / "build" / each).write_text(hashed)
    (folder / "staticfiles.json").write_text(json.dumps({"paths": paths}))
    return folder


def test_a_page_that_is_served_already_still_finds_its_files(tmp_path):
    old = gathered(tmp_path / "old", site="1111", player="2222")
    older = old / "build" / "site.0000.css"
    older.write_text("of the time before that")
    new = gathered(tmp_path / "new", site="3333", player="2222")
    bootstrap.keep_earlier(str(old), str(new))
    assert sorted(each.name for each in (new / "build").iterdir()) == [
        "player.2222.css", "player.2222.css.gz", "player.css",
        "site.1111.css", "site.1111.css.gz", "site.3333.css", "site.3333.css.gz", "site.css",
    ]  # fmt: skip
    assert (new / "build" / "site.css").read_text() == "3333"


def test_a_folder_that_was_left_half_done_keeps_nothing_back(tmp_path):
    new = gathered(tmp_path / "new", site="3333")
    (tmp_path / "old").mkdir()
    bootstrap.keep_earlier(str(tmp_path / "old"), str(new))
    (tmp_path / "old" / "staticfiles.json").write_text("{")
    bootstrap.keep_earlier(str(tmp_path / "old"), str(new))
    assert (new / "build" / "site.3333.css").exists()
