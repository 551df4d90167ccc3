"""P9b: a legal hold stands in a copy from before it, and ends in one from before its end."""

from __future__ import annotations

import pytest
from tests.rights.conftest import enter, work
from tests.rights.test_holds import put, run, watched
from tests.rights.test_leaving import go

from plainview.domains.accounts.models import Role, User
from plainview.domains.playback.models import Viewing
from plainview.domains.searches.models import Search
from plainview.privacy.backups import ledger
from plainview.privacy.models import Erasure, LegalHold, Preserved
from plainview.privacy.rights import services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_p9b_what_a_hold_kept_from_an_erasure_is_kept_in_a_copy_from_before(
    ines, tom, key, back_up, lost
):
    User.objects.filter(pk=tom.pk).update(roles=Role.OFFICER)
    watched(ines)
    Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp")
    archive = back_up()
    hold = put(ines, "viewing.history", owner=tom)
    go(enter(ines))
    work()
    assert Viewing.objects.filter(subject=ines.pk).exists()
    with lost(archive, key):
        assert Viewing.objects.filter(subject=ines.pk).exists()
        assert not Search.objects.filter(subject=ines.pk).exists()
        assert not User.objects.filter(pk=ines.pk).exists()
        again = LegalHold.objects.get()
        assert (again.subject, again.owner, again.categories, again.until, again.since) == (
            ines.pk, tom.pk, "viewing.history", hold.until, hold.since,
        )  # fmt: skip
        assert Erasure.objects.get().state == "done"
        assert "lost when the database was put back" in run("holds")[1]
        assert run("release", again.pk)[0] == 0
        work()
        assert not Viewing.objects.filter(subject=ines.pk).exists()


def test_p9b_a_hold_that_was_released_since_does_not_come_back(ines, tom, key, back_up, lost):
    watched(ines)
    put(ines, owner=tom)
    go(enter(ines))
    work()
    archive = back_up()
    services.release(LegalHold.objects.get().pk)
    work()
    assert not User.objects.filter(pk=ines.pk).exists()
    with lost(archive, key):
        assert not LegalHold.objects.filter(ended_at=None).exists()
        assert not User.objects.filter(pk=ines.pk).exists()
        assert not Viewing.objects.filter(subject=ines.pk).exists()


def test_p9b_a_hold_that_came_and_went_since_keeps_nothing(ines, tom, key, back_up, lost):
    watched(ines)
    archive = back_up()
    services.release(put(ines, owner=tom).pk)
    go(enter(ines))
    work()
    with lost(archive, key):
        assert not LegalHold.objects.exists()
        assert not User.objects.filter(pk=ines.pk).exists()


def copies() -> list[int]:
    rows = Preserved.objects.filter(table=Viewing._meta.db_table).values_list("row", flat=True)
    return [each[f"{Viewing._meta.db_table}.id"] for each in rows]


@pytest.mark.parametrize("first", ["held", "deleted"])
def test_p9b_what_somebody_deleted_while_it_stood_stays_with_it(
    ines, tom, key, back_up, lost, first
):
    """What they had deleted before goes as it went."""
    viewing = watched(ines)
    archive = back_up()
    acts = [lambda: put(ines, "viewing.history", owner=tom),
            lambda: services.remove_all(ines.pk, "viewing.history")]  # fmt: skip
    for act in acts if first == "held" else reversed(acts):
        act()
    kept = [viewing.pk] if first == "held" else []
    assert copies() == kept
    with lost(archive, key):
        assert not Viewing.objects.filter(subject=ines.pk).exists()
        assert copies() == kept


def test_p9b_the_ledger_says_of_a_hold_neither_whom_it_is_about_nor_why(ines, tom):
    put(ines, "viewing.history", owner=tom)
    said = (ledger.folder() / "notes").read_text()
    assert "viewing.history" in said
    assert not any(each in said for each in (str(ines.pk), str(tom.pk), "12/345"))
