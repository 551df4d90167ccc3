"""`kill -9` while people are told of a change: nobody twice, and nobody missed (P11d)."""

from __future__ import annotations

import email

import msgspec
import pytest
from django.conf import settings
from tests.changes.conftest import work
from tests.killing import dying, moments, some

from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.changes import sending
from plainview.privacy.models import Change, Disclosure, Told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FEW, MANY = 7, 60


@pytest.fixture
def batches(monkeypatch):
    """Three people are a batch."""
    told = msgspec.structs.replace(settings.ENV, notices_a_minute=180)
    monkeypatch.setattr(settings, "ENV", told)


def _due() -> None:
    """Let lease and pause go by at once."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until="2020-01-01T00:00Z")
    Job.objects.filter(state=Job.State.WAITING).update(run_at="2020-01-01T00:00Z")


def _take_up() -> None:
    """What the officer does at the desk once one batch has cost four workers their lives."""
    for stuck in Change.objects.filter(state=Change.State.STUCK):
        assert sending.go_on(stuck.pk)


@pytest.mark.parametrize(
    ("people", "every"),
    [pytest.param(FEW, False), pytest.param(MANY, True, marks=pytest.mark.soak)],
)
def test_p11d_killed_in_the_middle_nobody_is_told_twice_and_nobody_is_missed(
    member, mailbox, publish, batches, people, every
):
    accounts = {member(f"viewer{number}").pk for number in range(people)}
    publish()
    total = moments(worker.run_one)
    _due()
    for moment in range(1, total + 1) if every else some(total):
        dying(worker.run_one, moment)
        _due()
        _take_up()
        told = list(Told.objects.values_list("account", flat=True))
        assert len(told) == len(set(told))
        assert set(told) == set(Disclosure.objects.values_list("subject", flat=True)), "as one"
    for _ in range(people):
        work()
        _due()
        _take_up()
    assert set(Told.objects.values_list("account", flat=True)) == accounts
    assert Change.objects.get().state == Change.State.DONE
    letters = {(to, _key(raw)) for receivers, raw in mailbox.letters for to in receivers}
    wanted = sorted(f"viewer{number}@lantern.example" for number in range(people))
    assert sorted(to for to, _name in letters) == wanted, "sent anew, a letter has the same name"
    if not every:
        assert len(mailbox.letters) == people


def _key(raw: bytes) -> str:
    """A letter's own name, by which a mail program knows that it has it already.

    Who dies between the mail server's yes and our note of it can't tell whether it arrived.
    """
    return str(email.message_from_bytes(raw)["Message-ID"])
