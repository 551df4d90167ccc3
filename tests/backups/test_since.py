"""P8a: what was taken back, and what was closed, since the copy that is put back stays so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from tests.backups.conftest import enter, worker_looks
from tests.people import answers
from tests.rights.test_contributions import written

from plainview.domains.accounts.models import Role, User
from plainview.domains.library.models import Pause
from plainview.domains.staff import services as staff
from plainview.domains.staff.models import Case, Look
from plainview.domains.staff.queries import silence_said
from plainview.domains.staff.services import silence
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import Edition, Revision, State, Track
from plainview.engine import decide
from plainview.privacy import log as logging_
from plainview.privacy import permissions
from plainview.privacy.backups import barrier, ledger
from plainview.privacy.consent import stopping
from plainview.privacy.models import Standing, Stopped
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HERS, HIS = "좋은 저녁", "안녕하세요"


@pytest.fixture
def edition(ines, tom) -> Edition:
    """Korean subtitles of a film, released: his line, and over it hers."""
    edition = written([ines, tom], [(tom, HIS), (ines, HERS)])
    services.pass_on(edition.pk, State.REVIEW, account=ines.pk)
    services.pass_on(edition.pk, State.RELEASED, account=tom.pk)
    return edition


def shown() -> list[str]:
    return [cue.text for cue in Track.objects.get(language="ko").cues.all()]


def test_p8a_lines_taken_back_and_cases_closed_since_stay_so(
    ines, tom, edition, key, back_up, lost
):
    staff.open_case(staff=ines.pk, person=tom.pk, kind="law", reason="x", authority="A court")
    staff.open_case(staff=ines.pk, person=tom.pk, kind="help", reason="goes on")
    assert shown() == [HERS]
    archive = back_up()
    assert enter(ines).post("/studio/mine/", {"sure": "1"}).status_code == 302
    assert shown() == [HIS]
    closed = Case.objects.get(kind="law")
    assert staff.close_case(number=closed.number, person=tom.pk)
    with lost(archive, key):
        own = Revision.objects.exclude(account=None)
        assert list(own.values_list("account", flat=True)) == [tom.pk]
        assert shown() == [HIS]
        assert [row.text for row in queries.rows(Edition.objects.get(language="ko"))] == [HIS]
        still = {each.kind: each.closed_at is None for each in Case.objects.all()}
        assert still == {"law": False, "help": True}


def test_p8a_without_the_ledger_no_case_goes_on(ines, tom):
    ines.roles = Role.OFFICER
    ines.save()
    staff.open_case(staff=ines.pk, person=tom.pk, kind="law", reason="x", authority="A court")
    logging_.sequence()
    barrier.put_up(barrier.State("replay", unknown=True))
    worker_looks()
    assert not Case.objects.filter(closed_at=None).exists()


@pytest.mark.sample(2)
@pytest.mark.parametrize("acts", [["pause"], ["pause", "on", "pause"], ["pause", "on"]])
def test_p1_2_2b_a_history_that_rests_since_the_copy_rests_in_it_too(
    ines, key, back_up, lost, acts
):
    """P1.2.2b: by the button of the history; who let it go on since finds it going on."""
    client = answers(enter(ines), "accept")
    archive = back_up()
    for act in acts:
        assert client.post("/my/pause/", {"act": act}).status_code == 302
    assert Pause.objects.exists() == (acts[-1] == "pause")
    with lost(archive, key):
        assert [*Pause.objects.values_list("subject", flat=True)] == [
            ines.pk for act in acts[-1:] if act == "pause"
        ]


def test_p8a_what_rests_since_a_copy_by_a_clock_that_was_ahead_rests_in_it_too(
    ines, key, back_up, lost, monkeypatch
):
    client = answers(enter(ines), "accept")
    with monkeypatch.context() as ahead:
        tomorrow = timezone.now() + dt.timedelta(days=1)
        ahead.setattr(timezone, "now", lambda: tomorrow)
        logging_.sequence()
        archive = back_up()
    assert client.post("/my/pause/", {"act": "pause"}).status_code == 302
    with lost(archive, key):
        assert Pause.objects.filter(subject=ines.pk).exists()


def put_back(*rows) -> None:
    """A copy of before: these rows as they were; a worker notices, and replays."""
    for each in rows:
        each.save(force_insert=not type(each).objects.filter(pk=each.pk).exists())
    barrier.put_up(barrier.State("replay"))
    worker_looks()


def test_p8a_p10e_an_account_that_was_opened_again_since_the_copy_is_open_in_it(ines, tom, member):
    """P8a, P10e: suspended since or before and opened since; a child's that was none."""
    lena, mira, nora = member("lena"), member("mira"), member("nora")
    staff.suspend(staff=ines.pk, person=mira.pk, reason="spam")
    before = [*User.objects.all(), *Standing.objects.all()]
    staff.suspend(staff=ines.pk, person=nora.pk, reason="spam")
    staff.close_for_child(staff=ines.pk, person=lena.pk, number="2026-1")
    for each in (lena, mira, nora):
        staff.reopen(staff=ines.pk, person=each.pk, reason="a mistake")
    staff.suspend(staff=ines.pk, person=tom.pk, reason="spam")
    staff.reopen(staff=ines.pk, person=tom.pk, reason="a mistake")
    staff.suspend(staff=ines.pk, person=tom.pk, reason="spam after all")
    put_back(*before)
    assert list(User.objects.filter(is_active=False)) == [tom]
    assert permissions.read(lena.pk)[0].age == "certified-adult"


def test_p8a_where_somebody_lives_since_the_copy_decides_in_it_too(ines):
    """P3.1b, P8a: who moved where one asks first is not sold by the law of the place before."""
    home = permissions.resident(permissions.newcomer("US-CA"), "US-CA")
    permissions.change(ines.pk, lambda _: home)
    before = Standing.objects.get(subject=ines.pk)
    assert permits(permissions.read(ines.pk)[0])
    client = enter(ines)
    moved = {"territory": "DE", "age": "18", "certified": "on"}
    assert client.post("/settings/place/", moved).status_code == 302
    assert not permits(permissions.read(ines.pk)[0])
    put_back(before)
    facts = permissions.read(ines.pk)[0]
    assert facts.residence == "eu-de" and not permits(facts)


def permits(facts) -> bool:
    return bool(decide(in_force(), facts, "targeted-ads"))


def test_p2_3e_an_address_that_refused_news_since_the_copy_gets_none(ines):
    """P2.3e: of nobody here, by a letter; a later yes of its owner counts as ever."""
    stopping.stop("ann@somewhere.example")
    stopping.stop(ines.email)
    answers(enter(ines), "accept")
    assert not stopping.stopped("marketing-email", ines.email)
    assert "ann@" not in (ledger.folder() / "notes").read_text()
    Stopped.objects.all().delete()
    put_back()
    assert stopping.stopped("marketing-email", "ann@somewhere.example")
    assert not stopping.stopped("marketing-email", ines.email)


@pytest.mark.parametrize("days", [[90], [None], [90, 60, 90]], ids=["longer", "lifted", "again"])
def test_p4_1_5a_another_day_of_a_ban_holds_in_the_copy_too(ines, tom, member, days):
    """P4.1.5a, P8a: else a restore would tell of a case that a court keeps silent."""
    zora, today = member("zora"), timezone.localdate()
    silent = {"untold_until": today + dt.timedelta(30), "untold_law": "Section 17"}
    said = {"kind": "law", "reason": "An order", "authority": "A court"}
    staff.open_case(staff=ines.pk, person=zora.pk, **said, **silent)
    before = [Case.objects.get(), Look.objects.get()]
    about = {"person": zora.pk, "number": before[0].number}
    for each in days:
        later = today + dt.timedelta(each) if each else None
        silence.propose(staff=ines.pk, **about, until=later, law="Order 18/26")
        said = silence_said(Case.objects.get())
        assert said is not None
        silence.agree(staff=tom.pk, **about, seen=said.pk)
    assert Case.objects.get().untold_until == later
    put_back(*before)
    assert [each.objects.get().untold_until for each in (Case, Look)] == [later, later]


def test_p8a_a_ledger_that_is_brought_stands_before_what_was_noted_since(ines, tom, tmp_path):
    """P8a: it was put behind it, so that what was said before was done after. No act is dropped."""
    copy = [*User.objects.all(), *Standing.objects.all()]
    staff.suspend(staff=ines.pk, person=tom.pk, reason="spam")
    staff.reopen(staff=ines.pk, person=tom.pk, reason="a mistake")
    notes, old = ledger.folder() / "notes", tmp_path / "notes"
    old.write_bytes(notes.read_bytes().removesuffix(b"\n"))  # as an editor may save it
    notes.unlink()  # as where the service goes on with no ledger but a new one
    staff.suspend(staff=ines.pk, person=tom.pk, reason="spam after all")
    assert ledger.bring(old) == len(old.read_bytes().split(b"\n"))
    assert ledger.bring(old) == 0
    put_back(*copy)
    assert not User.objects.get(pk=tom.pk).is_active
    moments = [note.at for note in ledger.notes()]
    assert moments == sorted(moments)
