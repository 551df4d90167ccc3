"""Who leaves takes the salts along: leaves stay, all still verifies, and nothing leads to anybody.

With everything that stands in the database after an erasure, and every value that ever stood there
about the person, no leaf of theirs can be made again.
"""

from __future__ import annotations

import contextlib
import itertools

import pytest
from tests.log.conftest import public
from tests.people import answers
from tests.rights.conftest import _member, arrive, data_folder, enter, work  # noqa: F401

from plainview import verify
from plainview.privacy import log
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import inspecting
from plainview.privacy.log.models import Act, Deed, Entry, Leaf
from plainview.privacy.log.services import leaf_of
from plainview.privacy.models import Answer, Erasure
from plainview.privacy.registry import registry

pytestmark = pytest.mark.django_db(transaction=True)


def held(*people: int) -> set[bytes]:
    """Every value of every row about these people, as bytes that may have been committed to."""
    found: set[bytes] = set()
    for table in registry().personal_tables():
        if table.model is None:
            continue
        for row in table.model._base_manager.values():
            if any(str(person) in {str(each) for each in row.values()} for person in people):
                found |= {value if isinstance(value, bytes) else str(value).encode()
                          for value in map(_plain, row.values())}  # fmt: skip
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def salts() -> set[bytes]:
    """Every salt that is left, whoever's and for whatever."""
    found: set[bytes] = set()
    for table in (Entry, Act, Deed):
        for field in table._meta.concrete_fields:
            if "salt" in field.name:
                values = table._base_manager.values_list(field.name, flat=True)
                found |= {bytes(each) for each in values if each is not None}
    return found


def test_p2_11e_after_an_erasure_no_value_and_no_salt_that_is_left_makes_a_leaf_of_theirs():
    ines, tom = _member("ines"), _member("tom")
    client, other = enter(ines), enter(tom)
    answers(client, "reject")
    answers(other, "reject")
    theirs = list(Entry.objects.filter(subject=ines.pk))
    assert theirs, "there is something to erase"
    with duty("fixture"):
        log.act("desk", staff=tom.pk, person=ines.pk)
    kept = log.sequence().note
    before = held(ines.pk)
    leaves = {bytes(each.leaf.hash) for each in theirs}
    made = {leaf_of(s, b) for s, b in itertools.product(salts(), before)}
    assert leaves <= made, "while they are here, it can be made: the test would find it"

    assert client.post("/privacy/leave/confirm/", {"sure": "yes"}).status_code == 302
    work()
    assert Erasure.objects.get().state == "done"

    assert not Entry.objects.filter(subject=ines.pk).exists()
    assert Leaf.objects.filter(hash__in=leaves).count() == len(leaves), "leaves stay"
    everything = before | held(ines.pk) | {entry.body.encode() for entry in theirs}
    everything |= {str(ines.pk).encode(), ines.email.encode()}
    assert not leaves & {leaf_of(s, b) for s, b in itertools.product(salts(), everything)}
    assert Act.objects.get(what="desk", staff=tom.pk).person is None

    assert inspecting.inspect().damage == []
    head = log.sequence()
    first, second = verify.read_head(kept), verify.read_head(head.note)
    path = list(log.consistency(first.size, second.size).path)
    with contextlib.redirect_stdout(None):
        verify.check_appended(first, second, lambda *_: path, [verify.read_key(str(public()))])
    assert Entry.objects.filter(subject=tom.pk).exists(), "nobody else's went"


def test_p2_11e_a_browser_that_is_forgotten_leaves_its_leaf_alone():
    _client, device = arrive()
    leaf = Entry.objects.get(subject=device).leaf_id
    with duty("erasure"):
        Entry.objects.filter(subject=device).delete()
        Answer.objects.filter(subject=device).delete()
    assert log.proof(leaf).index == 0
    assert inspecting.inspect().damage == []
