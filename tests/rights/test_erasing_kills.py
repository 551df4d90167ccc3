"""`kill -9` at any instant of erasing a heavy account: the next process ends it, and says so truly.

Unlike `test_leaving`, which dies at chosen steps, the worker is a process that is killed from
outside at a moment that nothing in it knows: within a statement, a commit, the emptying of the log.
What the report claims is then held against what a search of everything finds (P5.2.1.4a).
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from tests.rights.conftest import enter, work
from tests.rights.planting import KINDS, plant

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Viewing
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Erasure
from plainview.privacy.rights import holdings, services, tables
from plainview.privacy.rights.person import Person, find

pytestmark = pytest.mark.django_db(transaction=True)
HEAVY, LIGHTER = 4000, 500
"""Viewings of somebody who is erased, beside what is planted."""
ATTEMPTS = 5


class Leaver(NamedTuple):
    """Somebody who has asked to leave: who they were, where their report is, what it promised."""

    person: Person
    key: str
    promised: set[tuple[object, ...]]

    @property
    def row(self) -> Erasure:
        return Erasure.objects.get(key=self.key)

    @property
    def page(self) -> str:
        return Client().get(f"/privacy/left/{self.key}/").content.decode()


def outcomes(told: services.Report) -> set[tuple[object, ...]]:
    return {(line.holding, line.category, line.outcome, line.rows) for line in told.lines}


@pytest.fixture
def leaver(member) -> Callable[..., Leaver]:
    """Makes somebody heavy who then presses the button."""
    video, now, chance = add_film(name="Harbour Lights"), timezone.now(), random.Random(15)

    def made(name: str, viewings: int = LIGHTER) -> Leaver:
        """In the heavy account a value stands in every column that there is."""
        user, other = member(name), member(f"{name}-other")
        plant(user.pk, name, other.pk, only=KINDS if viewings == LIGHTER else None)
        Viewing.objects.bulk_create(
            Viewing(
                pk=chance.getrandbits(62),
                subject=user.pk if number % 4 else other.pk,
                video=video,
                sitting=f"sitting-{name}-{number}",
                began_at=now,
                watched_at=now,
            )
            for number in range(viewings)
        )
        person = find(user.pk)
        answer = enter(user).post("/privacy/leave/confirm/", {"sure": "yes"})
        key = answer["Location"].split("/")[-2]
        return Leaver(person, key, outcomes(services.read(Erasure.objects.get(key=key))))

    return made


def begun() -> int:
    """A worker of its own, which does what waits and ends; its process."""
    child = os.fork()
    if child == 0:
        try:
            worker.run_all()
        finally:
            os._exit(0)
    return child


def worked(seconds: float | None = None) -> float:
    """Let a worker of its own do what waits, killed after so many seconds; how long it ran."""
    connections.close_all()
    start = time.monotonic()
    child = begun()
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - start


def the_lease_ends(task: str = services.TASK) -> None:
    """A minute goes by in which nobody renews what the dead worker held."""
    Job.objects.filter(task=task).update(lease_until=timezone.now())


def left_of(person: Person) -> set[str]:
    """Where a search of everything finds something of somebody."""
    with duty("erasure"):
        return {
            each.where
            for holding in holdings.everything()
            for _whom, each in holding.look_for([person])
            if each.kind == "left"
        }


def claimed(told: services.Report) -> set[str]:
    """Where the report says that something stays."""
    return {
        f"{line.holding}.{column}"
        for line in told.lines
        if line.outcome == "kept"
        for column in line.columns
    }


def holds(leaver: Leaver) -> None:
    """What was claimed equals what is found."""
    row = leaver.row
    told = services.read(row)
    assert (row.state, row.sealed, told.found) == ("done", "", [])
    assert outcomes(told) == leaver.promised
    assert {line.state for line in told.lines} == {"done"}
    assert left_of(leaver.person) <= claimed(told)
    assert "You have left" in leaver.page
    kept = {line.holding for line in told.lines if line.outcome == "kept"}
    with duty("audit"):
        for table in tables.tables():
            left = tables.about(table, leaver.person.subject).exists()
            assert left == (table.name in kept), table.name


@pytest.mark.parametrize(
    ("kills", "viewings"),
    [
        pytest.param(2, LIGHTER, id="some"),
        pytest.param(200, HEAVY, id="all", marks=pytest.mark.soak),
    ],
)
@pytest.mark.slow
def test_p5_2_1_4a_killed_at_any_instant_what_is_claimed_is_what_is_found(leaver, kills, viewings):
    chance = random.Random(kills)
    zero = leaver("zero", viewings)
    whole = worked()
    holds(zero)
    done, number = 0, 0
    while done < kills:
        number += 1
        one = leaver(f"ines{number}", viewings)
        for _ in range(min(ATTEMPTS - 1, kills - done)):
            worked(chance.uniform(0.0, whole))
            done += 1
            row = one.row
            if row.state == "done":  # it was quicker than the kill, or died after its last commit
                break
            assert row.sealed, "whom to go on with is not forgotten"
            assert "We are at it" in one.page
            the_lease_ends()
        worked()
        holds(one)
    assert User.objects.filter(email__contains="-other@").count() == number + 1
    others = Viewing.objects.filter(subject__in=User.objects.values("pk")).count()
    assert others >= (number + 1) * viewings // 4, "nobody else lost a row"


@pytest.mark.slow
def test_a_worker_that_dies_every_time_claims_nothing_and_it_can_be_taken_up(leaver):
    one = leaver("ines")
    for _ in range(ATTEMPTS):
        worked(0.02)
        the_lease_ends()
    work()
    assert one.row.state in {"incomplete", "done"}
    if one.row.state == "incomplete":
        assert one.row.sealed
        assert "Not all of it is gone yet" in one.page
        services.try_again(one.key)
        work()
    holds(one)
