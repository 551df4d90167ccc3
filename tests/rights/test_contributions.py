"""What somebody contributed is theirs: in their copy, and nameless once they left (P1.1.5a)."""

from __future__ import annotations

import pytest
from tests.rights.conftest import enter, work
from tests.rights.following import everything, holds
from tests.rights.test_access import archive

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import Edition, Membership, Revision
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def written(people: list[User], said: list[tuple[User, str]]) -> Edition:
    """Korean subtitles of a film by some people: one line, and who wrote what of it."""
    title = Title.objects.create(slug="harbour-lights", texts={"en": {"name": "Harbour Lights"}})
    video = Video.objects.create(title=title, language="en")
    services.import_file(
        video, b"1\n00:00:01,000 --> 00:00:03,000\nGood evening.\n", filename="film.en.srt"
    )
    for who in people:
        services.agree(who.pk, services.TERMS)
        edition = services.open_edition(video, "ko", account=who.pk)
    segment = queries.rows(edition)[0].segment
    for version, (who, text) in enumerate(said):
        services.save_line(edition.pk, segment, account=who.pk, text=text, based_on=version)
    return edition


@pytest.fixture
def edition(ines, tom) -> Edition:
    said = [(ines, "좋은 저녁"), (tom, "안녕하세요"), (ines, "안녕하십니까")]
    return written([ines, tom], said)


def test_p1_1_5a_the_copy_holds_each_version_they_wrote_and_nobody_elses(ines, edition):
    zipped = archive(enter(ines))
    text = zipped.read("tables/subtitles_revision.csv").decode("utf-8-sig")
    assert "좋은 저녁" in text
    assert "안녕하십니까" in text
    assert "안녕하세요" not in text


def test_p1_1_5a_who_leaves_leaves_the_lines_without_a_name(ines, tom, edition):
    rights.leave(ines.pk)
    work()
    ours = Revision.objects.filter(line__edition=edition).order_by("version")
    assert list(ours.values_list("account", "text")) == [
        (None, "좋은 저녁"),
        (tom.pk, "안녕하세요"),
        (None, "안녕하십니까"),
    ]
    assert not Membership.objects.exclude(account=tom.pk).exists()


def test_p1_1_5a_who_took_their_lines_back_first_leaves_none(ines, tom, edition):
    services.take_back(ines.pk)
    rights.leave(ines.pk)
    work()
    ours = Revision.objects.filter(line__edition=edition)
    assert list(ours.values_list("account", "text")) == [(tom.pk, "안녕하세요")]
    assert [row.text for row in queries.rows(edition)] == ["안녕하세요"]


def test_p9c_why_somebody_wrote_and_passed_lines_goes_with_them(ines, tom):
    """P9c, P1.1.5a: a file's name and typed words are theirs, and nobody builds on them."""
    edition = written([ines, tom], [(tom, "안녕하세요")])
    file = b"1\n00:00:01,000 --> 00:00:03,000\nGoedenavond\n"
    services.bring_file(edition, file, account=ines.pk, filename="ines harbour.srt")
    services.pass_on(edition.pk, "review", account=ines.pk, reason="Ask Ines Harbour")
    assert holds(repr(everything()), {b"ines harbour"})
    rights.leave(ines.pk)
    work()
    assert not holds(repr(everything()), {b"ines harbour"})
    assert [row.text for row in queries.rows(edition)] == ["Goedenavond"]
