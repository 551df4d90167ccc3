"""No job is lost or done by two; whatever kills a worker, the next one takes over."""

from __future__ import annotations

import threading
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.utils import timezone

from plainview.platform.jobs import queue, worker
from plainview.platform.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch):
    """Tasks of the test: `note` records, `break` raises, `given_up` records the surrender."""
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(queue, "_tasks", {})

    def breaks(number: int) -> None:
        seen.append(("tried", number))
        raise RuntimeError("secret@example.org")

    queue.declare("note", lambda number: seen.append(("noted", number)))
    queue.declare(
        "break", breaks, attempts=2, given_up=lambda number: seen.append(("given up", number))
    )
    return seen


def overdue(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1), run_at=timezone.now()
    )


def test_a_job_runs_once_with_its_arguments(calls):
    job = queue.enqueue("note", number=7)
    assert worker.run_one()
    assert not worker.run_one()
    job.refresh_from_db()
    assert calls == [("noted", 7)]
    assert (job.state, job.lease_until) == (Job.State.DONE, None)


def test_jobs_run_in_the_order_of_asking(calls):
    for number in range(3):
        queue.enqueue("note", number=number)
    worker.run_all()
    assert calls == [("noted", 0), ("noted", 1), ("noted", 2)]


def test_a_letter_goes_before_films_that_wait_but_not_for_ever(calls):
    """A slow job lets others overtake it, for an hour after it was asked for."""
    queue.declare("film", lambda number: calls.append(("made", number)), slow=True)
    old = queue.enqueue("film", number=0)
    Job.objects.filter(pk=old.pk).update(run_at=timezone.now() - queue.STANDS_BACK)
    queue.enqueue("film", number=1)
    queue.enqueue("note", number=2)
    worker.run_all()
    assert calls == [("made", 0), ("noted", 2), ("made", 1)]


def test_a_held_job_is_claimed_by_nobody_else(calls):
    queue.enqueue("note", number=1)
    assert queue.claim() is not None
    assert queue.claim() is None


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(calls):
    job = queue.enqueue("note", number=1)
    queue.claim()  # the worker dies here
    overdue(job)
    assert worker.run_one()
    assert calls == [("noted", 1)]


def test_a_lease_is_shorter_than_the_minute_within_which_a_retry_is_promised():
    assert timedelta(seconds=45) >= queue.LEASE
    assert queue.HEARTBEAT * 3 < queue.LEASE


def test_a_worker_that_lost_its_lease_can_not_touch_the_job_any_more(calls):
    job = queue.enqueue("note", number=1)
    first = queue.claim()
    overdue(job)
    second = queue.claim()
    assert second.pk == first.pk
    for act in (queue.keep, queue.finish):
        with pytest.raises(queue.LeaseLost):
            act(first)
    queue.finish(second)


def test_a_failed_attempt_is_tried_again_after_a_pause_then_given_up(calls):
    job = queue.enqueue("break", number=3)
    worker.run_one()
    job.refresh_from_db()
    assert job.state == Job.State.WAITING
    assert timezone.now() < job.run_at < timezone.now() + timedelta(seconds=60)
    overdue(job)
    worker.run_one()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert calls == [("tried", 3), ("tried", 3), ("given up", 3)]


def test_errors_kept_in_the_table_hold_no_words_of_the_exception(calls):
    job = queue.enqueue("break", number=3)
    worker.run_one()
    job.refresh_from_db()
    assert job.error == "RuntimeError"


def test_a_worker_killed_at_every_attempt_ends_in_giving_up_not_in_a_loop(calls):
    job = queue.enqueue("break", number=9)
    for _ in range(2):
        queue.claim()
        overdue(job)
    worker.run_one()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert calls == [("given up", 9)]


def test_asking_for_an_unknown_task_is_refused_at_once(calls):
    with pytest.raises(queue.UnknownTask):
        queue.enqueue("nothing", number=1)


def test_a_row_of_a_task_this_process_lacks_waits_for_a_newer_one_and_fails_after_a_day(calls):
    """Machines are brought up to date one after the other, and all take from one queue."""
    job = Job.objects.create(task="from.elsewhere", run_at=timezone.now())
    worker.run_one()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (Job.State.WAITING, 0, "UnknownTask")
    assert job.run_at > timezone.now()
    overdue(job)
    Job.objects.update(created_at=timezone.now() - timedelta(days=2))
    worker.run_one()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "from.elsewhere" in job.error


def test_what_is_regular_goes_on_after_a_clock_that_was_far_ahead(calls):
    """As that of a machine whose battery is empty, until the network tells it the time."""
    queue.declare("hourly", lambda: None, every=timedelta(hours=1))
    queue.ask_for_what_is_due()
    ahead = timezone.now() + timedelta(days=400)
    Job.objects.update(created_at=ahead, run_at=ahead)
    for _ in range(2):
        queue.ask_for_what_is_due()
    assert Job.objects.filter(run_at__lte=timezone.now()).count() == 1


def test_a_database_that_is_away_costs_a_job_no_attempt_for_a_day(calls):
    def locked(number: int) -> None:
        raise OperationalError("database is locked")

    queue.declare(
        "lock", locked, attempts=2, given_up=lambda number: calls.append(("given up", number))
    )
    job = queue.enqueue("lock", number=1)
    for _ in range(5):
        assert worker.run_one()
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.WAITING, 0)
        assert job.run_at > timezone.now()
        overdue(job)
    Job.objects.update(created_at=timezone.now() - timedelta(days=2))
    for _ in range(2):
        assert worker.run_one()
        overdue(job)
    assert calls == [("given up", 1)]


def test_p9a_a_job_that_has_served_leaves_no_row_and_with_it_no_id(calls):
    """P9a: a done one goes after an hour, a failed one after a month; work that waits stays."""
    done, failed = queue.enqueue("note", number=1), queue.enqueue("note", number=2)
    ended = {"state": Job.State.DONE, "finished_at": timezone.now() - timedelta(hours=2)}
    Job.objects.filter(pk=done.pk).update(**ended)
    Job.objects.filter(pk=failed.pk).update(**ended | {"state": Job.State.FAILED})
    waiting = queue.enqueue("note", number=3)
    assert queue.tidy() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {failed.pk, waiting.pk}
    Job.objects.filter(pk=failed.pk).update(finished_at=timezone.now() - timedelta(days=31))
    assert queue.tidy() == 1
    assert Job.objects.get() == waiting


@pytest.mark.django_db(transaction=True)
def test_what_fails_while_no_job_may_be_taken_loses_no_attempt(calls):
    """As a job in hand while another version brings the database up to date."""
    rests = []

    def fails() -> None:
        rests.append(True)
        raise LookupError("no such column")

    queue.declare("moved", fails, attempts=1)
    job = queue.enqueue("moved")
    assert worker.run_one(rests=lambda: bool(rests))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    rests.clear()
    Job.objects.update(run_at=timezone.now())
    assert worker.run_one()
    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_letter_does_not_wait_for_the_film_that_is_being_made(calls):
    """While a slow job is in hand the worker does the others beside it, and no second slow one."""
    stop, noted = threading.Event(), threading.Event()

    def make(number: int) -> None:
        queue.enqueue("film", number=2)
        queue.enqueue("letter", number=3)
        calls.append(("begun", number))
        assert noted.wait(10), "the letter waited for the film"
        calls.append(("made", number))
        stop.set()

    def letter(number: int) -> None:
        calls.append(("sent", number))
        noted.set()

    queue.declare("film", make, attempts=1, slow=True)
    queue.declare("letter", letter)
    queue.enqueue("film", number=1)
    worker.run_until(stop)
    assert calls == [("begun", 1), ("sent", 3), ("made", 1)]
    assert not [each for each in threading.enumerate() if each.name == "beside-a-slow-job"]


def test_where_no_thread_can_be_begun_that_is_what_is_said(monkeypatch):
    """Its own clearing up failed instead, and hid why."""
    monkeypatch.setattr("threading.Thread.start", Mock(side_effect=RuntimeError("no more threads")))
    beside = worker._beside(lambda: False, queue.SLOW)
    with pytest.raises(RuntimeError, match="no more threads"), beside:
        pass
