"""What became of each place is said in words and for programs, and never too early (P5.2.1.4a)."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.utils import formats, timezone
from tests.people import answers
from tests.rights.conftest import enter, work
from tests.rights.test_leaving import go

from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.rights import person as persons
from plainview.privacy.rights import stores as stores_of_letters
from plainview.privacy.rights.planning import later
from plainview.privacy.rights.stores import Outbox

pytestmark = pytest.mark.django_db(transaction=True)
STORES = ["database", "files", "search-index", "caches", "jobs", "logs", "recipients", "backups"]


def stores(address: str) -> dict[str, str]:
    told: dict[str, str] = Client().get(f"{address}report.json").json()["stores"]
    assert list(told)[: len(STORES)] == STORES
    return told


def places(address: str) -> str:
    page = Client().get(address).content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return words.partition("Place by place")[2]


def test_nothing_is_called_empty_before_it_was_searched(ines):
    address = go(enter(ines))
    before = stores(address)
    assert {before[each] for each in STORES if each != "recipients"} == {"waiting"}
    assert "Nothing held there" not in places(address).partition("Whoever got")[0]
    work()
    after = stores(address)
    assert after["database"] == "removed"
    assert {after[each] for each in STORES[1:]} == {"nothing-held"}
    assert "The database Removed Files Nothing held there" in places(address)


def test_what_a_law_keeps_is_said_with_its_day_and_its_ground(ines):
    client = answers(enter(ines), "reject")
    address = go(client)
    work()
    assert stores(address)["database"] == "retained"
    until = formats.date_format(later(timezone.localdate(), "P3Y"), "DATE_FORMAT")
    assert f"Some of it is kept until {until}" in places(address)
    assert "the law asks for proof of what was answered" in places(address)


def test_each_place_in_which_something_is_left_has_failed(ines):
    Job.objects.create(task="old", arguments={}, run_at=timezone.now(), state=Job.State.DONE,
                       error=f"no answer of {ines.email}")  # fmt: skip
    (Path(settings.DATA) / "proxy.log").write_text(f"GET /my/{ines.pk}\n")
    (Path(settings.DATA) / "notes.txt").write_text(f"Ask {ines.email}\n")
    address = go(enter(ines))
    work()
    told = stores(address)
    assert {each for each, said in told.items() if said == "failed"} == {"jobs", "logs", "files"}
    assert "Logs Not removed yet" in places(address)


def test_letters_to_a_domain_in_other_letters_go_too(ines):
    """Such an address is kept as it is read, and stands in letters to it in ASCII (IDNA)."""
    address = "ines@müller.example"
    type(ines).objects.filter(pk=ines.pk).update(email=address)
    EmailAddress.objects.filter(user=ines).update(email=address)
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with get_connection(backend, file_path=settings.EMAIL_FILE_PATH) as outbox:
        EmailMessage("Welcome", "For you", to=[address], connection=outbox).send()
    (letter,) = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    assert "ines@xn--mller-kva.example" in letter.read_text()
    (Path(settings.DATA) / "notes.txt").write_text("Ask ines@xn--mller-kva.example\n")
    report = go(enter(ines))
    work()
    assert not letter.exists()
    assert {each for each, said in stores(report).items() if said == "failed"} == {"files"}


def test_mails_kept_as_files_that_will_not_go_fail_the_files(ines, monkeypatch):
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with get_connection(backend, file_path=settings.EMAIL_FILE_PATH) as outbox:
        EmailMessage("Welcome", "For you", to=[ines.email], connection=outbox).send()

    def full(*args: object) -> int:
        raise OSError

    monkeypatch.setattr(Outbox, "erase", full)
    address = go(enter(ines))
    worker.run_one()
    assert stores(address)["files"] == "failed"
    assert stores(address)["database"] == "removed"


def test_p5_2_1_4a_a_letter_that_goes_meanwhile_keeps_nobody_from_leaving(ines, monkeypatch):
    """Where letters are kept as files, another who left at that moment made it an error of ours."""
    folder = Path(settings.EMAIL_FILE_PATH)
    (folder / "20261130-060000-there.log").write_bytes(b"To: " + ines.email.encode())
    listed = Outbox._files
    monkeypatch.setattr(Outbox, "_files", lambda self: [folder / "gone.log", *listed(self)])
    client = enter(ines)
    assert client.get("/privacy/leave/").status_code == 200
    go(client)
    work()
    assert not list(folder.iterdir())


def test_p5_2_1_4a_two_who_leave_at_one_moment_both_go_from_a_file_of_letters(
    ines, member, monkeypatch
):
    """Of two who wrote one file anew, the later brought back what the first had taken."""
    tom = member("tom")
    file = Path(settings.EMAIL_FILE_PATH) / "20261130-060000-both.log"
    other = b"To: nobody@lantern.example\n"
    letters = [b"To: " + ines.email.encode() + b"\n", b"To: " + tom.email.encode() + b"\n", other]
    file.write_bytes(b"".join(each + b"-" * 79 + b"\n" for each in letters))
    people = [persons.find(each.pk) for each in (ines, tom)]
    write, second = stores_of_letters.put_whole, []

    def meanwhile(*args, **kwargs) -> None:
        """The other leaves between reading and writing, or waits until it is written."""
        if not second:
            second.append(threading.Thread(target=Outbox().erase, args=(people[1],)))
            second[0].start()
            second[0].join(timeout=1)
        write(*args, **kwargs)

    monkeypatch.setattr(stores_of_letters, "put_whole", meanwhile)
    assert Outbox().erase(people[0]) == 1
    second[0].join()
    assert file.read_bytes() == other + b"-" * 79 + b"\n"
