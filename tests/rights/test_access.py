"""What a person sees of what is held, and the copy of it: all of theirs, and nobody else's."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from django.utils.functional import Promise
from tests.people import answers, viewed
from tests.rights.conftest import HERE, archive, arrive, enter, rows, sign_in
from tests.rights.planting import plant, written

from plainview.domains.catalogue.services import add_film
from plainview.domains.library.models import Saved
from plainview.domains.playback.models import Progress, Viewing
from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.rights import queries, tables

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def watched(subject: int, name: str) -> Viewing:
    now = timezone.now()
    video = add_film(name=name)
    Progress.objects.create(subject=subject, video=video, position=90, stopped_at=now)
    return viewed(subject, video, f"sitting-{name}", now)


def test_p5_2_1_2a_the_copy_holds_every_planted_value_and_nobody_elses(ines, tom):
    """A value in each personal column of each table, for two people; new tables join."""
    client = enter(ines)
    mine, theirs = plant(ines.pk, "ines", tom.pk), plant(tom.pk, "tom", ines.pk)
    zipped = archive(client)
    data = json.loads(zipped.read("data.json"))
    copied: dict[str, list[Any]] = {}
    for name in data["tables"]:
        copied.setdefault(name.split("-")[0], []).extend(rows(zipped, name))
    for (table, column), value in mine.values.items():
        if table != "privacy_copy":  # the one before gave way to this one
            found = [row.get(column) for row in copied[table]]
            assert written(value) in found, (table, column)
    everything = b"\n".join(zipped.read(name) for name in zipped.namelist()).decode(
        errors="replace"
    )
    for canary in mine.canaries(but=[key for key in mine.own if key[0] == "privacy_copy"]):
        assert canary in everything, canary
    for canary in theirs.canaries() - mine.canaries() - {str(ines.pk)}:
        assert canary not in everything, canary
    for value in [*mine.secrets.values(), *theirs.secrets.values()]:
        assert not isinstance(value, str) or len(value) < 8 or value not in everything


@pytest.mark.parametrize("tongue,said", [("ko", "나중에 보기"), ("ar", "للمشاهدة لاحقًا")])
def test_p5_2_1_2a_a_list_has_its_name_in_the_language_of_the_copy(ines, tongue, said):
    now = timezone.now()
    title = add_film(name="Never Seen").title
    Saved.objects.create(subject=ines.pk, title=title, list="later", saved_at=now, used_at=now)
    client = enter(ines)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = tongue
    page = client.get("/privacy/held/viewing.list/").content.decode()
    assert said in page
    copy = archive(client).read("index.html").decode()
    assert said in copy and ">Later<" not in copy and ">Watch later<" not in copy


@pytest.mark.parametrize(
    "tongue,said",
    [
        (
            "en",
            "Where you live: California; What you object to: Suggest films (being weighed); "
            "What is set aside: which films you watched, and when; Age: under age; "
            "Until: Nov. 29, 2028",
        ),
        (
            "ko",
            "사는 곳: 캘리포니아; 반대한 것: 영화 추천 (검토 중); "
            "처리를 멈춰 둔 것: 본 영화와 본 때; 나이: 미성년; 유효 기한: 2028년 11월 29일",
        ),
        ("ja", "住んでいる場所：カリフォルニア州；"),
    ],
)
def test_p5_2_1_1a_what_decides_for_somebody_is_told_in_words(ines, tongue, said):
    """No name of a field, no moment in seconds, and nothing of what nobody ever said."""
    facts = {
        "residence": "us-ca",
        "choices": {},
        "objections": {"recommend": "pending"},
        "restrictions": [{"ground": "unlawful", "categories": ["viewing.history"]}],
        "age": "minor",
        "plan": "none",
        "valid_until": 1859068800.0,
    }
    client = enter(ines)
    theirs = Standing.objects.filter(subject=ines.pk)
    theirs.update(facts=json.dumps(facts), valid_until=1859068800)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = tongue
    page = html.unescape(client.get("/privacy/held/consent.choices/").content.decode())
    assert said in page
    assert "1859068800" not in page


def test_each_kind_and_state_that_people_read_of_themselves_has_words_in_their_language():
    """A choice without a label would be its English name on every page."""
    unsaid = {
        f"{table.name}.{field.name}"
        for table in tables.tables()
        for field in tables.fields(table).values()
        for value, label in field.choices or ()
        if value and not isinstance(label, Promise)
    }
    assert unsaid == set()


def test_p1_1_1c_the_password_is_named_as_held_and_never_copied(ines):
    zipped = archive(enter(ines))
    sheet = json.loads(zipped.read("data.json"))["tables"]["accounts_user"]
    assert sheet["held_but_not_copied"] == ["password"]
    assert ines.password not in "".join(
        zipped.read(n).decode(errors="replace") for n in zipped.namelist()
    )
    assert "your password, kept only as a hash" in zipped.read("index.html").decode().lower()


def test_the_copy_opens_without_a_network_in_the_language_of_the_page(ines):
    watched(ines.pk, "Harbour Lights")
    zipped = archive(enter(ines), "/privacy/copy/?lang=ar")
    page = zipped.read("index.html").decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "Harbour Lights" in page
    assert not any(word in page for word in ('="http', "='http", "=http", "url("))
    for name in ("data.json", "tables/playback_viewing.csv", "look/search.js"):
        assert f'"{name}"' in page
        assert name in zipped.namelist()


def test_a_table_for_a_spreadsheet_holds_each_row_and_runs_no_formula(ines):
    first = watched(ines.pk, "Harbour Lights")
    Viewing.objects.filter(pk=first.pk).update(sitting="=1+1")
    text = archive(enter(ines)).read("tables/playback_viewing.csv").decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["sitting"] for row in found] == ["'=1+1"]
    assert found[0]["id"] == str(first.pk)


@pytest.mark.slow
def test_a_copy_of_many_rows_holds_them_all_and_the_page_says_how_many_more(ines):
    first = watched(ines.pk, "Harbour Lights")
    now = timezone.now()
    Viewing.objects.bulk_create(
        Viewing(
            subject=ines.pk, sitting=str(n), video_id=first.video_id, began_at=now, watched_at=now
        )
        for n in range(4999)
    )
    zipped = archive(enter(ines))
    assert json.loads(zipped.read("data.json"))["tables"]["playback_viewing"]["rows"] == 5000
    assert len(rows(zipped, "playback_viewing")) == 5000
    assert len(zipped.read("tables/playback_viewing.csv").splitlines()) == 5001
    page = zipped.read("index.html").decode().replace("4,500", "4500")
    assert "4500 more rows stand in the file" in page


def test_a_member_gives_the_password_before_the_copy(ines):
    client = enter(ines, confirmed=False)
    for answer in (client.get("/privacy/copy/"), client.post("/privacy/copy/")):
        assert answer.status_code == 302
        assert answer["Location"] == "/accounts/reauthenticate/?next=%2Fprivacy%2Fcopy%2F"
    again = client.post(
        "/accounts/reauthenticate/?next=/privacy/copy/", {"password": "a lantern in the rain"}
    )
    assert again["Location"] == "/privacy/copy/"
    assert client.get("/privacy/copy/").status_code == 200


def test_a_form_from_another_site_does_nothing(ines):
    client = enter(ines)
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("/privacy/copy/", "/privacy/leave/confirm/", "/privacy/held/viewing.history/"):
        answer = client.post(path, {"sure": "yes"}, headers=elsewhere)
        assert answer.status_code == 403, path


def test_a_stranger_reads_that_nothing_is_held_and_gets_no_cookie(client, db):
    answer = client.get("/privacy/")
    assert "We hold nothing about you" in answer.content.decode()
    assert not answer.cookies
    for path in ("/privacy/copy/", "/privacy/leave/", "/privacy/leave/confirm/"):
        assert client.get(path)["Location"] == "/privacy/"
    assert client.get("/privacy/held/viewing.history/").status_code == 404


def test_p5_2_1_1a_a_person_sees_exactly_the_categories_held(ines, tom):
    watched(ines.pk, "Harbour Lights")
    watched(tom.pk, "The Ferry")
    answer = sign_in(ines).get("/privacy/")
    kinds = {kind.id for kind in answer.context["held"]}
    assert kinds == {
        "interface.language",
        "account.state",
        "contact.email",
        "credentials.password",
        "credentials.session",
        "device.family",
        "consent.choices",
        "viewing.history",
        "viewing.progress",
    }
    text = answer.content.decode()
    policy = in_force()
    assert "which films you watched, and when" in text.lower()
    assert policy.text("retention.viewing") in text
    assert policy.text("sources.use") in text
    history = next(kind for kind in answer.context["held"] if kind.id == "viewing.history")
    uses = {use.id: use for use in history.uses}
    assert not uses["recommend"].open
    assert uses["recommend"].because in text


def test_each_purpose_can_be_paused_where_it_is_shown(ines):
    watched(ines.pk, "Harbour Lights")
    permissions.change(ines.pk, lambda old: permissions.answered(old, {"recommend": "granted"}))
    client = enter(ines)
    page = client.get("/privacy/").content.decode()
    assert 'name="purpose" value="recommend"' in page
    assert 'action="/privacy/choices/' in page
    boxes = re.findall(r'id="(why-[^"]+)"', page)
    assert len(boxes) == len({*boxes}), "each is renewed by its id once one of them is answered"
    assert "why-viewing.history-recommend" in boxes


def test_an_entry_is_read_found_and_deleted_and_nobody_elses(ines, tom):
    one, two = watched(ines.pk, "Harbour Lights"), watched(ines.pk, "The Ferry")
    other = watched(tom.pk, "Night Bus")
    client = enter(ines)
    page = "/privacy/held/viewing.history/"
    text = client.get(page).content.decode()
    assert "Harbour Lights" in text
    assert "The Ferry" in text
    assert "Night Bus" not in text
    found = client.post(page, {"q": "ferry"})
    assert "Harbour Lights" not in found.content.decode()
    (entry,) = found.context["found"].entries
    stolen = enter(tom).get(page).context["found"].entries[0].token
    client.post(page, {"delete": stolen})
    assert Viewing.objects.filter(pk=other.pk).exists()
    client.post(page, {"delete": entry.token})
    assert set(Viewing.objects.values_list("pk", flat=True)) == {one.pk, other.pk}
    assert two.pk not in {one.pk, other.pk}
    assert b"Deleted" in client.get(page).content


def test_of_many_entries_one_is_deleted_without_losing_the_page_or_what_was_searched(ines):
    for number in range(queries.PAGE + 1):
        watched(ines.pk, f"Ferry {number}")
    client, page = enter(ines), "/privacy/held/viewing.history/"
    for gone in range(2):
        second = client.post(page, {"q": "ferry", "page": "2"} if not gone else {"page": "1"})
        form = re.findall(
            r'<form method="post" action="#at-0">(.*?)</form>', second.content.decode(), re.DOTALL
        )[0]
        sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        answer = client.post(page, sent, follow=True)
        assert b"Deleted" in answer.content
        assert len(answer.context["found"].entries) == queries.PAGE - gone


def test_what_one_allowed_and_refused_is_read_without_keys_of_machines(ines):
    """The log's record of it too, which is JSON-LD for those who check it."""
    client = answers(enter(ines), "reject")
    page = html.unescape(client.get("/privacy/held/consent.choices/").content.decode())
    for name in ("dpv:", "dct:", "pv:", "urn:", "denied"):
        assert name not in page, name
    (receipt,) = Answer.objects.filter(subject=ines.pk).values_list("key", flat=True)
    assert f"Receipt: {receipt}" in page
    refused = in_force().text("purposes.history.name")
    assert len(re.findall(f"No: [^;<]*{refused}", page)) >= 2


def test_what_an_account_stands_on_is_not_deleted_by_itself(ines):
    client = enter(ines)
    for category in ("contact.email", "account.state", "consent.choices"):
        entries = client.get(f"/privacy/held/{category}/").context["found"].entries
        assert entries
        assert not any(entry.token for entry in entries)
    forged = queries._token(next(tables.tables()), ines.pk, ines.pk)
    client.post(f"/privacy/held/{category}/", {"delete": forged})
    assert b"Nothing was changed" in client.get("/privacy/").content


def test_credentials_are_named_and_never_shown(ines):
    client = enter(ines)
    for category in ("credentials.password", "credentials.session"):
        text = client.get(f"/privacy/held/{category}/").content.decode()
        assert "never shown" in text
        assert ines.password not in text
        assert client.session.session_key not in text


def test_a_device_without_account_has_its_page_and_its_copy(db):
    client, number = arrive(choice="accept")
    watched(number, "Harbour Lights")
    text = client.get("/privacy/").content.decode()
    assert "the number of your browser" in text
    for door in ("", "copy/", "changes/"):  # where letters lead members, on whichever device
        page = client.get(f"/privacy/{door}").content.decode()
        way = quote(f"/privacy/{door}", safe="")
        assert (
            f'speaks of this browser alone. <a class="link" href="/accounts/login/?next={way}"'
            in page
        )
    asked = client.get("/privacy/send/")["Location"]
    assert asked == "/accounts/login/?next=/privacy/send/"
    assert "which films you watched" in text.lower()
    zipped = archive(client)
    assert str(number) == json.loads(zipped.read("data.json"))["subject"]
    assert "Harbour Lights" in zipped.read("index.html").decode()


def test_p5_1a_who_refused_everything_sees_a_short_page_that_says_so(db):
    client, _ = arrive(choice="reject")
    answer = client.get("/privacy/")
    assert answer.context["refused"]
    assert "You said no to all that can be refused, and we keep to it" in answer.content.decode()
    assert {kind.id.split(".")[0] for kind in answer.context["held"]} <= {"consent", "device"}
    other, _ = arrive(choice="accept")
    assert not other.get("/privacy/").context["refused"]


def test_what_was_chosen_stands_there_with_its_day(ines):
    client = answers(enter(ines), "reject")
    (given,) = client.get("/privacy/").context["chosen"]
    assert given.at.date() == timezone.now().date()
    assert {each.word for each in given.answers} == {"denied"}


def test_every_page_is_kept_by_no_cache_and_in_no_index(ines):
    client = enter(ines)
    for path in ("/privacy/", "/privacy/held/contact.email/", "/privacy/leave/", "/privacy/copy/"):
        answer = client.get(path, headers=HERE)
        assert "no-store" in answer["Cache-Control"], path
        assert b'content="noindex"' in answer.content, path


def test_p5_2_1_2a_each_column_that_is_read_has_words_in_every_language():
    """What is held is read in one's own language, never by a column's name in the code."""
    bare = [
        (tag, f"{table.name}.{field.column}")
        for table in tables.tables()
        for part in tables.parts(table)
        for field in part.fields
        if part.category(field)
        for tag, words in in_force().words.items()
        if not {f"held.{table.name}.{field.column}", f"held.column.{field.column}"}
        & words.sentences.keys()
    ]
    assert bare == []
