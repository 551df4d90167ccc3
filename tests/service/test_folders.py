"""A data folder may be called anything; where SQLite can't follow, that is said."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError

from plainview.cli import remedy
from plainview.privacy.carrying import Refused, carry
from plainview.privacy.gate.sqlite3 import copying
from plainview.web import doctor


def made(folder: Path, *, length: int = 0) -> Path:
    """A file of SQLite with a table in it, its path so many bytes long."""
    while length - len(str(folder)) > 200:
        folder /= "n" * 90
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ("f" * max(1, length - len(str(folder)) - 1))
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("CREATE TABLE a (b)")
    return file


@pytest.mark.parametrize("name", ["한국어 🎬", 'it\'s "mine"', "100% %s", "a?x=1", "a#b"])
def test_a_file_is_looked_into_whatever_its_folder_is_called(tmp_path, name):
    """A restore found the copy spoilt, and a carry-over nothing, below a folder with a `?`."""
    file = made(tmp_path / name)
    assert copying.whole(file)
    assert not copying.bare(file)


@pytest.mark.django_db
def test_a_path_that_is_too_long_is_named(tmp_path, settings, monkeypatch):
    assert not copying.too_long(made(tmp_path, length=copying.LONGEST))
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        made(tmp_path, length=copying.LONGEST + 1)
    long = tmp_path.joinpath(*["n" * 150] * 6, "plainview.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(long))
    said = remedy(OperationalError("unable to open database file"))
    assert f"longer than {copying.LONGEST} bytes" in said and "PLAINVIEW_DATA_DIR" in said
    monkeypatch.setattr("plainview.privacy.carrying.connection.vendor", "postgresql")
    with pytest.raises(Refused, match="longer than"):
        carry(long)


@pytest.mark.django_db
def test_what_the_doctor_asks_to_delete_is_that_file_and_no_other(tmp_path, settings, monkeypatch):
    """A space in the name of a folder had the line delete what is called as half of it."""
    monkeypatch.setattr("plainview.web.doctor.connection.vendor", "postgresql")
    monkeypatch.setattr("plainview.web.doctor.schema.telling", list)
    settings.DATA = tmp_path / "our films"
    left = made(settings.DATA).rename(settings.DATA / "plainview.sqlite3")
    found = next(each for each in doctor.examine() if each.what.startswith(str(left)))
    assert found.remedy.endswith(f"shred -u '{left}'*")
