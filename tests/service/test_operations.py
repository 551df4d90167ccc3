"""Those who keep the service running see how it is, and nobody else does."""

from __future__ import annotations

from collections import namedtuple
from datetime import datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.db.models.signals import post_migrate
from django.test import Client
from django.utils import timezone
from tests.people import HERE

from plainview.platform.jobs.models import Job
from plainview.privacy import schema
from plainview.privacy.gate.duties import duty
from plainview.web import doctor, outdated

pytestmark = pytest.mark.django_db


def test_alive_and_ready(client: Client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"ready": True, "problems": []}


def test_not_ready_says_what_is_missing(client: Client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "gone"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["the media folder is missing"]


def test_not_ready_without_the_ledger_that_a_no_is_written_to_first(client: Client, settings):
    settings.ENV = msgspec.structs.replace(settings.ENV, ledger_dir="/nowhere")
    assert client.get("/readyz").json()["problems"] == ["the ledger folder is missing"]


def test_not_ready_on_a_disk_that_takes_no_more(client: Client, monkeypatch):
    """Whoever comes would be told of an error; the balancer sends them elsewhere."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda place: usage(10**12, 10**12, 4096))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "the disk of the data folder is full" in answer.json()["problems"]
    assert [each for each in doctor.examine() if each.serious and "0 GB free" in each.what]
    monkeypatch.setattr("os.access", lambda place, how: False)
    assert "nothing can be written into the data folder" in client.get("/readyz").json()["problems"]


@pytest.mark.every_case
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a file has no standby")
@pytest.mark.django_db(transaction=True)
def test_not_ready_on_a_database_that_can_only_be_read(client: Client):
    """As after a failover to a standby: it was called ready, and each form ended in a 500."""
    quoted = connection.ops.quote_name(connection.settings_dict["NAME"])
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {quoted} SET default_transaction_read_only = on")
    connection.close()
    try:
        assert client.get("/").status_code == 200
        assert client.get("/readyz").json()["problems"] == ["the database can only be read"]
        client.raise_request_exception = False
        asked = {"kind": "access", "contact": "a@b.example"}
        answer = client.post("/privacy/request/", asked, headers=HERE)
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    finally:
        with duty("migrate"), connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f"ALTER DATABASE {quoted} RESET default_transaction_read_only")
        connection.close()
    assert client.get("/readyz").json()["ready"]


def test_not_ready_on_a_database_of_a_later_version(client: Client):
    with duty("migrate"):
        later = MigrationRecorder.Migration.objects.create(app="privacy", name="9999_later")
    problem = "the database is of a newer version than this code"
    assert client.get("/readyz").json()["problems"] == [problem]
    assert [each for each in doctor.examine() if each.serious and each.what == problem]
    with duty("migrate"):
        later.delete()
        MigrationRecorder.Migration.objects.filter(app="privacy").update(id=F("id") + 1000)
        MigrationRecorder.Migration.objects.create(id=500, app="privacy", name="0003_of_before")
    assert client.get("/readyz").json()["ready"], "what was put into one leaves its parts behind"


def test_not_ready_on_a_disk_that_takes_no_more_files(client: Client, monkeypatch):
    """It had bytes enough, was called ready, and each form ended in an error."""
    disk = SimpleNamespace(f_files=10**6, f_favail=3)
    monkeypatch.setattr("plainview.platform.storage.room.os.statvfs", lambda place: disk)
    monkeypatch.setattr("shutil.disk_usage", lambda place: SimpleNamespace(free=10**12))
    assert "the disk of the data folder is full" in client.get("/readyz").json()["problems"]
    told = {each.what: each for each in doctor.examine()}
    assert told["the disk of the data folder takes 3 files more"].serious
    disk.f_files = 0
    assert client.get("/readyz").json()["ready"], "Btrfs has no such limit"


@pytest.fixture
def looks():
    """What a web process does every so often beside its requests."""
    known = schema.Watch()
    yield lambda: outdated.look(known)
    outdated._why[0] = ""


def test_a_site_below_which_the_database_becomes_newer_sends_everybody_away_and_says_why(
    client: Client, looks, caplog, django_assert_num_queries
):
    """It served on, and asked for columns that were gone half way through a form."""
    looks()
    assert client.get("/").status_code == 200
    with duty("migrate"):
        later = MigrationRecorder.Migration.objects.create(app="privacy", name="9999_later")
    looks()
    looks()
    assert caplog.text.count("of a newer version than this process, which answers 503") == 1
    with django_assert_num_queries(0):
        for address in ("/", "/accounts/login/", "/api/v1/", "/stream/x/", "/legal/privacy/"):
            answer = client.get(address, headers={"Accept-Language": "ko"})
            assert (answer.status_code, answer["Retry-After"]) == (503, "60")
            assert not answer.cookies
        said = client.post("/accounts/signup/", {"email": "mira@x.test"}, headers=HERE)
        assert said.status_code == 503
        assert "What you sent just now has not arrived" in said.content.decode()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["problems"] == [schema.NEWER]
    with duty("migrate"):
        later.delete()
    looks()
    assert client.get("/").status_code == 200


def test_a_site_sends_everybody_away_while_the_database_is_brought_up_to_date(
    client: Client, looks
):
    schema.begin(connection)
    looks()
    assert client.get("/").status_code == 503
    with duty("migrate"):
        schema.end(connection)
    looks()
    assert client.get("/").status_code == 200


def test_nobody_is_sent_away_by_a_migration_of_what_is_up_to_date(client: Client, looks):
    """`plainview manage migrate` by hand, beside a service, shut its pages for seconds."""
    seen = []

    def meanwhile(**named):
        looks()
        seen.append(schema.waiting())

    post_migrate.connect(meanwhile)
    try:
        call_command("migrate", verbosity=0)
    finally:
        post_migrate.disconnect(meanwhile)
    assert set(seen) == {0}
    assert client.get("/").status_code == 200


def test_a_database_that_lacks_a_migration_of_those_put_together_is_not_passed_over(client: Client):
    """Django would call it up to date, and the service would ask for columns that it has not."""
    with duty("migrate"):
        MigrationRecorder.Migration.objects.filter(
            app="privacy", name="0042_missed_letters"
        ).delete()
    assert not client.get("/readyz").json()["ready"]
    with pytest.raises(CommandError, match=r"lacks privacy\.0042_missed_letters"):
        call_command("migrate", verbosity=0)
    with duty("migrate"):
        loader = MigrationLoader(connection)
    name = ("privacy", "0042_missed_letters")
    assert schema.left_behind(loader) == [name]
    loader.disk_migrations[name] = loader.disk_migrations["searches", "0001_initial"]
    assert not schema.left_behind(loader), "its file is there: Django applies it by itself"


def test_metrics_count_work(client: Client):
    Job.objects.create(task="x", run_at=timezone.now() - timedelta(hours=1))
    text = client.get("/metrics").content.decode()
    assert 'plainview_jobs{state="waiting"} 1.0' in text
    assert "plainview_jobs_late 1.0" in text


def test_the_doctor_says_that_no_worker_runs_and_what_failed(client: Client):
    """Whoever runs it learns from it why no letter goes and nobody is erased."""
    assert not [each for each in doctor.examine() if each.what.startswith("work")]
    for minutes, task in ((9, "x"), (11, "x"), (11, "playback.ingest")):
        Job.objects.create(task=task, run_at=timezone.now() - timedelta(minutes=minutes))
    Job.objects.create(task="broken", run_at=timezone.now(), state=Job.State.FAILED)
    told = {each.what: each for each in doctor.examine()}
    late = told["work: 1 jobs wait for over ten minutes"]
    assert late.serious and "worker" in late.remedy
    assert "work that failed for good, in the last month: broken" in told


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_metrics_are_for_the_operators_network_only(client: Client, extra):
    assert client.get("/metrics", **extra).status_code == 404


def test_security_txt_is_as_rfc_9116_says(client: Client):
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"].startswith(("mailto:", "https://"))
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=1) < expires - timezone.now() < timedelta(days=366)
    assert fields["Canonical"].endswith("/.well-known/security.txt")


@pytest.mark.parametrize("path", ["/", "/search/?q=a", "/healthz", "/nothing-here"])
def test_every_answer_carries_the_safe_headers_and_no_cookie(client: Client, path):
    answer = client.get(path)
    assert not answer.cookies
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_a_host_that_is_not_ours_is_refused(client: Client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_the_language_is_remembered_only_when_chosen_from_our_own_page(client: Client):
    asked = {"language": "ko", "next": "/search/"}
    foreign = client.post("/language/", asked, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert not foreign.cookies
    nowhere = client.post("/language/", asked)
    assert nowhere.status_code == 403
    own = client.post("/language/", asked, headers={"Sec-Fetch-Site": "same-origin"})
    assert own["Location"] == "/search/"
    assert own.cookies["plainview-language"].value == "ko"
    assert client.get("/")["Content-Language"] == "ko"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_after_choosing_a_language_nobody_is_sent_elsewhere(client: Client, target):
    answer = client.post(
        "/language/",
        {"language": "ko", "next": target},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer["Location"] == "/"


@pytest.mark.parametrize("asked", ["ar", "AR", "ko-KR", "xx", "'><script>", "k" * 500, ""])
def test_a_language_in_the_address_is_taken_if_there_is_one_and_never_remembered(client, asked):
    answer = client.get("/", {"lang": asked})
    assert answer.status_code == 200
    wanted = {"ar": "ar", "AR": "ar", "ko-KR": "ko"}.get(asked, "en")
    assert answer["Content-Language"] == wanted
    assert not answer.cookies


def test_a_database_file_that_was_put_back_is_opened_by_the_next_request(tmp_path):
    """A connection stays open for many requests; after a restore it must not show the old file."""
    file = tmp_path / "service.sqlite3"
    kept = {"ENGINE": "plainview.privacy.gate.sqlite3", "NAME": str(file)}
    kept |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    service = ConnectionHandler({"default": kept})["default"]
    service.ensure_connection()
    before = service.connection
    service.close_if_unusable_or_obsolete()  # a request ends
    service.close_if_health_check_failed()  # the next asks its first question
    assert service.connection is before
    other = tmp_path / "backup.sqlite3"
    other.write_bytes(b"")
    other.replace(file)
    service.close_if_unusable_or_obsolete()
    service.close_if_health_check_failed()
    assert service.connection is None


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own log")
def test_p1_1_1c_a_server_that_logs_what_people_gave_is_found(db):
    """P1.1.1c: by default a statement that failed stands there with its values."""
    with duty("migrate"), connection.cursor() as cursor:
        for said, found in (("error", True), ("panic", False)):
            cursor.execute(f"SET LOCAL log_min_error_statement = {said}")
            assert ("log_min_error_statement" in schema.telling()) is found
