"""Whatever breaks: no confirmed answer is lost, none invented, the log whole or its damage named.

Choices are made by processes of their own, while another gives places; each tells the test through
a pipe what was confirmed to it. The soak kills at two hundred random moments, the suite at a few.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from django.db import DatabaseError, OperationalError, connection, connections
from django.utils import timezone
from tests.log.conftest import answer, entries

from plainview.privacy import log
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import inspecting, notes
from plainview.privacy.log.models import Entry, Head, Leaf
from plainview.privacy.models import Answer, Device, Standing

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 3


def apart(work: Callable[[int], None]) -> tuple[int, int]:
    """A process that does `work(pipe)`; its number and the end of the pipe to read."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            work(writer)
        finally:
            os._exit(0)
    os.close(writer)
    return child, reader


def chooses(pipe: int) -> None:
    """Answer again and again; tell what was confirmed, once it was."""
    while True:
        try:
            device = answer()
        except OperationalError:  # SQLite gave up waiting for another writer
            continue
        os.write(pipe, f"{device}\n".encode())


def places(pipe: int) -> None:
    while True:
        log.sequence()


def told(pipe: int) -> set[int]:
    with os.fdopen(pipe) as lines:
        return {int(line) for line in lines.read().split("\n") if line}


def whole() -> bool:
    """Each answer has its entry and each entry its answer, and the log leads to its heads."""
    log.sequence()
    answers = {str(pk): subject for pk, subject in Answer.objects.values_list("pk", "subject")}
    said = {}
    for subject, body in Entry.objects.values_list("subject", "body"):
        said[json.loads(body).get("answer") or str(subject)] = subject
    assert len(said) == len(answers)
    assert set(said.values()) == set(answers.values())
    assert inspecting.inspect().damage == []
    assert not Leaf.objects.filter(index=None).exclude(deed__isnull=False).exists()
    return True


@pytest.mark.parametrize(
    "times",
    [pytest.param(2, id="two"), pytest.param(200, id="two-hundred", marks=pytest.mark.soak)],
)
@pytest.mark.slow
def test_p2_11e_killed_at_random_moments_nothing_confirmed_is_lost_and_nothing_invented(times):
    chance, confirmed, in_hand = random.Random(times), set(), 0
    answer()
    for _ in range(times):
        connections.close_all()
        started = [apart(chooses) for _ in range(WRITERS)] + [apart(places)]
        time.sleep(chance.uniform(0.1, 0.5))
        for child, _pipe in chance.sample(started, len(started)):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        for _child, pipe in started:
            confirmed |= told(pipe)
        there = set(Answer.objects.values_list("subject", flat=True))
        assert confirmed <= there, "what was confirmed is there"
        in_hand += WRITERS
        assert len(there) - len(confirmed) <= in_hand + 1, "at most one each was under way"
        assert there == set(Device.objects.values_list("pk", flat=True))
        assert there == set(Standing.objects.filter(device=True).values_list("subject", flat=True))
    assert len(confirmed) > times
    assert whole()


def test_p2_11e_two_processes_give_no_place_twice_and_leave_none_out():
    def writes(pipe: int) -> None:
        for number in range(12):
            entries(3)
            if number % 3 == 0:
                log.sequence()

    connections.close_all()
    for child, pipe in [apart(writes), apart(writes)]:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        os.close(pipe)
    assert log.sequence().size == 72
    assert sorted(Leaf.objects.values_list("index", flat=True)) == list(range(72))
    assert inspecting.inspect().damage == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="its limit stands for a full disk")
def test_p2_11e_on_a_full_disk_an_answer_fails_whole_and_what_was_there_stays():
    confirmed = {answer()}
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests left free would be filled first
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 2}")
    failed = 0
    for _ in range(400):
        try:
            confirmed.add(answer())
        except DatabaseError as error:
            assert "full" in str(error)
            failed += 1
            if failed == 3:
                break
    assert failed == 3
    with pytest.raises(DatabaseError):
        for _ in range(50):
            entries(40)
            log.sequence()
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert set(Answer.objects.values_list("subject", flat=True)) == confirmed
    assert set(Device.objects.values_list("pk", flat=True)) == confirmed
    confirmed.add(answer())
    log.sequence()
    assert inspecting.inspect().damage == []


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server")
@pytest.mark.every_case
@pytest.mark.parametrize("at", [1, 3, 6, 8])
def test_p2_11e_the_database_goes_away_in_the_middle_and_nothing_is_half_there(at):
    answer()
    before = Answer.objects.count()
    seen = 0

    def ends(execute, sql, params, many, context):
        nonlocal seen
        seen += 1
        if seen == at:
            with duty("migrate"), closing(connections.create_connection("default")) as other:
                other.cursor().execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ends), pytest.raises(DatabaseError):
        answer()
    connection.close()
    assert Answer.objects.count() == before
    answer()
    assert whole()


def test_p2_11e_a_clock_that_goes_back_moves_no_head_back_and_is_named(monkeypatch):
    answer()
    first = log.sequence()
    real, day = timezone.now, dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: real() - day)
    answer()
    second = log.sequence()
    assert second.at == first.at, "heads keep the time of the last"
    assert notes.read(second.note).at == notes.read(first.note).at
    monkeypatch.setattr(timezone, "now", real)
    answer()
    log.sequence()
    found = inspecting.inspect().damage
    assert [each.where for each in found] == ["entry 1"]
    assert f"is dated {first.at - day:%Y-%m-%d}" in found[0].what
    assert f"came after {first.at:%Y-%m-%d %H:%M}" in found[0].what
    times = list(Head.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)


def test_p2_11e_an_act_of_an_earlier_process_is_placed_by_the_next():
    def writes(pipe: int) -> None:
        entries(5)
        os.kill(os.getpid(), signal.SIGKILL)

    connections.close_all()
    child, pipe = apart(writes)
    os.waitpid(child, 0)
    os.close(pipe)
    assert Leaf.objects.filter(index=None).count() == 5
    assert log.sequence().size == 5


def test_p2_11e_a_file_that_was_cut_short_is_written_anew(settings):
    entries(2)
    head = log.sequence()
    kept = settings.DATA / "log-head"
    assert kept.read_text() == head.note
    kept.write_text(head.note[:40])
    entries(1)
    assert log.sequence().epoch_id == 1
    assert notes.read(kept.read_text()).size == 3


def test_what_is_kept_outside_is_readable_by_its_owner_alone(settings):
    log.sequence()
    assert (settings.DATA / "log-key").stat().st_mode & 0o077 == 0
