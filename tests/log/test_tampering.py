"""P1.1.5g, P2.11e: `plainview log verify` names what was rewritten beside the text of a record.

The columns of a row say what its text says, or more quickly who it is about; somebody who changes
one of them behind the service changes what people are shown and what an officer finds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from click.testing import CliRunner
from django.db import transaction
from tests.log.conftest import QUESTION, entries

from plainview.platform.identifiers import new_id
from plainview.privacy import log, permissions
from plainview.privacy.consent import services as consent
from plainview.privacy.consent.models import Shown, Style
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import merkle, sequencing, services
from plainview.privacy.log.commands import log as command
from plainview.privacy.log.models import Act, Deed, Entry, Epoch, Head, Key, Leaf, Node
from plainview.privacy.models import Answer

pytestmark = pytest.mark.django_db
EARLIER = dt.timedelta(days=2)
OTHERWISE, REWRITTEN = "stands in the table otherwise", "its row was rewritten"
ONE = {
    "who did it": (Act, lambda row: {"staff": new_id()}, OTHERWISE),
    "about whom": (Act, lambda row: {"person": new_id()}, OTHERWISE),
    "the salt of a person": (Act, lambda row: {"person_salt": None}, OTHERWISE),
    "what was done": (Act, lambda row: {"what": "access"}, OTHERWISE),
    "when it was done": (Act, lambda row: {"at": row.at - EARLIER}, OTHERWISE),
    "when the service did it": (Deed, lambda row: {"at": row.at - EARLIER}, OTHERWISE),
    "what the service did": (Deed, lambda row: {"what": "policy"}, OTHERWISE),
    "whose entry it is": (Entry, lambda row: {"subject": new_id()}, REWRITTEN),
    "whose answer it is": (Answer, lambda row: {"subject": new_id()}, REWRITTEN),
    "where it was asked": (Answer, lambda row: {"surface": "app"}, REWRITTEN),
    "what a question told": (Shown, lambda row: {"document": row.document + " "}, "the question"),
    "the page that asked": (Shown, lambda row: {"page": f"{row.page}."}, "the question"),
    "how it looked": (Style, lambda row: {"text": row.text + " "}, "the style sheet"),
    "when a head was signed": (Head, lambda row: {"at": row.at - EARLIER}, OTHERWISE),
    "why an epoch began": (Epoch, lambda row: {"because": Epoch.Because.KEY_LOST}, OTHERWISE),
    "from when on a key signs": (Key, lambda row: {"size": row.size + 1}, "endorsed"),
    "who vouched for a key": (Key, lambda row: {"endorsed": ""}, "endorsed"),
}


@pytest.fixture
def whole() -> None:
    """A log with a record of each kind, signed by two keys one after the other."""
    with transaction.atomic():
        services.act("desk", staff=new_id(), person=new_id(), **{"pv:door": "desk"})
        services.deed("duty", **{"pv:duty": "export"})
    log.sequence()
    asked = replace(QUESTION, draw=lambda: "<p>May we?</p>")
    facts = permissions.newcomer("eu")
    consent.answer_for_device(None, {"history": "denied"}, asked, facts=facts, via="banner")
    sequencing.rotate()


def verified() -> tuple[int, str]:
    done = CliRunner().invoke(command, ["verify"])
    return done.exit_code, done.output


@pytest.mark.parametrize("what", ONE)
def test_what_was_rewritten_is_named(whole: None, what: str) -> None:
    assert verified()[0] == 0
    table, change, named = ONE[what]
    with duty("migrate"):
        row = table._base_manager.order_by("-pk")[0]
        table._base_manager.filter(pk=row.pk).update(**change(row))
    code, told = verified()
    assert code == 1
    assert named in told


def test_nodes_high_in_the_tree_are_held_against_what_lies_below(whole: None) -> None:
    """Proofs are made of them: a wrong one would prove nothing to anybody."""
    entries(70)
    log.sequence()
    with duty("migrate"):
        Node.objects.create(key=sequencing.node_key(2 * merkle.WIDTH, 0), hash=b"n" * 32)
    assert "stand over entries that there are not" in verified()[1]


@pytest.mark.slow
def test_a_node_over_four_thousand_entries_is_looked_at(whole: None) -> None:
    Leaf.objects.bulk_create(Leaf(hash=bytes([n % 251]) * 32) for n in range(1 << 12))
    log.sequence()
    assert verified()[0] == 0
    with duty("migrate"):
        key = sequencing.node_key(2 * merkle.WIDTH, 0)
        Node.objects.filter(key=key).update(hash=b"n" * 32)
    assert "entries 0 to 4095: is not what was placed there" in verified()[1]
