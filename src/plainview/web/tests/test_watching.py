"""What is watched is kept of those who permit it, of nobody else, and not a moment longer."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainview.domains.playback.models import PlayerSettings, Progress, Viewing
from plainview.domains.playback.services import Watched, remember
from plainview.platform.identifiers import new_id

pytestmark = pytest.mark.django_db(transaction=True)
SITTING = "0123456789abcdef0123456789abcdef"
HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def member(client, people):
    client.force_login(people.member)
    return people.member


def tell(client: Client, video, **values):
    said = {"sitting": SITTING, "told": 1, "position": 600, "seconds": 60} | values
    return client.post(f"/watch/{video.key}/signal/", said, headers=HERE)


def answer(client: Client, shown_at: str, **values):
    page = client.get(shown_at).content.decode()
    via = values.get("via", "centre")
    at = page.index(f'name="via" value="{via}"')
    shown = page[page.index('name="shown" value="', at) + 20 :].split('"')[0]
    said = {"via": via, "shown": shown} | values
    return client.post("/privacy/choices/", said, headers=HERE)


@pytest.fixture
def from_germany(settings):
    settings.ENV = msgspec.structs.replace(settings.ENV, trusted_proxies=1, place_header="X-Place")
    return Client(headers={"X-Place": "DE"})


def test_p1_2_2b_a_member_goes_on_where_they_stopped(from_germany, people, programme):
    client = from_germany
    client.force_login(people.member)
    assert tell(client, programme.feature).status_code == 204
    tell(client, programme.feature, told=2, position=1200, seconds=90)
    assert Viewing.objects.get().seconds == 90
    assert Progress.objects.get().position == 1200
    assert 'data-start="1200"' in client.get(programme.feature.get_absolute_url()).content.decode()
    asked = client.get(programme.feature.get_absolute_url() + "?t=5").content.decode()
    assert 'data-start="5"' in asked
    home = client.get("/").content.decode()
    assert "Go on watching" in home
    assert "Harbour Lights" in client.get("/my/history/?q=harbour").content.decode()
    assert "has that name" in client.get("/my/history/?q=comet").content.decode()


def test_p1_2_2b_with_everything_refused_watching_works_and_writes_no_row(
    from_germany, people, programme
):
    client = from_germany
    client.force_login(people.member)
    answer(client, "/", via="banner", answer="reject")
    page = client.get(programme.feature.get_absolute_url()).content.decode()
    assert "data-signal" not in page
    assert "not saved" in page
    assert "You said no" in page
    assert tell(client, programme.feature).status_code == 204
    assert not Viewing.objects.exists()
    assert not Progress.objects.exists()


def test_what_a_stranger_watches_leaves_nothing(from_germany, programme):
    page = from_germany.get(programme.feature.get_absolute_url())
    assert "data-signal" not in page.content.decode()
    assert tell(from_germany, programme.feature).status_code == 204
    assert not Viewing.objects.exists()
    assert not from_germany.cookies


def test_p5_1_3b_a_device_that_may_be_recognised_remembers_and_only_its_own(
    from_germany, programme
):
    answer(from_germany, "/", via="banner", answer="accept")
    tell(from_germany, programme.feature)
    assert Progress.objects.count() == 1
    assert "Go on watching" in from_germany.get("/").content.decode()
    assert "Go on watching" not in Client(headers={"X-Place": "DE"}).get("/").content.decode()


def test_the_why_beside_the_player_turns_saving_off_and_on_again(from_germany, people, programme):
    client = from_germany
    client.force_login(people.member)
    address = programme.feature.get_absolute_url()
    assert answer(client, address, via="why", purpose="history", answer="off").status_code == 302
    assert "data-signal" not in client.get(address).content.decode()
    answer(client, address, via="why", purpose="history", answer="on")
    assert "data-signal" in client.get(address).content.decode()


def test_a_sitting_that_turns_private_takes_back_what_it_left(from_germany, people, programme):
    client = from_germany
    client.force_login(people.member)
    tell(client, programme.feature, sitting="f" * 32)
    tell(client, programme.feature)
    tell(client, programme.feature, private="1")
    assert Viewing.objects.get().sitting == "f" * 32
    assert not Progress.objects.exists(), "the place was the private sitting's"
    tell(client, programme.feature, sitting="f" * 32, told=2)
    assert Progress.objects.exists()
    tell(client, programme.feature, sitting="f" * 32, private="1")
    assert not Progress.objects.exists()


def test_one_sitting_or_all_of_them_can_be_deleted_by_their_person_alone(
    from_germany, people, programme
):
    client = from_germany
    client.force_login(people.member)
    tell(client, programme.feature)
    tell(client, programme.episodes[0])
    one = Viewing.objects.get(video=programme.feature)
    stranger = Client(headers={"X-Place": "DE"})
    stranger.force_login(people.staff)
    stranger.post("/my/forget/", {"viewing": one.pk}, headers=HERE)
    assert Viewing.objects.count() == 2
    client.post("/my/forget/", {"viewing": one.pk}, headers=HERE)
    assert Viewing.objects.get().video == programme.episodes[0]
    assert client.post("/my/forget/", {"viewing": "no"}, headers=HERE).status_code == 302
    client.post("/my/forget/", {"all": "yes"}, headers=HERE)
    assert not Viewing.objects.exists()
    assert not Progress.objects.exists()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"sitting": "x"}, 400),
        ({"position": "-1"}, 400),
        ({"position": "٣"}, 400),
        ({"told": "1e9"}, 400),
        ({"seconds": "9" * 40}, 400),
        ({"position": "999999999"}, 204),
    ],
)
def test_a_signal_that_makes_no_sense_is_refused_plainly(member, client, programme, values, status):
    assert tell(client, programme.feature, **values).status_code == status


def test_a_signal_from_another_site_or_of_an_unknown_film_is_refused(member, client, programme):
    there = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    address = f"/watch/{programme.feature.key}/signal/"
    assert client.post(address, {"sitting": SITTING}, headers=there).status_code == 403
    assert tell(client, programme.hidden_video).status_code == 404


def test_a_member_finds_subtitles_as_they_left_them(member, client, programme):
    said = {"language": "ar", "size": "large", "ground": "solid"}
    assert client.post("/settings/player/captions/", said, headers=HERE).status_code == 204
    page = client.get(programme.feature.get_absolute_url()).content.decode()
    assert 'data-caption-lang="ar"' in page
    assert 'data-caption-size="large"' in page
    wrong = said | {"size": "enormous"}
    assert client.post("/settings/player/captions/", wrong, headers=HERE).status_code == 400
    Client().post("/settings/player/captions/", said, headers=HERE)
    assert PlayerSettings.objects.count() == 1


SIGNALS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 5000), st.integers(0, 10**6), st.booleans()),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(signals=SIGNALS)
@pytest.mark.slow
def test_signals_in_any_order_or_number_leave_one_sane_row(programme, signals):
    subject = new_id()
    video = programme.feature.pk
    for told, position, seconds, ended in signals:
        remember(Watched(subject, video, 4500, SITTING, told, position, seconds, ended))
    rows = list(Viewing.objects.filter(subject=subject))
    places = list(Progress.objects.filter(subject=subject))
    assert len(rows) == len(places) == (1 if signals else 0)
    if signals:
        assert rows[0].seconds <= 120, "no longer than the clock"
        assert 0 <= places[0].position < 4500
