"""The studio: nobody's line is lost or overwritten, and what one gave is one's own (P1.1.5a)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from plainview.domains.accounts.models import User
from plainview.domains.subtitles import formats, queries, services
from plainview.domains.subtitles.models import (
    PASSAGES,
    Accepted,
    Edition,
    Membership,
    Passage,
    Revision,
    Role,
    Segment,
    State,
    Track,
)
from plainview.domains.subtitles.search import said
from plainview.domains.subtitles.services import teams, tracks
from plainview.platform import parts
from plainview.platform.search.models import Passage as Found

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    accounts = [
        User.objects.create_user(f"{name}@lantern.example").pk for name in ("mira", "tom", "su")
    ]
    for account in accounts:
        services.agree(account, services.TERMS)
    return accounts


@pytest.fixture
def korean(film, people):
    edition = services.open_edition(film, "ko", account=people[0])
    services.open_edition(film, "ko", account=people[1])
    return edition


def texts(edition) -> list[str]:
    return [row.text for row in queries.rows(edition)]


def save(edition, at, account, text, based_on=0):
    segment = queries.rows(edition)[at].segment
    return services.save_line(edition.pk, segment, account=account, text=text, based_on=based_on)


def test_a_film_with_subtitles_brings_its_segments_and_lines(film):
    english, korean = services.open_edition(film, "en"), services.open_edition(film, "ko")
    assert texts(english) == ["Good evening.", "Is the lamp lit?", "It is."]
    assert texts(korean) == ["", "", ""]
    assert (english.filled, korean.filled) == (3, 0)
    assert Segment.objects.count() == 3


def test_one_translates_from_any_language_whose_lines_fall_into_the_segments(film):
    lines = [formats.Cue(1000, 2900, "Buenas noches."), formats.Cue(6100, 8000, "Sí.")]
    tracks.put(film, "es", lines)
    tracks.put(film, "fr", [formats.Cue(20_000, 21_000, "Plus tard.")])
    services.open_edition(film, "ko")
    opened = {each.language: each for each in Edition.objects.filter(video=film)}
    assert opened.keys() == {"en", "es", "ko"}, "French would bring a segment of its own"
    assert texts(opened["es"]) == ["Buenas noches.", "", "Sí."]
    assert opened["es"].state == "released"
    assert Segment.objects.count() == 3


def test_a_film_in_no_known_language_is_cut_as_its_fullest_subtitles_are(film):
    """A file of one line, such as a sign, would leave nowhere to write the rest."""
    Track.objects.filter(video=film, language="en").delete()
    tracks.put(film, "cs", [formats.Cue(9000, 9500, "Konec.")])
    tracks.put(film, "da", [formats.Cue(1000, 2000, "Hej."), formats.Cue(3000, 4000, "Ja.")])
    services.open_edition(film, "ko")
    assert [each.start_ms for each in Segment.objects.filter(video=film)] == [1000, 3000]


def test_a_cue_takes_the_free_segment_that_it_overlaps_most(film):
    services.open_edition(film, "ko")
    lines = [(900, 4900, "Long"), (1000, 3000, "Short"), (30_000, 31_000, "Alone")]
    tracks.put(film, "fr", [formats.Cue(*each) for each in lines])
    assert texts(services.open_edition(film, "fr")) == ["Long", "Short", "", "", "Alone"]


def test_a_line_keeps_every_version_with_its_author_and_reason(korean, people):
    mira, tom, _ = people
    save(korean, 0, mira, "좋은 저녁")
    save(korean, 0, tom, "안녕하세요.", based_on=1)
    versions = Revision.objects.exclude(account=None).values_list("version", "account", "text")
    assert list(versions) == [(1, mira, "좋은 저녁"), (2, tom, "안녕하세요.")]
    assert Edition.objects.get(pk=korean.pk).filled == 1


def test_nobody_is_overwritten_silently(korean, people):
    mira, tom, _ = people
    save(korean, 0, mira, "좋은 저녁")
    with pytest.raises(services.Conflict) as met:
        save(korean, 0, tom, "안녕하세요.")
    assert (met.value.version, met.value.text) == (1, "좋은 저녁")
    assert texts(korean)[0] == "좋은 저녁"


def test_saving_what_stands_there_is_no_version(korean, people):
    save(korean, 0, people[0], "좋은 저녁")
    assert save(korean, 0, people[1], " 좋은 저녁 ").version == 1
    assert Revision.objects.exclude(account=None).count() == 1


def test_who_is_not_in_the_team_may_not_write(korean, people):
    with pytest.raises(services.Refusal) as met:
        save(korean, 0, people[2], "안녕")
    assert met.value.code == "not-yours"
    assert Revision.objects.exclude(account=None).count() == 0


def test_a_claimed_part_is_left_alone_until_the_claim_expires(korean, people):
    mira, tom, _ = people
    services.claim(korean, account=mira, from_ms=0, most=2)
    with pytest.raises(services.Refusal) as met:
        save(korean, 0, tom, "안녕하세요.")
    assert met.value.code == "claimed"
    save(korean, 2, tom, "네.")
    with pytest.raises(services.Refusal):
        services.claim(korean, account=tom, from_ms=1000)
    services.let_go(korean, account=mira)
    save(korean, 0, tom, "안녕하세요.")


def test_segments_are_split_and_merged_and_the_words_go_along(korean, people):
    mira = people[0]
    save(korean, 1, mira, "등불은 켜졌나요?")
    second = queries.rows(korean)[1].segment
    services.split_segment(
        korean.pk, second, account=mira, at_ms=4000, texts=("등불은", "켜졌나요?")
    )
    assert texts(korean) == ["", "등불은", "켜졌나요?", ""]
    services.merge_segments(korean.pk, second, account=mira)
    assert texts(korean) == ["", "등불은\n켜졌나요?", ""]
    assert Edition.objects.get(pk=korean.pk).filled == 1


def test_merging_joins_the_lines_of_every_language(film, korean, people):
    english = services.open_edition(film, "en")
    services.merge_segments(korean.pk, queries.rows(korean)[0].segment, account=people[0])
    assert texts(english) == ["Good evening.\nIs the lamp lit?", "It is."]
    assert Edition.objects.get(pk=english.pk).filled == 2


def test_two_peers_release_a_language_without_a_moderator(film, korean, people):
    mira, tom, _ = people
    save(korean, 0, mira, "안녕하세요.")
    services.pass_on(korean.pk, State.REVIEW, account=mira)
    with pytest.raises(services.Refusal, match="other than"):
        services.pass_on(korean.pk, State.RELEASED, account=mira)
    save(korean, 2, tom, "네, 켰어요.")
    services.pass_on(korean.pk, State.RELEASED, account=tom)
    track = Track.objects.get(video=film, language="ko")
    assert [cue.text for cue in track.cues.all()] == ["안녕하세요.", "네, 켰어요."]
    kinds = set(Accepted.objects.values_list("account", "kind"))
    assert kinds == {(mira, "writing"), (tom, "writing"), (tom, "review")}
    with pytest.raises(services.Refusal) as met:
        save(korean, 1, mira, "등불은요?")
    assert met.value.code == "not-in-this-state"


def test_releasing_again_credits_nothing_twice_and_a_merge_takes_nothing_away(korean, people):
    mira, tom, _ = people
    save(korean, 0, mira, "안녕하세요.")
    services.pass_on(korean.pk, State.REVIEW, account=mira)
    services.pass_on(korean.pk, State.RELEASED, account=tom)
    services.pass_on(korean.pk, State.REVIEW, account=mira)
    services.merge_segments(korean.pk, queries.rows(korean)[0].segment, account=mira)
    services.pass_on(korean.pk, State.RELEASED, account=tom)
    assert Accepted.objects.filter(kind="writing", account=mira).count() == 1


@pytest.mark.every_case
@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("after", State.values)
def test_the_database_knows_no_other_way_from_state_to_state(korean, before, after):
    made = {"edition": korean, "number": 1, "before": before, "after": after}
    if (before, after) in PASSAGES:
        Passage.objects.create(**made)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Passage.objects.create(**made)


def test_a_moderated_language_asks_for_applications_and_its_chief_decides(film, people):
    mira, tom, su = people
    title = film.title
    Membership.objects.create(
        title=title, language="ar", account_id=su, role=Role.MODERATOR, standing="member"
    )
    asked = services.apply_for(title, "ar", account=mira, role=Role.SUBTITLER, words="I read it.")
    assert asked.standing == "applied"
    chief = teams.standing(title.pk, "ar", su)
    services.accept(asked.pk, by=chief)
    assert teams.standing(title.pk, "ar", mira).writes("draft")
    with pytest.raises(services.Refusal):
        services.accept(asked.pk, by=teams.standing(title.pk, "ar", tom), role=Role.EDITOR)
    invitation = services.invite(title, "ar", Role.EDITOR, by=chief)
    services.accept_invitation(invitation.key, account=tom)
    assert Role.EDITOR in teams.standing(title.pk, "ar", tom).roles
    with pytest.raises(services.Refusal, match="used"):
        services.accept_invitation(invitation.key, account=su)


def in_team(title, account, role, language="ko"):
    return Membership.objects.create(
        title=title, language=language, account_id=account, role=role, standing="member"
    )


@pytest.mark.parametrize(
    ("language", "chief", "other", "role"),
    [
        ("ko", Role.MODERATOR, Role.MODERATOR, Role.VIEWER),
        ("", Role.CHIEF_SEGMENTER, Role.MANAGER, Role.SEGMENTER),
    ],
)
def test_a_chief_makes_no_less_of_who_is_not_below_them(film, people, language, chief, other, role):
    """To take in who is in made of a manager whatever a chief segmenter could give."""
    title, (mira, tom, _su) = film.title, people
    in_team(title, mira, chief, language)
    theirs = in_team(title, tom, other, language)
    standing = teams.standing(title.pk, language, mira)
    with pytest.raises(services.Refusal):
        services.accept(theirs.pk, by=standing, role=role)
    theirs.refresh_from_db()
    assert theirs.role == other


def test_a_chief_may_make_something_else_of_who_is_below_them(film, people):
    title, (mira, tom, _su) = film.title, people
    in_team(title, mira, Role.MODERATOR)
    theirs = in_team(title, tom, Role.SUBTITLER)
    standing = teams.standing(title.pk, "ko", mira)
    assert services.accept(theirs.pk, by=standing, role=Role.EDITOR).role == Role.EDITOR


@pytest.mark.parametrize(
    ("role", "invited", "after"),
    [
        (Role.MODERATOR, Role.VIEWER, Role.MODERATOR),
        (Role.VIEWER, Role.EDITOR, Role.EDITOR),
        (Role.EDITOR, Role.EDITOR, Role.EDITOR),
    ],
)
def test_an_invitation_takes_no_role_away(film, people, role, invited, after):
    title, (mira, tom, _su) = film.title, people
    in_team(title, mira, Role.MANAGER, "")
    in_team(title, tom, role)
    found = services.invite(title, "ko", invited, by=teams.standing(title.pk, "ko", mira))
    assert services.accept_invitation(found.key, account=tom).role == after


def test_who_is_let_go_has_no_invitation_left_to_come_back_by(film, people):
    title, (mira, tom, _su) = film.title, people
    in_team(title, mira, Role.MANAGER, "")
    theirs = in_team(title, tom, Role.MODERATOR)
    kept = services.invite(title, "ko", Role.EDITOR, by=teams.standing(title.pk, "ko", tom))
    manager = teams.standing(title.pk, "ko", mira)
    elsewhere = services.invite(title, "ar", Role.EDITOR, by=manager)
    services.decline(theirs.pk, by=manager)
    with pytest.raises(services.Refusal):
        services.accept_invitation(kept.key, account=tom)
    services.accept_invitation(elsewhere.key, account=tom)


def test_taking_back_what_one_wrote_leaves_what_others_wrote(film, korean, people):
    mira, tom, _ = people
    save(korean, 0, tom, "안녕하세요.")
    save(korean, 0, mira, "좋은 저녁입니다.", based_on=1)
    save(korean, 2, mira, "네.")
    services.pass_on(korean.pk, State.REVIEW, account=mira)
    services.pass_on(korean.pk, State.RELEASED, account=tom)
    assert said("좋은 저녁").keys
    assert services.take_back(mira) == 2
    assert texts(korean) == ["안녕하세요.", "", ""]
    track = Track.objects.get(video=film, language="ko")
    assert [cue.text for cue in track.cues.all()] == ["안녕하세요."]
    assert said("안녕").keys
    assert not said("좋은 저녁").keys
    assert not Found.objects.filter(scope=track.pk, terms__contains="저녁").exists()
    assert Edition.objects.get(pk=korean.pk).filled == 1
    assert Accepted.objects.filter(account=mira).count() == 2


def test_what_is_taken_back_goes_an_edition_at_a_time_so_that_others_write_between(
    film, korean, people, monkeypatch
):
    mira, _, _ = people
    japanese = services.open_edition(film, "ja", account=mira)
    for edition in (korean, japanese):
        save(edition, 0, mira, "…")
    left = []
    own = Revision.objects.filter(account=mira)
    monkeypatch.setattr(parts, "step_aside", lambda _taken: left.append(own.count()))
    assert services.take_back(mira) == 2
    assert left == [1, 0, 0]
    assert texts(korean) == texts(japanese) == ["", "", ""]


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_taken_back_while_a_notice_holds_it_down_stays_taken_back(
    client, film, korean, people, whole
):
    mira, tom, _ = people
    save(korean, 0, mira, "안녕하세요.")
    save(korean, 1, mira if whole else tom, "좋은 저녁입니다.")
    services.pass_on(korean.pk, State.REVIEW, account=mira)
    services.pass_on(korean.pk, State.RELEASED, account=tom)
    tracks.withhold(film, "ko")
    client.force_login(User.objects.get(pk=mira))
    at_home = {"origin": "http://testserver"}
    said = client.post("/studio/mine/", {"sure": "1"}, headers=at_home, follow=True)
    assert "gone" in said.content.decode()
    assert client.get(f"/subtitles/{film.key}/ko.vtt").status_code == 404
    tracks.give_back(film, "ko")
    shown = client.get(f"/subtitles/{film.key}/ko.vtt")
    assert shown.status_code == (404 if whole else 200)
    assert "안녕하세요" not in shown.content.decode()
    assert ("좋은 저녁입니다" in shown.content.decode()) is not whole


def test_subtitles_of_which_nothing_is_left_come_off_their_film_and_the_team_is_told(
    client, film, korean, people
):
    mira, tom, _ = people
    save(korean, 0, mira, "안녕하세요.")
    services.pass_on(korean.pk, State.REVIEW, account=mira)
    services.pass_on(korean.pk, State.RELEASED, account=tom)
    Edition.objects.filter(pk=korean.pk).update(state=State.LOCKED)
    assert services.take_back(mira) == 1
    assert client.get(f"/subtitles/{film.key}/ko.vtt").status_code == 404
    page = client.get("/titles/harbour-lights/?lang=en").content.decode()
    assert "한국어</bdi></a>" in page, "it is being made again"
    assert page.count("한국어</bdi>") == 1, "and not offered"
    client.force_login(User.objects.get(pk=tom))
    team = client.get(f"/studio/{film.key}/ko/team/?lang=en").content.decode()
    assert "Draft" in team
    assert "Whoever wrote its lines took them back" in team
    assert Accepted.objects.filter(account=mira).count() == 1
    with pytest.raises(services.Conflict):
        save(korean, 0, tom, "안녕?", based_on=1)  # on words that are gone
    save(korean, 0, tom, "안녕?", based_on=2)
    services.pass_on(korean.pk, State.REVIEW, account=tom)
    assert Edition.objects.get(pk=korean.pk).state == State.REVIEW
