"""Many erasures at once: one search of everything for all, and each report speaks of one person."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.rights.conftest import work
from tests.rights.planting import KINDS, plant
from tests.rights.test_erasing_kills import (
    Leaver,
    begun,
    claimed,
    holds,
    left_of,
    outcomes,
    the_lease_ends,
    worked,
)

from plainview.domains.accounts.models import User
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy.backups import barrier, replaying
from plainview.privacy.backups.barrier import State
from plainview.privacy.models import Erasure
from plainview.privacy.rights import erasing, scanning, searching, services, tasks
from plainview.privacy.rights.person import find

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def leave(member) -> Callable[[str], Leaver]:
    """Somebody of this name, with something of each kind, leaves in the night with others."""

    def left(name: str) -> Leaver:
        user, other = member(name), member(f"{name}-other")
        plant(user.pk, name, other.pk, only=KINDS)
        person = find(user.pk)
        key = services.leave(user.pk, together=True)
        return Leaver(person, key, outcomes(services.read(Erasure.objects.get(key=key))))

    return left


@pytest.fixture
def searches(monkeypatch) -> list[str]:
    """The tables in the order in which they are read in search of somebody."""
    read: list[str] = []
    in_table = searching.in_table

    def noted(table: str, *how: Any):
        read.append(table)
        return in_table(table, *how)

    monkeypatch.setattr(searching, "in_table", noted)
    return read


def stray(text: str) -> Job:
    return Job.objects.create(
        task="old", arguments={}, run_at=timezone.now(), state=Job.State.DONE, error=text
    )


def tried_to_the_end() -> None:
    """The worker does what waits, each time that it is due, until nothing waits any more."""
    work()
    while Job.objects.filter(state=Job.State.WAITING).update(run_at=timezone.now()):
        work()


def page(one: Leaver) -> str:
    return Client().get(f"/privacy/left/{one.key}/").content.decode()


def test_p5_2_1_4a_everything_is_searched_once_for_all_who_leave_in_a_night(leave, searches):
    several = [leave(name) for name in ("ines", "tom", "zora")]
    work()
    assert searches.count("accounts_user") == 1
    for one in several:
        holds(one)
    assert User.objects.count() == len(several), "those who stay are there"


def test_p5_2_1_4a_who_comes_back_by_a_restored_copy_is_searched_for_together(leave, searches):
    several = [leave(name) for name in ("ines", "tom")]
    Job.objects.all().delete()
    Erasure.objects.all().delete()  # the copy is of before they left, and the ledger of after
    User.objects.update(is_active=True)
    barrier.put_up(State("replay"))
    assert replaying.replay().erased == len(several)
    barrier.lift()
    assert searches.count("accounts_user") == 1
    for one in several:
        assert (one.row.state, one.row.sealed) == ("done", "")
        assert left_of(one.person) <= claimed(services.read(one.row))


def test_p5_2_1_4a_what_is_left_of_one_keeps_no_other_from_being_done(leave):
    ines, tom, zora = (leave(name) for name in ("ines", "tom", "zora"))
    row = stray(f"could not write to <tom@lantern.example> of {zora.person.subject}")
    own = stray(f"could not write to <{zora.person.subject}>")
    tried_to_the_end()
    holds(ines)
    assert "You have left" in page(ines)
    for one, times in ((tom, 1), (zora, 2)):
        told = services.read(one.row)
        assert one.row.state == "incomplete"
        assert one.row.sealed
        assert [(each.where, each.times) for each in told.found] == [("jobs_job.error", times)]
        assert "Not all of it is gone yet" in page(one)
        assert {line.state for line in told.lines} == {"done"}
    row.delete()
    tasks.erase_again()
    work()
    holds(tom)
    assert zora.row.state == "incomplete"
    own.delete()
    tasks.erase_again()
    work()
    holds(zora)


def test_p5_2_1_4a_where_the_key_was_lost_nothing_is_called_done_until_it_is_back(leave, settings):
    one, key = leave("ines"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of the service" * 2, []
    tried_to_the_end()
    assert one.row.state == "incomplete" and one.row.sealed
    assert {line.state for line in erasing.read(one.row).lines} == {"failed"}
    assert "Not all of it is gone yet" in page(one)
    settings.SECRET_KEY = key
    tasks.erase_again()
    work()
    holds(one)


def test_what_breaks_a_search_for_many_goes_on_with_each_alone(leave, monkeypatch):
    several = [leave(name) for name in ("ines", "tom")]
    look_for = scanning.Database.look_for

    def too_much(database, people):
        if len(people) > 1:
            raise MemoryError
        return look_for(database, people)

    monkeypatch.setattr(scanning.Database, "look_for", too_much)
    tried_to_the_end()
    for one in several:
        holds(one)


def test_p9a_letters_are_sent_beside_those_who_leave_in_a_night(leave):
    leave("ines")
    slow = Job.objects.filter(task=services.MANY)
    slow.update(run_at=timezone.now() - dt.timedelta(hours=2))
    while (job := queue.claim(most=queue.WAITS)) is not None:
        assert job.task != services.MANY
        queue.finish(job)
    assert slow.get().state == Job.State.WAITING
    assert queue.task_named("sweep").slow


@pytest.mark.every_case
@pytest.mark.sample(1)
@pytest.mark.parametrize("share", [0.1, 0.4, 0.8])
def test_p5_2_1_4a_killed_among_many_each_comes_to_its_own_end(leave, share):
    stay = worked()  # what the process needs to begin with
    several = [leave("zero")]
    whole = max(worked() - stay, 0.2)
    several += [leave(f"ines{n}") for n in range(2)]
    for again in range(3):
        worked(whole * len(several) * share / (again + 1))
        the_lease_ends(services.MANY)
        the_lease_ends(services.TASK)
    worked()
    for one in several:
        holds(one)


@pytest.mark.every_case
def test_p5_2_1_4a_two_workers_take_each_erasure_once(leave, monkeypatch):
    task = queue.task_named(services.MANY)
    monkeypatch.setattr(queue, "_tasks", {**queue._tasks, task.name: few(task)})
    several = [leave(f"ines{n}") for n in range(3)]
    connections.close_all()
    for child in [begun(), begun()]:
        os.waitpid(child, 0)
    work()
    for one in several:
        holds(one)
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


def few(task: queue.Task) -> queue.Task:
    """The same task, two at a time."""
    return queue.Task(**{**vars(task), "together": 2})


BYTES = st.binary(min_size=1, max_size=40).map(lambda b: bytes(each % 3 + 97 for each in b))


@given(forms=st.lists(BYTES, max_size=30), text=st.lists(BYTES, max_size=30), at=st.integers(0, 99))
def test_a_sieve_finds_what_stands_in_a_text_and_nothing_else(forms, text, at):
    whole = b"".join(text)
    planted = forms[at % len(forms)] if forms else b""
    whole = whole[: at % 20] + planted + whole[at % 20 :]
    found = searching.sieve(forms).within(whole)
    assert sorted(found) == sorted({form for form in forms if form in whole})
