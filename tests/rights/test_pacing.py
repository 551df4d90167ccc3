"""The letters before accounts end go no faster than other notices; none holds up another (P9a)."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.core import mail
from django.db import OperationalError
from tests.rights.conftest import Clock, enter, work

from plainview.domains.accounts.models import User
from plainview.platform.jobs.models import Job
from plainview.privacy.commands import privacy
from plainview.privacy.retention import lasting, warning
from plainview.privacy.rights.planning import later

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = dt.timedelta(1)


def months(since: dt.date, n: int) -> dt.date:
    return later(since, f"P{n}M")


@pytest.fixture
def everybody(clock: Clock, member) -> list[User]:
    """Seven people who signed in for the last time on one day."""
    names = ("ines", "tom", "mara", "lea", "noor", "ivo", "ada")
    people = [member(name) for name in names]
    for each in people:
        enter(each)
    return people


def letters_after(clock: Clock, minutes: float) -> int:
    """How many letters went when the worker has done what was due by then."""
    clock.now += dt.timedelta(minutes=minutes)
    work()
    return len(mail.outbox)


def test_p9a_the_first_letters_of_many_go_no_faster_than_other_notices(
    sweep, clock, everybody, settings, monkeypatch
):
    """Nor are accounts read by more than a few at a time, each once."""
    monkeypatch.setattr(lasting, "BATCH", 2)
    settings.ENV = msgspec.structs.replace(settings.ENV, notices_a_minute=3)
    used = clock.day
    assert len(sweep(months(used, 33))) == 3
    CliRunner().invoke(privacy, ["sweep"], catch_exceptions=False)
    assert letters_after(clock, 0.9) == 3, "another sweep doubles no rate"
    assert letters_after(clock, 0.1) == 6
    assert letters_after(clock, 1) == 7
    assert {to for each in mail.outbox for to in each.to} == {each.email for each in everybody}
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    assert sweep(months(used, 33) + DAY) == []


def test_p9a_whom_no_letter_reaches_holds_up_nobody(sweep, clock, everybody, settings):
    settings.ENV = msgspec.structs.replace(settings.ENV, notices_a_minute=3)
    first = sorted(each.pk for each in everybody)[:3]
    EmailAddress.objects.filter(user__in=first).update(verified=False)
    assert sweep(months(clock.day, 33)) == []
    assert [letters_after(clock, 1), letters_after(clock, 1)] == [3, 4]
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def test_p9a_a_batch_that_broke_off_goes_on_where_it_stopped(
    sweep, clock, everybody, settings, monkeypatch
):
    used, whole, begun = clock.day, warning._write, []

    def broken(account: int, nth: int, found: lasting.Lasting) -> None:
        if len(begun) == 2:
            begun.clear()
            raise OperationalError
        begun.append(account)
        whole(account, nth, found)

    monkeypatch.setattr(warning, "_write", broken)
    assert len(sweep(months(used, 33))) == 2
    monkeypatch.setattr(warning, "_write", whole)
    assert letters_after(clock, 1) == 7
