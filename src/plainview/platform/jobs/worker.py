"""The worker: claims jobs one by one, keeps their lease alive from a thread, records their end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection

from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job

log = logging.getLogger("plainview.jobs")

IDLE_SECONDS = 0.5
LOOK_SECONDS = 60
"""So often a worker looks whether something that is done regularly is due."""


def run_until(stop: threading.Event) -> None:
    """Work off jobs until `stop` is set; the job in hand is finished first."""
    look = 0.0
    while not stop.is_set():
        close_old_connections()
        try:
            if time.monotonic() >= look:
                queue.ask_for_what_is_due()
                look = time.monotonic() + LOOK_SECONDS
            worked = run_one()
        except Exception:  # the database may be away for a moment: say so, wait, go on
            log.exception("the worker could not reach its jobs; trying again")
            worked = False
            stop.wait(5)
        if not worked:
            stop.wait(IDLE_SECONDS)


def run_one() -> bool:
    """Claim and run one job; False if none was due."""
    job = queue.claim()
    if job is None:
        return False
    try:
        task = queue.task_named(job.task)
    except queue.UnknownTask:
        queue.fail(job, f"no task is named {job.task}")
        return True
    if job.attempts > task.attempts:
        _give_up(job, task, "the worker died at every attempt")
        return True
    try:
        with _heartbeat(job):
            task.run(**job.arguments)
        queue.finish(job)
    except queue.LeaseLost:
        log.warning("job %s was taken over by another worker", job.pk)
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %s", job.pk, job.task, job.attempts)
        reason = type(error).__name__
        if job.attempts >= task.attempts:
            _give_up(job, task, reason)
        else:
            queue.postpone(job, reason)
    return True


def _give_up(job: Job, task: queue.Task, reason: str) -> None:
    if task.given_up is not None:
        task.given_up(**job.arguments)
    queue.fail(job, reason)


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease every few seconds while the block runs; raises LeaseLost at its end."""
    over = threading.Event()
    lost: list[queue.LeaseLost] = []

    def beat() -> None:
        try:
            while not over.wait(queue.HEARTBEAT.total_seconds()):
                _quietly(lambda: queue.keep(job))
        except queue.LeaseLost as error:
            lost.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
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
