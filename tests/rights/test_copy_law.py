"""What a copy says beside the data: rights, authority, what programs decide, protection abroad."""

from __future__ import annotations

import json

import pytest
from tests.rights.conftest import archive, enter

from plainview.privacy import permissions
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_p5_2_1_2a_a_copy_says_which_rights_one_has_where_to_complain_and_what_protects(ines):
    """GDPR Art. 15(1)(e), (f) and (h), and 15(2)."""
    permissions.change(ines.pk, lambda facts: permissions.resident(facts, "DE"))
    zipped = archive(enter(ines))
    page, data = zipped.read("index.html").decode(), json.loads(zipped.read("data.json"))
    assert "Have it erased, but for what a law makes us keep" in page
    [germany] = in_force().jurisdictions["eu-de"].authority
    assert (germany.complain or germany.url) in page
    assert "/legal/privacy/" in page
    mail = {each["id"]: each for each in data["categories"]["contact.email"]["recipients"]}
    clauses = "The recipient signed the clauses that the law provides."
    assert clauses in mail["tallyhouse"]["protection"]
    assert not mail["copperline"]["protection"]
    assert clauses in page
