"""The studio's doors: what people do there, each behind the purpose that carries it (P1.1.5a)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.catalogue.models import Title
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import Claim, Edition, Membership, Revision, Role, Track
from plainview.domains.subtitles.tests.conftest import member
from plainview.domains.subtitles.views import keys
from plainview.platform.identifiers import new_key

pytestmark = pytest.mark.django_db


def main_of(answer) -> str:
    return re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]


def act(client, edition, do, **values):
    return client.post(
        f"/studio/{edition.video.key}/{edition.language}/act/", {"act": do, **values}
    )


def first(edition) -> int:
    return queries.rows(edition)[0].segment


def test_strangers_are_asked_to_sign_in(film):
    for address in ("/studio/", f"/studio/{film.key}/", "/studio/mine/"):
        assert Client().get(address).url.startswith("/accounts/login/")


def test_the_plain_form_shows_source_and_target_and_saves_a_page(film, korean, mira):
    page = main_of(mira.get(f"/studio/{film.key}/ko/"))
    assert "Good evening." in page
    segments = [row.segment for row in queries.rows(korean)]
    assert re.search(rf'id="source-{segments[0]}"[^>]*>(<p>)?Good evening', page)
    assert f'aria-describedby="source-{segments[0]}"' in page, "by ear it stands in the field"
    posted = {f"line-{segments[0]}": "안녕하세요.", f"version-{segments[0]}": "0"}
    answer = mira.post(f"/studio/{film.key}/ko/", posted, follow=True)
    assert "1 line saved." in main_of(answer)
    assert "안녕하세요." in main_of(answer)
    assert Revision.objects.exclude(account=None).get().account_id == mira.account


def test_a_language_is_begun_from_the_list_or_by_its_tag(film, mira):
    address = f"/studio/{film.key}/"
    refused = mira.post(address, {"listed": "", "other": ""})
    assert refused.status_code == 422
    assert "Choose a language first." in main_of(refused)
    assert main_of(mira.get(address)).count("(optional)") == 1, "the list is what one chooses from"
    refused = mira.post(address, {"listed": "", "other": "no such"})
    assert "No language has this tag." in main_of(refused)
    assert 'value="no such"' in main_of(refused)
    assert "Choose a language first." not in main_of(refused)
    assert mira.post(address, {"listed": "", "other": "cy"}).url == f"{address}cy/"


def test_a_language_that_was_begun_is_offered_no_more_and_whoever_comes_second_is_led_to_it(
    film, korean, mira, tom
):
    address = f"/studio/{film.key}/"
    page = main_of(tom.get(address))
    assert '<option value="ja"' in page
    assert '<option value="ko"' not in page
    assert tom.post(address, {"listed": "ko"}).url == f"{address}ko/"


def test_an_outline_is_asked_for_once_it_is_made(film, korean, mira):
    """The page says whether there is one, so that no file is asked for that is not there."""
    asked = f"/studio/{film.key}/ko/changes.json?outlined=1"
    assert mira.get(asked).json()["outlined"] is False
    contents = {"renditions": [{"fps": "25"}]}
    package = Package.objects.create(
        video=film, key=new_key(), duration_ms=9000, width=2, height=2, contents=contents
    )
    page = f"/studio/{film.key}/ko/"
    assert '"outlined": false' in mira.get(page).content.decode()
    package.folder.mkdir(parents=True)
    (package.folder / "outline.json").write_bytes(b"{}")
    assert mira.get(asked).json()["outlined"] is True
    assert '"outlined": true' in mira.get(page).content.decode()
    spoken = mira.get(f"{page}?lang=fr").content.decode()
    words = json.loads(re.findall(r"data-labels>(.*?)</script>", spoken)[1])
    assert words["play"] == "Lire", "the player's own words are the reader's too"


def test_a_clash_in_the_plain_form_shows_both_texts_and_loses_none(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    segment = first(korean)
    old = tom.get(f"/studio/{film.key}/ko/")
    assert old.status_code == 200
    act(mira, korean, "save", segment=segment, version=0, text="좋은 저녁")
    posted = {f"line-{segment}": "안녕하세요.", f"version-{segment}": "0"}
    answer = tom.post(f"/studio/{film.key}/ko/", posted)
    assert answer.status_code == 409
    assert "좋은 저녁" in main_of(answer)
    assert "안녕하세요.</textarea>" in main_of(answer)
    assert Revision.objects.exclude(account=None).count() == 1


def test_the_script_saves_learns_of_a_conflict_and_of_what_others_did(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    segment = first(korean)
    saved = act(mira, korean, "save", segment=segment, version=0, text="Tom & <i>Jerry</i>").json()
    assert saved == {"version": 1, "text": "Tom & <i>Jerry</i>"}
    refused = act(tom, korean, "save", segment=segment, version=0, text="안녕")
    assert refused.status_code == 409
    assert refused.json()["text"] == "Tom & <i>Jerry</i>"
    news = tom.get(f"/studio/{film.key}/ko/changes.json?since=0").json()
    assert news["rows"] == [{"id": segment, "version": 1, "text": "Tom & <i>Jerry</i>"}]
    assert news["changes"] == 1
    lines = tom.get(f"/studio/{film.key}/ko/lines.json").json()["rows"]
    assert [line["source"] for line in lines] == ["Good evening.", "Is the lamp lit?", "It is."]


def test_everybody_sees_who_holds_what(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    assert act(mira, korean, "claim", **{"from": 0}).json() == {"from": 0, "until": 8000}
    seen = tom.get(f"/studio/{film.key}/ko/changes.json").json()["claims"]
    assert seen == [{"from": 0, "until": 8000, "who": "Mira", "mine": False}]
    assert "Mira" in main_of(tom.get(f"/studio/{film.key}/ko/"))
    assert (
        act(tom, korean, "save", segment=first(korean), version=0, text="안녕").status_code == 423
    )


def test_segments_are_cut_behind_the_narrow_door(film, korean, mira):
    row = queries.rows(korean)[1]
    act(mira, korean, "split", segment=row.segment, at=4000, first="등불", second="켰나요?")
    merged = act(mira, korean, "merge", segment=row.segment)
    assert merged.json()["merged"]
    assert [each["text"] for each in merged.json()["rows"]] == ["등불\n켰나요?"]
    assert queries.rows(korean)[1].text == "등불\n켰나요?"
    assert act(mira, korean, "add", start=9000, end=9500).status_code == 200
    assert act(mira, korean, "add", start="x", end=9500).status_code == 400


def test_who_is_not_in_the_team_reads_and_cannot_write(film, korean, tom):
    assert "join the team" in main_of(tom.get(f"/studio/{film.key}/ko/"))
    answer = act(tom, korean, "save", segment=first(korean), version=0, text="안녕")
    assert answer.status_code == 403
    assert "Join this team" in answer.json()["message"]


def test_a_lost_session_is_told_to_the_script(film, korean):
    stranger = Client(headers={"Sec-Fetch-Site": "same-origin"})
    answer = act(stranger, korean, "save", segment=first(korean), version=0, text="안녕")
    assert answer.status_code == 401


def test_a_post_from_another_site_is_refused(film, korean, mira):
    answer = mira.post(
        f"/studio/{film.key}/ko/act/", {"act": "claim"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_two_peers_bring_a_language_onto_the_film(film, korean, mira, tom):
    joining = main_of(tom.get(f"/studio/{film.key}/ko/team/"))
    chosen = re.search(r'<option value="(\w+)" selected>', joining)
    assert chosen, "Join needs no choice"
    tom.post(f"/studio/{film.key}/ko/team/", {"do": "apply", "role": chosen[1]})
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕하세요.")
    handed = mira.post(f"/studio/{film.key}/ko/pass/", {"to": "review"}, follow=True)
    assert "Somebody other than" in main_of(handed)
    assert "Release on the film" not in main_of(handed)
    assert "Release on the film" in main_of(tom.get(f"/studio/{film.key}/ko/team/"))
    refused = mira.post(f"/studio/{film.key}/ko/pass/", {"to": "released"}, follow=True)
    assert "Somebody other than" in main_of(refused)
    done = tom.post(f"/studio/{film.key}/ko/pass/", {"to": "released"}, follow=True)
    assert "on the film" in main_of(done)
    assert "안녕하세요." in Client().get(f"/subtitles/{film.key}/ko.vtt").content.decode()
    assert "한국어" in Client().get("/titles/harbour-lights/").content.decode()
    room = main_of(mira.get(f"/studio/{film.key}/ko/"))
    assert "past draft" in room
    assert "join the team" not in room, "she is in it"


def test_a_chief_takes_in_and_invites(film, korean, mira, tom):
    team = f"/studio/{film.key}/ko/team/"
    Membership.objects.filter(account=mira.account).update(role=Role.MODERATOR)
    tom.post(team, {"do": "apply", "role": "subtitler", "words": "I dream in Korean."})
    told = main_of(mira.get("/studio/"))
    assert f'href="{team}#asking"' in told and "1 person waits for your answer." in told
    assert "I dream in Korean." not in told and "Who asks to join" not in main_of(
        tom.get("/studio/")
    )
    assert "I dream in Korean." in main_of(mira.get(team))
    assert "I dream in Korean." not in main_of(member("su").get(team))
    asked = Membership.objects.get(account=tom.account)
    tom.post(team, {"do": "accept", "member": asked.pk})
    assert Membership.objects.get(account=tom.account).standing == "applied"
    mira.post(team, {"do": "accept", "member": asked.pk})
    assert Membership.objects.get(account=tom.account).standing == "member"
    assert "Who asks to join" not in main_of(mira.get("/studio/"))
    made = main_of(mira.post(team, {"do": "invite", "role": "editor"}, follow=True))
    address = re.search(r"/studio/invitations/\w+/", made)[0]
    ann = member("ann")
    assert "Harbour Lights" in main_of(ann.get(address))
    ann.post(address)
    assert Membership.objects.get(account=ann.account).role == "editor"
    assert ann.get(address).status_code == 410
    ann.post(team, {"do": "leave"})
    assert not Membership.objects.filter(account=ann.account).exists()


def test_who_asked_is_not_left_waiting_when_the_moderator_leaves(film, korean, mira, tom):
    team = f"/studio/{film.key}/ko/team/"
    Membership.objects.filter(account=mira.account).update(role=Role.MODERATOR)
    tom.post(team, {"do": "apply", "role": "subtitler"})
    assert 'id="join"' not in main_of(tom.get(team))
    mira.post(team, {"do": "leave"})
    assert 'id="join"' in main_of(tom.get(team))
    tom.post(team, {"do": "apply", "role": "subtitler"})
    saved = act(tom, korean, "save", segment=first(korean), version=0, text="안녕")
    assert saved.json()["version"] == 1


def test_who_asks_for_a_role_that_somebody_gives_reads_that_and_takes_it_back(film, korean, tom):
    team = f"/studio/{film.key}/ko/team/"
    tom.post(team, {"do": "apply", "role": "editor"})
    asked = main_of(tom.get(team))
    assert "You asked to be in it" in asked and 'id="join"' in asked, "subtitlers come in at once"
    assert re.search("Editor <span[^>]*><time[^>]*>[^<]*20", asked)
    tom.post(team, {"do": "leave"})
    assert "You asked to be in it" not in main_of(tom.get(team))


def test_history_brings_a_version_back_and_notes_are_settled(film, korean, mira, tom):
    segment = first(korean)
    address = f"/studio/{film.key}/ko/{segment}/"
    assert "Nothing was written here yet." in main_of(tom.get(address))
    act(mira, korean, "save", segment=segment, version=0, text="좋은 저녁")
    act(mira, korean, "save", segment=segment, version=1, text="안녕하세요.")
    assert "좋은 저녁" in main_of(tom.get(address))
    assert "Mira" in main_of(tom.get(address))
    tom.post(address, {"note": "Is she formal here?"})
    assert "Is she formal here?" in main_of(mira.get(address))
    mira.post(address, {"version": "1"})
    assert queries.rows(korean)[0].text == "좋은 저녁"
    assert Revision.objects.get(version=3).reason == "brought back version 1"


def test_tags_and_places_in_a_history_stand_as_typed_from_right_to_left_too(film, mira):
    mira.post(f"/studio/{film.key}/", {"listed": "ar"})
    arabic = Edition.objects.get(video=film, language="ar")
    segment = first(arabic)
    act(mira, arabic, "save", segment=segment, version=0, text="مرحبا")
    act(mira, arabic, "save", segment=segment, version=1, text="{\\an8}<i>مرحبا</i> & DNA")
    page = main_of(mira.get(f"/studio/{film.key}/ar/{segment}/"))
    assert "<ins>\u2066{\\an8}\u2069\u2066&lt;i&gt;\u2069</ins>مرحبا" in page
    # By itself a browser would take the direction from the tag.
    assert page.count('dir="rtl" class="studio-compare"') == 2
    assert "&amp; DNA" in page and "&amp;amp;" not in page
    found = mira.post(f"/studio/{film.key}/ar/find/", {"words": "DNA", "do": "look"})
    assert "\u2066{\\an8}\u2069\u2066&lt;i&gt;\u2069مرحبا" in main_of(found)


def test_the_report_lists_what_to_mend(film, korean, mira):
    act(mira, korean, "save", segment=first(korean), version=0, text="가" * 40)
    report = main_of(mira.get(f"/studio/{film.key}/ko/report/"))
    assert "40 characters in a line; 16 at most" in report
    assert "20 characters a second; 12 at most" in report


def test_taking_lines_back_is_asked_twice(film, korean, mira):
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕하세요.")
    leaving = main_of(mira.get("/privacy/leave/"))
    assert re.search(r'Stays without you.*?href="/studio/mine/"', leaving, re.DOTALL)
    mira.post("/studio/mine/")
    assert Revision.objects.exclude(account=None).count() == 1
    mira.post("/studio/mine/", {"sure": "1"})
    assert Revision.objects.exclude(account=None).count() == 0
    assert Edition.objects.get(pk=korean.pk).filled == 0


@pytest.mark.parametrize("page", ["", "ko/", "ko/lines.json", "ko/live/", "ko/report/"])
def test_nothing_is_seen_of_a_title_that_is_not_out(film, korean, mira, page):
    assert mira.get(f"/studio/{film.key}/").status_code == 200
    Title.objects.update(published_at=None)
    assert mira.get(f"/studio/{film.key}/{page}").status_code == 404


@pytest.mark.parametrize("odd", [10**30, 2**63, -(2**63) - 1])
def test_numbers_that_no_column_holds_are_no_act_and_no_error_of_ours(korean, mira, odd):
    posts = [("times", {"changes": f"[[{odd}, 1, 1000, 2000]]"})]
    posts += [(each, {"proposals": f"[{odd}]"}) for each in ("take-up", "turn-down", "put-back")]
    assert {act(mira, korean, do, **said).status_code for do, said in posts} == {400}
    assert act(mira, korean, "claim", **{"from": -1}).json()["from"] == 0, "from its beginning"


def test_bad_input_is_told_and_nothing_typed_is_lost(film, mira):
    answer = mira.post(f"/studio/{film.key}/", {"other": "klingonisch!"})
    assert answer.status_code == 422
    assert "klingonisch!" in main_of(answer)
    assert mira.get(f"/studio/{film.key}/xx/").status_code == 404
    assert mira.get("/studio/nothinghere1/").status_code == 404


def test_an_expired_claim_goes(film, korean, mira):
    act(mira, korean, "claim", **{"from": 0})
    Claim.objects.update(expires_at=timezone.now())
    services.end_claims()
    assert not Claim.objects.exists()
    assert Track.objects.filter(language="ko").count() == 0


def test_words_are_replaced_across_episodes_from_a_page(film, korean, mira, tom):
    address = f"/studio/{film.key}/ko/find/"
    act(mira, korean, "save", segment=first(korean), version=0, text="{\\an8}등대 불")
    asked = {"words": "등대 불", "instead": "등댓불"}
    assert mira.post(address, {"words": " ", "do": "look"}).status_code == 422
    page = mira.post(address, {**asked, "do": "look"}).content.decode()
    places = re.findall(r'name="place" value="([\d-]+)"', page)
    assert len(places) == 1
    assert queries.rows(korean)[0].text == "등대 불"
    done = mira.post(address, {**asked, "do": "replace", "place": places})
    assert "1 line replaced" in main_of(done)
    row = queries.rows(korean)[0]
    assert (row.text, row.settings) == ("등댓불", "line:5%")
    mark = re.search(r'name="mark" value="(\w+)"', done.content.decode())[1]
    stranger = tom.post(address, {"mark": mark, "do": "back"}, follow=True)
    assert "0 lines are as before" in main_of(stranger)
    back = mira.post(address, {"mark": mark, "do": "back"}, follow=True)
    assert "1 line is as before" in main_of(back)
    assert queries.rows(korean)[0].text == "등대 불"
    late = mira.post(address, {**asked, "do": "replace", "place": places}, follow=True)
    assert "the lines changed since" in main_of(late)


def test_many_times_and_their_way_back_behind_the_narrow_door(film, korean, mira, tom):
    rows = queries.rows(korean)
    changes = [[row.segment, row.timing, row.start_ms + 40, row.end_ms + 40] for row in rows]
    done = act(mira, korean, "times", changes=json.dumps(changes))
    assert [each["timing"] for each in done.json()["times"]] == [2] * len(rows)
    assert act(mira, korean, "times", changes=json.dumps(changes[:1])).json() == {"times": []}
    changes[0][2] -= 500
    assert act(mira, korean, "times", changes=json.dumps(changes[:1])).status_code == 409
    assert act(mira, korean, "times", changes='[["x"]]').status_code == 400
    assert act(tom, korean, "times", changes=json.dumps(changes)).status_code == 403
    refused = act(mira, korean, "propose")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_the_guide_names_every_key_of_the_script():
    script = Path("frontend/studio/keys.ts").read_text()
    block = script.partition("export const ACTS = {")[2].partition("} as const")[0]
    said = [
        (act, label, *re.findall(r'"([^"]+)"', chords))
        for act, label, chords in re.findall(r'^  (\w+): \["(\w+)", (.*)\],$', block, re.MULTILINE)
    ]
    assert tuple(said) == keys.KEYS
    guide = main_of(Client().get("/studio/help/"))
    assert "Ctrl Shift Z" in guide
    assert "Italics are <code>&lt;i&gt;…&lt;/i&gt;</code>" in guide, "tags are shown, not obeyed"
    assert "<code>{\\an8}</code>" in guide


def test_a_line_is_placed_freely_without_script(film, korean, mira):
    address, segment = f"/studio/{film.key}/ko/", first(korean)
    form = {f"line-{segment}": "등대", f"was-{segment}": "", f"version-{segment}": "0"}
    wrong = mira.post(address, {**form, f"place-{segment}": "line:10% size:huge"})
    assert "“line:10% size:huge” is no place." in main_of(wrong)
    assert 'value="line:10% size:huge"' in main_of(wrong)
    assert "등대</textarea>" in main_of(wrong)
    mira.post(address, {**form, f"place-{segment}": "size:50% vertical:rl line:0"})
    row = queries.rows(korean)[0]
    assert (row.text, row.settings) == ("등대", "vertical:rl line:0 size:50%")
    page = main_of(mira.get(address))
    assert "\n등대</textarea>" in page
    assert 'value="vertical:rl line:0 size:50%"' in page
    moved = {f"line-{segment}": "등대", f"was-{segment}": "등대", f"version-{segment}": "1"}
    mira.post(address, {**moved, f"placed-{segment}": row.settings, f"place-{segment}": ""})
    assert queries.rows(korean)[0].settings == ""


def test_a_film_without_speech_is_translated_from_the_language_one_reads(film, korean, mira):
    """Of languages that are as full, that of the page stands beside the empty lines."""
    film.language = "und"
    film.save()
    for tag in ("ar", "es"):
        full = Edition.objects.get(video=film, language="en").filled
        Edition.objects.create(video=film, language=tag, filled=full)
    address = f"/studio/{film.key}/ko/"
    assert mira.get(address).context["source"].language == "en"
    assert mira.get(f"{address}?lang=es").context["source"].language == "es"
