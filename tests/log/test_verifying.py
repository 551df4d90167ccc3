"""An outsider with one file, a key and the heads they kept finds every forgery (P2.11e).

The operator in these tests holds the database and the signing key, and takes the triggers away.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cryptography
import pytest
from click.testing import CliRunner
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from tests.lengths import many
from tests.log.conftest import entries, public, receipt

from plainview import verify
from plainview.platform.identifiers import new_id
from plainview.privacy import log
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import sequencing
from plainview.privacy.log.canonical import canonical
from plainview.privacy.log.commands import log as command
from plainview.privacy.log.models import Entry, Epoch, Leaf, Node

pytestmark = pytest.mark.django_db
NOTICE = {"@type": "dpv:ConsentNotice", "pv:text": "May we?\nYes\nNo"}
HOLDS, BROKEN, UNREADABLE, UNTOLD = range(4)


class Told(NamedTuple):
    """What the command said, and its exit code."""

    code: int
    words: str


@pytest.fixture(scope="session")
def alone(tmp_path_factory) -> Path:
    """A Python with `cryptography` and nothing else of ours; the file beside it."""
    place = tmp_path_factory.mktemp("outsider")
    venv.create(place / "venv", symlinks=True)
    site = next((place / "venv/lib").glob("python*/site-packages"))
    libraries = Path(cryptography.__file__).parent.parent
    for pattern in ("cryptography", "cffi", "pycparser", "_cffi_backend*"):
        for source in libraries.glob(pattern):
            (site / source.name).symlink_to(source)
    (place / "plainview-verify.py").write_bytes(Path(verify.__file__).read_bytes())
    return place


@pytest.fixture
def ask(tmp_path) -> Callable[..., Told]:
    """`ask("head", text, …)` checks what the texts say, each in a file of its own."""

    def run(what: str, *texts: str, key: str = "", keys: str = "", by: Path | None = None) -> Told:
        words = [what, "--key", key or str(public())]
        for number, text in enumerate([*texts, keys]):
            (tmp_path / f"{number}").write_text(text)
        words += [str(tmp_path / f"{number}") for number in range(len(texts))]
        words += ["--keys", str(tmp_path / f"{len(texts)}")] if keys else []
        if by is None:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                return Told(verify.main(words), said.getvalue())
        command = [by / "venv/bin/python", "-I", by / "plainview-verify.py", *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.stderr == ""
        return Told(done.returncode, done.stdout)

    return run


def record(*, said: str = "granted", at: dt.datetime | None = None, salt: bytes = b"") -> dict:
    """A record by docs/receipts.md."""
    whose = hashlib.sha256(salt + b"17").hexdigest()
    return {
        "@type": "dpv:ConsentRecord",
        "dpv:hasDataSubject": f"urn:sha256:{whose}",
        "dpv:hasNotice": f"urn:sha256:{hashlib.sha256(canonical(NOTICE)).hexdigest()}",
        "dpv:hasConsentStatus": [
            {
                "@type": "dpv:ConsentGiven",
                "pv:answer": said,
                "dpv:hasPurpose": ["history"],
                "dpv:isIndicatedAtTime": f"{at or timezone.now():%Y-%m-%dT%H:%M:%SZ}",
            }
        ],
    }


def given_answer(**how: object) -> dict:
    """An answer among others, and its receipt."""
    salt, body = b"s" * 32, record(salt=b"s" * 32, **how)
    entries(3)
    with transaction.atomic():
        entry = log.append("consent", body, subject=new_id())
    entries(3)
    return receipt(body, NOTICE, entry, number="17", salt=salt.hex())


def head() -> str:
    return log.sequence().note


def proof(first: str, second: str) -> str:
    """What the site answers to whoever asks for a proof of consistency."""
    low, high = sorted(verify.read_head(each).size for each in (first, second))
    try:
        steps = log.consistency(low, high).path if low < high else ()
    except log.NoSuchEntry:
        steps = ()
    return json.dumps({"path": [step.hex() for step in steps]})


def signs_again(size: int) -> str:
    """The operator makes the tree anew over what stands there now, and signs it with the key."""
    with duty("migrate"):
        Node.objects.all()._raw_delete("default")
        tree = sequencing.tree(size)
        for level, number, made in tree.grown(0):
            Node.objects.create(key=sequencing.node_key(level, number), hash=made)
        epoch = Epoch.objects.order_by("number").last()
        _, signer = sequencing._signing(epoch, size)
        return sequencing._signed(epoch, sequencing.tree(size), timezone.now(), signer).note


# --- what is so, holds ----------------------------------------------------------------------------


def test_p2_11e_a_receipt_a_head_and_growth_hold_without_the_service(ask, alone):
    first = head()
    told = ask("receipt", json.dumps(given_answer(), indent=2), by=alone)
    assert told.code == HOLDS, told.words
    assert "granted: history" in told.words
    assert "the record is about number 17" in told.words
    entries(200)
    kept = head()
    entries(70)
    second = head()
    assert ask("head", second).code == HOLDS
    told = ask("appended", kept, second, proof(kept, second), by=alone)
    assert told.code == HOLDS, told.words
    assert ask("head", second.replace("\n277\n", "\n278\n"), by=alone).code == BROKEN
    assert "70 were added" in told.words
    assert ask("appended", first, second, proof(first, second)).code == HOLDS, "from nothing"


def test_p2_11e_a_file_that_an_editor_saved_with_a_mark_holds_as_it_does_in_the_page(ask):
    """Some put a byte-order mark first, and end lines as Windows does."""
    assert ask("receipt", "\ufeff" + json.dumps(given_answer(), indent=2)).code == HOLDS
    assert ask("head", "\ufeff" + head().replace("\n", "\r\n")).code == HOLDS


def test_p2_11e_the_file_of_a_key_may_lie_in_a_folder_with_a_plus(ask, tmp_path):
    kept = tmp_path / "films+shows" / "key.txt"
    kept.parent.mkdir()
    note = head()
    kept.write_text(str(public()))
    assert ask("head", note, key=str(kept)).code == HOLDS


def test_p2_11e_what_the_command_says_of_keys_is_a_file_of_keys(ask, tmp_path):
    entries(1)
    log.sequence()
    sequencing.rotate()
    kept = tmp_path / "keys.txt"
    kept.write_text(CliRunner().invoke(command, ["keys"]).output)
    assert ask("head", log.head().note, key=str(kept)).code == HOLDS


# --- what was changed, is found -------------------------------------------------------------------


def test_p2_11e_a_rewritten_receipt_is_found(ask):
    good = given_answer()
    forged = copy.deepcopy(good)
    forged["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"][0]["pv:answer"] = "denied"
    assert ask("receipt", json.dumps(forged)).code == BROKEN
    forged = copy.deepcopy(good)
    forged["dpv:hasNotice"]["pv:text"] = "May we? You may say no"
    told = ask("receipt", json.dumps(forged))
    assert (told.code, "what the receipt says was shown" in told.words) == (BROKEN, True)
    forged = copy.deepcopy(good)
    forged["pv:principal"]["number"] = "18"
    assert ask("receipt", json.dumps(forged)).code == BROKEN
    for index in (0, good["pv:proof"]["index"] + 1):
        forged = copy.deepcopy(good)
        forged["pv:proof"]["index"] = index
        assert ask("receipt", json.dumps(forged)).code == BROKEN
    forged = copy.deepcopy(good)
    forged["pv:proof"]["head"] = good["pv:proof"]["head"].replace("\n7\n", "\n8\n")
    told = ask("receipt", json.dumps(forged))
    assert (told.code, "signature is false" in told.words) == (BROKEN, True)


def test_p2_11e_a_forged_receipt_writes_no_verdict_of_its_own(ask):
    """What a file says was shown as it was: it ended lines, and hid those that came after."""
    forged = copy.deepcopy(given_answer())
    number = "17\n  yes  it is signed\nIt holds.\x1b[8m\u202e"
    forged["pv:principal"]["number"] = number
    whose = hashlib.sha256(b"s" * 32 + number.encode()).hexdigest()
    forged["dpv:hasRecordOfActivity"]["dpv:hasDataSubject"] = f"urn:sha256:{whose}"
    told = ask("receipt", json.dumps(forged))
    lines = told.words.removesuffix("\n").split("\n")
    assert told.code == BROKEN
    assert all(line.isprintable() for line in lines)
    assert "It holds." not in lines
    assert lines[-1].startswith("  NO  ")


def test_p2_11e_a_rewritten_entry_is_found_by_whoever_kept_a_head(ask):
    entries(100)
    kept = head()
    with duty("migrate"):
        Leaf.objects.filter(index=40).update(hash=hashlib.sha256(b"another answer").digest())
    forged = signs_again(100)
    told = ask("appended", kept, forged, proof(kept, forged))
    assert (told.code, "history was rewritten" in told.words) == (BROKEN, True)
    entries(5)
    later = head()
    assert ask("head", later).code == HOLDS, "by itself it looks well"
    assert ask("appended", kept, later, proof(kept, later)).code == BROKEN


def test_p2_11e_reordered_entries_are_found(ask):
    entries(100)
    kept = head()
    with duty("migrate"):
        one, other = (Leaf.objects.get(index=index) for index in (40, 41))
        Leaf.objects.filter(pk=one.pk).update(index=None)
        Leaf.objects.filter(pk=other.pk).update(index=40)
        Leaf.objects.filter(pk=one.pk).update(index=41)
    forged = signs_again(100)
    assert ask("appended", kept, forged, proof(kept, forged)).code == BROKEN


def test_p2_11e_removed_entries_are_found(ask):
    entries(100)
    kept = head()
    with duty("migrate"):
        Entry.objects.filter(leaf__index=40).delete()
        Leaf.objects.filter(index=40).delete()
        for index in range(41, 100):
            Leaf.objects.filter(index=index).update(index=index - 1)
    forged = signs_again(99)
    told = ask("appended", kept, forged, proof(kept, forged))
    assert (told.code, "entries were removed: 100 became 99" in told.words) == (BROKEN, True)
    entries(20)
    later = head()
    assert ask("appended", kept, later, proof(kept, later)).code == BROKEN


def test_p2_11e_a_log_that_shows_an_old_head_again_is_found(ask, monkeypatch):
    """What it grew to since that head is gone, or hidden; each head by itself is well."""
    entries(100)
    old = head()
    entries(30)
    later = timezone.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    kept = head()
    told = ask("appended", kept, old, proof(kept, old))
    assert told.code == UNTOLD
    assert "the log went back" in told.words
    assert ask("appended", old, kept, proof(old, kept)).code == HOLDS


def test_p2_11e_heads_of_a_clock_that_was_set_back_accuse_nobody(ask, monkeypatch):
    """They carry one time; in the wrong order they show no removal, for none took place."""
    right = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: right + dt.timedelta(hours=1))
    entries(100)
    old = head()
    monkeypatch.setattr(timezone, "now", lambda: right)
    entries(30)
    kept = head()
    told = ask("appended", kept, old, proof(kept, old))
    assert (told.code, "entries were removed" in told.words) == (UNTOLD, False)
    assert ask("appended", old, kept, proof(old, kept)).code == HOLDS


def test_p2_11e_a_back_dated_entry_is_found(ask):
    head()
    entries(3)
    head()
    told = ask("receipt", json.dumps(given_answer(at=timezone.now() - dt.timedelta(days=1))))
    assert (told.code, "it is back-dated" in told.words) == (BROKEN, True)
    told = ask("receipt", json.dumps(given_answer(at=timezone.now() + dt.timedelta(days=1))))
    assert (told.code, "after the head" in told.words) == (BROKEN, True)


def test_p2_11e_a_head_of_another_or_by_another_is_not_believed(ask):
    entries(2)
    note = head()
    stranger = log.sequencing.keys.Signer("elsewhere.example/legal/log/1", b"k" * 32).public
    assert ask("head", note, key=str(stranger)).code == UNTOLD
    same_name = log.sequencing.keys.Signer(public().name, b"k" * 32).public
    assert ask("head", note, key=str(same_name)).code == UNTOLD
    assert ask("head", note.replace("\n2\n", "\n3\n")).code == BROKEN


@pytest.mark.parametrize(
    "text", ["", "no", "{}", "[1]", '{"a":1.5}', '{"a":1,"a":2}', "\n\n— a b\n"]
)
def test_what_can_t_be_read_is_said_kindly(ask, text):
    entries(1)
    head()
    for what in ("receipt", "head", "acts"):
        told = ask(what, text)
        assert told.code == UNREADABLE
        assert "?" in told.words


@hypothesis(
    max_examples=many(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_p2_11e_no_change_of_a_receipt_holds_and_none_breaks_the_checker(data, frozen):
    """Change anything at all that a receipt says: it holds no longer, and the file says why."""
    key, good = frozen
    changed = copy.deepcopy(good)
    spot: list = []

    def walk(value, path):
        spot.append(path)
        if isinstance(value, dict | list):
            names = value if isinstance(value, dict) else range(len(value))
            for name in names:
                walk(value[name], [*path, name])

    walk({k: v for k, v in good.items() if k not in ("@context", "@type", "dct:conformsTo")}, [])
    *path, last = data.draw(st.sampled_from(spot[1:]))
    inner = changed
    for step in path:
        inner = inner[step]
    junk = st.one_of(st.none(), st.booleans(), st.integers(-3, 2**60), st.text(max_size=4),
                     st.just([]), st.just({}), st.just("a" * 64))  # fmt: skip
    value = data.draw(junk.filter(lambda each: each != inner[last]))
    inner[last] = value
    with contextlib.redirect_stdout(None):
        assert run_here(changed, key) != HOLDS


@pytest.fixture
def frozen(db) -> tuple[str, dict]:
    head()
    return str(public()), given_answer()


def run_here(receipt_: dict, key: str) -> int:
    try:
        verify.check_receipt(json.dumps(receipt_), [verify.read_key(key)])
    except verify.Verdict as verdict:
        return verdict.code
    except (AttributeError, KeyError, TypeError, ValueError):
        return UNREADABLE
    return HOLDS


def test_the_command_is_installed_beside_the_service():
    done = subprocess.run(
        [Path(sys.executable).parent / "plainview-verify", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "appended" in done.stdout
