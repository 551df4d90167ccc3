"""The addresses of a film are signed, end, name nobody, and never outlive the licence (P2.1.4a)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from plainview.domains.catalogue.licensing import Availability, Why
from plainview.domains.catalogue.models import Licence
from plainview.domains.playback.models import Package
from plainview.domains.playback.services import delivering as signed
from plainview.domains.subtitles import services
from plainview.platform.storage import signing
from plainview.web.tests.conftest import a_title, a_video, lines

pytestmark = pytest.mark.django_db
KEYS = [signing.key_of("k" * 40), signing.key_of("older" * 10)]
NOW = 1_764_200_000


@pytest.fixture
def film(db, media_root):
    video = a_video(a_title("harbour-lights"))
    folder = media_root / "packages" / video.key
    folder.mkdir(parents=True)
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    (folder / "v180.mp4").write_bytes(bytes(range(250)))
    (folder / "poster.jpg").write_bytes(b"\xff\xd8")
    return video


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "STREAM_KEYS", [])


def playing(client, film, status: int = 200) -> dict:
    answer = client.get(f"/watch/{film.key}/playing/")
    assert answer.status_code == status
    assert answer["Cache-Control"] == "private, no-store"
    return answer.json()


def test_a_film_plays_by_its_signed_address_and_by_no_other(client, film):
    told = playing(client, film)
    assert client.get(told["playlist"]).status_code == 200
    part = client.get(
        told["playlist"].replace("master.m3u8", "v180.mp4"), headers={"Range": "bytes=3-5"}
    )
    assert (part.status_code, part.getvalue()) == (206, b"\x03\x04\x05")
    assert "immutable" in part["Cache-Control"]
    until, rest = told["playlist"].removeprefix("/stream/").split("-", 1)
    for wrong in (
        f"/stream/{int(until) + 1}-{rest}",
        told["playlist"].replace(film.key, a_video(film.title).key),
        re.sub(r"-.{8}-", "-00000000-", told["playlist"]),
        re.sub(r"-.{22}/", f"-{'A' * 22}/", told["playlist"]),
        f"/stream/x/{film.key}/master.m3u8",
    ):
        assert client.get(wrong).status_code == 403, wrong


def test_the_lasting_address_leads_to_the_signed_one_and_opens_no_file(client, film):
    answer = client.get(f"/stream/{film.key}/master.m3u8")
    assert answer.status_code == 302
    whole = signed.addresses(film.package, Availability(Why.HERE), whole=True)
    assert answer["Location"] == whole.playlist
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(f"/stream/{film.key}/v180.mp4").status_code == 302
    assert client.get(f"/stream/{film.key}/poster.jpg").status_code == 200
    assert client.get(f"/stream/{film.key}/package.json").status_code == 404


MASTER = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="URI=",DEFAULT=YES,CHANNELS="2",URI="a1.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=9,RESOLUTION=320x180,AUDIO="audio"
v180.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI="i180.m3u8"
"""


def test_other_players_find_the_subtitles_in_the_playlist_of_the_lasting_address(
    client, film, media_root
):
    folder = media_root / "packages" / film.key
    (folder / "master.m3u8").write_text(MASTER)
    for name in ("a1", "v180", "i180"):
        (folder / f"{name}.m3u8").write_text("#EXTM3U\n")
    lines(film, "ko", "한국어", ["불을 켠다"])
    answer = client.get(f"/stream/{film.key}/master.m3u8")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    said = answer.content.decode()
    assert 'NAME="한국어",LANGUAGE="ko",DEFAULT=NO' in said
    assert said.count(',SUBTITLES="subtitles"') == 1
    assert 'NAME="URI="' in said
    found = [*re.findall(r'[:,]URI="([^"]+)"', said), *re.findall(r"^/.*", said, re.MULTILINE)]
    assert len(found) == 4
    for each in found:
        assert client.get(each).status_code == 200, each
    texts = client.get(f"/subtitles/{film.key}/ko.m3u8").content.decode()
    assert "#EXTINF:4500,\nko.vtt\n#EXT-X-ENDLIST" in texts
    assert client.get(f"/subtitles/{film.key}/fr.m3u8").status_code == 404
    film.title.published_at = None
    film.title.save()
    assert client.get(f"/subtitles/{film.key}/ko.m3u8").status_code == 404


def test_p2_1_4a_subtitles_have_no_playlist_where_their_film_may_not_be_watched(client, film):
    lines(film, "ko", "한국어", ["불을 켠다"])
    film.title.licensed = True
    film.title.save()
    assert client.get(f"/subtitles/{film.key}/ko.m3u8").status_code == 403


def test_an_address_is_refused_when_its_time_is_over(client, film, monkeypatch):
    told = playing(client, film)
    over = datetime.fromisoformat(told["until"]).timestamp()
    monkeypatch.setattr(signed.time, "time", lambda: over)
    assert client.get(told["playlist"]).status_code == 200
    monkeypatch.setattr(signed.time, "time", lambda: over + 1)
    assert client.get(told["playlist"]).status_code == 403
    assert client.get(playing(client, film)["playlist"]).status_code == 200


def test_p2_1_4a_an_address_ends_with_the_licence_and_then_there_is_none(client, film):
    film.title.licensed = True
    film.title.save()
    closes = timezone.now().replace(microsecond=0) + timedelta(minutes=20)
    licence = Licence.objects.create(title=film.title, closes_at=closes)
    assert datetime.fromisoformat(playing(client, film)["until"]) == closes
    licence.closes_at = timezone.now() - timedelta(seconds=1)
    licence.save()
    said = playing(client, film, 403)
    assert said["why"] == "over"
    assert "until" in said["text"]
    assert client.get(f"/stream/{film.key}/master.m3u8").status_code == 403


def test_the_address_is_the_same_for_everybody_and_names_nobody(client, staff_client, film):
    told = [playing(each, film)["playlist"] for each in (client, staff_client)]
    assert told[0] == told[1]
    page = client.get(f"/watch/{film.key}/").content.decode()
    assert f'data-src="{told[0]}"' in page


def test_a_hidden_film_has_no_address(client, film):
    film.title.published_at = None
    film.title.save()
    assert playing(client, film, 404)["why"] == "hidden"


def test_a_new_key_signs_ten_minutes_later_and_the_old_addresses_stay(client, film, monkeypatch):
    first = playing(client, film)["playlist"]
    signed.make_key()
    assert playing(client, film)["playlist"] == first
    assert len(re.findall(r'^    [0-9a-f]{8} "', signed.for_nginx(), re.MULTILINE)) == 2
    later = timezone.now().timestamp() + 601
    monkeypatch.setattr(signed.time, "time", lambda: later)
    second = playing(client, film)["playlist"]
    assert second.split("-")[1] != first.split("-")[1]
    assert client.get(first).status_code == client.get(second).status_code == 200
    signed.make_key(at_once=True)
    assert client.get(first).status_code == client.get(second).status_code == 403
    assert client.get(playing(client, film)["playlist"]).status_code == 200


def test_the_key_is_its_owners_alone(client, film, tmp_path):
    playing(client, film)
    assert Path(tmp_path, signed.FILE).stat().st_mode & 0o777 == 0o600


def test_keys_of_the_settings_the_first_signs_and_all_open(client, film, monkeypatch):
    monkeypatch.setattr(settings, "STREAM_KEYS", ["a" * 40])
    first = playing(client, film)["playlist"]
    monkeypatch.setattr(settings, "STREAM_KEYS", ["b" * 40, "a" * 40])
    second = playing(client, film)["playlist"]
    assert first != second
    assert client.get(first).status_code == client.get(second).status_code == 200


def test_without_a_licence_in_time_nothing_is_signed_beyond_it(film):
    here = Availability(Why.HERE, at=datetime.fromtimestamp(NOW, UTC))
    assert signed.addresses(film.package, here).until == here.at
    assert signed.addresses(film.package, here, whole=True).until == here.at


def test_an_address_holds_an_hour_for_players_the_film_for_others_and_a_day_in_the_studio(film):
    minutes = timedelta(minutes=1)
    lasts = timedelta(milliseconds=film.package.duration_ms)
    now, here = timezone.now(), Availability(Why.HERE)
    player = signed.addresses(film.package, here).until - now
    assert 29 * minutes <= player <= 60 * minutes
    whole = signed.addresses(film.package, here, whole=True).until - now
    assert lasts + 59 * minutes <= whole <= lasts + 90 * minutes
    studio = signed.addresses(film.package, here, studio=True).until - now
    assert 24 * 60 * minutes <= studio <= 25 * 60 * minutes


def test_p2_1_4a_who_works_on_a_film_sees_it_no_longer_than_its_licence_lasts(
    germany, people, film
):
    """A page of the studio was a day of the film, however soon it could not be shown any more."""
    Package.objects.update(contents={"renditions": [{"fps": "25"}]})
    closes = timezone.now().replace(microsecond=0) + timedelta(minutes=9)
    title = film.title
    title.licensed = True
    title.save()
    Licence.objects.create(title=title, closes_at=closes)
    germany.force_login(people.member)
    services.open_edition(film, "ko", account=people.member.pk)
    page = germany.get(f"/studio/{film.key}/ko/").content.decode()
    addresses = re.findall(r"/stream/(\d+)-[^/]+/\w+/[\w.]+", page)
    assert len(addresses) >= 2, "the film, and what is drawn of its sound"
    assert {datetime.fromtimestamp(int(each), UTC) for each in addresses} == {closes}


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_is_a_token(token, folder):
    assert not signing.opens(token, folder, KEYS, NOW)


@given(st.integers(0, 44), st.characters(codec="ascii"))
def test_no_changed_token_opens(at, other):
    token = signing.sign("abc", NOW + 60, KEYS, NOW)
    assert signing.opens(token, "abc", KEYS, NOW)
    changed = token[:at] + other + token[at + 1 :]
    assert changed == token or not signing.opens(changed, "abc", KEYS, NOW)
