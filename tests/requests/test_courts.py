"""Whoever is refused reads that they can go to court, where the law lets them, and by when.

GDPR and UK GDPR Art. 12(4) and 79; Québec's P-39.1, ss. 34 and 43. Promise P5.2.1.10a.
"""

import pytest
from django.core import mail
from tests.requests.conftest import act, in_work, member, signed_in

from plainview.privacy.requests import disputing, numbers

pytestmark = pytest.mark.django_db
INSTEAD = "You can have it deleted instead, here:"


@pytest.mark.parametrize(
    ("place", "article"),
    [
        ("DE", "GDPR Art. 79"),
        ("GB", "UK GDPR Art. 79"),
        ("BR", "LGPD Art. 22"),
        ("SG", "PDPA s. 48O"),
        ("US-TX", ""),
        ("US-CA", ""),
    ],
)
def test_p5_2_1_10a_a_refusal_names_the_court_beside_the_authority(desk, client, place, article):
    row = in_work("delete", contact="mira@elsewhere.example", place=place)
    said = {"ground": "others", "said": "It is another’s."}
    assert act(desk, row, "refuse", **said).status_code == 302
    letter = mail.outbox[-1].body
    page = client.get(f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/").content.decode()
    assert "You can also complain to the authority:" in letter
    for words in (letter, page):
        assert ("lets you go to court" in words) == bool(article)
        assert f"go to court: {article}" in words or not article


@pytest.mark.parametrize(("place", "named"), [("CA-QC", True), ("DE", False)])
def test_p5_2_1_10a_where_there_is_a_time_to_complain_in_a_refusal_says_it(
    desk, client, place, named
):
    row = in_work("delete", contact="mira@elsewhere.example", place=place)
    act(desk, row, "refuse", ground="others", said="It is another’s.")
    page = client.get(f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/").content.decode()
    for words in (mail.outbox[-1].body, page):
        assert ("within 30 days of our answer" in words) is named


@pytest.mark.parametrize("language", ["en", "ko"])
def test_whoever_asks_reads_that_it_costs_nothing(client, language):
    """GDPR Art. 12(5)."""
    page = client.get("/privacy/request/", headers={"accept-language": language}).content.decode()
    free = {"en": "Asking costs nothing.", "ko": "비용은 들지 않아요"}[language]
    assert free in page


@pytest.mark.parametrize(
    ("place", "kind", "step", "asked"),
    [
        ("US-CA", "delete", "refuse", True),
        ("US-CA", "delete", "answer", True),
        ("US-CA", "correct", "refuse", False),
        ("DE", "delete", "refuse", False),
    ],
)
def test_p5_2_2_2a_whoever_is_refused_a_deletion_is_asked_whether_to_opt_out(
    desk, client, place, kind, step, asked
):
    """11 CCR 7022(g)."""
    row = in_work(kind, contact="mira@elsewhere.example", place=place)
    said = {"ground": "others", "said": "It is another’s.", "outcome": "partly"}
    assert act(desk, row, step, **said).status_code == 302
    page = client.get(f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/").text
    for words in (mail.outbox[-1].body, page):
        assert ("/privacy/opt-out/" in words.partition("<footer")[0]) is asked
    assert ("Do Not Sell" in page.partition("<footer")[0]) is asked


def test_p5_2_2_2a_who_opted_out_before_is_not_asked(desk, db):
    ada = member("ada", "US-CA")
    signed_in(ada).post("/privacy/requests/new/", {"kind": "optout-sale-sharing"})
    row = in_work("delete", account=ada.pk, contact="", place="US-CA")
    act(desk, row, "refuse", ground="others", said="It is another’s.")
    assert "/privacy/opt-out/" not in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("kind", "told"),
    [("viewing.history", True), ("requests.rights", False), ("", True)],
)
def test_p5_2_1_3b_whoever_is_refused_a_correction_reads_how_to_have_it_deleted(
    desk, client, mira, kind, told
):
    """11 CCR 7023(f); not what nobody can have deleted."""
    matter = disputing.every(kind) if kind else None
    row = in_work("correct", account=mira.pk, contact="", matter=matter)
    act(desk, row, "refuse", ground="unfounded", said="It is as you wrote it.")
    page = client.get(f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/").text
    for words in (mail.outbox[-1].body, page):
        assert (f"{INSTEAD} " in words) is told


def test_p5_2_1_3b_without_an_account_it_is_the_form_that_asks_for_it(desk):
    row = in_work("correct", contact="mira@elsewhere.example", place="US-CA")
    act(desk, row, "refuse", ground="unfounded", said="It is as you wrote it.")
    assert "/privacy/request/?kind=delete" in mail.outbox[-1].body.partition(INSTEAD)[2]
