"""The player in a frame on another page: the same licence and law, and nothing of anybody kept."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.catalogue.models import Licence, Title
from plainview.domains.playback.models import Viewing
from plainview.privacy.policies import controller
from plainview.web.tests.conftest import a_video

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(placed):
    return lambda name: Client(headers={"X-Place": name})


def test_p0a_a_frame_names_the_controller_links_the_notice_and_keeps_nothing(place, programme):
    answer = place("DE").get(f"/embed/{programme.feature.key}/?t=30")
    page = answer.content.decode()
    assert controller().name in page
    assert 'href="/legal/privacy/"' in page
    assert 'data-start="30"' in page
    assert page.count("<h1") == 1
    assert not answer.cookies
    assert "watching.js" not in page
    assert "site.js" not in page
    assert "data-signal" not in page
    assert "data-kept" not in page
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    watch = place("DE").get(f"/watch/{programme.feature.key}/")
    assert "frame-ancestors 'none'" in watch["Content-Security-Policy"]
    assert watch["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("door", ["embed", "watch"])
def test_what_follows_plays_where_one_is_and_the_api_says_what_it_is(place, programme, door):
    first, second, _third = programme.episodes
    client = place("DE")
    text = client.get(f"/{door}/{first.key}/").content.decode()
    film = json.loads(re.search(r"data-film>(.*?)</script>", text, re.DOTALL)[1])
    assert film["next"]["url"] == f"/{door}/{second.key}/"
    said = client.get(film["next"]["about"]).json()
    assert (said["key"], said["number"], said["here"]["available"]) == (second.key, 2, True)
    assert said["name"]["text"]


@pytest.mark.parametrize("door", ["embed", "watch"])
def test_a_page_that_did_not_change_is_still_allowed_its_styles_and_frames(place, programme, door):
    """A browser takes the headers of a 304 for those of the page that it kept."""
    address = f"/{door}/{programme.feature.key}/"
    first = place("DE").get(address)
    again = place("DE").get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    for name in ("Content-Security-Policy", "X-Frame-Options"):
        assert again.get(name) == first.get(name)


def test_p2_1_4a_a_frame_asks_the_same_licence_as_the_page(place, programme):
    title = programme.feature.title
    Licence.objects.create(title=title, territories=["KR"])
    title.licensed = True
    title.save()
    there, here = (place(each).get(f"/embed/{programme.feature.key}/") for each in ("DE", "KR"))
    assert there.status_code == 403
    assert "Not where you are" not in there.content.decode()
    assert "rights for it there" in there.content.decode()
    assert "master.m3u8" not in there.content.decode()
    assert here.status_code == 200
    assert "master.m3u8" in here.content.decode()


def test_whoever_is_signed_in_is_nobody_in_a_frame(place, people, programme):
    client = place("DE")
    client.force_login(people.member)
    mine = client.get(f"/embed/{programme.feature.key}/").content
    assert mine == place("DE").get(f"/embed/{programme.feature.key}/").content
    assert not Viewing.objects.exists()


def test_what_is_hidden_or_nothing_is_not_there(place, programme):
    assert place("DE").get(f"/embed/{programme.hidden_video.key}/").status_code == 404
    assert place("DE").get("/embed/nothing/").status_code == 404


def test_oembed_gives_the_frame_in_the_size_that_was_asked(client, programme, settings):
    host = settings.PUBLIC.geturl().rstrip("/")
    key = programme.feature.key
    for path in ("/titles/harbour-lights/", f"/watch/{key}/", f"/embed/{key}/"):
        said = client.get("/oembed/", {"url": host + path}).json()
        assert said["type"] == "video"
        frame = re.search(r'<iframe src="([^"]+)" width="640" height="400"', said["html"])
        assert frame
        assert frame[1] == f"{host}/embed/{key}/"
    small = client.get(
        "/oembed/", {"url": host + path, "maxwidth": "320", "maxheight": "200"}
    ).json()
    assert (small["width"], small["height"]) == (284, 199)
    for size in ("wide", "0", "-1", "٣"):
        asked = {"url": host + path, "maxwidth": size}
        assert client.get("/oembed/", asked).status_code == 400, size
    tiny = client.get("/oembed/", {"url": host + path, "maxheight": "1"}).json()
    assert tiny["width"] >= 1
    coming = client.get("/oembed/", {"url": f"{host}/titles/a-slow-comet/"}).json()
    assert coming["type"] == "link"


def test_a_trailer_of_what_is_announced_plays_in_a_frame_as_it_does_here(
    client, programme, settings
):
    title = programme.hidden
    trailer, film = a_video(title, kind="trailer"), programme.hidden_video
    Title.objects.filter(pk=title.pk).update(announced_at=timezone.now())
    host = settings.PUBLIC.geturl().rstrip("/")
    for video, kind in ((trailer, "video"), (film, "link")):
        assert client.get(f"/embed/{video.key}/").status_code == (200 if kind == "video" else 403)
        asked = {"url": f"{host}/watch/{video.key}/"}
        assert client.get("/oembed/", asked).json()["type"] == kind


def test_an_operator_may_let_no_page_frame_the_player(client, programme, settings):
    settings.EMBED_ANCESTORS = []
    assert client.get(f"/embed/{programme.feature.key}/").status_code == 404
    host = settings.PUBLIC.geturl().rstrip("/")
    said = client.get("/oembed/", {"url": f"{host}/watch/{programme.feature.key}/"}).json()
    assert said["type"] == "link"
