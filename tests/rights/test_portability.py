"""What somebody takes from one Plainview to another; files by people who mean no good."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from tests.people import viewed
from tests.rights.conftest import archive, enter, rows, work

from plainview.domains.accounts import models as accounts
from plainview.domains.accounts import services as telling
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import add_film
from plainview.domains.library.models import Follow, Rating, Saved
from plainview.domains.playback.models import PlayerSettings, Progress, Viewing
from plainview.privacy import permissions
from plainview.privacy.rights.bringing import reading, writing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BRING = "/privacy/bring/"
FILMS = ("Harbour Lights", "The Ferry", "Night Bus", "등대지기")
TRAVELLING = {
    "library_saved", "library_follow", "library_rating", "playback_viewing", "playback_progress",
    "playback_playersettings", "accounts_name", "accounts_about", "accounts_gender",
}  # fmt: skip


def send(client: Client, content: bytes) -> Any:
    """Send a file to the door, as the page does, and see what became of it."""
    answer = client.post(BRING, {"act": "take", "copy": SimpleUploadedFile("copy.zip", content)})
    assert answer.status_code == 302, answer.context["problem"]
    assert client.get(BRING).context["reading"]
    work()
    return client.get(BRING)


def packed(zipped: zipfile.ZipFile, **changed: bytes | None) -> bytes:
    """A copy with some entries put in the place of others (`data_json` is `data.json`).

    Whoever changes one drops the signature too.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in zipped.namelist():
            key = name.replace("/", "_").replace(".", "_")
            content = changed.get(key, zipped.read(name))
            if content is not None and not (changed and name.startswith("signed/")):
                target.writestr(name, content)
    return out.getvalue()


def life(subject: int) -> None:
    """A row in every table that travels."""
    now = timezone.now()
    videos = [add_film(name=name) for name in FILMS]
    for n, video in enumerate(videos):
        day = now - timedelta(days=n)
        viewed(subject, video, f"sitting-{n}", day, seconds=60 * n)
        Progress.objects.create(subject=subject, video=video, position=9 * n, stopped_at=day)
        Rating.objects.create(
            subject=subject, title=video.title, stars=n + 1, rated_at=day, public=n == 1
        )
        Saved.objects.create(subject=subject, list="later", title=video.title, saved_at=day)
    Follow.objects.create(subject=subject, title=videos[0].title)
    PlayerSettings.objects.create(account_id=subject, caption_language="ko", play_next=False)
    telling.tell(subject, accounts.Name, "Inés", accounts.Audience.EVERYONE)
    telling.tell(subject, accounts.About, "I like ferries.", accounts.Audience.MEMBERS)
    members = accounts.Audience.MEMBERS
    accounts.Gender.objects.create(account_id=subject, value="woman", audience=members)


def allow_everything(subject: int) -> None:
    home = permissions.resident(permissions.newcomer("IE"), "IE")
    permissions.change(subject, lambda _: permissions.answered(home, {"history": "granted"}))


def taken(ines: accounts.User) -> zipfile.ZipFile:
    """The copy of a life at A."""
    life(ines.pk)
    return archive(enter(ines))


def elsewhere(*names: str) -> None:
    """Another service: other numbers, and of the films only these."""
    Title.objects.all().delete()
    for name in ("Something Else", *reversed(names)):
        add_film(name=name)


def comparable(zipped: zipfile.ZipFile, table: str) -> list[str]:
    """The rows of a copy without numbers that mean nothing elsewhere, or what is quiet there."""
    programme = json.loads(zipped.read("data.json"))["programme"]
    refers = json.loads(zipped.read("data.json"))["tables"][table]["refers"]
    found = []
    for row in rows(zipped, table):
        kept = {k: v for k, v in row.items() if k not in ("id", "subject", "account_id")}
        kept |= {"audience": 0} if "audience" in kept else {}
        kept |= {"public": False} if "public" in kept else {}
        for column, place in refers.items():
            if kept[column] is not None:
                kept[column] = programme[place][str(kept[column])]["key"]
        found.append(json.dumps(kept, sort_keys=True))
    return sorted(found)


def test_p5_2_1_8a_what_was_taken_from_a_is_at_b_row_for_row(in_ireland, ines, tom):
    """P5.2.1.8a: export from A, import to B by the person at the public door, compare."""
    first = taken(ines)
    elsewhere(*FILMS)
    allow_everything(tom.pk)
    client = enter(tom)
    answer = send(client, packed(first))
    assert not answer.context["problem"]
    second = archive(client)
    for table in sorted(TRAVELLING):
        assert comparable(second, table) == comparable(first, table), table
    assert not Rating.objects.filter(subject=tom.pk, public=True).exists()
    assert accounts.Name.objects.get(account=tom).audience == accounts.Audience.ONLY_YOU
    page = answer.content.decode()
    assert "Entries taken over: 4." in page and "The copy was signed" in page
    assert "it belongs to the other service" in page, "the address and choices of there stay there"
    assert tom.email not in first.read("data.json").decode()
    again = send(client, packed(first)).content.decode()
    assert "Entries that were here already: 4." in again
    assert Viewing.objects.filter(subject=tom.pk).count() == 4


def test_p1_1_3a_gender_is_brought_along_only_where_it_may_be_told(ines, tom):
    """P1.1.3a, P5.2.1.8a: in Oregon not before a yes to it alone; the page says so."""
    first = taken(ines)
    elsewhere(*FILMS)
    home = permissions.resident(permissions.newcomer("US-OR"), "US-OR")
    permissions.change(tom.pk, lambda _: home)
    page = send(enter(tom), packed(first)).content.decode()
    assert "Not taken over, since it is not permitted here." in page
    assert accounts.Name.objects.filter(account=tom).exists()
    assert not accounts.Gender.objects.filter(account=tom).exists()


def test_every_table_that_travels_is_written_for_a_purpose_that_the_door_may_enter(db):
    found = {table.name: travels.purpose for table, _part, travels in writing.travelling()}
    assert found.keys() == TRAVELLING
    assert set(found.values()) == set(writing.PURPOSES)


def test_p5_2_1_8a_what_is_not_permitted_here_is_not_written_and_is_said(ines, tom):
    first = taken(ines)
    permissions.change(tom.pk, lambda old: permissions.answered(old, {"history": "denied"}))
    answer = send(enter(tom), packed(first))
    page = answer.content.decode()
    assert "Not taken over, since it is not permitted here." in page
    assert not Viewing.objects.filter(subject=tom.pk).exists()
    assert not Progress.objects.filter(subject=tom.pk).exists()
    assert Saved.objects.filter(subject=tom.pk).count() == 4


def test_what_is_not_in_the_programme_here_is_left_out_and_counted(ines, tom):
    first = taken(ines)
    elsewhere("The Ferry")
    Title.objects.filter(slug="the-ferry").update(year=1931)  # another film of that name
    add_film(name="Night Bus")
    allow_everything(tom.pk)
    answer = send(enter(tom), packed(first))
    assert "Entries about something not in the programme here: 3." in (answer.content.decode())
    (viewing,) = Viewing.objects.filter(subject=tom.pk)
    assert viewing.video.title.slug == "night-bus"


def test_a_follow_of_nothing_is_left_out_and_breaks_no_page(ines, tom):
    """Each of the three that one may follow can be empty; a page showed one that was all empty."""
    first = taken(ines)
    allow_everything(tom.pk)
    empty = {**rows(first, "library_follow")[0], "title_id": None}
    line = json.dumps(empty).encode()
    answer = send(enter(tom), packed(first, data_library_follow_json=b"[\n" + line + b"\n]\n"))
    assert answer.context["row"].state == "done"
    assert not Follow.objects.filter(subject=tom.pk).exists()
    assert enter(tom).get("/my/follows/").status_code == 200


def broken(zipped: zipfile.ZipFile) -> dict[str, bytes]:
    """Files by people who mean no good, by what they try."""
    about = json.loads(zipped.read("data.json"))
    ratings = rows(zipped, "library_rating")

    def rated(**values: Any) -> bytes:
        lines = [json.dumps(each) for each in [*ratings[:-1], {**ratings[-1], **values}]]
        return packed(
            zipped, data_library_rating_json=b"[\n" + ",\n".join(lines).encode() + b"\n]\n"
        )

    def said(**values: Any) -> bytes:
        return packed(zipped, data_json=json.dumps({**about, **values}).encode())

    def told(table: str, **values: Any) -> bytes:
        line = json.dumps({**rows(zipped, table)[0], **values}).encode()
        return packed(zipped, **{f"data_{table}_json": b"[\n" + line + b"\n]\n"})

    bomb = b"[\n" + b"{" + b" " * (reading.LONGEST_LINE * 40) + b"}\n]\n"
    return {
        "no zip": b"hello",
        "cut off": packed(zipped)[:-300],
        "no account": packed(zipped, data_json=None),
        "another form": said(format="something"),
        "another version": said(version=99),
        "no JSON": packed(zipped, data_json=b"{"),
        "nested": packed(zipped, data_json=b"[" * 200_000),
        "a table gone": packed(zipped, data_library_rating_json=None),
        "a table cut off": packed(zipped, data_library_rating_json=b"[\n{"),
        "a line without end": packed(zipped, data_library_rating_json=bomb),
        "too many stars": rated(stars=99),
        "a number too long": rated(stars=10**30),
        "no number": rated(stars="many"),
        "a list": rated(stars=[1]),
        "nothing": rated(stars=None),
        "no moment": rated(rated_at="yesterday"),
        "a moment after all others": rated(rated_at="9999-12-31T23:59:59-12:00"),
        "a word too long": told("accounts_name", value="I" * 61),
        "a text too long": told("accounts_about", value="I" * 2001),
        "an object of other keys": told("playback_playersettings", look={"secret": "x"}),
        "no object": told("playback_playersettings", look=["large"]),
        "not a row": packed(zipped, data_library_rating_json=b"[\n17\n]\n"),
    }


def test_p5_2_1_8a_a_hostile_file_is_refused_and_nothing_of_it_is_there(ines, tom):
    """P5.2.1.8a: with a clear word, and never an error of ours."""
    first = taken(ines)
    allow_everything(tom.pk)
    client = enter(tom)
    for name, content in broken(first).items():
        answer = send(client, content)
        assert answer.context["row"].state == "refused", name
        assert "Nothing was taken over." in answer.content.decode(), name
        for table in (Saved, Rating, Viewing, Progress, Follow):
            assert not table._base_manager.filter(subject=tom.pk).exists(), name
    assert client.post(BRING, {"act": "take"}).status_code == 422
    assert Client().get(BRING).status_code == 302


def test_p5_2_1_8a_a_copy_that_was_altered_on_its_way_is_refused(ines, tom):
    """P5.2.1.8a: the signature that comes along tells it."""
    first = taken(ines)
    allow_everything(tom.pk)
    content = first.read("data/library_rating.json").replace(b'"stars":4', b'"stars":5')
    assert content != first.read("data/library_rating.json")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in first.namelist():
            target.writestr(
                name, content if name == "data/library_rating.json" else first.read(name)
            )
    answer = send(enter(tom), out.getvalue())
    assert answer.context["row"].state == "refused"
    assert not Rating.objects.filter(subject=tom.pk).exists()


def test_p5_2_1_8a_nobody_writes_rows_of_others_or_with_numbers_of_their_own(ines, tom, member):
    first = taken(ines)
    zoe = member("zoe")
    forged = [{**row, "subject": str(zoe.pk), "id": "7"} for row in rows(first, "library_rating")]
    lines = ",\n".join(map(json.dumps, forged)).encode()
    told = send(enter(tom), packed(first, data_library_rating_json=b"[\n" + lines + b"\n]\n"))
    assert "The copy was not signed" in told.content.decode()
    assert not Rating.objects.filter(subject=zoe.pk).exists()
    assert not Rating.objects.filter(pk=7).exists()
    assert Rating.objects.filter(subject=tom.pk).count() == 4


def test_p9a_no_day_to_come_keeps_what_was_brought_for_longer(ines, tom):
    """P9a: the time of a row counts from a moment that has been, whatever a file says of it."""
    first = taken(ines)
    allow_everything(tom.pk)
    moments = ("9999-12-31T23:59:59Z", "2999-01-01T00:00:00", "3000-01-01T00:00:00-12:00")
    watched = rows(first, "playback_viewing")
    far = [{**row, "watched_at": at} for row, at in zip(watched, moments, strict=False)]
    lines = ",\n".join(map(json.dumps, far)).encode()
    told = send(enter(tom), packed(first, data_playback_viewing_json=b"[\n" + lines + b"\n]\n"))
    assert told.context["row"].state == "done"
    held = Viewing.objects.filter(subject=tom.pk)
    assert held.count() == len(far) > 0
    assert not held.filter(watched_at__gt=timezone.now()).exists()


@pytest.fixture
def signed_in(tom):
    add_film(name="The Ferry")
    return enter(tom)


ROWS = st.dictionaries(
    st.sampled_from(["title_id", "stars", "public", "rated_at", "used_at", "id", "subject"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3),
)


@pytest.mark.parametrize("count", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_any_row_is_taken_whole_or_refused(tom, signed_in, count):
    """Whatever stands in a row, the answer is one of the two words that the page has for it."""
    taken = given(ROWS)(lambda row: _taken_or_refused(tom, signed_in, row))
    settings_of_hypothesis(max_examples=count, deadline=None)(taken)()


def _taken_or_refused(tom: accounts.User, signed_in: Client, row: dict[str, Any]) -> None:
    about = {
        "format": "plainview-copy", "version": 1, "service": "A", "made": "", "policy": "",
        "language": "en", "subject": "1", "categories": {}, "files": [],
        "tables": {"library_rating": {
            "json": "", "csv": "", "rows": 1, "columns": {}, "held_but_not_copied": [],
            "refers": {"title_id": "catalogue_title"},
        }},
        "programme": {"catalogue_title": {"1": {"key": ["the-ferry", None], "name": ""}}},
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("data.json", json.dumps(about))
        target.writestr("data/library_rating.json", b"[\n" + json.dumps(row).encode() + b"\n]\n")
    Rating.objects.filter(subject=tom.pk).delete()
    answer = send(signed_in, out.getvalue())
    state = answer.context["row"].state
    assert state in ("done", "refused")
    assert state == "done" or not Rating.objects.filter(subject=tom.pk).exists()
