"""The worker: claims jobs, keeps their leases alive from a thread, records their end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from plainview.platform.frames import roomy
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job

log = logging.getLogger("plainview.jobs")

AWAY = {OperationalError.__name__, InterfaceError.__name__}
"""The database is away or locked, as SQLite's is for a moment after a process was killed."""
PATIENCE = timedelta(days=1)
"""So long a job waits for the database without losing attempts; afterwards it may be the job."""
IDLE_SECONDS = 0.5
SOON_SECONDS = 0.5
"""A job that takes longer has others done beside it, if its task says that it may."""
LOOK_SECONDS = 60
"""So often a worker looks whether something that is done regularly is due."""


def run_until(stop: threading.Event, rests: Callable[[], bool] = lambda: False) -> None:
    """Work off jobs until `stop` is set; the job in hand is finished first.

    Asked before each job, `rests` says whether none may be taken now; asked after one failed, that
    this was not its fault. While a slow job is in hand,
    or one that waits for somebody's answer, a thread beside it works off what takes less.
    """
    _work_off(stop, rests, lambda: _one(rests, queue.SLOW))


def _one(rests: Callable[[], bool], most: int) -> bool:
    """Run one job of that rank at most, and others beside it if it takes long."""
    return run_one(lambda rank: _beside(rests, rank), most=most, rests=rests)


def _work_off(stop: threading.Event, rests: Callable[[], bool], one: Callable[[], bool]) -> None:
    look = 0.0
    while not stop.is_set():
        close_old_connections()
        try:
            if rests():
                stop.wait(IDLE_SECONDS)
                continue
            if time.monotonic() >= look:
                queue.ask_for_what_is_due()
                look = time.monotonic() + LOOK_SECONDS
            worked = one()
        except Exception:  # the database may be away for a moment: say so, wait, go on
            log.exception("the worker could not reach its jobs; trying again")
            worked = False
            stop.wait(5)
        if not worked:
            stop.wait(IDLE_SECONDS)


def run_all() -> None:
    """Work off every job that is due, and those that come of it."""
    while run_one():
        pass


@contextmanager
def _thread(name: str, work: Callable[[threading.Event], None]) -> Iterator[threading.Thread]:
    """Do `work` in a thread while the block runs; its event says that the block is over."""
    over = threading.Event()

    def labour() -> None:
        try:
            work(over)
        finally:
            connection.close()

    thread = threading.Thread(target=labour, name=name, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        over.set()


@contextmanager
def _beside(rests: Callable[[], bool], rank: int) -> Iterator[None]:
    """While the block runs, work off what is below `rank` in a thread, which ends its last job."""
    if rank == queue.QUICK:
        yield
        return

    def labour(over: threading.Event) -> None:
        if not over.wait(SOON_SECONDS):
            _work_off(over, rests, lambda: _one(rests, rank - 1))

    with ExitStack() as stack, _thread("beside-a-slow-job", labour) as thread:
        stack.callback(thread.join)  # also where the job fails
        yield


def run_one(
    beside: Callable[[int], AbstractContextManager[None]] = lambda _: nullcontext(),
    *,
    most: int = queue.SLOW,
    rests: Callable[[], bool] = lambda: False,
) -> bool:
    """Claim and run one job, or many of a task that is done together; False if none was due.

    A job runs within `beside` of its rank; one of a rank above `most` is not taken. One that fails
    while no job may be taken (`rests`) loses no attempt.
    """
    job = queue.claim(most=most)
    if job is None:
        return False
    try:
        task = queue.task_named(job.task)
    except queue.UnknownTask:
        _leave_to_others(job)
        return True
    jobs = [job, *queue.claim_more(job)] if task.together else [job]
    for dying in [each for each in jobs if each.attempts > task.attempts]:
        _give_up(dying, task, "the worker died at every attempt")
        jobs.remove(dying)
    if jobs:
        with beside(task.rank):
            _end(task, jobs, _run(task, jobs), rests)
    return True


def _leave_to_others(job: Job) -> None:
    """Put a job back whose task is not known here: beside this worker a newer one may run."""
    if _young(job):
        log.warning("no task is named %s: job %s waits for a worker that has it", job.task, job.pk)
        queue.put_off(job, error=queue.UnknownTask.__name__, pause=queue.REST)
    else:
        queue.fail(job, f"no task is named {job.task}")


@roomy
def _run(task: queue.Task, jobs: Sequence[Job]) -> Sequence[Exception | None]:
    """What became of each job."""
    try:
        with _heartbeat(jobs):
            if task.together:
                return list(task.run([job.arguments for job in jobs]))
            task.run(**jobs[0].arguments)
    except Exception as error:
        first = jobs[0]
        if isinstance(error, queue.NotNow):
            log.warning("job %s (%s) is tried again in a minute: %s", first.pk, task.name, error)
        elif not isinstance(error, queue.LeaseLost):
            log.exception("job %s (%s) failed at attempt %s", first.pk, task.name, first.attempts)
        return [error] * len(jobs)
    return [None]


def _end(
    task: queue.Task,
    jobs: Sequence[Job],
    ends: Sequence[Exception | None],
    rests: Callable[[], bool],
) -> None:
    alike: dict[str, list[Job]] = {}
    for job, end in zip(jobs, ends, strict=True):
        alike.setdefault("" if end is None else type(end).__name__, []).append(job)
    for word, some in alike.items():
        try:
            if not word:
                queue.finish(*some)
            elif word == queue.NotTried.__name__:
                queue.give_back(*some)
            elif word == queue.LeaseLost.__name__:
                raise queue.LeaseLost(str(some[0].pk))
            elif word == queue.NotNow.__name__:
                queue.put_off(*some, error=word, pause=queue.REST)
            elif (word in AWAY or rests()) and all(_young(job) for job in some):
                queue.put_off(*some, error=word)
            else:
                spent = [job for job in some if job.attempts >= task.attempts]
                for job in spent:
                    _give_up(job, task, word)
                if len(spent) < len(some):
                    queue.postpone(*(job for job in some if job not in spent), error=word)
        except queue.LeaseLost as lost:
            log.warning("jobs of %s were taken over by another worker: %s", task.name, lost)


def _young(job: Job) -> bool:
    return job.created_at > timezone.now() - PATIENCE


def _give_up(job: Job, task: queue.Task, reason: str) -> None:
    if task.given_up is not None:
        task.given_up(**job.arguments)
    queue.fail(job, reason)


@contextmanager
def _heartbeat(jobs: Sequence[Job]) -> Iterator[None]:
    """Renew the leases every few seconds while the block runs.

    Raises LeaseLost at its end if the one job was lost; of many, those that were are left alone.
    """
    lost: list[queue.LeaseLost] = []

    def beat(over: threading.Event) -> None:
        while not over.wait(queue.HEARTBEAT.total_seconds()):
            try:
                _quietly(lambda: queue.keep(*jobs))
            except queue.LeaseLost as error:
                if len(jobs) == 1:
                    lost.append(error)
                    return

    with ExitStack() as stack, _thread(f"heartbeat-{jobs[0].pk}", beat) as thread:
        stack.callback(thread.join)  # once it was told, whatever ended the block
        yield
    if lost:
        raise lost[0]


def _quietly(renew: Callable[[], None]) -> None:
    """One failed renewal is survivable: the lease outlives several."""
    try:
        renew()
    except queue.LeaseLost:
        raise
    except Exception:
        log.warning("a lease could not be renewed; trying again")
