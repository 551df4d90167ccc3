"""Where the log cannot go on it says so: a database put back, a key changed or lost (P2.11e)."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import threading

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.utils import timezone
from tests.log.conftest import QUESTION, answer, entries, public

from plainview import verify
from plainview.platform.identifiers import new_id
from plainview.privacy import log
from plainview.privacy.backups import barrier
from plainview.privacy.consent import recording
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import inspecting, keys, notes, sequencing
from plainview.privacy.log.commands import log as command
from plainview.privacy.log.models import Entry, Epoch, Head, Key, Leaf, Node
from plainview.privacy.models import Answer

pytestmark = pytest.mark.django_db(transaction=True)
HOLDS, BROKEN, UNREADABLE, UNTOLD = range(4)


class Yesterday:
    """A copy of the log's tables: what stands there now, by its keys."""

    def __init__(self) -> None:
        self.keys = {table: set(self._all(table)) for table in (Entry, Leaf, Node, Head)}

    def put_back(self) -> None:
        """Take away whatever came after it, as a copy that is restored does."""
        with duty("migrate"):
            for table, keys in self.keys.items():
                later = table._base_manager.exclude(pk__in=keys)
                later._raw_delete("default")
            Leaf.objects.filter(index__gte=Head.objects.first().size).update(index=None)

    @staticmethod
    def _all(table):
        return table._base_manager.values_list("pk", flat=True)


@pytest.fixture
def ask(client, tmp_path):
    """What an outsider with this key, who fetches what is published, is told of two heads."""

    def run(old: str, new: str, key: str) -> tuple[int, str]:
        (tmp_path / "old").write_text(old)
        (tmp_path / "new").write_text(new)
        (tmp_path / "keys.json").write_bytes(client.get("/legal/log/keys.json").content)
        first, second = (verify.read_head(each).size for each in (old, new))
        where = f"/legal/log/consistency.json?first={first}&second={second}"
        proof = client.get(where).content.decode() if 0 < first < second else '{"path":[]}'
        (tmp_path / "proof").write_text(proof if proof.startswith("{") else '{"path":[]}')
        words = ["appended", *(str(tmp_path / name) for name in ("old", "new", "proof"))]
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = verify.main([*words, "--key", key, "--keys", str(tmp_path / "keys.json")])
        return code, said.getvalue()

    return run


def test_a_database_put_back_to_yesterday_begins_an_epoch_that_says_so(client, ask):
    entries(100)
    early = log.sequence()
    key, copy = str(public()), Yesterday()
    entries(30)
    lost = log.sequence()
    copy.put_back()
    assert [each.where for each in inspecting.inspect().damage] == [
        "the head kept outside the database"
    ]
    entries(3)
    fresh = log.sequence()
    assert (fresh.epoch_id, fresh.epoch.size) == (2, 100)
    said = notes.read(fresh.note).more
    assert said[0].endswith("with 100 entries: restored")
    assert said[1].startswith("lost 130 ")
    assert client.get("/legal/log/").status_code == 503, "until the ledger is replayed (P8a)"
    barrier.lift()
    page = client.get("/legal/log/").content.decode()
    assert "our database was put back to an earlier state" in page
    assert lost.note.split("\n")[2] in page
    assert inspecting.inspect().damage == []
    code, words = ask(lost.note, fresh.note, key)
    assert code == UNTOLD
    assert "with 100 entries: restored" in words
    assert "some are lost" in words
    code, words = ask(early.note, fresh.note, key)
    assert code == HOLDS, "what was before the copy is there as it was"
    assert "the log began anew" in words
    entries(1)
    assert log.sequence().epoch_id == 2, "it says so once"
    assert Epoch.objects.count() == 2


def test_a_database_and_data_folder_put_back_together_can_be_declared(client, settings, ask):
    entries(10)
    log.sequence()
    copy, kept = Yesterday(), (settings.DATA / "log-head").read_text()
    entries(5)
    lost = log.sequence()
    key = str(public())
    copy.put_back()
    (settings.DATA / "log-head").write_text(kept)
    assert CliRunner().invoke(command, ["restored"], input="n\n").exit_code == 1
    assert Epoch.objects.count() == 1
    done = CliRunner().invoke(command, ["restored"], input="y\n")
    assert done.exit_code == 0, done.output
    assert log.head().epoch_id == 2
    barrier.lift()
    assert ask(lost.note, log.head().note, key)[0] == UNTOLD


def test_undeclared_it_is_found_by_whoever_kept_a_head(settings, ask):
    entries(10)
    log.sequence()
    copy, kept = Yesterday(), (settings.DATA / "log-head").read_text()
    entries(5)
    lost = log.sequence()
    copy.put_back()
    (settings.DATA / "log-head").write_text(kept)
    entries(8)
    assert ask(lost.note, log.sequence().note, str(public()))[0] == BROKEN


def test_a_new_key_is_endorsed_by_the_one_before(ask):
    entries(3)
    old = log.sequence()
    key = str(public())
    done = CliRunner().invoke(command, ["rotate"])
    assert done.exit_code == 0, done.output
    assert str(public()) != key
    entries(2)
    new = log.sequence()
    assert new.epoch_id == 1
    code, words = ask(old.note, new.note, key)
    assert code == HOLDS
    assert "endorsed" in words
    forged = Key.objects.order_by("-id").first().endorsed.replace("from 3", "from 2")
    with pytest.raises(verify.Verdict):
        verify.signed(*verify.opened(forged), verify.read_key(key))
    CliRunner().invoke(command, ["rotate"])
    entries(2)
    assert ask(old.note, log.sequence().note, key)[0] == HOLDS, "along the whole chain"
    assert inspecting.inspect().damage == []


def test_keys_of_the_settings_are_changed_by_putting_a_new_one_first(settings, ask):
    settings.LOG_KEYS = ["one " * 10]
    entries(3)
    old = log.sequence()
    key = str(public())
    settings.LOG_KEYS = ["two " * 10, "one " * 10]
    assert ask(old.note, log.sequence().note, key)[0] == HOLDS
    assert CliRunner().invoke(command, ["rotate"]).exit_code == 2


def test_processes_that_get_a_new_key_one_after_another_begin_no_epoch(settings, ask):
    """As where a service of many machines is started anew, one by one."""
    early, late = ["one " * 10], ["two " * 10, "one " * 10]
    for mine in (early, late, early, early, late, late):
        settings.LOG_KEYS = mine
        entries(2)
        head = log.sequence()
        assert log.sequence() == head, "nothing is signed twice"
    assert Epoch.objects.count() == 1
    assert Key.objects.count() == 2
    first = Head.objects.order_by("id")[0]
    keys_ = [str(notes.read_key(each.public)) for each in Key.objects.order_by("id")]
    assert ask(first.note, head.note, keys_[0])[0] == HOLDS
    assert inspecting.inspect().damage == []


def test_a_lost_key_is_an_epoch_that_says_so(client, settings, ask):
    entries(3)
    old = log.sequence()
    key = str(public())
    (settings.DATA / "log-key").unlink()
    entries(2)
    new = log.sequence()
    assert (new.epoch_id, new.epoch.because) == (2, "key-lost")
    assert Key.objects.order_by("-id").first().endorsed == ""
    assert "we lost the key" in client.get("/legal/log/").content.decode()
    assert ask(old.note, new.note, key)[0] == UNTOLD, "nobody vouches for the new key"
    assert ask(old.note, new.note, str(public()))[0] == UNTOLD
    assert inspecting.inspect().damage == []


def test_the_commands_show_head_and_keys_and_look_at_the_whole(db):
    entries(70)
    note = CliRunner().invoke(command, ["head"]).output
    assert notes.read(note).size == 70
    assert str(public()) in CliRunner().invoke(command, ["keys"]).output
    done = CliRunner().invoke(command, ["verify"])
    assert (done.exit_code, "the log is whole" in done.output) == (0, True)
    with duty("migrate"):
        Leaf.objects.filter(index=5).update(hash=b"f" * 32)
        one, other = (Leaf.objects.get(index=index) for index in (66, 67))
        Leaf.objects.filter(pk=one.pk).update(index=None)
        Leaf.objects.filter(pk=other.pk).update(index=66)
        Leaf.objects.filter(pk=one.pk).update(index=67)
    done = CliRunner().invoke(command, ["verify"])
    assert done.exit_code == 1
    for named in (
        "entries 0 to 63: is not what was placed there",
        "entry 5: was rewritten",
        "entries 66 to 67: changed places",
    ):
        assert named in done.output


def test_a_leaf_that_is_gone_and_a_head_or_key_that_was_changed_are_named(db):
    entries(5)
    log.sequence()
    entries(5)
    head = log.sequence()
    with duty("migrate"):
        Entry.objects.filter(leaf__index=7).delete()
        Leaf.objects.filter(index=7).delete()
        Head.objects.filter(pk=head.pk).update(note=head.note.replace("\n10\n", "\n11\n"))
        Key.objects.update(public=str(public())[:-1])
    named = {each.where: each.what for each in inspecting.inspect().damage}
    assert named[f"key {Key.objects.get().pk}, from entry 0"] == "is no key any more"
    assert named["entry 7"] == "is missing from the log"
    assert "changed" in named[f"head {head.pk}, of 10 entries"]


def test_p1_1_5g_a_ledger_that_was_rewritten_behind_the_log_is_named(db):
    for _ in range(4):
        answer()
    letter = {"via": "letter", "scope": "device", "signals": []}
    with transaction.atomic():
        day = timezone.now() - dt.timedelta(days=20)
        recording.record(new_id(), {"history": "denied"}, QUESTION, said_at=day, **letter)
    log.sequence()
    assert inspecting.inspect().damage == []
    rows = Answer.objects.exclude(via="letter").order_by("given_at", "pk")
    first, second, third, _fourth = (row.pk for row in rows)
    places = {
        json.loads(each.body)["dct:identifier"]: each.leaf.index for each in Entry.objects.all()
    }
    where = {pk: f"entry {places[key]}" for pk, key in rows.values_list("pk", "key")}
    with duty("migrate"):
        Answer.objects.filter(pk=first).update(answers='{"history": "denied"}')
        Answer.objects.filter(pk=second).delete()
        Entry.objects.filter(leaf__index=int(where[third].split()[1])).delete()
    assert sorted(inspecting.inspect().damage) == sorted(
        [
            (where[first], "is not what the ledger says now: its row was rewritten"),
            (where[second], "has no answer in the ledger any more"),
            ("an answer of the ledger", "is not in the log, and no erasure explains it"),
        ]
    )


def test_an_outsider_is_told_of_every_head(client):
    entries(2)
    first = log.sequence()
    entries(2)
    second = log.sequence()
    assert client.get("/legal/log/checkpoint").content.decode() == second.note
    assert client.get("/legal/log/heads.txt").content.decode() == f"{second.note}\n{first.note}"
    wrong = client.get("/legal/log/consistency.json?first=2&second=9")
    assert wrong.status_code == 400
    keys = json.loads(client.get("/legal/log/keys.json").content)["keys"]
    assert [each["key"] for each in keys] == [str(public())]
    assert b"def main(" in client.get("/legal/log/plainview-verify.py").content
    assert str(public()) in client.get("/legal/log/check/").content.decode().replace("&#x2B;", "+")


@pytest.mark.parametrize("label", ["es: La clave", "fr: La clé", "pt-BR: A chave"])
def test_p2_11e_the_key_of_the_log_is_none_of_a_keyboard(client, label):
    tongue, _, said = label.partition(": ")
    page = client.get(f"/legal/log/check/?lang={tongue}").content.decode()
    assert f'<label for="key">{said}</label>' in page


def test_p2_11e_two_who_change_the_key_at_one_moment_lose_none(monkeypatch):
    """The later wrote the file anew without the key that signed meanwhile: an epoch began."""
    entries(3)
    log.sequence()
    write, second = keys.put_whole, []

    def meanwhile(*args: object, **kwargs: object) -> None:
        if not second:
            second.append(threading.Thread(target=_rotated))
            second[0].start()
            second[0].join(timeout=1)
        write(*args, **kwargs)

    monkeypatch.setattr(keys, "put_whole", meanwhile)
    _rotated()
    second[0].join()
    assert Epoch.objects.count() == 1
    first, *others = Key.objects.order_by("id")
    assert others and all(each.endorsed for each in others)
    assert len(keys.signers(first.epoch.origin)) == 3, "each is kept, also one that never signed"
    assert inspecting.inspect().damage == []


def test_whoever_waited_while_an_epoch_began_signs_in_that_one(monkeypatch):
    """On PostgreSQL the row that is waited for is of the epoch that was."""
    entries(3)
    log.sequence()
    begin, second = sequencing._begin, threading.Thread(target=_placed)

    def meanwhile(*args, **kwargs):
        begun = begin(*args, **kwargs)
        second.start()
        second.join(timeout=1)
        return begun

    monkeypatch.setattr(sequencing, "_begin", meanwhile)
    entries(2)
    sequencing.declare_restored()
    second.join()
    assert [each.epoch_id for each in Head.objects.order_by("id")] == [1, 2]
    assert inspecting.inspect().damage == []


def _placed() -> None:
    try:
        log.sequence()
    finally:
        connection.close()


def _rotated() -> None:
    try:
        sequencing.rotate()
    finally:
        connection.close()
