"""What follows an upheld copyright notice: told, answered, put back on its day; strikes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from tests.people import HERE, browser_of, somebody

from plainview.domains.accounts.models import Language, User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Ingest, Upload
from plainview.domains.subtitles.models import Edition, Line, Revision, Segment
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.support import queries, tasks
from plainview.domains.support.models import CopyrightNotice, CounterNotice, Step, Strike
from plainview.domains.support.tests.test_letters import NOTICE, received, send
from plainview.privacy.places import calendars
from plainview.privacy.retention import sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COUNTER = {
    "material": "Harbour Lights, /watch/k7m2x9q4rd3w/",
    "mistake": "I made this film myself.",
    "name": "Tomas Bell",
    "address": "1 Quay Street, Portland",
    "phone": "+1 207 555 0100",
    "sworn": "on",
    "court": "on",
}


def film(uploader: User, name: str = "Harbour Lights") -> Title:
    video = add_film(name=name)
    title = video.title
    put_on(uploader, video)
    Title.objects.filter(pk=title.pk).update(published_at=timezone.now() - dt.timedelta(days=9))
    title.refresh_from_db()
    return title


def put_on(user: User, video: Video, state: str = Ingest.State.READY) -> None:
    """A file of somebody's becomes the film of a video, in place of what was there."""
    ingest = Ingest.objects.create(
        source_name="a.mp4", title=video.title, video=video, state=state, finished_at=timezone.now()
    )
    Upload.objects.create(ingest=ingest, account=user)


def upheld(desk: Client, title: Title) -> str:
    """The number of a notice about a title that the desk upheld."""
    where = f"http://testserver/watch/{title.videos.get().key}/ from minute 3"
    number = received(send("/legal/copyright/", NOTICE | {"where": where}))
    page = desk.get(f"/desk/copyright/{number}/").content.decode()
    assert f'value="{title.get_absolute_url()}"' in page, "found by the address in the notice"
    said = {"state": "upheld", "reason": "It is theirs.", "place": title.get_absolute_url()}
    assert desk.post(f"/desk/copyright/{number}/settle/", said).status_code == 302
    return number


def signed_in(user: User) -> Client:
    return browser_of(user)


def answer(user: User, number: str, **other: str):
    path = f"/settings/strikes/{number}/"
    return signed_in(user).post(path, COUNTER | other, headers=HERE, follow=True)


def follow_url(address: str = NOTICE["email"]) -> str:
    """The secret link in the last letter to the claimant."""
    body = next(each.body for each in reversed(mail.outbox) if each.to == [address])
    return re.search(r"/legal/copyright/\w+/[0-9a-f]{32}/", body)[0]


def shown(title: Title) -> bool:
    return Client().get(title.get_absolute_url()).status_code == 200


def on(monkeypatch, day: dt.date) -> None:
    monkeypatch.setattr(calendars, "today", lambda: day)
    tasks.restore()


def test_p2_9a_from_notice_to_put_back(uploader, desk, monkeypatch):
    Language.objects.create(account=uploader, value="es")
    title = film(uploader)
    since = title.published_at
    number = upheld(desk, title)
    assert not shown(title)
    told = next(each for each in mail.outbox if each.to == [uploader.email])
    assert f"/settings/strikes/{number}/" in told.body
    assert told.subject != "Something that you put on was taken down", "in their language"
    theirs = signed_in(uploader).get("/settings/strikes/").content.decode()
    assert "It is theirs." in theirs and NOTICE["email"] not in theirs

    said = answer(uploader, number)
    counter = CounterNotice.objects.get()
    day = date_format(counter.restores_on, "DATE_FORMAT")
    assert f"On {day} it is put back" in said.content.decode(), "who answered knows when"
    again = signed_in(uploader).get(f"/settings/strikes/{number}/")
    assert again["Location"] == "/settings/strikes/", "answered once, it is not asked again"
    link = follow_url()
    page = Client().get(link).content.decode()
    assert all(COUNTER[each] in page for each in ("mistake", "name", "address", "phone"))
    assert "put back by itself" in desk.get(f"/desk/copyright/{number}/").content.decode()

    on(monkeypatch, counter.restores_on - dt.timedelta(days=1))
    assert not shown(title)
    on(monkeypatch, counter.restores_on)
    assert shown(title)
    title.refresh_from_db()
    assert title.published_at == since, "it keeps its place in the programme"
    assert queries.open_strikes(uploader.pk) == []
    assert "it was put back" in Client().get(link).content.decode()
    assert mail.outbox[-1].to == [NOTICE["email"]]
    sent = len(mail.outbox)
    on(monkeypatch, counter.restores_on)
    assert len(mail.outbox) == sent, "once"


def test_p12c_whoever_lost_it_is_shown_how_to_complain(uploader, desk):
    """Beside the counter-notice, which the law has: what it does not answer has a day as well."""
    title = film(uploader)
    mine = signed_in(uploader)
    way = "/privacy/request/?kind=complaint"
    assert way not in mine.get("/settings/strikes/").content.decode()
    upheld(desk, title)
    told = next(each for each in mail.outbox if each.to == [uploader.email])
    assert way in told.body
    assert way in mine.get("/settings/strikes/").content.decode()
    form = mine.get(way, follow=True).content.decode()
    assert re.search(r'value="complaint"[^>]*(checked|selected)', form)


def test_whoever_goes_to_court_in_time_keeps_it_down(uploader, desk, monkeypatch):
    title = film(uploader)
    number = upheld(desk, title)
    early = {"act": "sue", "case": "D. Me., 26-cv-1"}
    link = follow_url()
    assert "moved on" in Client().post(link, early, headers=HERE).content.decode()
    answer(uploader, number)
    empty = Client().post(link, {"act": "sue", "case": ""}, headers=HERE)
    assert empty.status_code == 422
    assert Client().post(link, early, headers=HERE).status_code == 302
    assert "D. Me., 26-cv-1" in Client().get(link).content.decode()
    on(monkeypatch, dt.date(2099, 1, 1))
    assert not shown(title)
    assert CopyrightNotice.objects.get().state == "sued"
    assert Strike.objects.get().taken_back_at is None


@pytest.fixture
def translated(uploader) -> tuple[Title, User]:
    """A film with English and Korean subtitles; Min wrote the Korean ones in the studio."""
    title = film(uploader)
    video = title.videos.get()
    for language in ("en", "ko"):
        tracks.put(video, language, [tracks.Kept(1000, 2000, f"A line in {language}", "")])
    min_ = somebody("min@example.org", "a long sentence of words")
    edition = Edition.objects.create(video=video, language="ko", limits="house@1")
    segment = Segment.objects.create(video=video, start_ms=1000, end_ms=2000)
    line = Line.objects.create(edition=edition, segment=segment, version=1)
    Revision.objects.create(line=line, version=1, account=min_, text="A line in ko")
    return title, min_


def test_p2_9a_only_the_subtitles_that_are_named_go_and_come_back(
    uploader, desk, monkeypatch, translated
):
    """A translation without leave is no reason to take the film; its authors get the strike."""
    title, min_ = translated
    video = title.videos.get()
    korean, english = (f"/subtitles/{video.key}/{each}.vtt" for each in ("ko", "en"))
    where = f"http://testserver{korean}: http://testserver/watch/{video.key}/"
    number = received(send("/legal/copyright/", NOTICE | {"where": where}))
    said = {
        "state": "upheld",
        "reason": "The translation is theirs.",
        "place": f"/watch/{video.key}/",
        "part": "fr",
    }
    settle = f"/desk/copyright/{number}/settle/"
    wrong = desk.post(settle, said)
    assert wrong.status_code == 422 and "languages: en, ko" in wrong.content.decode()
    assert desk.post(settle, said | {"part": "ko"}).status_code == 302
    assert shown(title)
    assert str(title.name.text) in desk.get("/desk/copyright/").content.decode()
    assert Client().get(korean).status_code == 404 and Client().get(english).status_code == 200
    assert Strike.objects.get().subject == min_.pk
    assert queries.open_strikes(uploader.pk) == []
    theirs = signed_in(min_).get("/settings/strikes/").content.decode()
    assert "Only the subtitles: <bdi>한국어</bdi>" in theirs
    assert [each.to for each in mail.outbox].count([min_.email]) == 1

    for page in ("", "team/"):
        room = signed_in(min_).get(f"/studio/{video.key}/ko/{page}").content.decode()
        assert "A copyright notice holds the subtitles of this language down." in room
    with pytest.raises(Refusal):
        tracks.put(video, "ko", [tracks.Kept(1000, 2000, "Again", "")])
    assert answer(min_, number).status_code == 200
    on(monkeypatch, CounterNotice.objects.get().restores_on)
    assert b"A line in ko" in Client().get(korean).content
    assert queries.open_strikes(min_.pk) == []


def test_subtitles_come_back_when_the_last_notice_about_them_falls(desk, translated):
    video = translated[0].videos.get()
    links = []
    for _round in range(2):
        number = received(send("/legal/copyright/", NOTICE | {"where": f"/watch/{video.key}/"}))
        said = {"state": "upheld", "reason": "Theirs.", "place": f"/watch/{video.key}/"}
        desk.post(f"/desk/copyright/{number}/settle/", said | {"part": "ko"})
        links.append(follow_url())
    for link, status in zip(links, (404, 200), strict=True):
        Client().post(link, {"act": "withdraw"}, headers=HERE)
        assert Client().get(f"/subtitles/{video.key}/ko.vtt").status_code == status


@pytest.mark.parametrize(("outcome", "comes_back"), [("stays", False), ("back", True)])
def test_what_a_court_decided_is_entered_and_both_sides_are_told(
    uploader, desk, outcome, comes_back
):
    title = film(uploader)
    number = upheld(desk, title)
    court = f"/desk/copyright/{number}/court/"
    said = {"outcome": outcome, "case": "D. Me., 26-cv-1, 3 March 2027"}
    assert "Nothing was changed" in desk.post(court, said, follow=True).content.decode()
    answer(uploader, number)
    link = follow_url()
    Client().post(link, {"act": "sue", "case": "D. Me., 26-cv-1"}, headers=HERE)
    theirs = signed_in(uploader).get("/settings/strikes/").content.decode()
    assert "has gone to court" in theirs and "26-cv-1" not in theirs
    page = desk.get(f"/desk/copyright/{number}/").content.decode()
    assert "What the court decided" in page and f'action="{court}"' in page
    without = desk.post(court, said | {"case": ""})
    assert without.status_code == 422 and not shown(title)
    mail.outbox.clear()
    assert "both sides are told" in desk.post(court, said, follow=True).content.decode()
    assert shown(title) is comes_back
    assert {each.to[0] for each in mail.outbox} == {NOTICE["email"], uploader.email}
    assert "3 March 2027" in Client().get(link).content.decode()
    theirs = signed_in(uploader).get("/settings/strikes/").content.decode()
    assert "A court decided that it" in theirs and "3 March 2027" in theirs
    assert ("The strike ends" in theirs) is not comes_back, "what was taken back has no end ahead"
    assert len(queries.open_strikes(uploader.pk)) == (0 if comes_back else 1)
    assert CopyrightNotice.objects.get().state == ("restored" if comes_back else "judged")
    again = desk.post(court, said, follow=True).content.decode()
    assert "Nothing was changed" in again


def test_a_notice_taken_back_puts_it_back_unless_another_holds_it(uploader, desk):
    title = film(uploader)
    upheld(desk, title)
    first = follow_url()
    upheld(desk, title)
    second = follow_url()
    Client().post(first, {"act": "withdraw"}, headers=HERE)
    assert not shown(title)
    assert len(queries.open_strikes(uploader.pk)) == 1
    Client().post(second, {"act": "withdraw"}, headers=HERE)
    assert shown(title)
    assert queries.open_strikes(uploader.pk) == []


def test_a_counter_notice_needs_all_that_the_law_asks_and_loses_nothing(uploader, desk):
    number = upheld(desk, film(uploader))
    for missing in COUNTER:
        response = answer(uploader, number, **{missing: ""})
        assert response.status_code == 422, missing
        page = response.content.decode()
        assert missing == "mistake" or COUNTER["mistake"] in page
        assert not CounterNotice.objects.exists(), missing


def test_nobody_else_answers_or_follows(uploader, desk):
    number = upheld(desk, film(uploader))
    other = User.objects.create_user("other@example.org", "a long sentence of words")
    assert answer(other, number).status_code == 404
    assert Client().get(f"/settings/strikes/{number}/").status_code == 302
    assert Client().get(f"/legal/copyright/{number}/{'0' * 32}/").status_code == 404
    answer(uploader, number)
    assert answer(uploader, number).status_code == 422, "once"


def test_p2_9a_a_strike_is_theirs_whose_film_the_notice_was_sent_about(uploader, desk):
    first, failed, later = (somebody(f"{name}@example.org") for name in ("a", "b", "c"))
    title = film(first)
    video = title.videos.get()
    put_on(failed, video, Ingest.State.FAILED)
    put_on(uploader, video)
    where = f"http://testserver/watch/{video.key}/"
    number = received(send("/legal/copyright/", NOTICE | {"where": where}))
    path = f"/desk/copyright/{number}/"
    assert "put on after this notice arrived" not in desk.get(path).content.decode()
    put_on(later, video)
    assert "put on after this notice arrived" in desk.get(path).content.decode()
    said = {"state": "upheld", "reason": "It is theirs.", "place": title.get_absolute_url()}
    assert desk.post(f"{path}settle/", said).status_code == 302
    assert [
        each.pk for each in (first, failed, uploader, later) if queries.open_strikes(each.pk)
    ] == [uploader.pk]
    told = [each.to[0] for each in mail.outbox if "named something that you put on" in each.body]
    assert sorted(told) == sorted([uploader.email, later.email])
    page = signed_in(later).get("/settings/strikes/").content.decode()
    assert "No strike" in page and "Answer with a counter-notice" in page
    follow = follow_url()
    answer(later, number)
    assert CounterNotice.objects.get().subject == later.pk, "what is down is theirs"
    mail.outbox.clear()
    Client().post(follow, {"act": "withdraw"}, headers=HERE)
    told = {each.to[0]: each.body for each in mail.outbox if "stands no more" in each.body}
    assert sorted(told) == sorted([uploader.email, later.email])
    assert "no strike is left" in told[later.email], "who had none is told of none"


def test_three_open_strikes_close_uploads_and_end_by_the_policy(uploader, desk, at_desk):
    for each in ("One", "Two", "Three"):
        assert not queries.uploads_closed(uploader.pk)
        upheld(desk, film(uploader, each))
    theirs = at_desk(uploader, Client())
    assert theirs.get("/desk/upload/")["Location"] == "/settings/strikes/"
    pieces = HERE | {"tus-resumable": "1.0.0", "upload-length": "9"}
    assert theirs.post("/desk/upload/parts/", headers=pieces).status_code == 403
    assert "can add no films" in theirs.get("/settings/strikes/").content.decode()
    assert f"/desk/people/{uploader.pk}/" in desk.get("/desk/copyright/").content.decode()
    Strike.objects.filter(pk=Strike.objects.first().pk).update(
        given_at=timezone.now() - dt.timedelta(days=366)
    )
    assert theirs.get("/desk/upload/").status_code == 200
    assert theirs.post("/desk/upload/parts/", headers=pieces).status_code == 201
    sweeping.sweep()
    assert Strike.objects.count() == 2


def test_p9c_a_settled_notice_goes_by_its_time_with_its_timeline(uploader, desk):
    number = upheld(desk, film(uploader))
    notice = CopyrightNotice.objects.get(number=number)
    assert Step.objects.filter(notice=notice).exists()
    longest = timezone.localdate() + dt.timedelta(days=3660)
    assert "support_copyrightnotice" in {each.table for each in sweeping.sweep(longest)}
    assert not CopyrightNotice.objects.exists()
    assert not Step.objects.exists()


def test_a_place_that_leads_nowhere_is_said_and_a_reason_kept(desk):
    number = received(send("/legal/copyright/", NOTICE))
    said = {"state": "upheld", "reason": "It is theirs.", "place": "/titles/nothing-here/"}
    response = desk.post(f"/desk/copyright/{number}/settle/", said)
    assert response.status_code == 422
    assert "No title is there" in response.content.decode()
    assert "It is theirs." in response.content.decode()


@pytest.mark.parametrize(
    ("received_on", "tenth", "restored", "latest"),
    [
        # Ireland keeps 25 December and 1 January; 26 December 2026 is a Saturday.
        ("2026-12-18", "2027-01-05", "2027-01-06", "2027-01-11"),
        ("2026-12-19", "2027-01-05", "2027-01-06", "2027-01-11"),
        ("2026-06-01", "2026-06-15", "2026-06-16", "2026-06-19"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(received_on, tenth, restored, latest):
    moment = dt.datetime.fromisoformat(f"{received_on}T12:00+00:00")
    counted = [calendars.working_day(moment, n).isoformat() for n in (10, 11, 14)]
    assert counted == [tenth, restored, latest]


def test_the_desk_lists_notices_to_decide_first_and_of_both_the_newest(desk):
    caches["default"].clear()
    numbers = []
    for _ in range(4):
        caches["default"].clear()
        numbers.append(received(send("/legal/copyright/", NOTICE)))
    decided = {numbers[1]: CopyrightNotice.State.REFUSED, numbers[3]: CopyrightNotice.State.REFUSED}
    for number, state in decided.items():
        CopyrightNotice.objects.filter(number=number).update(state=state)
    page = desk.get("/desk/copyright/").content.decode()
    places = [page.index(number) for number in (numbers[2], numbers[0], numbers[3], numbers[1])]
    assert places == sorted(places)
