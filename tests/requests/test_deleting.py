"""A request to be erased is carried out once it is known who asks, and answered when it is done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import formats, timezone
from tests.requests.conftest import (
    ASKS,
    QUEUE,
    act,
    in_work,
    latest,
    link_in,
    member,
    signed_in,
)
from tests.rights.conftest import confirm

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.privacy.disclosures import recalls
from plainview.privacy.disclosures.models import Disclosure, Recall
from plainview.privacy.requests import ending, numbers, tasks
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_an_account_asks_to_be_deleted_and_it_is_done_unless_a_person_objects(monkeypatch, mira):
    """P5.2c, P5.2.1.4a: by itself after three days; its record outlives the account."""
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "delete"})
    row = latest()
    asked = client.get(f"/privacy/requests/{row.number}/").content.decode()
    assert "open the link in our letter" in asked
    until = formats.date_format(timezone.localdate() + dt.timedelta(days=14))
    assert f"The link works until {until}." in mail.outbox[-1].body
    client.post(link_in(mail.outbox[-1]))
    row = latest()
    assert row.state == State.WORKING
    hour = formats.date_format(row.received_at + dt.timedelta(days=3), "DATETIME_FORMAT")
    asked = client.get(f"/privacy/requests/{row.number}/").content.decode()
    assert f">{hour} (UTC)</time>. Until then you can take" in asked
    start = timezone.now()
    tasks.requests()
    assert User.objects.get(pk=mira.pk).is_active
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(days=3, minutes=1))
    tasks.requests()
    assert not User.objects.get(pk=mira.pk).is_active
    assert "our last letter about it" in mail.outbox[-1].body, "the address goes"
    assert "You get an answer by" not in mail.outbox[-1].body
    row.refresh_from_db()
    assert row.state == State.WORKING, "nothing is answered before it is done"
    worker.run_all()
    tasks.requests()
    row.refresh_from_db()
    assert not User.objects.filter(pk=mira.pk).exists()
    assert (row.state, row.kind, row.outcome) == (State.ANSWERED, "delete", "granted")
    assert set(row.events.values_list("said", flat=True)) == {""}


@pytest.mark.parametrize("kind", ["access", "restrict"])
def test_p5_2_1_4a_what_they_ask_beside_it_without_signing_in_keeps_the_account(
    monkeypatch, mira, stranger, kind
):
    """P5.2.1.4a: it is known whose the address is once the link in our letter was opened."""
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "delete"})
    client.post(link_in(mail.outbox[-1]))
    deletion = latest()
    stranger.post(ASKS, {"kind": kind, "contact": mira.email, "residence": "DE", "words": "All."})
    stranger.post(link_in(mail.outbox[-1]))
    other = latest()
    assert other.kind == kind and other.state == State.WORKING
    start = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(days=4))
    tasks.requests()
    assert User.objects.get(pk=mira.pk).is_active, "else there were nothing left to give"
    deletion.refresh_from_db()
    assert deletion.by_hand and latest().by_hand, "somebody sees both"


def test_p5_2_1_4a_who_asked_to_be_erased_and_left_by_the_button_is_answered(mira):
    """P5.2.1.4a: by the report of the erasure, whether the link of the letter was opened or not."""
    tom = member("tom", "US-CA")
    for person, opened in ((mira, True), (tom, False)):
        client = signed_in(person)
        client.post("/privacy/requests/new/", {"kind": "delete"})
        if opened:
            client.post(link_in(mail.outbox[-1]))
        confirm(client, person).post("/privacy/leave/confirm/", {"sure": "yes"})
    tasks.requests()
    assert {row.state for row in Request.objects.all()} == {State.WORKING}, "it is not done yet"
    worker.run_all()
    tasks.requests()
    for row in Request.objects.all():
        assert (row.state, row.outcome, row.by_hand) == (State.ANSWERED, "granted", False)
        page = Client().get(f"{ASKS}{row.number}/{numbers.secret(row.pk)}/").text
        assert "/privacy/left/" in page


def test_p5_2c_what_fails_for_one_of_them_keeps_nobody_else_waiting(monkeypatch, mira):
    """Nor is it passed over: the work is known to have failed, and is tried again."""
    people = [mira, member("jonas", "DE"), member("ana", "BR")]
    for person in people:
        client = signed_in(person)
        client.post("/privacy/requests/new/", {"kind": "delete"})
        client.post(link_in(mail.outbox[-1]))
    first = Request.objects.order_by("received_at").first()
    start, carried_out = timezone.now(), ending.carry_out

    def one_can_not_be(request: int) -> None:
        if request == first.pk:
            raise FileExistsError("something that nobody foresaw")
        carried_out(request)

    monkeypatch.setattr(ending, "carry_out", one_can_not_be)
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(days=3, minutes=1))
    with pytest.raises(ExceptionGroup) as told:
        tasks.requests()
    assert [type(each) for each in told.value.exceptions] == [FileExistsError]
    active = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    assert active & {each.pk for each in people} == {first.subject}
    monkeypatch.setattr(ending, "carry_out", carried_out)
    tasks.requests()
    assert not User.objects.filter(is_active=True, pk__in=[each.pk for each in people]).exists()


def test_p5_2_1_4a_what_is_being_erased_is_not_refused_nor_called_something_else(desk, mira):
    """P5.2.1.4a: an officer who granted a deletion finds no step that would take it back."""
    row = in_work("delete", account=mira.pk, contact="")
    act(desk, row, "answer", outcome="granted")
    row.refresh_from_db()
    assert row.erasure is not None
    page = desk.get(f"{QUEUE}{row.number}/").text
    for step in ("refuse", "sort"):
        assert f"/{row.number}/{step}/" not in page
        act(desk, row, step, ground="unfounded", said="No.", kind="access")
    row.refresh_from_db()
    assert (row.state, row.kind) == (State.WORKING, "delete")


@pytest.mark.parametrize("asked", [0, 1], ids=["nobody got anything", "somebody has to confirm"])
def test_p5_2_1_4a_what_is_erased_is_answered_at_once(desk, mira, asked):
    """P5.2.1.4a: the desk says it as the last place is done, not in the hour's round."""
    if asked:
        Disclosure.objects.create(
            subject=mira.pk, recipient="northgate", purpose="audience-uploads", state="sent",
            categories="contact.email", basis="consent", country="US", reference="mira",
            queued_at=timezone.now(), sent_at=timezone.now(), policy="p",
        )  # fmt: skip
    row = in_work("delete", account=mira.pk, contact="")
    act(desk, row, "answer", outcome="granted")
    worker.run_all()
    if asked:
        assert Request.objects.get(pk=row.pk).state == State.WORKING
        assert recalls.confirmed(Recall.objects.get().key)
        worker.run_all()
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.ANSWERED, "granted")
    assert "Done as asked" in desk.get(f"{QUEUE}{row.number}/").text
