"""What was taken out of the programme since the copy that is put back stays out."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue import services, tasks
from plainview.domains.catalogue.document import taken_away
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.tests.test_pictures import picture
from plainview.domains.subtitles.models import Track, Withheld
from plainview.domains.subtitles.services import tracks
from plainview.domains.support.models import CopyrightNotice
from plainview.web.tests.conftest import a_title, a_video

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOTICE = {"name": "Ines Calder", "email": "ines@rights.example", "work": "Harbour Lights"}


@pytest.fixture
def desk(at_desk) -> Client:
    return at_desk(User.objects.create_user("desk@example.org", roles=Role.ADMINISTRATOR))


def put(title: Title, data: bytes) -> str:
    services.put_picture(title, "poster", data, ".jpg")
    tasks.make_sizes(title_id=title.pk)
    title.refresh_from_db()
    return title.poster


def files() -> set[str]:
    return {each.name for each in (settings.MEDIA_ROOT / "artwork").iterdir()}


@pytest.mark.parametrize("again", [False, True])
def test_a_picture_that_went_for_good_does_not_come_back(desk, key, back_up, lost, again):
    """By its file or any size of it, on the title that shows it in the copy; unless put on anew."""
    title = a_title("harbour-lights")
    data = picture(300, 450)
    name = put(title, data)
    archive = back_up()
    desk.post(f"/desk/titles/{title.slug}/pictures/away/", {"picture": [name]})
    assert taken_away(name)
    if again:
        put(title, data)
    with lost(archive, key):
        restored = Title.objects.get(slug="harbour-lights")
        if again:
            assert restored.poster == name and name in files() and not taken_away(name)
        else:
            assert restored.poster == "" and not restored.pictures
            assert files() == {f"{name}.gone"}
            assert Client().get(f"/artwork/{name}").status_code == 404


def test_a_copy_from_before_any_picture_comes_back_without_it(desk, key, back_up, lost):
    """The site opened no more: the mark of its absence had no folder to lie in."""
    title = a_title("harbour-lights")
    archive = back_up()
    name = put(title, picture(300, 450))
    desk.post(f"/desk/titles/{title.slug}/pictures/away/", {"picture": [name]})
    with lost(archive, key) as said:
        assert "Done again" in said
        assert Client().get(f"/artwork/{name}").status_code == 404 and taken_away(name)


def settle(desk: Client, where: str, **more: str) -> CopyrightNotice:
    notice = CopyrightNotice.objects.create(subject=1, where=where, **NOTICE)
    said = {"state": "upheld", "reason": "It is theirs.", "place": where} | more
    assert desk.post(f"/desk/copyright/{notice.number}/settle/", said).status_code == 302
    return notice


@pytest.mark.parametrize("withdrawn", [False, True])
def test_p2_9a_a_title_that_was_taken_down_stays_down(desk, key, back_up, lost, withdrawn):
    """P2.9a: until its claimant lets it be."""
    title = a_title("harbour-lights")
    archive = back_up()
    notice = settle(desk, title.get_absolute_url())
    if withdrawn:
        link = f"/legal/copyright/{notice.number}/{notice.secret}/"
        Client().post(link, {"act": "withdraw"}, headers={"Origin": "http://testserver"})
    with lost(archive, key):
        there = Client().get(title.get_absolute_url()).status_code
        assert there == (200 if withdrawn else 404)


def test_p2_9a_subtitles_that_were_taken_down_stay_down(desk, key, back_up, lost):
    """P2.9a: those of the language alone that the notice names."""
    video = a_video(a_title("harbour-lights"))
    for language in ("en", "ko"):
        tracks.put(video, language, [tracks.Kept(1000, 2000, "A line", "")])
    archive = back_up()
    settle(desk, f"/watch/{video.key}/", part="ko")
    with lost(archive, key):
        assert [*Track.objects.values_list("language", flat=True)] == ["en"]
        assert [*Withheld.objects.values_list("language", flat=True)] == ["ko"]
