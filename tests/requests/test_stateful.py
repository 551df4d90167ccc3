"""Whatever is done to a request, in whatever order, what is promised of it holds: P5.2c, P5.2e."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from plainview.privacy.requests import clock, machine, services
from plainview.privacy.requests.machine import Impossible, State
from plainview.privacy.requests.models import Event, Ground, Proof, Request
from plainview.privacy.requests.services import By

pytestmark = pytest.mark.django_db
OFFICERS = (11, 12)
KINDS = ("access", "delete", "complaint", "object", "shine-the-light", "")
REFUSED = (Impossible, IntegrityError, services.TooLate, services.SamePerson, services.Unexplained)


class Requests(RuleBasedStateMachine):
    """One request, two officers, its person and the service, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.row: Request | None = None
        self.now = timezone.now()

    @rule(kind=st.sampled_from(KINDS), place=st.sampled_from(("DE", "US-CA", "GB", "BR", "")))
    def file(self, kind: str, place: str) -> None:
        if self.row is None:
            asked = services.Asked(kind=kind, channel="phone", language="en", residence=place)
            self.row = services.file(asked)

    @rule(
        step=st.sampled_from(sorted(machine.STEPS)),
        by=st.sampled_from(list(By)),
        staff=st.sampled_from(OFFICERS),
        proof=st.sampled_from(("", Proof.SEEN)),
        said=st.sampled_from(("", "Some words.")),
    )
    def step(self, step: str, by: By, staff: int, proof: str, said: str) -> None:
        if self.row is None:
            return
        reason = {"refuse": Ground.LAW, "answer": "partly", "settle": "refused"}.get(step, "")
        officer = staff if by == By.OFFICER else None
        changes = {"proof": proof} if step == "begin" and proof else {}
        try:
            with transaction.atomic():
                services.move(
                    self.row.pk, step, by=by, staff=officer, reason=reason, said=said,
                    changes=changes,
                )  # fmt: skip
        except REFUSED:
            pass
        finally:
            for each in OFFICERS:
                services.let_go(self.row.pk, each)

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    @invariant()
    def holds(self) -> None:
        if self.row is None:
            return
        row = Request.objects.get(pk=self.row.pk)
        events = list(Event.objects.filter(request=row).order_by("seq"))
        assert [each.seq for each in events] == list(range(1, row.seq + 1))
        assert events[-1].after == row.state
        assert all(b.before == a.after for a, b in pairwise(events))
        assert (row.next_on is not None) == (row.state in machine.RUNNING)
        assert (row.closed_at is not None) == (row.state in machine.FINAL)
        if row.state in machine.PROVED:
            assert row.proof
        if row.state == State.REFUSED:
            assert row.ground and any(each.step == "refuse" and each.said for each in events)
        deciders = [each.staff for each in events if each.step in ("answer", "refuse")]
        settled = [each.staff for each in events if each.step == "settle"]
        assert len(settled) <= 1 and not set(settled) & set(deciders)
        if row.state in machine.OPEN and row.due_on is None:
            assert row.next_on <= (timezone.now() + clock.PATIENCE).date()


def _run(monkeypatch: pytest.MonkeyPatch, examples: int) -> None:
    real = timezone.now
    current: list[Requests] = []

    class Timed(Requests):
        def __init__(self) -> None:
            super().__init__()
            current[:] = [self]

    monkeypatch.setattr(timezone, "now", lambda: current[-1].now if current else real())
    run_state_machine_as_test(
        Timed,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=examples < 50,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_in_any_order_of_steps_the_promises_hold(monkeypatch):
    _run(monkeypatch, 12)


@pytest.mark.soak
def test_in_very_many_orders_of_steps_the_promises_hold(monkeypatch):
    _run(monkeypatch, 600)
