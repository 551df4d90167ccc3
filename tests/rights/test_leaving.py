"""Leaving: what was promised is carried out, reported, and looked for afterwards (P5.2.1.4a)."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.killing import dies, kill
from tests.people import answers
from tests.rights.conftest import HERE, PASSWORD, arrive, enter, slowly, work
from tests.rights.planting import KINDS, plant

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.commands import privacy
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import App, Device, Erasure, Session, Standing
from plainview.privacy.rights import erasing, scanning, services, tables
from plainview.privacy.rights.person import find
from plainview.privacy.rights.planning import later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FORM = {"via": "centre", "answer": "reject"}


def go(client: Client, path: str = "/privacy/leave/confirm/") -> str:
    """Tick the box and press the button; the address of the report."""
    answer = client.post(path, {"sure": "yes"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/privacy/left/")
    return str(answer["Location"])


def report(address: str) -> services.Report:
    return services.read(Erasure.objects.get(key=address.split("/")[-2]))


def staying(told: services.Report) -> set[tuple[str, str]]:
    """What does not go, column by column."""
    return {
        (line.holding, c) for line in told.lines if line.outcome != "removed" for c in line.columns
    }


def test_the_plan_is_shown_line_by_line_before_anything_is_done(ines):
    client = answers(enter(ines), "reject")
    text = client.get("/privacy/leave/").content.decode()
    assert "Your email address" in text
    assert "Will be removed" in text
    until = later(timezone.localdate(), "P3Y")
    assert f"Stays until {formats.date_format(until, 'DATE_FORMAT')}" in text
    assert "the law asks for proof of what was answered" in text
    assert User.objects.get().is_active


def test_whoever_looks_at_what_leaving_would_do_has_asked_for_no_erasure(ines, caplog):
    """The log of duties said so of each look at the page."""
    client = enter(ines)
    with caplog.at_level(logging.INFO, "plainview.privacy.duties"):
        client.get("/privacy/leave/")
        client.get("/privacy/leave/confirm/")
        assert "duty export" in caplog.text
        assert "duty erasure" not in caplog.text
        go(client)
    assert "duty erasure" in caplog.text


def test_the_rows_of_all_tables_are_counted_in_one_statement(ines, tom):
    client = enter(ines)
    plant(ines.pk, "ines", tom.pk)
    with CaptureQueriesContext(connection) as asked:
        assert "Will be removed" in client.get("/privacy/leave/").content.decode()
    counts = [each["sql"] for each in asked.captured_queries if "COUNT(*)" in each["sql"]]
    assert len(counts) == 2  # the other asks for letters, which name people in a way of their own


def test_nothing_happens_without_password_and_without_the_box(ines):
    hasty = enter(ines, confirmed=False)
    answer = hasty.post("/privacy/leave/confirm/", {"sure": "yes"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    unsure = enter(ines).post("/privacy/leave/confirm/", {})
    assert unsure.status_code == 422
    assert "Nothing was done yet" in unsure.content.decode()
    assert User.objects.get().is_active
    assert not Erasure.objects.exists()


def test_p5_2_1_4a_everything_planted_is_gone_or_named_and_nobody_elses_is_touched(ines, tom):
    client, elsewhere = enter(ines), enter(ines)
    answers(client, "reject")
    mine, theirs = plant(ines.pk, "ines", tom.pk), plant(tom.pk, "tom", ines.pk)
    session = Session.objects.get(session_key=client.session.session_key)
    assert session.account == ines.pk
    address = go(client)

    assert "We are at it" in client.get(address).content.decode()
    assert not Session.objects.filter(account=ines.pk).exists()
    assert not elsewhere.get("/privacy/").wsgi_request.user.is_authenticated
    sign_in = Client(headers=HERE)
    sign_in.post("/accounts/login/", {"login": "ines@lantern.example", "password": PASSWORD})
    assert not sign_in.get("/privacy/").wsgi_request.user.is_authenticated
    work()

    page = Client().get(address).content.decode()
    assert "You have left" in page
    assert "nothing was found but what stands above" in page
    told = report(address)
    kept = {
        (line.holding, c) for line in told.lines if line.outcome == "kept" for c in line.columns
    }
    proof = {"privacy_answer", "privacy_told", "privacy_request", "privacy_request_event",
             "privacy_request_matter", "privacy_overruled", "privacy_legal_hold",
             "privacy_preserved", "support_copyrightnotice",
             "support_counternotice", "support_step"}  # fmt: skip
    assert {table for table, _ in kept} == proof
    for table in tables.tables():
        left = tables.about(table, ines.pk).count()
        assert bool(left) == (table.name in proof), table.name
    for name, row in theirs.rows.items():
        shared = any(
            tables.about(t, ines.pk).model is type(row)
            for t in tables.tables()
            if t.name == name and (len(t.subjects) > 1 or name == "privacy_request_evidence")
        )  # what is of a request of two people hangs on that
        assert shared or type(row)._base_manager.filter(pk=row.pk).exists(), name
    stored = Erasure.objects.get()
    assert stored.state == "done"
    assert stored.sealed == ""
    for canary in mine.canaries() | {str(ines.pk), "ines@lantern.example"}:
        assert canary not in stored.report


def test_the_scan_names_what_it_finds_and_where(ines):
    Job.objects.create(task="old", arguments={}, run_at=timezone.now(), state=Job.State.DONE,
                       error="could not write to INES@LANTERN.EXAMPLE")  # fmt: skip
    (Path(settings.DATA) / "proxy.log").write_text(f"GET /my/{ines.pk}\n")
    address = go(enter(ines))
    work()
    told = report(address)
    assert {each.where for each in told.found} == {"jobs_job.error", "proxy.log"}
    page = Client().get(address).content.decode()
    assert "Something still leads to you" in page
    assert "jobs_job.error" in page
    assert "proxy.log" in page
    assert Erasure.objects.get().state == "incomplete"


def test_mails_kept_in_development_go_and_those_to_others_stay(ines, tom):
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with get_connection(backend, file_path=settings.EMAIL_FILE_PATH) as outbox:
        for address in ("ines@lantern.example", "tom@lantern.example"):
            EmailMessage("Welcome", f"For {address}", to=[address], connection=outbox).send()
    go(enter(ines))
    work()
    text = "".join(path.read_text() for path in Path(settings.EMAIL_FILE_PATH).iterdir())
    assert "tom@lantern.example" in text
    assert "ines@lantern.example" not in text


def test_a_step_that_fails_is_tried_again_and_said_so(ines, stuck):
    address = go(enter(ines))
    assert worker.run_one()
    page = Client().get(address).content.decode()
    assert "We are at it" in page
    assert "Not removed yet" in page
    assert not User.objects.filter(pk=ines.pk).exists(), "the other steps went on"
    for _ in range(4):
        Job.objects.update(run_at=timezone.now())
        worker.run_one()
    row = Erasure.objects.get()
    assert row.state == "incomplete"
    assert row.sealed
    page = Client().get(address).content.decode()
    assert "Not all of it is gone yet" in page
    assert "officer@lanternstreet.example" in page
    stuck.broken = False
    assert CliRunner().invoke(privacy, ["again", "not-a-key"]).exit_code == 2
    assert CliRunner().invoke(privacy, ["again", row.key]).exit_code == 0
    work()
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("done", "")
    assert "You have left" in Client().get(address).content.decode()


@pytest.mark.parametrize(
    ("path", "form"),
    [("/privacy/copy/", {"make": "1"}),
     ("/privacy/bring/", {"act": "take",
                           "copy": SimpleUploadedFile("copy.zip", b"all that was theirs")}),
     ("/privacy/devices/", {"connect": "1"})],
)  # fmt: skip
def test_p5_2_1_4a_what_was_on_its_way_when_somebody_left_is_not_kept(ines, path, form):
    """P5.2.1.4a: a slow body came to its end after the erasure, and left rows and files behind."""

    def leaves() -> None:
        with duty("fixture"):
            services.leave(ines.pk)
            work()
            assert not User.objects.exists()

    client = enter(ines)
    assert slowly(client, path, form, leaves) in (302, 403)
    work()
    with duty("erasure"):
        assert [t.name for t in tables.tables() if tables.about(t, ines.pk).exists()] == []
    assert not [each for each in Path(settings.DATA, "copies").glob("*") if each.is_file()]


def test_a_browser_that_is_signed_out_while_it_sends_connects_no_app(ines):
    """A code of an app outlived *Sign out everywhere else*: whoever had the session stayed in."""
    stranger, own = enter(ines), enter(ines)

    def ends() -> None:
        own.post("/accounts/sessions/", {})

    assert slowly(stranger, "/privacy/devices/", {"connect": "1"}, ends) == 302
    assert not App.objects.exists()
    assert own.post("/privacy/devices/", {"connect": "1"}).status_code == 200


def test_asked_twice_it_is_done_once(ines):
    first, second = enter(ines), enter(ines)
    go(first)
    answer = second.post("/privacy/leave/confirm/", {"sure": "yes"})
    assert answer["Location"] == "/privacy/"
    with pytest.raises(services.NobodyThere):
        services.leave(ines.pk)
    assert Erasure.objects.count() == 1


def test_a_device_is_forgotten_with_its_cookies(ines):
    client, number = arrive(choice="accept")
    plant(number, "device", ines.pk, only={"playback_viewing", "playback_progress"})
    assert "The number of your browser goes" in client.get("/privacy/leave/").content.decode()
    answer = client.post("/privacy/leave/confirm/", {"sure": "yes"})
    assert answer.cookies["plainview-choices"].value == ""
    work()
    assert "This device is forgotten" in client.get(answer["Location"]).content.decode()
    assert not Device.objects.exists()
    assert not Standing.objects.filter(subject=number).exists()
    assert "We hold nothing about you" in client.get("/privacy/").content.decode()
    assert User.objects.filter(pk=ines.pk).exists()


def test_the_report_can_be_kept_and_a_wrong_key_opens_nothing(ines):
    address = go(enter(ines))
    work()
    kept = Client().get(f"{address}report.json")
    assert kept["Content-Disposition"].startswith("attachment")
    body = kept.json()
    assert body["state"] == "done"
    assert {"Removed"} <= {line["outcome"] for line in body["lines"]}
    assert Client().get("/privacy/left/not-a-key/").status_code == 404


# --- kill -9 ------------------------------------------------------------------------------------


def outcomes(told: services.Report) -> set[tuple[object, ...]]:
    return {(line.holding, line.category, line.outcome, line.rows) for line in told.lines}


@pytest.mark.sample(2)
@pytest.mark.every_case
@pytest.mark.parametrize("moment", ["before", "within", "after"])
@pytest.mark.parametrize("step", [1, 5, 11])
def test_killed_at_a_step_the_promise_is_kept_all_the_same(ines, tom, monkeypatch, step, moment):
    """Whatever moment the worker dies at, the next one ends what the person was told."""
    client = answers(enter(ines), "reject")
    plant(ines.pk, "ines", tom.pk, only=KINDS)
    address = go(client)
    promised = outcomes(report(address))

    def work_and_die():
        steps = iter(range(1, 100))
        original = erasing._step

        def counted(row, told, whom, holding):
            now = next(steps) == step
            if now and moment == "before":
                kill()
            if now and moment == "within":
                erase = holding.erase
                holding.erase = lambda person: (erase(person), kill())
            done = original(row, told, whom, holding)
            if now:
                kill()
            return done

        monkeypatch.setattr(erasing, "_step", counted)
        worker.run_one()

    dies(work_and_die)
    assert "We are at it" in Client().get(address).content.decode()
    Job.objects.update(lease_until=timezone.now())
    work()
    told = report(address)
    assert Erasure.objects.get().state == "done"
    assert outcomes(told) == promised
    assert [each for each in told.found if each.kind != "hashed"] == []


# --- any rows at all ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, pytest.param(40, marks=pytest.mark.soak)])
def test_whatever_rows_there_are_each_value_is_gone_or_named(member, count):
    examples(max_examples=count)(given(st.data())(lambda data: _gone_or_named(member, data)))()


def _gone_or_named(member, data):
    names = [table.name for table in tables.tables()]
    some = data.draw(st.sets(st.sampled_from(names)))
    name = f"person{User.objects.count()}"
    whom, other = member(name), member(f"{name}other")
    mine = plant(whom.pk, name, other.pk, only=some)
    identity = find(whom.pk)
    key = services.leave(whom.pk)
    work()
    told = services.read(Erasure.objects.get(key=key))
    named = staying(told)
    with connection.cursor():
        left = {tuple(found.where.split(".")) for found in scanning.in_tables(identity)}
    assert left <= named
    assert told.found == []
    for (table, column), value in mine.values.items():
        of = next(t for t in tables.tables() if t.name == table)
        field = tables.fields(of)[column]
        unique = isinstance(value, str) and name in value
        if unique and (table, column) not in named:
            assert not of.model._base_manager.filter(**{field.attname: value}).exists()
