"""A file is there whole or not at all, and nothing stays of a process that died over it."""

import os
import stat

import pytest
from tests.killing import kill

from plainview.platform.storage import whole
from plainview.platform.storage.whole import put_once, put_whole


@pytest.fixture
def path(tmp_path):
    (tmp_path / "keys").mkdir()
    return tmp_path / "keys" / "key [1]"


def test_a_file_is_its_owners_alone_unless_it_is_said_otherwise(path):
    before = os.umask(0o27)
    try:
        for mode, allowed in ((0o600, 0o600), (0o666, 0o640)):
            put_whole(path, b"one", mode=mode)
            assert stat.S_IMODE(path.stat().st_mode) == allowed
    finally:
        os.umask(before)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_of_several_who_make_a_file_the_first_wins(path):
    put_once(path, b"one")
    put_once(path, b"two")
    assert path.read_bytes() == b"one"
    assert len(list(path.parent.iterdir())) == 1


def test_killed_in_the_middle_the_file_is_as_it_was_and_what_is_left_goes(path, monkeypatch):
    put_whole(path, b"one")
    if not (child := os.fork()):
        monkeypatch.setattr(os, "fsync", kill)
        put_whole(path, b"two")
    os.waitpid(child, 0)
    assert path.read_bytes() == b"one"
    assert len(list(path.parent.iterdir())) == 2
    monkeypatch.setattr(whole, "_LEFT", -1)
    put_whole(path, b"three")
    assert [each.read_bytes() for each in path.parent.iterdir()] == [b"three"]
