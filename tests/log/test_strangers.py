"""What a stranger has at hand may be wrong: that accuses nobody, and hides nothing (P2.11e)."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import sys

import pytest

from plainview import verify
from plainview.privacy.log import merkle
from plainview.privacy.log.notes import Signer, TreeHead

LOG = "films.example.org/legal/log/1"
SIGNER = Signer(LOG, b"k" * 32)
LEAVES = [bytes([number]) * 32 for number in range(4)]
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
HOLDS, BROKEN, UNREADABLE, UNTOLD = range(4)


@pytest.fixture
def appended(tmp_path, capsys):
    """`appended(2, 4, …)`: what is said of the heads of so many entries, each an hour later."""

    def run(*sizes: int, more: tuple[str, ...] = (), proof: dict | None = None) -> tuple[int, str]:
        places = []
        for number, size in enumerate(sizes):
            root = merkle.folded(LEAVES[:size]) if size else hashlib.sha256().digest()
            said = TreeHead(LOG, size, root, NOON + dt.timedelta(hours=number))
            places.append(tmp_path / f"head-{number}")
            places[-1].write_text(said.signed([SIGNER]))
        if proof is not None:
            places.append(tmp_path / "proof")
            places[-1].write_text(json.dumps(proof))
        code = verify.main(["appended", "--key", str(SIGNER.public), *map(str, places), *more])
        return code, capsys.readouterr().out

    return run


def test_p2_11e_heads_without_a_proof_are_no_rewritten_history(appended):
    code, words = appended(2, 4)
    assert (code, "no proof" in words, "rewritten" in words) == (UNTOLD, True, False)


def test_p2_11e_heads_that_need_no_proof_hold_with_any(appended):
    other = {"path": ["00" * 32]}
    assert appended(0, 4, proof=other)[0] == HOLDS
    assert appended(4, 4, proof=other)[0] == HOLDS


def test_p2_11e_removed_entries_are_found_though_the_log_can_t_be_asked(appended):
    """It has no head of so many entries any more, so it answers nothing about them."""
    code, words = appended(4, 2, more=("--from", "https://127.0.0.1:1/legal/log"))
    assert (code, "entries were removed: 4 became 2" in words) == (BROKEN, True)


@pytest.mark.parametrize(
    "where", ["https://[::1", "https://127.0.0.1:none/log", "http://127.0.0.1:1/our log"]
)
def test_p2_11e_an_address_that_is_none_accuses_nobody(appended, where):
    code, words = appended(2, 4, more=("--from", where))
    assert (code, "the log did not answer" in words) == (UNTOLD, True)


def test_p2_11e_a_terminal_that_lacks_a_letter_is_told_the_same(monkeypatch):
    """It says … of a key, and a file is called as its owner likes."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    for key in ("none+of+ours", "d\u00e9j\u00e0"):
        assert verify.main(["head", "--key", key, "-"]) == UNREADABLE
