"""P8a: what was taken back, and what was closed, since the copy that is put back stays so."""

from __future__ import annotations

import pytest
from django.conf import settings
from tests.backups.conftest import enter, restored, worker_looks

from plainview.domains.accounts.models import Role
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.staff import services as staff
from plainview.domains.staff.models import Case
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import Edition, Revision, State, Track
from plainview.privacy import log as logging_
from plainview.privacy.backups import barrier, ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HERS, HIS = "좋은 저녁", "안녕하세요"


@pytest.fixture
def edition(ines, tom) -> Edition:
    """Korean subtitles of a film, released: his line, and over it hers."""
    title = Title.objects.create(slug="harbour-lights", texts={"en": {"name": "Harbour Lights"}})
    video = Video.objects.create(title=title, language="en")
    services.import_file(
        video, b"1\n00:00:01,000 --> 00:00:03,000\nGood evening.\n", filename="film.en.srt"
    )
    for who in (ines, tom):
        services.agree(who.pk, services.TERMS)
    edition = services.open_edition(video, "ko", account=ines.pk)
    services.open_edition(video, "ko", account=tom.pk)
    segment = queries.rows(edition)[0].segment
    for version, (who, text) in enumerate(((tom, HIS), (ines, HERS))):
        services.save_line(edition.pk, segment, account=who.pk, text=text, based_on=version)
    services.pass_on(edition.pk, State.REVIEW, account=ines.pk)
    services.pass_on(edition.pk, State.RELEASED, account=tom.pk)
    return edition


def shown() -> list[str]:
    return [cue.text for cue in Track.objects.get(language="ko").cues.all()]


def test_p8a_lines_taken_back_and_cases_closed_since_stay_so(
    ines, tom, edition, key, back_up, elsewhere
):
    staff.open_case(staff=ines.pk, person=tom.pk, kind="law", reason="x", authority="A court")
    staff.open_case(staff=ines.pk, person=tom.pk, kind="help", reason="goes on")
    assert shown() == [HERS]
    archive = back_up()
    assert enter(ines).post("/studio/mine/", {"sure": "1"}).status_code == 302
    assert shown() == [HIS]
    closed = Case.objects.get(kind="law")
    assert staff.close_case(number=closed.number, person=tom.pk)
    notes = ledger.folder() / "notes"

    with elsewhere():
        (settings.DATA / "ledger").mkdir(exist_ok=True)
        (settings.DATA / "ledger" / "key").write_bytes((notes.parent / "key").read_bytes())
        code, said = restored(archive, key, "--ledger", notes)
        assert code == 0, said
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
