"""Whatever happens to an erasure, in whatever order, it never claims more than is so (P5.2.1.4a).

Steps that fail and succeed, a worker that dies at any statement, a recipient that confirms late, a
hold that comes and ends, somebody who signs up again with the same address. After each of them the
pages are read, and at the end everything that hinders is seen to and it must come to its end.
"""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.killing import dying
from tests.people import browser_of, somebody
from tests.rights.conftest import HERE, PASSWORD, Stuck, confirm
from tests.rights.planting import KINDS, plant
from tests.rights.test_erasing_kills import claimed, left_of

from plainview.domains.accounts.models import User
from plainview.domains.searches.models import Search
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Disclosure, Erasure, LegalHold, Recall
from plainview.privacy.rights import holdings, holds, services, tables
from plainview.privacy.rights.person import find
from plainview.privacy.rights.tasks import erase_again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HELD = (None, "", "viewing.history", "activity.searches")
STRAYS = ("number", "address")
numbers = itertools.count()


class Erasures(RuleBasedStateMachine):
    """One person who leaves, and what the world does meanwhile."""

    stuck: Stuck

    def __init__(self) -> None:
        super().__init__()
        self.name = f"machine{next(numbers)}"
        self.user, self.other = self._account(self.name), self._account(f"{self.name}-other")
        self.person = find(self.user.pk)
        self.key, self.over = "", False
        self.new: tuple[int, dict[str, int]] | None = None
        self.stuck.broken = False
        Job.objects.all().delete()

    def _account(self, name: str) -> User:
        return somebody(f"{name}@lantern.example", PASSWORD)

    @property
    def row(self) -> Erasure:
        return Erasure.objects.get(key=self.key)

    @property
    def holding(self) -> LegalHold | None:
        return LegalHold.objects.filter(subject=self.user.pk, ended_at=None).first()

    def going(self) -> bool:
        return self.row.state != "done"

    # --- what the person does -------------------------------------------------------------------

    @initialize(
        some=st.sets(st.sampled_from(KINDS)), received=st.booleans(), held=st.sampled_from(HELD)
    )
    def leave(self, some: set[str], received: bool, held: str | None) -> None:
        plant(self.user.pk, self.name, self.other.pk, only=some)
        if received:
            Disclosure.objects.create(
                subject=self.user.pk, recipient="northgate", purpose="audience-uploads",
                categories="contact.email", basis="consent", country="US", reference=self.name,
                queued_at=timezone.now(), sent_at=timezone.now(), state="sent", policy="p",
            )  # fmt: skip
        if held is not None:
            self._put(held)
        self.person = find(self.user.pk)
        client = browser_of(self.user, headers=HERE)
        answer = confirm(client, self.user).post("/privacy/leave/confirm/", {"sure": "yes"})
        self.key = answer["Location"].split("/")[-2]

    @precondition(lambda self: not self.new)
    @rule()
    def sign_up_again(self) -> None:
        if User.objects.filter(email=self.user.email).exists():
            return  # the old account still has it
        new = self._account(self.name)
        Search.objects.create(subject=new.pk, query="a lamp", words="a lamp")
        self.new = new.pk, _held(new.pk)

    # --- what the world does --------------------------------------------------------------------

    @rule(broken=st.booleans())
    def break_or_mend(self, broken: bool) -> None:
        self.stuck.broken = broken

    @precondition(going)
    @rule(kind=st.sampled_from(HELD[1:]))
    def hold(self, kind: str) -> None:
        if self.holding is None:
            self._put(kind)

    def _put(self, kind: str) -> None:
        until = timezone.localdate() + dt.timedelta(9)
        names = [kind] if kind else []
        holds.put(self.user.pk, owner=None, reason="A claim", until=until, categories=names)

    @rule()
    def release(self) -> None:
        if self.holding is not None:
            services.release(self.holding.pk)

    @precondition(going)
    @rule(of=st.sampled_from(STRAYS))
    def write_what_nobody_expects(self, of: str) -> None:
        forgotten = of == "number" or self.over  # after its end nobody knows the address any more
        text = str(self.user.pk) if forgotten else self.user.email
        Job.objects.create(task="old", arguments={}, run_at=timezone.now(), state=Job.State.DONE,
                           error=f"no answer of {text}")  # fmt: skip

    @rule()
    def take_that_away(self) -> None:
        Job.objects.filter(task="old").delete()

    @rule()
    def confirm_for_the_recipient(self) -> None:
        for key in Recall.objects.filter(erasure=self.row.pk).values_list("key", flat=True):
            recalls.confirmed(key)

    # --- what the worker does -------------------------------------------------------------------

    @rule()
    def work(self) -> None:
        self._due()
        worker.run_one()

    @rule(moment=st.integers(1, 400))
    def die(self, moment: int) -> None:
        self._due()
        dying(worker.run_one, moment)

    @rule()
    def a_day_goes_by(self) -> None:
        erase_again()

    def _due(self) -> None:
        """Whoever died has no lease any more, and a pause is over. Other work is not of this."""
        now = timezone.now()
        ours = [services.TASK, services.MANY]
        Job.objects.exclude(task__in=[*ours, "old"]).delete()
        Job.objects.filter(task__in=ours).update(run_at=now, lease_until=now)

    # --- what holds at any time -----------------------------------------------------------------

    @invariant()
    def no_more_is_claimed_than_is_so(self) -> None:
        row = self.row
        told = services.read(row)
        address = f"/privacy/left/{self.key}/"
        page = Client().get(address).content.decode()
        complete = Client().get(f"{address}report.json").json()["complete"]
        assert ("You have left" in page) == complete
        assert bool(row.sealed) == (row.state != "done"), "whom to go on with is known till the end"
        states = {line.state for line in told.lines}
        if row.state == "asked":
            assert "We are at it" in page
        if row.state == "incomplete":
            assert "failed" in states or told.found
        if complete:
            assert states == {"done"}
            assert not [each for each in told.found if each.kind in ("left", "unknown")]
            assert not Recall.objects.filter(erasure=row.pk, state="by-hand").exists()
        if row.state == "done":
            self.over = True
            self._found_is_claimed(told)
        if self.new:
            number, held = self.new
            assert _held(number) == held, "whoever is here now lost nothing"

    def _found_is_claimed(self, told: services.Report) -> None:
        person = self.person
        unique = person.unique if not self.new else person.unique - {self.user.email}
        assert left_of(_only(person, unique)) <= claimed(told)
        stays = {line.holding for line in told.lines if line.outcome == "kept"}
        assert set(_held(self.user.pk)) == stays
        assert any(line.because == holds.GROUND for line in told.lines) == (
            self.holding is not None
        )

    def teardown(self) -> None:
        """Nothing hinders any more, so that it comes to its end."""
        self.stuck.broken = False
        self.release()
        self.take_that_away()
        self.confirm_for_the_recipient()
        for _ in range(3):
            erase_again()
            self._due()
            worker.run_all()
        assert Client().get(f"/privacy/left/{self.key}/report.json").json()["complete"]
        self.no_more_is_claimed_than_is_so()


def _only(person, unique):
    return type(person)(person.subject, person.member, person.day, person.places, unique)


def _held(subject: int) -> dict[str, int]:
    with duty("audit"):
        counts = {each.name: tables.about(each, subject).count() for each in tables.tables()}
    return {name: count for name, count in counts.items() if count}


def _run(monkeypatch: pytest.MonkeyPatch, number: int, steps: int) -> None:
    stuck = Stuck()
    monkeypatch.setattr(holdings, "_registered", [*holdings.registered(), stuck])
    monkeypatch.setattr(Erasures, "stuck", stuck, raising=False)
    caches["default"].clear()
    run_state_machine_as_test(
        Erasures,
        settings=examples(
            max_examples=number,
            stateful_step_count=steps,
            deadline=None,
            derandomize=number < 50,
            phases=[Phase.explicit, Phase.generate] if number < 50 else tuple(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_in_any_order_of_events_no_more_is_claimed_than_is_so(monkeypatch):
    _run(monkeypatch, 2, 9)


@pytest.mark.soak
def test_in_very_many_orders_of_events_no_more_is_claimed_than_is_so(monkeypatch):
    _run(monkeypatch, 150, 30)
