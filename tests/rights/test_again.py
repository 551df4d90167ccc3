"""Somebody signs up again with the same address while the old account is erased (P5.2.1.4a)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.test import Client
from tests.rights.conftest import HERE, PASSWORD, enter, work
from tests.rights.planting import KINDS, plant
from tests.rights.test_leaving import go, report

from plainview.domains.accounts.models import User
from plainview.domains.searches.models import Search
from plainview.platform.jobs.models import Job
from plainview.privacy.backups import barrier, ledger, replaying
from plainview.privacy.backups.barrier import State
from plainview.privacy.models import Erasure
from plainview.privacy.rights import sealing, services, tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ADDRESS = "ines@lantern.example"


def signs_up() -> User:
    """The form of registration, and the link that proves the address."""
    caches["default"].clear()
    form = {"email": ADDRESS, "password1": PASSWORD, "territory": "DE", "age": "18",
            "certified": "on"}  # fmt: skip
    Client(headers=HERE).post("/accounts/signup/", form)
    user = User.objects.get(email=ADDRESS, is_active=True)
    EmailAddress.objects.filter(user=user).update(verified=True)
    caches["default"].clear()
    return user


def held(user: User) -> dict[str, int]:
    return {
        table.name: count
        for table in tables.tables()
        if (count := tables.about(table, user.pk).count())
    }


def test_the_new_account_is_not_touched_and_the_old_one_goes_wholly(ines, tom, stuck, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    plant(ines.pk, "ines", tom.pk, only=KINDS)
    address = go(enter(ines))
    work()  # a step of it can't be done: it is in the middle for hours
    Job.objects.filter(task="erase").update(run_at="2026-01-01T00:00:00Z", attempts=4)
    work()
    assert Erasure.objects.get().state == "incomplete"

    new = signs_up()
    Search.objects.create(subject=new.pk, query="a lamp", words="a lamp")
    before = held(new)
    assert {"accounts_user", "account_emailaddress", Search._meta.db_table} <= set(before)
    mails = sorted(path.read_bytes() for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    assert mails
    stuck.broken = False
    services.try_again(Erasure.objects.get().key)
    work()

    assert Erasure.objects.get().state == "done"
    page = Client().get(address).content.decode()
    assert "You have left" in page
    assert "belongs to an account that is here now" in page
    assert "given-anew" in report(address).notes
    assert held(new) == before
    after = sorted(path.read_bytes() for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    assert after == mails, "nor are the letters to it"
    kept = {line.holding for line in report(address).lines if line.outcome == "kept"}
    assert set(held(ines)) == kept
    assert enter(new).get("/settings/").status_code == 200


def test_a_restored_copy_with_both_loses_the_old_one_alone(ines, tom, stuck):
    plant(ines.pk, "ines", tom.pk, only=KINDS)
    go(enter(ines))
    work()
    new = signs_up()
    before = held(new)
    (noted,) = {note.report for note in ledger.notes() if note.what == "erased"}
    Job.objects.all().delete()  # a copy of this moment is put back later
    assert Erasure.objects.get().sealed
    stuck.broken = False
    barrier.put_up(State("replay"))
    replaying.replay()
    barrier.lift()
    row = Erasure.objects.get()
    assert (row.key, row.state) == (noted, "done")
    left = {line.holding for line in services.read(row).lines if line.outcome == "kept"}
    assert set(held(ines)) <= left, "and the sweep has been there"
    after = held(new)
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed <= {"privacy_session"}, "a restore signs everybody out"
    replaying.replay()  # and once more changes nothing
    assert held(new) == after


def test_p5_2_1_4a_it_is_finished_though_the_policy_has_their_law_no_more(ines, tom):
    """It waited, and before it went on a version took out the law of where they were."""
    plant(ines.pk, "ines", tom.pk, only=KINDS)
    go(enter(ines))
    row = Erasure.objects.get()
    whom = msgspec.structs.replace(sealing.unseal(row.sealed), places=("taken-out",))
    Erasure.objects.filter(pk=row.pk).update(sealed=sealing.seal(whom))
    work()
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("done", "")
