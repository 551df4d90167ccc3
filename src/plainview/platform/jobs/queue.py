"""Asking for work, claiming it, keeping hold of it and ending it.

A claim is a compare-and-swap on (id, attempts), so that two workers never hold one job, and a
worker that lost its lease can no longer touch the row (`LeaseLost`). Jobs of a task that is done
together are claimed, renewed and ended many at a time, a statement for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from plainview.platform.jobs.models import Job

LEASE = timedelta(seconds=30)
HEARTBEAT = timedelta(seconds=5)
LONGEST = timedelta(seconds=30)
PAUSE, REST = timedelta(seconds=5), timedelta(minutes=1)
QUICK, WAITS, SLOW = range(3)
STANDS_BACK = timedelta(hours=1)
"""So long a slow job lets those go first that were asked for after it."""
DONE_FOR, FAILED_FOR = timedelta(hours=1), timedelta(days=30)
"""So long it can be seen that a job was done, or that it failed; its ids lead to people."""


@dataclass(frozen=True)
class Task:
    """A named function that jobs run, and what happens when its last attempt has failed.

    The pause after a failed attempt doubles each time, up to `longest`. A task of which so many
    jobs are done `together` is run with a list of arguments and returns for each None, or what
    went wrong with it; of another each is done by itself. One that is `slow`, as work on a film
    is, lets others go first and be done beside it, so that no letter waits for films. One that
    `waits` for the answers of others, who may be silent, has what is not done beside it.
    """

    name: str
    run: Callable[..., Any]
    attempts: int
    given_up: Callable[..., None] | None
    longest: timedelta
    every: timedelta | None = None
    together: int = 0
    slow: bool = False
    waits: bool = False

    @property
    def rank(self) -> int:
        """How long it may take: what is of a lower rank is done beside it."""
        return SLOW if self.slow else WAITS if self.waits else QUICK


class UnknownTask(LookupError):
    """No task has that name: a job was asked for by code that this process does not have."""


class NotTried(Exception):
    """A job that was claimed with others and not begun: it goes back and lost no attempt."""


class NotNow(Exception):
    """What a job needs is away, which is not its fault: it is tried again every minute."""


REPLACED = "the code was replaced: start the workers anew"
"""Why a job that hands files to programs of ours can't be done (`media.errors.UPDATING`)."""


class LeaseLost(Exception):
    """Another worker has taken the job over; whatever this one does for it must stop."""


_tasks: dict[str, Task] = {}


def declare(
    name: str,
    run: Callable[..., Any],
    *,
    attempts: int = 3,
    given_up: Callable[..., None] | None = None,
    every: timedelta | None = None,
    longest: timedelta = LONGEST,
    together: int = 0,
    slow: bool = False,
    waits: bool = False,
) -> None:
    """Make `run` known as the task `name`. `given_up(**arguments)` runs after the last attempt.

    A task with `every` is asked for by the workers, that long after it was asked for last.
    """
    _tasks[name] = Task(name, run, attempts, given_up, longest, every, together, slow, waits)


def task_named(name: str) -> Task:
    """The task of that name; raises UnknownTask."""
    try:
        return _tasks[name]
    except KeyError:
        raise UnknownTask(name) from None


def tasks() -> tuple[Task, ...]:
    """Every task that is known, by name."""
    return tuple(_tasks[name] for name in sorted(_tasks))


def enqueue(name: str, **arguments: int) -> Job:
    """Ask for the task `name`, in the caller's transaction. Arguments are ids."""
    return enqueue_at(timezone.now(), name, **arguments)


def enqueue_at(moment: datetime, name: str, **arguments: int) -> Job:
    """Ask for the task `name`, to be done from `moment` on. Raises UnknownTask."""
    task_named(name)
    return Job.objects.create(task=name, arguments=arguments, run_at=moment)


def awaited(name: str, **arguments: int) -> bool:
    """Whether the task `name`, with just these arguments if any, was asked for and goes on."""
    jobs = Job.objects.filter(task=name, state__in=(Job.State.WAITING, Job.State.RUNNING))
    return (jobs.filter(arguments=arguments) if arguments else jobs).exists()


def hasten(names: Iterable[str], **arguments: int) -> bool:
    """Let what was asked for by one of `names`, with just these arguments, be done now.

    False where nothing of it goes on. What is being done at this moment is left alone.
    """
    jobs = Job.objects.filter(
        task__in=names, state__in=(Job.State.WAITING, Job.State.RUNNING), arguments=arguments
    )
    jobs.filter(state=Job.State.WAITING).update(run_at=timezone.now())
    return jobs.exists()


def ask_for_what_is_due() -> None:
    """Ask for each task that is done every so often and whose time has come.

    Two workers may both ask at the same moment; such a task does no harm twice. What a clock asked
    for that was far ahead keeps none waiting until then.
    """
    for task in _tasks.values():
        if task.every is None:
            continue
        jobs, now = Job.objects.filter(task=task.name), timezone.now()
        if not jobs.filter(created_at__range=(now - task.every, now + task.every)).exists():
            jobs.filter(state=Job.State.DONE).delete()
            enqueue(task.name)


def tidy() -> int:
    """Delete the jobs that have ended and served; return how many. The regular go by the next."""
    now = timezone.now()
    done = Q(state=Job.State.DONE, finished_at__lt=now - DONE_FOR)
    failed = Q(state=Job.State.FAILED, finished_at__lt=now - FAILED_FOR)
    regular = [task.name for task in _tasks.values() if task.every is not None]
    return Job.objects.filter(done | failed).exclude(task__in=regular).delete()[0]


def claim(*, most: int = SLOW) -> Job | None:
    """Take the next job that is due or whose worker has died, or None if there is none.

    Only of tasks whose rank is `most` at most.
    """
    while True:
        now = timezone.now()
        job = _next(now, most)
        if job is None:
            return None
        taken = Job.objects.filter(_due(now), pk=job.pk, attempts=job.attempts).update(
            state=Job.State.RUNNING, attempts=job.attempts + 1, lease_until=now + LEASE
        )
        if taken:
            return _taken(job, now)


def _next(now: datetime, most: int) -> Job | None:
    """The job that was asked for first, but for a slow one that others may still overtake."""
    due, slow = Job.objects.filter(_due(now)).order_by("run_at", "id"), _above(WAITS)
    if most < SLOW:
        return due.exclude(task__in=_above(most)).first()
    job = due.first()
    if job is None or job.task not in slow:
        return job
    overtaking = due.filter(run_at__lt=job.run_at + STANDS_BACK).exclude(task__in=slow)
    return overtaking.first() or job


def _above(rank: int) -> list[str]:
    return [task.name for task in _tasks.values() if task.rank > rank]


def late(by: timedelta) -> int:
    """How many jobs are due for so long and not begun, but for slow ones, which wait their turn."""
    due = Job.objects.filter(state=Job.State.WAITING, run_at__lt=timezone.now() - by)
    return due.exclude(task__in=_above(WAITS)).count()


def failed() -> list[str]:
    """The tasks of which jobs failed for good, and can still be seen."""
    lost = Job.objects.filter(state=Job.State.FAILED)
    return sorted(set(lost.values_list("task", flat=True)))


def claim_more(first: Job) -> list[Job]:
    """Take further jobs of the task of `first` that are due, as many as are done together."""
    now, most = timezone.now(), task_named(first.task).together
    with transaction.atomic():
        due = Job.objects.filter(_due(now), task=first.task).order_by("run_at", "id")
        jobs = list(due.select_for_update(skip_locked=True)[: most - 1])
        if jobs:
            Job.objects.filter(_due(now), pk__in=[job.pk for job in jobs]).update(
                state=Job.State.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE
            )
    return [_taken(job, now) for job in jobs]


def _due(now: datetime) -> Q:
    return Q(state=Job.State.WAITING, run_at__lte=now) | Q(
        state=Job.State.RUNNING, lease_until__lt=now
    )


def _taken(job: Job, now: datetime) -> Job:
    job.state, job.attempts, job.lease_until = Job.State.RUNNING, job.attempts + 1, now + LEASE
    return job


def _held(jobs: Sequence[Job], **changes: object) -> None:
    """Change those of the jobs that are still held; raises LeaseLost if some are not."""
    held = 0
    for attempts, ids in _by_attempts(jobs):
        mine = Job.objects.filter(pk__in=ids, attempts=attempts, state=Job.State.RUNNING)
        held += mine.update(**changes)
    if held < len(jobs):
        raise LeaseLost(f"{len(jobs) - held} of {len(jobs)}")


def _by_attempts(jobs: Iterable[Job]) -> list[tuple[int, list[int]]]:
    found: dict[int, list[int]] = {}
    for job in jobs:
        found.setdefault(job.attempts, []).append(job.pk)
    return sorted(found.items())


def keep(*jobs: Job) -> None:
    """Renew the lease; raises LeaseLost if another worker has one of the jobs."""
    _held(jobs, lease_until=timezone.now() + LEASE)


def finish(*jobs: Job) -> None:
    """Mark the jobs done; raises LeaseLost."""
    _held(jobs, state=Job.State.DONE, lease_until=None, finished_at=timezone.now(), error="")


def give_back(*jobs: Job) -> None:
    """Put jobs back that were not begun, as if they had not been claimed; raises LeaseLost.

    Nobody else has held them by this number of attempts, so it may be given once more.
    """
    _held(jobs, state=Job.State.WAITING, lease_until=None, attempts=F("attempts") - 1)


def put_off(*jobs: Job, error: str, pause: timedelta = PAUSE) -> None:
    """Give jobs back that something else failed, not they: after a pause, without a lost attempt.

    Raises LeaseLost.
    """
    _held(
        jobs,
        state=Job.State.WAITING,
        lease_until=None,
        run_at=timezone.now() + pause,
        attempts=F("attempts") - 1,
        error=error,
    )


def postpone(*jobs: Job, error: str) -> None:
    """Give jobs back after a failed attempt, to be tried again after a pause; raises LeaseLost.

    The pause doubles with each attempt: 2, 4, 8 … seconds, as long as the task lets it become.
    """
    lost: LeaseLost | None = None
    for attempts, _ in _by_attempts(jobs):
        alike = [job for job in jobs if job.attempts == attempts]
        known = _tasks.get(alike[0].task)
        pause = min(known.longest if known else LONGEST, timedelta(seconds=2 ** min(attempts, 30)))
        try:
            _held(
                alike,
                state=Job.State.WAITING,
                lease_until=None,
                run_at=timezone.now() + pause,
                error=error,
            )
        except LeaseLost as some:
            lost = some
    if lost is not None:
        raise lost


def fail(job: Job, error: str) -> None:
    """Mark the job failed for good; raises LeaseLost."""
    _held([job], state=Job.State.FAILED, lease_until=None, finished_at=timezone.now(), error=error)
