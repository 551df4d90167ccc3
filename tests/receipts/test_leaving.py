"""Receipts go with the person who takes a copy, outlive the person who leaves, and tell nothing."""

from __future__ import annotations

import hashlib
import itertools
import json

import msgspec
import pytest
from tests.people import answers
from tests.receipts.conftest import latest
from tests.rights.conftest import archive, enter, work

from plainview.privacy.consent import recording
from plainview.privacy.consent.models import Answer
from plainview.privacy.gate import purposes
from plainview.privacy.log.models import Entry, Leaf
from plainview.privacy.policies import in_force
from plainview.privacy.rights import services

pytestmark = pytest.mark.django_db(transaction=True)


def file(client) -> bytes:
    return client.get(f"/privacy/receipts/{latest().key}.json").content


def test_p5_2_1_2a_the_copy_holds_every_receipt_as_the_file_that_proves_it(ines, verified):
    client = answers(enter(ines), "reject")
    answers(client, "reject")
    zipped = archive(client)
    receipts = [name for name in zipped.namelist() if "receipt-" in name]
    assert len(receipts) == 2
    assert all(verified(zipped.read(name)) == 0 for name in receipts)


@pytest.mark.slow
def test_p2_11e_a_receipt_proves_itself_after_its_person_has_left(ines, verified):
    client = answers(enter(ines), "reject")
    receipt, key = file(client), latest().key
    services.leave(ines.pk)
    work()
    assert not Entry.objects.filter(subject=ines.pk).exists()
    assert Answer.objects.filter(key=key).exists(), "the law has the answer kept"
    assert client.get(f"/privacy/receipts/{key}.json").status_code == 404
    assert verified(receipt) == 0


@pytest.mark.slow
def test_p2_11e_what_is_left_after_an_erasure_opens_no_leaf(ines, tom):
    """With every value once held, every salt left and every secret of ours, no leaf is met."""
    for person in (ines, tom):
        answers(enter(person), "reject")
    entry = Entry.objects.get(subject=ines.pk)
    body, hash_ = entry.body, bytes(entry.leaf.hash)
    salts_before = {bytes(each) for each in Entry.objects.values_list("salt", flat=True)}
    assert hash_ in _leaves(body, salts_before), "with its salt it is met, or this proves nothing"
    services.leave(ines.pk)
    work()
    salts = {bytes(each) for each in Entry.objects.values_list("salt", flat=True)}
    salts |= set(recording.salts(json.loads(body)["dct:identifier"])) | {b"", bytes(32)}
    bodies = [body, *(row.answers for row in Answer.objects.all()), str(ines.pk), ines.email]
    met = set(itertools.chain.from_iterable(_leaves(text, salts) for text in bodies))
    assert hash_ not in met
    assert Leaf.objects.filter(hash=hash_).exists(), "the log is whole"


def _leaves(body: str, salts: set[bytes]) -> set[bytes]:
    commitments = [hashlib.sha256(salt + body.encode()).digest() for salt in salts]
    return {hashlib.sha256(b"\x00" + each).digest() for each in commitments}


def test_p11b_a_receipt_of_an_older_policy_says_which_one_it_was(ines, verified):
    client = answers(enter(ines), "reject")
    old, policy = file(client), in_force()
    head = msgspec.structs.replace(policy.head, version="2027-03-01")
    newer = msgspec.structs.replace(policy, head=head, fingerprint="e" * 64, _on=lambda day: newer)
    purposes.enforce(newer)
    try:
        again = client.get(f"/privacy/receipts/{latest().key}.json").content
        answers(client, "reject")
        new = file(client)
    finally:
        purposes.enforce(policy)
    said = [json.loads(each)["dpv:hasNotice"]["pv:policy"] for each in (old, again, new)]
    assert [each["version"] for each in said] == [policy.version, policy.version, "2027-03-01"]
    assert [each["fingerprint"] for each in said][:2] == [policy.fingerprint] * 2
    assert all(verified(each) == 0 for each in (old, again, new))
