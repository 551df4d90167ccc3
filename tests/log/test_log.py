"""The log as its callers see it: entries, their places, proofs, heads; and a ledger that holds."""

from __future__ import annotations

import hashlib
import itertools
import json
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from tests.log.conftest import answer, entries, public
from tests.log.test_tree import continues

from plainview import verify
from plainview.platform.identifiers import new_id
from plainview.privacy import checks, ledgers, log
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import canonical, merkle, notes
from plainview.privacy.log.models import Act, Deed, Entry, Epoch, Head, Key, Leaf, Node
from plainview.privacy.models import Answer, Heard, Shown

pytestmark = pytest.mark.django_db


@pytest.mark.doors_only
def test_p2_11e_an_answer_is_an_entry_whose_proof_is_had_at_once(db):
    device = answer()
    with duty("fixture"):
        entry = Entry.objects.get(subject=device)
    proof = log.proof(entry)
    commitment = hashlib.sha256(bytes(entry.salt) + entry.body.encode()).digest()
    leaf = merkle.leaf_hash(commitment)
    head = notes.read(proof.head)
    assert (proof.index, proof.size) == (0, 1)
    assert verify.root_of(leaf, proof.index, head.size, proof.path) == head.root
    assert notes.signed_by(proof.head, public())
    with duty("fixture"):
        key = Answer.objects.get(subject=device).key
        assert json.loads(entry.body)["dct:identifier"] == str(key)


def test_p2_11e_entries_are_placed_in_the_order_in_which_they_came(monkeypatch):
    monkeypatch.setattr("plainview.privacy.log.sequencing.BATCH", 50)
    made = entries(230)
    head = log.sequence()
    assert head.size == 230
    placed = list(Leaf.objects.order_by("index").values_list("pk", flat=True))
    assert placed == [entry.pk for entry in made]
    assert Node.objects.count() == 3, "one for each 64 leaves"
    hashes = [bytes(leaf.hash) for leaf in Leaf.objects.order_by("index")]
    for number in (0, 63, 64, 200, 229):
        proof = log.proof(made[number])
        root = verify.root_of(hashes[number], number, 230, proof.path)
        assert root == bytes(head.root)
    sizes = [each.size for each in Head.objects.order_by("id")]
    assert sizes == [50, 100, 150, 200, 230]
    for first, second in itertools.pairwise(sizes):
        grown = log.consistency(first, second)
        old, new = (bytes(Head.objects.get(size=size).root) for size in (first, second))
        assert continues(first, second, old, new, grown.path)


def test_a_head_is_signed_once_until_something_comes_or_an_hour_goes_by(monkeypatch):
    entries(3)
    head = log.sequence()
    assert log.sequence() == head == log.head()
    monkeypatch.setattr("plainview.privacy.log.sequencing.PULSE", -head.at.resolution)
    assert log.sequence().pk != head.pk, "so that nothing is dated before it later"


def test_an_empty_log_has_a_head_too():
    assert log.head().size == 0
    assert bytes(log.head().root) == merkle.EMPTY


def test_what_is_not_there_is_said():
    entries(2)
    log.sequence()
    for ask in (
        lambda: log.proof(77),
        lambda: log.consistency(0, 2),
        lambda: log.consistency(2, 3),
        lambda: log.consistency(2, 1),
    ):
        with pytest.raises(log.NoSuchEntry):
            ask()


@pytest.mark.parametrize(
    "value",
    [{"a": 1.5}, {"a": None}, {"é": 1}, {"a": 2**53}, {"a": "\ud800"}, {1: "a"}, {"a": b"b"}],
)
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(canonical.NotCanonical):
        canonical.canonical(value)


def test_canonical_json_is_that_of_rfc_8785():
    """The strings of its section 3.2.2.2, and keys in order."""
    value = {"b": [True, 7], "a": '€$\u000f\nA\'B"\\\\"/'}
    written = '{"a":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","b":[true,7]}'
    assert canonical.canonical(value).decode() == written


REFUSED = "rows of a ledger|P0001"  # PostgreSQL's words are held back with what they may quote
LEDGERS = [Answer, Shown, Heard, Entry, Act, Deed, Leaf, Node, Head, Key, Epoch]
ERASABLE = [Answer, Heard, Entry, Act]


@pytest.fixture
def written(db) -> None:
    answer()
    log.act("desk", staff=new_id())
    log.deed("policy")
    entries(64)
    log.sequence()


@pytest.mark.every_case
@pytest.mark.parametrize("model", LEDGERS)
def test_p1_1_5g_the_database_refuses_to_change_or_remove_what_a_ledger_holds(written, model):
    rows = model._base_manager.filter(pk=model._base_manager.first().pk)
    field = next(f for f in model._meta.fields if not f.primary_key and f.name != "index")
    table = model._meta.db_table
    other = b"forged" if model is Leaf else getattr(rows.get(), field.attname) or new_id()
    acts = [
        lambda: rows.update(**{"hash" if model is Leaf else field.attname: other}),
        lambda: rows._raw_delete("default"),
        lambda: connection.cursor().execute(f"DELETE FROM {table}"),  # noqa: S608
    ]
    for act, name in product(acts, ("fixture", "audit", "export", "backup")):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), duty(name):
            act()
    assert rows.exists()


@pytest.mark.every_case
@pytest.mark.parametrize("model", ERASABLE)
def test_p1_1_5g_an_erasure_may_take_what_is_about_people(written, model):
    with duty("erasure"):
        model._base_manager.all()._raw_delete("default")
    assert not model._base_manager.exists()


@pytest.mark.every_case
@pytest.mark.parametrize("model", [each for each in LEDGERS if each not in ERASABLE])
def test_p2_11e_no_erasure_takes_what_is_about_nobody(written, model):
    with duty("erasure"), pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        model._base_manager.all()._raw_delete("default")


def test_p2_11e_a_place_is_given_once():
    entry = entries(1)[0]
    log.sequence()
    for wrong in (7, None):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            Leaf.objects.filter(pk=entry.pk).update(index=wrong)


def test_p1_1_5g_a_trigger_taken_away_is_found_and_put_back(db):
    assert checks.check_database_objects(["default"]) == []
    name = "privacy_ledger_answer_update"
    where = " ON privacy_answer" if connection.vendor == "postgresql" else ""
    with duty("migrate"):
        connection.cursor().execute(f"DROP TRIGGER {name}{where}")
    found = checks.check_database_objects(["default"])
    assert [each.id for each in found] == ["privacy.E033"]
    assert name in found[0].msg
    ledgers.install()
    assert checks.check_database_objects(["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_p2_11e_an_entry_outside_the_transaction_of_its_choice_is_refused():
    with pytest.raises(log.OutsideTransaction):
        log.append("consent", {"n": 1}, subject=new_id())
