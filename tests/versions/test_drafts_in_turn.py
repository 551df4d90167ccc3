"""Two officers at one draft within the same moment: what either wrote stands, or is shown."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.versions.test_desk import officer
from tests.versions.test_drafts import ROOT, typed

from plainview.domains.staff.tests.test_in_turn import sent_together
from plainview.privacy.versions import drafts, queries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.every_case, pytest.mark.slow]


@pytest.fixture
def desks(begun, at_desk, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    return [at_desk(officer(name), Client()) for name in ("noor", "tom")]


@pytest.fixture
def draft(begun):
    return drafts.begin(begun)


def test_of_two_who_change_one_field_the_second_is_shown_what_the_first_wrote(
    desks, draft, monkeypatch
):
    address = f"{ROOT}/{draft.key}/recipients/copperline/"
    sent = [(address, typed(desks[0], address, country=country)) for country in ("FR", "IE")]
    answers = sent_together(monkeypatch, desks, sent)
    assert sorted(answers) == [302, 422]
    written = ("FR", "IE")[answers.index(302)]
    assert drafts.policy_of(draft).recipients["copperline"].country == written


def test_of_two_who_change_different_files_neither_takes_the_others_change_away(
    desks, draft, monkeypatch
):
    recipient = f"{ROOT}/{draft.key}/recipients/copperline/"
    kept = f"{ROOT}/{draft.key}/kept/viewing.progress/"
    sent = [
        (recipient, typed(desks[0], recipient, country="FR")),
        (kept, typed(desks[1], kept, count=6, own="on", stays="on", words__en="Six months.")),
    ]
    assert sent_together(monkeypatch, desks, sent) == [302, 302]
    assert {"recipients.toml", "retention.toml"} <= set(draft.changed)


def test_what_is_saved_while_a_colleague_proposes_is_in_the_version_or_refused(
    desks, draft, monkeypatch
):
    address, whole = f"{ROOT}/{draft.key}/recipients/copperline/", f"{ROOT}/{draft.key}/"
    proposed = {"act": "propose", "name": "soon", "effective": "2099-01-01", "summary": "France."}
    sent = [(address, typed(desks[0], address, country="FR")), (whole, proposed)]
    saved, made = sent_together(monkeypatch, desks, sent)
    assert made == 302
    found = queries.policy_of(queries.named("soon")).recipients["copperline"].country
    assert (saved, found) in ((302, "FR"), (404, "NL"))
