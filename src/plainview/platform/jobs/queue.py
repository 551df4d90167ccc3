"""Asking for work, claiming it, keeping hold of it and ending it.

A claim is a compare-and-swap on (id, attempts), so that two workers never hold one job, and a
worker that lost its lease can no longer touch the row (`LeaseLost`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from plainview.platform.jobs.models import Job

LEASE = timedelta(seconds=30)
HEARTBEAT = timedelta(seconds=5)
LONGEST = timedelta(seconds=30)


@dataclass(frozen=True)
class Task:
    """A named function that jobs run, and what happens when its last attempt has failed.

    The pause after a failed attempt doubles each time, up to `longest`.
    """

    name: str
    run: Callable[..., None]
    attempts: int
    given_up: Callable[..., None] | None
    longest: timedelta
    every: timedelta | None = None


class UnknownTask(LookupError):
    """No task has that name: a job was asked for by code that this process does not have."""


class LeaseLost(Exception):
    """Another worker has taken the job over; whatever this one does for it must stop."""


_tasks: dict[str, Task] = {}


def declare(
    name: str,
    run: Callable[..., None],
    *,
    attempts: int = 3,
    given_up: Callable[..., None] | None = None,
    every: timedelta | None = None,
    longest: timedelta = LONGEST,
) -> None:
    """Make `run` known as the task `name`. `given_up(**arguments)` runs after the last attempt.

    A task with `every` is asked for by the workers, that long after it was asked for last.
    """
    _tasks[name] = Task(name, run, attempts, given_up, longest, every)


def task_named(name: str) -> Task:
    """The task of that name; raises UnknownTask."""
    try:
        return _tasks[name]
    except KeyError:
        raise UnknownTask(name) from None


def enqueue(name: str, **arguments: int) -> Job:
    """Ask for the task `name`, in the caller's transaction. Arguments are ids."""
    return enqueue_at(timezone.now(), name, **arguments)


def enqueue_at(moment: datetime, name: str, **arguments: int) -> Job:
    """Ask for the task `name`, to be done from `moment` on. Raises UnknownTask."""
    task_named(name)
    return Job.objects.create(task=name, arguments=arguments, run_at=moment)


def ask_for_what_is_due() -> None:
    """Ask for each task that is done every so often and whose time has come.

    Two workers may both ask at the same moment; such a task does no harm twice.
    """
    for task in _tasks.values():
        if task.every is None:
            continue
        jobs = Job.objects.filter(task=task.name)
        if not jobs.filter(created_at__gt=timezone.now() - task.every).exists():
            jobs.filter(state=Job.State.DONE).delete()
            enqueue(task.name)


def claim() -> Job | None:
    """Take the next job that is due or whose worker has died, or None if there is none."""
    while True:
        now = timezone.now()
        due = Q(state=Job.State.WAITING, run_at__lte=now) | Q(
            state=Job.State.RUNNING, lease_until__lt=now
        )
        job = Job.objects.filter(due).order_by("run_at", "id").first()
        if job is None:
            return None
        taken = Job.objects.filter(due, pk=job.pk, attempts=job.attempts).update(
            state=Job.State.RUNNING, attempts=job.attempts + 1, lease_until=now + LEASE
        )
        if taken:
            job.refresh_from_db()
            return job


def _held(job: Job, **changes: object) -> None:
    held = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
    if not held.update(**changes):
        raise LeaseLost(str(job.pk))


def keep(job: Job) -> None:
    """Renew the lease; raises LeaseLost if another worker has the job."""
    _held(job, lease_until=timezone.now() + LEASE)


def finish(job: Job) -> None:
    """Mark the job done; raises LeaseLost."""
    _held(job, state=Job.State.DONE, lease_until=None, finished_at=timezone.now(), error="")


def postpone(job: Job, error: str) -> None:
    """Give the job back after a failed attempt, to be tried again after a pause; raises LeaseLost.

    The pause doubles with each attempt: 2, 4, 8 … seconds, as long as the task lets it become.
    """
    known = _tasks.get(job.task)
    pause = min(known.longest if known else LONGEST, timedelta(seconds=2 ** min(job.attempts, 30)))
    _held(
        job,
        state=Job.State.WAITING,
        lease_until=None,
        run_at=timezone.now() + pause,
        error=error,
    )


def fail(job: Job, error: str) -> None:
    """Mark the job failed for good; raises LeaseLost."""
    _held(job, state=Job.State.FAILED, lease_until=None, finished_at=timezone.now(), error=error)
