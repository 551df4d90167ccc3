"""Who writes in the studio, by whichever act, and whose words leave a film (P1.1.5a)."""

from __future__ import annotations

import pytest

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.models import (
    Accepted,
    Edition,
    Invitation,
    Membership,
    Role,
    State,
)
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.tests.conftest import SRT, member
from plainview.domains.subtitles.tests.test_studio_doors import act, first, main_of

pytestmark = pytest.mark.django_db


def write(client, edition, at: int, text: str):
    row = queries.rows(edition)[at]
    return act(client, edition, "save", segment=row.segment, version=row.version, text=text)


def pass_on(client, edition, to: str) -> None:
    client.post(f"/studio/{edition.video.key}/{edition.language}/pass/", {"to": to})
    assert Edition.objects.get(pk=edition.pk).state == to


def texts(edition) -> list[str]:
    return [row.text for row in queries.rows(edition)]


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("further", [[], [State.DRAFT]])
def test_p1_1_5a_words_taken_back_leave_the_film_also_while_its_release_is_gone_over_again(
    client, film, korean, both, held, further
):
    """Taken back to review, subtitles stay on their film as they were released."""
    mira, tom = both
    write(mira, korean, 0, "안녕하세요.")
    write(tom, korean, 1, "불이 켜졌어요?")
    pass_on(mira, korean, State.REVIEW)
    pass_on(tom, korean, State.RELEASED)
    for state in (State.REVIEW, *further):
        pass_on(tom, korean, state)
    write(tom, korean, 0, "안녕.")
    if held:
        tracks.withhold(film, "ko")
    assert "gone" in mira.post("/studio/mine/", {"sure": "1"}, follow=True).content.decode()
    if held:
        tracks.give_back(film, "ko")
    shown = client.get(f"/subtitles/{film.key}/ko.vtt").content.decode()
    assert "안녕하세요" not in shown
    assert "불이 켜졌어요?" in shown
    assert "안녕.\n" not in shown, "what nobody released yet"
    assert Accepted.objects.filter(account=mira.account).exists()


def test_p1_1_5a_subtitles_of_whose_release_nothing_is_left_come_off_while_in_review(
    client, film, korean, both
):
    mira, tom = both
    write(mira, korean, 0, "안녕하세요.")
    pass_on(mira, korean, State.REVIEW)
    pass_on(tom, korean, State.RELEASED)
    pass_on(tom, korean, State.REVIEW)
    assert client.get(f"/subtitles/{film.key}/ko.vtt").status_code == 200
    mira.post("/studio/mine/", {"sure": "1"})
    assert client.get(f"/subtitles/{film.key}/ko.vtt").status_code == 404


def test_beginning_another_episode_is_no_way_around_a_moderator(film, korean, mira, tom):
    """A team is of a title in a language: who begins it elsewhere wrote in every episode."""
    Membership.objects.filter(account=mira.account).update(role=Role.MODERATOR)
    second = Video.objects.create(title=film.title, language="en")
    tracks.put(second, "en", formats.read(SRT).cues, source="second.en.srt")
    page = tom.post(f"/studio/{second.key}/", {"listed": "ko"}, follow=True)
    assert "join the team" in main_of(page), "it is begun, and one applies there"
    assert not Membership.objects.filter(account=tom.account).exists()
    assert write(tom, korean, 0, "안녕").status_code == 403
    mira.post(f"/studio/{second.key}/", {"listed": "ko"})
    begun = Edition.objects.get(video=second, language="ko")
    assert write(mira, begun, 0, "안녕").status_code == 200


def test_a_segmenter_cuts_lines_and_writes_none_of_them(film, korean, mira):
    write(mira, korean, 0, "안녕 하세요")
    su = member("su")
    Membership.objects.create(
        title=film.title, account_id=su.account, role=Role.SEGMENTER, standing="member"
    )
    cut = {"segment": first(korean), "at": 2000}
    assert write(su, korean, 0, "나빠요").status_code == 403
    refused = act(su, korean, "split", **cut, first="나빠요", second="아주")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-yours")
    assert texts(korean)[:2] == ["안녕 하세요", ""]
    half = act(su, korean, "split", **cut, first="안녕", second="하세요").json()["segment"]
    assert texts(korean)[:2] == ["안녕", "하세요"]
    whole = {"segment": first(korean), "other": half}
    assert act(su, korean, "merge", **whole, text="나빠요").status_code == 409
    assert act(su, korean, "merge", **whole, text="안녕 하세요").status_code == 200
    assert texts(korean)[:2] == ["안녕 하세요", ""]


def test_cutting_in_a_stretch_of_somebody_elses_leaves_their_words(film, korean, both):
    mira, tom = both
    write(mira, korean, 0, "안녕 하세요")
    act(mira, korean, "claim", **{"from": 0})
    cut = {"segment": first(korean), "at": 2000}
    assert act(tom, korean, "split", **cut, first="잘", second="가요").status_code == 423
    assert act(tom, korean, "split", **cut, first="안녕", second="하세요").status_code == 200


def test_a_cut_in_another_tab_overwrites_nothing_that_was_saved_since(film, korean, mira):
    write(mira, korean, 0, "안녕")
    seen = queries.rows(korean)[0]
    write(mira, korean, 0, "안녕하세요, 여러분")
    old = {"segment": seen.segment, "at": 2000, "version": seen.version}
    answer = act(mira, korean, "split", **old, first="안", second="녕")
    assert (answer.status_code, answer.json()["text"]) == (409, "안녕하세요, 여러분")
    assert texts(korean)[:2] == ["안녕하세요, 여러분", ""]


def test_taking_a_cut_back_keeps_what_another_wrote_since(film, korean, both):
    mira, tom = both
    write(mira, korean, 0, "안녕 하세요")
    cut = act(mira, korean, "split", segment=first(korean), at=2000, first="안녕", second="하세요")
    write(tom, korean, 1, "반가워요")
    whole = {"segment": first(korean), "other": cut.json()["segment"], "text": "안녕 하세요"}
    assert act(mira, korean, "merge", **whole).status_code == 409
    assert texts(korean)[:2] == ["안녕", "반가워요"]


def test_a_line_keeps_its_place_when_it_is_joined_to_an_empty_one(film, korean, mira):
    write(mira, korean, 1, r"{\an8}부두 4")
    act(mira, korean, "merge", segment=first(korean))
    row = queries.rows(korean)[0]
    assert formats.typed(row.text, row.settings) == r"{\an8}부두 4"


def test_who_is_made_less_holds_nothing_of_what_they_were(film, korean, both):
    """Their claim kept others waiting, and their invitation led back."""
    mira, tom = both
    Membership.objects.filter(account=tom.account).update(role=Role.MODERATOR)
    Membership.objects.create(
        title=film.title, account_id=mira.account, role=Role.MANAGER, standing="member"
    )
    team = f"/studio/{film.key}/ko/team/"
    tom.post(team, {"do": "invite", "role": "editor"})
    key = Invitation.objects.get().key
    act(tom, korean, "claim", **{"from": 0})
    row = Membership.objects.get(account=tom.account)
    mira.post(team, {"do": "accept", "member": row.pk, "role": "viewer"})
    assert write(mira, korean, 0, "안녕").status_code == 200
    tom.post(f"/studio/invitations/{key}/")
    row.refresh_from_db()
    assert row.role == Role.VIEWER


@pytest.mark.parametrize("own", [False, True])
def test_who_is_no_longer_in_a_team_keeps_nobody_waiting(film, korean, both, own):
    mira, tom = both
    Membership.objects.create(
        title=film.title, account_id=mira.account, role=Role.MANAGER, standing="member"
    )
    team = f"/studio/{film.key}/ko/team/"
    act(tom, korean, "claim", **{"from": 0})
    assert write(mira, korean, 0, "안녕").status_code == 423
    row = Membership.objects.get(account=tom.account)
    if own:
        tom.post(team, {"do": "leave"})
    else:
        mira.post(team, {"do": "decline", "member": row.pk})
    assert write(mira, korean, 0, "안녕").status_code == 200
