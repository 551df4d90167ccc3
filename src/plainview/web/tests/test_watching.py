"""What is watched is kept of those who permit it, of nobody else, and not a moment longer."""

from __future__ import annotations

import html
import json
from datetime import date, timedelta
from html import unescape

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people import HERE, browser_of

from plainview.domains.catalogue.models import Licence
from plainview.domains.playback.commands import platforms
from plainview.domains.playback.models import (
    Mark,
    Package,
    PlatformUse,
    PlaybackFault,
    PlayerSettings,
    Progress,
    Viewing,
)
from plainview.domains.playback.services import Watched, remember, watching
from plainview.platform.identifiers import new_id

pytestmark = pytest.mark.django_db(transaction=True)
SITTING = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def anywhere(client, people):
    """A member's browser, wherever it is."""
    client.force_login(people.member)
    return client


@pytest.fixture
def run_command():
    def run(*arguments: str) -> str:
        told = CliRunner().invoke(platforms, arguments)
        assert told.exit_code == 0, told.output
        return told.output

    return run


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


def test_p1_2_2b_a_member_goes_on_where_they_stopped(member, programme):
    assert tell(member, programme.feature).status_code == 204
    tell(member, programme.feature, told=2, position=1200, seconds=90)
    assert Viewing.objects.get().seconds == 90
    tell(member, programme.feature, told=2, position=30)
    assert Progress.objects.get().position == 1200, "the same signal once more changes nothing"
    assert 'data-start="1200"' in member.get(programme.feature.get_absolute_url()).content.decode()
    asked = member.get(programme.feature.get_absolute_url() + "?t=5").content.decode()
    assert 'data-start="5"' in asked
    home = member.get("/").content.decode()
    assert "Go on watching" in home
    assert "Harbour Lights" in member.get("/my/history/?q=harbour").content.decode()
    assert "has that name" in member.get("/my/history/?q=comet").content.decode()


def test_p1_2_2b_a_sitting_that_is_deleted_takes_the_place_in_its_film_unless_another_came_since(
    germany, people, programme
):
    germany.force_login(people.member)
    for sitting, position in (("0" * 32, 300), ("1" * 32, 900)):
        tell(germany, programme.feature, sitting=sitting, position=position)
    first, second = Viewing.objects.order_by("watched_at")
    germany.post("/my/forget/", {"viewing": first.pk}, headers=HERE)
    page = germany.get(programme.feature.get_absolute_url()).content.decode()
    assert 'data-start="900"' in page
    germany.post("/my/forget/", {"viewing": second.pk}, headers=HERE)
    assert not Viewing.objects.exists() and not Progress.objects.exists()


@pytest.mark.parametrize(
    ("length", "credits_at", "stopped", "goes_on"),
    [(26, None, 15, True), (26, None, 24, False),
     (5400, None, 5379, True), (5400, None, 5380, False),
     (5400, (5000, 5395), 5001, False), (5400, (4000, 4300), 4100, True)],
)  # fmt: skip
def test_p1_2_2b_short_films_wait_too_and_nobody_goes_on_with_credits(
    germany, people, programme, length, credits_at, stopped, goes_on
):
    """P1.2.2b: credits that something follows, as a last scene, are part of the film."""
    Package.objects.filter(video=programme.feature).update(duration_ms=length * 1000)
    if credits_at:
        start, end = (1000 * each for each in credits_at)
        Mark.objects.create(
            video=programme.feature, kind=Mark.Kind.CREDITS, start_ms=start, end_ms=end
        )
    germany.force_login(people.member)
    tell(germany, programme.feature, position=stopped)
    assert ("Nothing begun" in germany.get("/my/").content.decode()) is not goes_on


def test_p1_2_2b_with_everything_refused_watching_works_and_writes_no_row(member, programme):
    answer(member, "/", via="banner", answer="reject")
    page = member.get(programme.feature.get_absolute_url()).content.decode()
    assert "data-signal" not in page
    assert "not saved" in page
    assert "You said no" in page
    assert tell(member, programme.feature).status_code == 204
    assert not Viewing.objects.exists()
    assert not Progress.objects.exists()


def test_what_a_stranger_watches_leaves_nothing(germany, programme):
    page = germany.get(programme.feature.get_absolute_url())
    assert "data-signal" not in page.content.decode()
    assert tell(germany, programme.feature).status_code == 204
    assert not Viewing.objects.exists()
    assert not germany.cookies


def test_p5_1_3b_a_device_that_may_be_recognised_remembers_and_only_its_own(germany, programme):
    answer(germany, "/", via="banner", answer="accept")
    tell(germany, programme.feature)
    assert Progress.objects.count() == 1
    assert "Go on watching" in germany.get("/").content.decode()
    assert "Go on watching" not in Client(headers={"X-Place": "DE"}).get("/").content.decode()


def test_the_why_beside_the_player_turns_saving_off_and_on_again(member, programme):
    address = programme.feature.get_absolute_url()
    assert answer(member, address, via="why", purpose="history", answer="off").status_code == 302
    assert "data-signal" not in member.get(address).content.decode()
    answer(member, address, via="why", purpose="history", answer="on")
    assert "data-signal" in member.get(address).content.decode()


def test_a_sitting_that_turns_private_takes_back_what_it_left(member, programme):
    tell(member, programme.feature, sitting="f" * 32)
    tell(member, programme.feature)
    tell(member, programme.feature, private="1")
    assert Viewing.objects.get().sitting == "f" * 32
    assert not Progress.objects.exists(), "the place was the private sitting's"
    tell(member, programme.feature, sitting="f" * 32, told=2)
    assert Progress.objects.exists()
    tell(member, programme.feature, sitting="f" * 32, private="1")
    assert not Progress.objects.exists()


def test_one_sitting_or_all_of_them_can_be_deleted_by_their_person_alone(
    germany, people, programme
):
    client = germany
    client.force_login(people.member)
    tell(client, programme.feature)
    tell(client, programme.episodes[0])
    one = Viewing.objects.get(video=programme.feature)
    stranger = browser_of(people.staff, headers={"X-Place": "DE"})
    stranger.post("/my/forget/", {"viewing": one.pk}, headers=HERE)
    assert Viewing.objects.count() == 2
    found = "/my/history/?q=harbour&page=2"
    sent = {"viewing": one.pk, "next": found}
    answer = client.post("/my/forget/", sent, headers=HERE)
    assert answer["Location"] == found, "one goes on where one was"
    assert "Deleted." in client.get("/my/history/").content.decode()
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
def test_a_signal_that_makes_no_sense_is_refused_plainly(anywhere, programme, values, status):
    assert tell(anywhere, programme.feature, **values).status_code == status


def test_a_signal_from_another_site_or_of_an_unknown_film_is_refused(anywhere, programme):
    there = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    address = f"/watch/{programme.feature.key}/signal/"
    assert anywhere.post(address, {"sitting": SITTING}, headers=there).status_code == 403
    assert tell(anywhere, programme.hidden_video).status_code == 404


def test_p2_1_3b_a_member_finds_the_player_as_they_left_it(anywhere, programme):
    said = {"lang": "ar", "second": "ko", "size": "large", "background": "solid",
            "playNext": "false", "dataSaver": "true"}  # fmt: skip
    assert anywhere.post("/settings/player/", said, headers=HERE).status_code == 204
    page = anywhere.get(programme.feature.get_absolute_url()).content.decode()
    given = json.loads(unescape(page.split('data-preferences="')[1].split('"')[0]))
    assert given == {"lang": "ar", "second": "ko", "size": "large", "background": "solid",
                     "playNext": False, "dataSaver": True}  # fmt: skip
    assert 'data-kept="account"' in page
    wrong = said | {"size": "enormous"}
    assert anywhere.post("/settings/player/", wrong, headers=HERE).status_code == 400
    assert (
        anywhere.post("/settings/player/", said | {"lang": "x" * 36}, headers=HERE).status_code
        == 400
    )
    Client().post("/settings/player/", said, headers=HERE)
    assert PlayerSettings.objects.count() == 1


def test_how_late_one_wants_the_subtitles_of_a_film_is_kept_with_the_place_in_it(member, programme):
    tell(member, programme.feature, offset="-1500")
    address = programme.feature.get_absolute_url()
    assert 'data-caption-offset="-1500"' in member.get(address).content.decode()
    assert "data-resumed" in member.get(address).content.decode()
    assert tell(member, programme.feature, offset="soon").status_code == 400
    answer(member, address, via="why", purpose="history", answer="off")
    assert "data-caption-offset" not in member.get(address).content.decode()


def report(member: Client, video, **values):
    said = {"platform": "tv", "what": "began"} | values
    return member.post(f"/watch/{video.key}/report/", said, headers=HERE)


def test_a_program_that_claims_sittings_without_end_fills_no_table(germany, programme, monkeypatch):
    monkeypatch.setattr(watching, "MOST_A_DAY", 3)
    answer(germany, "/", via="banner", answer="accept")
    seen = [tell(germany, programme.feature, sitting=f"{n:032x}") for n in range(6)]
    assert {each.status_code for each in seen} == {204}
    assert sorted(Viewing.objects.values_list("sitting", flat=True)) == [
        f"{n:032x}" for n in range(3)
    ]
    tell(germany, programme.feature, sitting=f"{1:032x}", told=2, seconds=90)
    assert Viewing.objects.get(sitting=f"{1:032x}").told == 2, "what began goes on"
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    tell(germany, programme.feature, sitting=f"{7:032x}")
    assert Viewing.objects.count() == 4


def test_p2_8a_platforms_are_told_apart_by_people_who_permit_it_and_never_under_ten(
    germany, people, programme, run_command
):
    client = germany
    assert report(client, programme.feature).status_code == 204
    client.force_login(people.member)
    answer(client, "/", via="banner", answer="reject")
    assert "data-report" not in client.get(programme.feature.get_absolute_url()).content.decode()
    report(client, programme.feature)
    report(client, programme.feature, what="stalled")
    assert not PlatformUse.objects.exists()
    assert not PlaybackFault.objects.exists()
    answer(client, "/privacy/choices/", answer="accept")
    page = client.get(programme.feature.get_absolute_url()).content.decode()
    assert 'data-reports="began faults"' in page
    for _ in range(3):
        report(client, programme.feature)
        report(client, programme.feature, what="stalled", platform="phone")
    assert PlatformUse.objects.get().platform == "tv"
    assert PlaybackFault.objects.get().times == 3
    assert run_command("people") == "web: <10\nphone: <10\ntv: <10\nembed: <10\n"
    for _ in range(9):
        PlatformUse.objects.create(
            subject=new_id(), platform="tv", month=PlatformUse.objects.first().month
        )
    assert "tv: <10" in run_command("people"), "who never answered is not counted"
    assert run_command("faults") == "phone stalled: <10\n"
    assert report(client, programme.feature, platform="fridge").status_code == 400
    assert report(client, programme.feature, what="a story").status_code == 400


def test_p2_8a_who_permits_the_history_alone_is_not_counted_and_a_month_is_one_row(
    member, programme, monkeypatch
):
    alone = {"purpose-history": "yes", "purpose-business-analytics": "no"}
    answer(member, "/privacy/choices/", answer="save", **alone)
    tell(member, programme.feature)
    report(member, programme.feature)
    assert Viewing.objects.exists()
    assert not PlatformUse.objects.exists()
    answer(member, "/privacy/choices/", answer="accept")
    for day in (17, 18):
        today = date(2026, 11, day)
        monkeypatch.setattr(timezone, "localdate", lambda *_, today=today: today)
        report(member, programme.feature)
    assert PlatformUse.objects.get().month == date(2026, 11, 1)


def test_p2_6a_a_fault_is_noted_of_whoever_permits_reports_of_errors_and_of_nobody_else(
    germany, people, programme, run_command
):
    """Research and analysis: only rows whose person permits; a refuser is in no figure."""
    client, centre = germany, "/privacy/choices/"
    client.force_login(people.member)
    others = {"purpose-business-analytics": "yes", "purpose-improve": "yes"}
    answer(client, centre, answer="save", **others, **{"purpose-error-reports": "no"})
    page = client.get(programme.feature.get_absolute_url()).content.decode()
    assert 'data-reports="began"' in page
    report(client, programme.feature, what="stalled")
    assert not PlaybackFault.objects.exists()
    answer(client, centre, answer="save", **{"purpose-error-reports": "yes"})
    report(client, programme.feature, what="stalled")
    row = PlaybackFault.objects.get()
    assert (row.subject, row.kind, row.times) == (people.member.pk, "stalled", 1)
    assert run_command("faults") == "tv stalled: <10\n"
    answer(client, centre, answer="save", **{"purpose-error-reports": "no"})
    assert run_command("faults") == "nobody met one\n", "what was noted before is looked at no more"


def test_p2_1_4a_the_player_is_told_when_the_licence_ends(germany, programme):
    ends = timezone.now() + timedelta(hours=1)
    title = programme.feature.title
    Licence.objects.create(title=title, territories=["DE"], closes_at=ends)
    title.licensed = True
    title.save()
    page = germany.get(f"/watch/{programme.feature.key}/").content.decode()
    assert f'"until": "{ends.isoformat()}"' in page
    assert f'data-playing="/watch/{programme.feature.key}/playing/"' in page


def test_p2_1_4a_going_on_asks_the_licence_first(member, programme):
    tell(member, programme.feature)
    assert "Harbour Lights" in member.get("/my/").content.decode()
    Licence.objects.create(title=programme.feature.title, territories=["KR"])
    programme.feature.title.licensed = True
    programme.feature.title.save()
    assert 'id="begun"' not in member.get("/").content.decode()
    mine = member.get("/my/").content.decode()
    assert "Harbour Lights" in mine
    assert "It can’t be shown where you are" in html.unescape(mine)


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
