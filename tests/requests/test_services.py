"""A request through its services: number, timeline, days, and who may decide."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.requests.conftest import COLLEAGUE, OFFICER

from plainview.domains.accounts.models import Role, User
from plainview.privacy.requests import clock, machine, numbers, queries, queue, services, tasks
from plainview.privacy.requests.machine import Impossible, State
from plainview.privacy.requests.models import Channel, Event, Ground, Proof, Request
from plainview.privacy.requests.services import Asked, By

pytestmark = pytest.mark.django_db


def filed(kind: str = "access", **more) -> Request:
    asked = {"contact": "mira@elsewhere.example", "place": "DE", "language": "en"} | more
    return services.file(Asked(kind=kind, channel=Channel.FORM, **asked))


def steps(row: Request) -> list[str]:
    return [each.step for each in queries.timeline(row.pk)]


def test_a_request_has_a_number_a_letter_and_a_timeline():
    """P5.2a: whoever asks is told the number, and where to follow it."""
    row = filed(words="What do you hold about me?")
    assert numbers.read(row.number.upper().replace("-", " ")) == row.number
    assert steps(row) == ["file", "ask-identity", "acknowledge"]
    assert row.acknowledged_at and row.next_on
    letter = mail.outbox[-1]
    assert letter.to == ["mira@elsewhere.example"]
    assert row.number in letter.subject and f"/{row.number}/prove/" in letter.body
    assert "What do you hold" not in letter.body


def test_its_page_opens_to_whoever_holds_the_secret_alone(client):
    row = filed()
    page = client.get(f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/")
    assert page.status_code == 200 and row.number in page.content.decode()
    assert client.get(f"/privacy/request/{row.number}/{'0' * 32}/").status_code == 404


def test_one_wrong_letter_and_two_swapped_are_noticed():
    number = "k7m2-x9q4-" + numbers._check("k7m2x9q4")
    assert numbers.read(number) == number
    assert not numbers.read(number.replace("k7", "7k"))
    assert not numbers.read(number.replace("m2", "m3"))
    assert list(numbers.found_in(f"Re: [{number}] your letter")) == [number]


def test_nothing_is_decided_before_it_is_proved_who_asks():
    """P5.2e, by the table and by the database."""
    row = filed()
    with pytest.raises(Impossible):
        services.move(row.pk, "answer", by=By.OFFICER, staff=OFFICER)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.move(row.pk, "begin", by=By.OFFICER, staff=OFFICER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=row.pk).update(state=State.ANSWERED, came_from=State.RECEIVED)


def test_two_officers_meet_and_the_second_is_told():
    row = filed()
    services.take(row.pk, OFFICER)
    with pytest.raises(services.InHand) as told:
        services.move(row.pk, "note", by=By.OFFICER, staff=COLLEAGUE, note="mine")
    assert told.value.staff == OFFICER
    services.let_go(row.pk, OFFICER)
    services.move(row.pk, "note", by=By.OFFICER, staff=COLLEAGUE, note="mine")
    with pytest.raises(services.Overtaken):
        services.move(row.pk, "note", by=By.OFFICER, staff=COLLEAGUE, seq=row.seq)


def test_an_appeal_goes_to_somebody_else():
    """P5.2.3.2a."""
    row = filed()
    services.move(
        row.pk, "refuse", by=By.OFFICER, staff=OFFICER, reason=Ground.UNPROVED, said="No proof."
    )
    row = services.move(row.pk, "appeal", by=By.PERSON, said="I did send it.")
    assert row.due_on and row.next_on == row.due_on
    with pytest.raises(services.SamePerson):
        services.move(row.pk, "settle", by=By.OFFICER, staff=OFFICER, said="Still no.")
    row = services.move(
        row.pk, "settle", by=By.OFFICER, staff=COLLEAGUE, reason="granted", said="You did."
    )
    assert row.state == State.SETTLED and row.outcome == "granted"


@pytest.mark.parametrize(
    ("place", "zone", "days"),
    [("US-VA", "America/New_York", 60), ("US-CO", "America/Denver", 45),
     ("US-CA", "America/Los_Angeles", 45)],
)  # fmt: skip
def test_p5_2_3_2a_an_appeal_is_decided_within_the_days_of_ones_state(place, zone, days):
    row = filed(place=place, residence=place)
    services.move(row.pk, "refuse", by=By.OFFICER, staff=OFFICER, reason=Ground.LAW, said="No.")
    row = services.move(row.pk, "appeal", by=By.PERSON, said="Look again.")
    appealed = row.appealed_at.astimezone(ZoneInfo(zone)).date()
    assert row.due_on == appealed + dt.timedelta(days=days)


def test_a_refusal_says_why():
    row = filed()
    with pytest.raises(services.Unexplained):
        services.move(row.pk, "refuse", by=By.OFFICER, staff=OFFICER, reason=Ground.LAW)


def test_it_is_extended_once_with_a_reason():
    """P5.2c: a month, and three from receipt if the person is told why."""
    row = filed(proof=Proof.SESSION)
    first = Request.objects.get(pk=row.pk).due_on
    with pytest.raises(services.Unexplained):
        services.move(row.pk, "extend", by=By.OFFICER, staff=OFFICER)
    row = services.move(row.pk, "extend", by=By.OFFICER, staff=OFFICER, said="It is much.")
    assert row.due_on > first + dt.timedelta(days=50)
    with pytest.raises(services.TooLate):
        services.move(row.pk, "extend", by=By.OFFICER, staff=OFFICER, said="Again.")


def test_p5_2c_nobody_extends_a_request_whose_day_is_over(monkeypatch):
    """The person is told of it within the first month, or it is late."""
    row = filed(proof=Proof.SESSION)
    due = Request.objects.get(pk=row.pk).due_on
    extend = partial(
        services.move, row.pk, "extend", by=By.OFFICER, staff=OFFICER, said="It is much."
    )
    monkeypatch.setattr(clock, "today", lambda: due + dt.timedelta(days=1))
    with pytest.raises(services.TooLate):
        extend()
    monkeypatch.setattr(clock, "today", lambda: due)
    assert extend().due_on > due


def test_the_timeline_is_added_to_and_nothing_else():
    row = filed()
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(request=row).update(said="something else")


def test_the_database_knows_the_table():
    """What the table lacks no statement can write."""
    row = filed()
    allowed = machine.pairs()
    for before in ("", *State):
        for after in State:
            if (before, after) in allowed or (not before and after == State.RECEIVED):
                continue
            with pytest.raises(IntegrityError), transaction.atomic():
                Request.objects.filter(pk=row.pk).update(
                    came_from=before, state=after, proof="seen", ground="law"
                )


def test_of_ten_thousand_requests_none_is_read_to_find_those_of_an_address():
    """What somebody asked before is found by their address, however it was typed."""
    first = filed(contact="Mira@Elsewhere.example")
    with CaptureQueriesContext(connection) as asked:
        second = filed(contact="MIRA@elsewhere.example")
        found = queue.open_from("mira@ELSEWHERE.example")
    assert (second.state, second.joined_to) == (State.JOINED, first)
    assert [each.number for each in found] == [first.number]
    theirs = [
        each["sql"]
        for each in asked.captured_queries
        if re.search(r'WHERE.*"privacy_request"\."contact"', each["sql"])
    ]
    assert len(theirs) >= 2
    assert not [each for each in theirs if "UPPER(" in each or " LIKE " in each]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for each in theirs:
                cursor.execute(f"EXPLAIN QUERY PLAN {each}", ["x"] * each.count("%s"))
                assert "privacy_request_contact" in str(cursor.fetchall()), each


def test_p5_2e_no_account_is_erased_by_itself_that_an_officer_read_a_deletion_in(
    client, at_desk, monkeypatch
):
    """P5.2e, P5.2.1.4a: in their words alone they showed no password, and had no time to object."""
    client.force_login(User.objects.create_user("mira@lantern.example"))
    same = {"Sec-Fetch-Site": "same-origin"}
    client.post("/privacy/requests/new/", {"words": "Take my things away."}, headers=same)
    row = Request.objects.get()
    assert (row.state, row.proof) == (State.WORKING, Proof.SESSION)
    officer = User.objects.create_user("officer@lantern.example", roles=Role.OFFICER)
    desk = at_desk(officer, Client())
    sorting = {"act": "take", "seq": row.seq, "kind": "delete"}
    desk.post(f"/desk/privacy/requests/{row.number}/sort/", sorting)
    later = timezone.now() + dt.timedelta(days=4)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.requests()
    row.refresh_from_db()
    assert (row.kind, row.state, row.erasure) == ("delete", State.WORKING, None)
    granted = {"act": "take", "seq": row.seq, "outcome": "granted", "said": "As you wish."}
    desk.post(f"/desk/privacy/requests/{row.number}/answer/", granted)
    row.refresh_from_db()
    assert row.erasure is not None, "a person decides"
