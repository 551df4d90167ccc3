"""The queue of the officer's desk: what came by letter, what is due first, and who finds it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.requests.conftest import QUEUE, act, filed, in_work, make

from plainview.domains.accounts.models import Role
from plainview.privacy.log.models import Act
from plainview.privacy.requests import clock, queries, queue, services, wording
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event, Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class TestEntering:
    MANDATE = {"agent": "A lawyer in Bonn", "mandate": "A power of attorney of 1 May."}
    LETTER = {
        "channel": "letter", "kind": "access", "language": "en", "words": "My data, please.",
        "contact": "mira@lantern.example",
    }  # fmt: skip

    @pytest.mark.parametrize("more", [{}, MANDATE])
    def test_p5_2a_what_came_by_letter_is_entered_once_and_opens(self, desk, more):
        """P5.2a: also for somebody else, and where they asked for the same before."""
        form = self.LETTER | more | {"received_on": timezone.localdate().isoformat()}
        for words in ("My data, please.", "I wrote last week."):
            entered = desk.post(f"{QUEUE}new/", form | {"words": words})
            assert entered.status_code == 302
            text = desk.get(entered["Location"]).content.decode()
            assert words in text and more.get("mandate", "") in text
        assert Act.objects.filter(person__isnull=False).exists(), "the log says who looked"

    def test_p5_2c_a_letter_that_lay_too_long_is_late_at_once(self, desk):
        """Asking now who wrote it gives nobody the days back that are over."""
        day = timezone.localdate() - dt.timedelta(days=50)
        form = self.LETTER | {"received_on": day.isoformat(), "residence": "DE"}
        entered = desk.post(f"{QUEUE}new/", form | {"contact": "vera@lund.example"})
        row = Request.objects.get(number=entered["Location"].split("/")[-2])
        assert row.state == State.IDENTIFYING
        assert row.next_on == row.due_on < timezone.localdate()
        came = wording.timeline(row, queries.timeline(row.pk))[0]
        assert came.at.date() == day, "and they read when it came, not when it was entered"


class TestQueue:
    def test_what_is_due_first_stands_first_and_the_escalated_before_all(self, desk):
        later, sooner = filed(place="DE"), filed(place="GB")
        told = filed("complaint")
        today = clock.today()
        services.move(told.pk, "escalate", by=Event.By.SERVICE)
        for row, days in ((later, 20), (sooner, 5), (told, 30)):
            Request.objects.filter(pk=row.pk).update(next_on=today + dt.timedelta(days=days))
        text = desk.get(QUEUE).content.decode()
        places = [text.index(row.number) for row in (told, sooner, later)]
        assert places == sorted(places)

    def test_it_filters_by_state_kind_place_and_whose(self, desk, officer):
        mine, other = in_work("delete", place="FR"), filed(place="us-ca")
        services.move(mine.pk, "assign", by=Event.By.OFFICER, changes={"officer": officer.pk})
        for asked in ("state=working", "kind=delete", "place=FR", "whose=mine"):
            text = desk.get(f"{QUEUE}?{asked}").content.decode()
            assert mine.number in text and other.number not in text, asked
        for asked in ("state=received", "kind=access", "place=US-CA", "whose=nobody"):
            text = desk.get(f"{QUEUE}?{asked}").content.decode()
            assert other.number in text and mine.number not in text, asked
        assert "No open request is like this" in desk.get(f"{QUEUE}?kind=port").content.decode()

    def test_a_complaint_to_us_is_called_one_wherever_the_desk_names_it(self, desk):
        """P12c: it is not listed, filtered or counted as something to take to an authority."""
        row = filed("complaint")
        for address in (QUEUE, f"{QUEUE}{row.number}/", f"{QUEUE}figures/", f"{QUEUE}new/"):
            text = desk.get(address).text
            assert "Complain about what we did" in text, address
            assert "Complain to an authority" not in text, address

    def test_pages_show_every_request_once(self, desk, monkeypatch):
        monkeypatch.setattr("plainview.privacy.requests.queue.PAGE", 3)
        rows = [filed("complaint") for _ in range(8)]
        for row in rows[:4]:
            services.move(row.pk, "escalate", by=Event.By.SERVICE)
        seen, address = [], QUEUE
        while address:
            text = desk.get(address).content.decode()
            seen += [row.number for row in rows if f"/{row.number}/" in text]
            found = text.partition('href="?after=')[2].partition('"')[0]
            address = f"{QUEUE}?after={found}" if found else ""
        assert sorted(seen) == sorted(row.number for row in rows)
        assert desk.get(f"{QUEUE}?after=e2026-x").status_code == 200

    def test_its_statements_do_not_grow_with_it(self, desk, officer):
        def statements() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(QUEUE).status_code == 200
            return len(asked)

        filed()
        statements()  # what is cached is so from here on
        before = statements()
        for _ in range(12):
            row = in_work("complaint")
            Request.objects.filter(pk=row.pk).update(officer=officer.pk)
        assert statements() <= before + 1, "the names of officers, at once"

    def test_a_person_is_found_by_an_open_request_alone(self, desk):
        mira = make("mira")
        row = filed(account=mira.pk, contact="")
        found = desk.post(f"{QUEUE}find/", {"what": mira.email})
        assert row.number in found.content.decode()
        assert desk.post(f"{QUEUE}find/", {"what": row.number.upper()})["Location"].endswith(
            f"/{row.number}/"
        )
        services.move(row.pk, "withdraw", by=Event.By.PERSON)
        answer = desk.post(f"{QUEUE}find/", {"what": mira.email})
        assert answer.status_code == 422 and row.number not in answer.content.decode()
        nobody = desk.post(f"{QUEUE}find/", {"what": "nobody@lantern.example"})
        words = "Nothing that is open has this number or address"
        assert words in nobody.content.decode() and words in answer.content.decode()

    def test_many_are_taken_at_once_and_what_a_colleague_holds_is_left(self, desk, second, officer):
        rows = [filed(contact="") for _ in range(3)]
        second.post(f"{QUEUE}{rows[0].number}/hand/")
        ticked = {"number": [row.number for row in rows], "act": "assign"}
        text = desk.post(f"{QUEUE}many/", ticked, follow=True).content.decode()
        assert "Done with 2 requests." in text and "1 request was left as it was" in text
        assert Request.objects.filter(officer=officer.pk).count() == 2
        refused = desk.post(f"{QUEUE}many/", ticked | {"act": "refuse"}, follow=True)
        assert "Tick at least one" in refused.content.decode()
        assert not Request.objects.filter(state=State.REFUSED).exists()

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.TRANSLATOR])
    def test_other_staff_find_none_of_it(self, at_desk, role):
        row = filed()
        client = at_desk(make("other", role))
        for address in ("", f"{row.number}/", f"{row.number}/note/", "figures/", "figures.csv"):
            assert client.get(QUEUE + address).status_code == 403, address
        assert act(client, row, "note", note="x").status_code == 403
        assert Client().get(QUEUE).status_code == 302


class TestMany:
    """The queue at ten thousand open requests: each once, in order, at the same cost a page."""

    @pytest.mark.parametrize(
        "many", [240, pytest.param(10_000, marks=pytest.mark.soak)], ids=["sample", "soak"]
    )
    def test_every_request_stands_on_one_page_in_its_order(self, many, officer):
        today = clock.today()
        made = [
            Request(
                subject=1000 + n,
                kind="access",
                channel=Channel.LETTER,
                language="en",
                received_at=timezone.now(),
                next_on=today + dt.timedelta(days=n * 7 % 60),
                escalated_at=timezone.now() if n % 11 == 0 else None,
            )
            for n in range(many)
        ]
        Request.objects.bulk_create(made, batch_size=500)
        rows, after, asked = [], "", set()
        while True:
            with CaptureQueriesContext(connection) as statements:
                found = queue.page(queue.Filters(), staff=officer.pk, after=after)
            asked.add(len(statements))
            rows += found.rows
            after = found.after
            if not after:
                break
        assert asked <= {1, 2}
        assert len({each.id for each in rows}) == len(rows) == many
        order = [(each.escalated_at is None, each.next_on, each.id) for each in rows]
        assert order == sorted(order)
