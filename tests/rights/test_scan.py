"""`plainview privacy scan PERSON`: in every form, in every place, and what the place is."""

from __future__ import annotations

import base64
import gzip
import html
import json
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.people import answers
from tests.rights.conftest import enter, work
from tests.rights.test_leaving import go

from plainview.domains.accounts.models import Role, User
from plainview.domains.searches.models import Search
from plainview.platform.jobs.models import Job
from plainview.privacy import caching
from plainview.privacy.commands import privacy
from plainview.privacy.consent import stopping
from plainview.privacy.disclosures import post
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Request
from plainview.privacy.retention.tasks import tidy
from plainview.privacy.rights import forms, scanning, searching

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ADDRESS = "ines@lantern.example"
FORMS: dict[str, Callable[[str], str]] = {
    "raw": lambda value: value,
    "cased": str.upper,
    "url": lambda value: quote(value, safe=""),
    "html": lambda value: html.escape(value).replace("@", "&#64;"),
    "json": lambda value: json.dumps(value).replace("@", "\\u0040"),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 within": lambda value: base64.b64encode(f"to={value};".encode()).decode(),
    "base64 for urls": lambda value: base64.urlsafe_b64encode(f"x?{value}?".encode()).decode(),
    "hexadecimal": lambda value: value.encode().hex(),
    "known by mail": lambda address: post.address_digests(address)[0],
    "stopped": lambda value: stopping.digest("news-mail", value),
}


def scanned(who: object, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(privacy, ["scan", str(who), *more], catch_exceptions=False)
    return done.exit_code, done.output


def places(who: object) -> dict[str, str]:
    _code, said = scanned(who, "--json")
    return {each["where"]: each["what"] for each in json.loads(said)["places"]}


def stray_row(text: str) -> None:
    Job.objects.create(task="old", arguments={}, run_at=timezone.now(), state=Job.State.DONE,
                       error=f"could not write to <{text}>")  # fmt: skip


def test_what_stands_in_rows_about_them_is_held_and_nothing_else_is(ines, tom):
    code, said = scanned(ADDRESS)
    assert code == 0
    assert "held" in said and "accounts_user.email" in said
    assert "stray" not in said
    assert ADDRESS not in said, "places, never what stands there"
    assert places(ines.pk) == places(ADDRESS)
    assert "tom" not in said


@pytest.mark.parametrize("who", ["", " ", "a", "@", "7", "123456789"])
def test_what_is_nobodys_number_or_address_is_not_looked_for(ines, who):
    """It would be met by chance in every place, and each would be called a stray."""
    code, said = scanned(who)
    assert code == 2
    assert "neither a number of ours nor an address" in said


def test_in_whatever_form_it_is_written_it_is_found_in_rows_and_files(ines):
    written = {name: form(ADDRESS) for name, form in FORMS.items() if name != "stopped"}
    for name, text in written.items():
        stray_row(text)
        (Path(settings.DATA) / f"{name}.log").write_text(f"GET /?to={text} 200\n")
    code, said = scanned(ADDRESS, "--json")
    found = {each["where"]: each for each in json.loads(said)["places"]}
    rows = found["jobs_job.error"]
    assert (code, rows["what"], rows["times"]) == (1, "stray", len(written))
    files = {each.removesuffix(".log") for each in found if each.endswith(".log")}
    assert files == written.keys() - {"known by mail"}, "a hash is looked for where we keep it"


def test_wide_letters_packed_logs_and_the_names_of_files_too(ines):
    folder = Path(settings.DATA)
    (folder / "wide.txt").write_bytes(f"to {ADDRESS}".encode("utf-16"))
    (folder / "old.log.gz").write_bytes(gzip.compress(f"GET /my/{ines.pk}\n".encode()))
    (folder / f"{ines.pk}.srt").write_text("nothing")
    found = places(ines.pk)
    assert {"wide.txt", "old.log.gz", ".srt"} <= set(found)
    assert str(ines.pk) not in " ".join(found)


def test_what_is_cached_and_what_nobody_declared_is_named(ines):
    with duty("fixture"):
        caching.cache("viewing.history", ines.pk).set("last", "a film")
    with connection.schema_editor() as editor:
        editor.execute("CREATE TABLE half_made (id integer PRIMARY KEY, words text)")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO half_made VALUES (1, %s)", [f"for {ADDRESS}"])
    try:
        found = places(ines.pk)
        assert found["cache"] == "stray"
        assert found["half_made.words"] == "stray"
        assert found["half_made"] == "unknown"
    finally:
        with connection.schema_editor() as editor:
            editor.execute("DROP TABLE half_made")


def test_of_somebody_who_is_gone_nothing_but_what_the_report_says(ines):
    client = answers(enter(ines), "reject")
    number = ines.pk
    address = go(client)
    work()
    told = client.get(f"{address}report.json").json()
    assert told["complete"]
    assert scanned(number)[0] == scanned(ADDRESS)[0] == 0
    assert set(places(ADDRESS).values()) == {"hashed"}
    assert any("keyed hash" in note for note in told["notes"])
    assert set(places(number).values()) <= {"held"}, "the proof, under a number that leads nowhere"
    stray_row(ADDRESS)
    assert scanned(ADDRESS)[0] == 1


@pytest.mark.every_case
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="what PostgreSQL leaves to later")
def test_p9c_one_row_of_many_leaves_the_indexes_too(ines):
    """P9c: an index holds the words by which a row is found."""
    others = [Search(subject=1, words=str(n), query=str(n)) for n in range(15_000)]
    Search.objects.bulk_create([*others, Search(subject=ines.pk, words="harbour", query="x")])

    def indexed() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'searches_search_once'")
            return int(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE searches_search")
    assert indexed() == 15_001
    Search.objects.filter(subject=ines.pk).delete()
    scanning.Database().clean(["searches_search"])
    assert indexed() == 15_000


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own file")
def test_a_page_of_the_file_that_no_row_holds_any_more_is_named(ines):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = OFF")
        stray_row("mira@lantern.example " * 200)
        Job.objects.all().delete()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA secure_delete = ON")
    found = places("mira@lantern.example")
    assert set(found.values()) == {"stray"}
    assert Path(connection.settings_dict["NAME"]).name in found


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own log")
def test_p5_2_1_4a_what_somebody_deletes_by_themselves_leaves_the_log_within_minutes(ines):
    client = answers(enter(ines), "accept")
    sent = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    client.get("/search/", {"q": "zebrafinch marmalade"}, headers=sent)
    (search,) = Search.objects.filter(subject=ines.pk).values_list("pk", flat=True)
    client.post("/my/searches/forget/", {"search": search})
    assert not Search.objects.exists()
    needles = forms.needles(["zebrafinch marmalade"])
    assert any(
        searching.in_bytes(path, searching.sieve(needles)) for path in scanning.database_files()
    )
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM jobs_job").fetchall()
        tidy()  # who reads in it hinders nobody: the next one empties it
    tidy()
    assert not any(
        searching.in_bytes(path, searching.sieve(needles)) for path in scanning.database_files()
    )


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own log")
def test_others_write_while_the_log_waits_for_who_reads_in_it(ines):
    def clean() -> None:
        with duty("erasure"), closing(connection):
            scanning.Database().clean([])

    name = connection.settings_dict["NAME"]
    with (
        closing(sqlite3.connect(name, isolation_level=None)) as reader,
        ThreadPoolExecutor() as pool,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM jobs_job").fetchall()
        stray_row("before")
        cleaning = pool.submit(clean)
        for _ in range(5):
            time.sleep(0.1)
            stray_row("meanwhile")
        assert not cleaning.done(), "it waits, and they did not"
        reader.execute("COMMIT")
        cleaning.result()


def test_the_officer_has_it_done_within_a_case_and_finds_a_note(at_desk, ines):
    desk = at_desk(User.objects.create_user("officer@lantern.example", roles=Role.OFFICER))
    case = enter(ines)
    case.post("/privacy/requests/new/", {"kind": "correct", "words": "It says Innes."})
    row = Request.objects.get()
    stray_row(ADDRESS)
    address = f"/desk/privacy/requests/{row.number}/"
    assert "Search everything for them" in desk.get(address).content.decode()
    assert desk.post(f"{address}scan/").status_code == 302
    work()
    page = desk.get(address).content.decode()
    assert "Where something of them was found" in page
    assert "jobs_job.error" in page
    assert "Where something" not in case.get("/privacy/requests/").content.decode()


@examples(max_examples=40, deadline=None)
@given(
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0\x1e\x1f\r\n"), min_size=9,
                  max_size=60),
    before=st.binary(max_size=4),
    after=st.binary(max_size=4),
    form=st.sampled_from(["raw", "cased", "url", "base64", "hexadecimal"]),
)  # fmt: skip
def test_every_form_of_any_value_is_met_in_a_file(tmp_path_factory, value, before, after, form):
    if form == "cased" and value.upper().lower() != value.lower():
        return  # letters that have no way back, such as ß
    written = FORMS[form](value).encode()
    if form == "base64":
        written = base64.b64encode(before + value.encode() + after)
    path = tmp_path_factory.getbasetemp() / "file.bin"
    path.write_bytes(before + written + after)
    assert searching.in_bytes(path, searching.sieve(forms.needles([value])))
