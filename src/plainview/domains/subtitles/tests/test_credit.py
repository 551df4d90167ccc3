"""Credit is never lost, names stand where people want them, terms come first, teams are open."""

from __future__ import annotations

import csv
import importlib

import pytest
from django.test import Client

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import (
    Accepted,
    Agreement,
    Edition,
    Membership,
    Note,
    Revision,
    Role,
    State,
)
from plainview.domains.subtitles.tests.conftest import member
from plainview.domains.subtitles.tests.test_studio_doors import act, first, main_of

limits = importlib.import_module("plainview.domains.subtitles.quality.limits")
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def release(edition, one, other):
    services.pass_on(edition.pk, State.REVIEW, account=one.account)
    services.pass_on(edition.pk, State.RELEASED, account=other.account)


def test_joined_lines_are_credited_to_the_authors_of_both(film, korean, both):
    mira, tom = both
    rows = queries.rows(korean)
    act(mira, korean, "save", segment=rows[0].segment, version=0, text="안녕")
    act(tom, korean, "save", segment=rows[1].segment, version=0, text="하세요")
    act(mira, korean, "merge", segment=rows[0].segment)
    release(korean, mira, tom)
    written = Accepted.objects.filter(kind=Accepted.Kind.WRITING)
    assert {each.account_id for each in written} == {mira.account, tom.account}


def test_whose_words_were_edited_keeps_credit_and_none_counts_twice(film, korean, both):
    mira, tom = both
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    act(tom, korean, "save", segment=first(korean), version=1, text="안녕하세요")
    release(korean, mira, tom)
    before = sorted(Accepted.objects.values_list("account", "kind", "piece"))
    assert {row[0] for row in before if row[1] == "writing"} == {mira.account, tom.account}
    services.pass_on(korean.pk, State.REVIEW, account=tom.account)
    services.pass_on(korean.pk, State.RELEASED, account=mira.account)
    after = sorted(Accepted.objects.values_list("account", "kind", "piece"))
    assert set(before) <= set(after)
    assert [row for row in after if row[1] == "writing"] == [
        row for row in before if row[1] == "writing"
    ]


def test_what_no_database_keeps_is_left_out_of_what_is_written(film, korean, both):
    """PostgreSQL takes no NUL, and answered a note with one by the page of a broken request."""
    mira, _tom = both
    segment = first(korean)
    said = act(mira, korean, "save", segment=segment, version=0, text="안\0녕", reason="a\0b")
    assert said.status_code == 200
    assert Revision.objects.filter(line__edition=korean, reason="ab").exists()
    address = f"/studio/{film.key}/ko/{segment}/"
    assert mira.post(address, {"note": "Is she\0 formal?"}, follow=True).status_code == 200
    assert "Is she formal?" in mira.get(address).content.decode()


def test_names_stand_at_the_end_of_the_film_by_their_owners_choice(film, korean, both):
    mira, tom = both
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕하세요")
    act(tom, korean, "save", segment=queries.rows(korean)[1].segment, version=0, text="네")
    release(korean, mira, tom)

    def track():
        return Client().get(f"/subtitles/{film.key}/ko.vtt").content.decode()

    assert "Mira" not in track()
    mira.post("/studio/mine/", {"name": "Mira <of> the lamp"})
    assert "Mira &lt;of&gt; the lamp" in track()
    mira.post("/studio/mine/", {"name": "Mira\0of the lamp"})
    assert "Mira of the lamp" in track()
    mira.post("/studio/mine/", {"name": "Mira <of> the lamp"})
    tom.post("/studio/mine/", {"name": "T."})
    assert "Mira &lt;of&gt; the lamp, T." in track()
    tom.post("/studio/mine/", {"name": ""})
    assert "T." not in track()
    User.objects.get(pk=mira.account).delete()
    assert "Mira" not in track()
    assert Accepted.objects.filter(account=None).exists()


def test_the_names_stay_within_the_film(film, korean, both):
    mira, tom = both
    act(mira, korean, "save", segment=queries.rows(korean)[-1].segment, version=0, text="네")
    release(korean, mira, tom)
    mira.post("/studio/mine/", {"name": "Mira"})

    def named() -> str:
        track = Client().get(f"/subtitles/{film.key}/ko.vtt").content.decode()
        return next(each for each in track.split("\n\n") if "Mira" in each)

    assert named().startswith("00:00:08.500 --> 00:00:13.500\n")
    Package.objects.create(video=film, key="p", duration_ms=11_000, width=2, height=2, contents={})
    assert named().startswith("00:00:08.500 --> 00:00:11.000\n")
    # Somebody speaks to the very end: the names stand above the words.
    Package.objects.update(duration_ms=9_000)
    assert named().startswith("00:00:04.000 --> 00:00:09.000 line:0\n")


def test_the_terms_are_read_before_the_first_line(film, korean, mira):
    Agreement.objects.all().delete()
    page = main_of(mira.get(f"/studio/{film.key}/ko/"))
    assert "Before your first line" in page
    refused = act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    assert refused.status_code == 403
    assert refused.json()["code"] == "terms"
    assert not Revision.objects.filter(line__edition=korean).exists()
    assert "stays yours" in main_of(mira.get("/studio/terms/"))
    assert mira.post("/studio/terms/", {"version": "0"}).status_code == 200
    assert not Agreement.objects.exists()
    done = mira.post("/studio/terms/", {"version": services.TERMS, "next": "//evil.example/"})
    assert done.url == "/studio/"
    assert Agreement.objects.get().version == services.TERMS
    saved = act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    assert saved.status_code == 200


def test_a_note_is_settled_by_who_asked_or_a_moderator(film, korean, both):
    mira, tom = both
    address = f"/studio/{film.key}/ko/{first(korean)}/"
    mira.post(address, {"note": "Formal?"})
    note = Note.objects.get()
    tom.post(f"{address}settle/", {"note": note.pk})
    assert not Note.objects.get().settled
    Membership.objects.filter(account=tom.account).update(role=Role.MODERATOR)
    tom.post(f"{address}settle/", {"note": note.pk})
    assert Note.objects.get().settled


def test_a_settled_note_is_opened_again_and_its_writer_deletes_it(film, korean, both):
    mira, tom = both
    address = f"/studio/{film.key}/ko/{first(korean)}/"
    mira.post(address, {"note": "Formal?"})
    note = Note.objects.get()
    mira.post(f"{address}settle/", {"note": note.pk})
    assert 'value="open"' in main_of(mira.get(address))
    assert 'value="open"' not in main_of(tom.get(address))
    tom.post(f"{address}settle/", {"note": note.pk, "do": "open"})
    assert Note.objects.get().settled
    mira.post(f"{address}settle/", {"note": note.pk, "do": "open"})
    assert not Note.objects.get().settled
    Membership.objects.filter(account=tom.account).update(role=Role.MODERATOR)
    assert 'value="delete"' not in main_of(tom.get(address))
    tom.post(f"{address}settle/", {"note": note.pk, "do": "delete"})
    assert Note.objects.exists(), "a moderator settles what others wrote, and no more"
    mira.post(f"{address}settle/", {"note": note.pk, "do": "delete"})
    assert not Note.objects.exists()
    assert "Formal?" not in main_of(mira.get(address))


def test_versions_are_compared_word_by_word(film, korean, mira):
    act(mira, korean, "save", segment=first(korean), version=0, text="Good evening, Tom")
    act(mira, korean, "save", segment=first(korean), version=1, text="Good night, Tom")
    page = main_of(mira.get(f"/studio/{film.key}/ko/{first(korean)}/"))
    assert "<del>evening</del><ins>night</ins>" in page


def test_a_titles_own_team_applies_invites_and_decides(film, korean, mira, tom):
    team = f"/studio/{film.key}/team/"
    tom.post(team, {"do": "apply", "role": "segmenter", "words": "I time."})
    assert Membership.objects.get(account=tom.account).standing == "applied"
    assert "I time." not in main_of(mira.get(team))
    Membership.objects.create(
        title=film.title, account_id=mira.account, role=Role.MANAGER, standing="member"
    )
    assert "I time." in main_of(mira.get(team))
    asked = Membership.objects.get(account=tom.account)
    mira.post(team, {"do": "accept", "member": asked.pk})
    assert services.standing(film.title_id, "ko", tom.account).times("draft")
    french = main_of(mira.get(team, headers={"Accept-Language": "fr"}))
    assert "Retirer<span" in french, "a person is no segment that one drops"
    mira.post(team, {"do": "invite", "role": "moderator"})
    mira.post(team, {"do": "decline", "member": asked.pk})
    assert not Membership.objects.filter(account=tom.account, language="").exists()


def test_limits_are_the_teams_choice_and_lines_stay(film, korean, mira, tom):
    act(mira, korean, "save", segment=first(korean), version=0, text="가" * 40)
    report = f"/studio/{film.key}/ko/report/"
    tom.post(report, {"limits": "bbc@2"})
    assert Edition.objects.get(pk=korean.pk).limits == "house@1"
    mira.post(report, {"limits": "bbc@2"})
    assert Edition.objects.get(pk=korean.pk).limits == "bbc@2"
    assert queries.rows(korean)[0].text == "가" * 40
    mira.post(report, {"limits": "bbc@9"})
    assert Edition.objects.get(pk=korean.pk).limits == "bbc@2"


def test_a_new_version_of_the_limits_announces_itself_and_old_lines_stay(
    film, korean, mira, tom, tmp_path, monkeypatch
):
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕하세요")
    report = f"/studio/{film.key}/ko/report/"
    assert "newer version" not in main_of(mira.get(report))
    before = main_of(mira.get(report)).count("<tr>")
    # A release of the product brings stricter limits: one character in a line.
    table = tmp_path / "limits.csv"
    rows = limits.TABLE.read_text(encoding="utf-8").splitlines()
    heads = rows[0].split(",")
    (korean_row,) = csv.reader([next(row for row in rows if row.startswith("house,1,ko,"))])
    new = dict(zip(heads, korean_row, strict=True))
    with table.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(rows) + "\n")
        csv.DictWriter(file, heads).writerow({**new, "version": "2", "per_line": "1"})
    monkeypatch.setattr(limits, "TABLE", table)
    limits._table.cache_clear()
    try:
        # It says so where people work and where they check, and how many remarks it would bring.
        editor = main_of(mira.get(f"/studio/{film.key}/ko/"))
        assert "newer version of these limits, house@2" in editor
        page = main_of(mira.get(report))
        assert "newer version of these limits, house@2" in page
        assert f"there would be {before} remarks" in page
        # Nothing is checked by it, and nothing is taken away, until the team chooses it.
        assert page.count("<tr>") == before
        assert Edition.objects.get(pk=korean.pk).limits == "house@1"
        mira.post(report, {"limits": "house@2"})
        assert Edition.objects.get(pk=korean.pk).limits == "house@2"
        assert "newer version" not in main_of(mira.get(report))
        assert main_of(mira.get(report)).count("<tr>") == before + 1
        assert queries.rows(korean)[0].text == "안녕하세요"
    finally:
        limits._table.cache_clear()


def test_who_may_not_see_the_film_is_told_before_they_begin(film, korean, mira):
    Title.objects.update(licensed=True)  # and no window is open to anybody
    assert "does not let us show it" in main_of(mira.get(f"/studio/{film.key}/"))
    page = main_of(mira.get(f"/studio/{film.key}/ko/"))
    assert "does not let us show it" in page
    assert "data-player" not in page


def test_nobody_begins_languages_without_end(film, mira):
    tags = ["ar", "de", "el", "es", "fa", "fr", "he", "hi", "hu", "it", "ja", "th"]
    answers = [mira.post(f"/studio/{film.key}/", {"listed": tag}) for tag in tags]
    assert [answer.status_code for answer in answers] == [302] * 10 + [422] * 2
    assert "many languages today" in main_of(answers[-1])


def test_thanks_are_given_once_and_to_all(film, korean, both):
    mira, tom = both
    team = f"/studio/{film.key}/ko/team/"
    su = member("su")
    su.post(team, {"do": "thank"})
    assert "thank you" not in main_of(su.get(team))
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    release(korean, mira, tom)
    su.post(team, {"do": "thank"})
    su.post(team, {"do": "thank"})
    assert "1 member says thank you." in main_of(mira.get(team))
    assert "1</dd>" in main_of(mira.get("/studio/mine/"))
    assert "Your first line is on a film." in main_of(mira.get("/studio/mine/"))


def test_a_language_without_a_line_is_not_handed_in(film, korean, mira):
    team = f"/studio/{film.key}/ko/team/"
    page = main_of(mira.get(team))
    assert "There is no line to hand on yet." in page and "Hand in for review" not in page
    handed = main_of(mira.post(f"/studio/{film.key}/ko/pass/", {"to": "review"}, follow=True))
    assert "In review" not in handed
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕하세요.")
    assert "Hand in for review" in main_of(mira.get(team))


def test_whoever_hands_on_reads_that_a_note_is_not_settled(film, korean, both):
    mira, tom = both
    line, team = f"/studio/{film.key}/ko/{first(korean)}/", f"/studio/{film.key}/ko/team/"
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕하세요.")
    assert "not settled" not in main_of(tom.get(team))
    tom.post(line, {"note": "Is it polite enough?"})
    page = main_of(mira.get(team))
    assert "Notes on 1 line are not settled." in page and f'href="{line}"' in page
