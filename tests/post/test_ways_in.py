"""By which ways letters come: a mailbox over TLS, a signed web hook, a folder, a file."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import msgspec
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.certificates import certify
from tests.post.conftest import fetch, letter
from tests.post.doubles import Mailbox

from plainview.platform.media import readied
from plainview.privacy.disclosures import collecting, signing
from plainview.privacy.models import Letter, Request
from plainview.privacy.post import arriving, services
from plainview.privacy.post.commands import post
from plainview.web import findings

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECRET = "a secret of the post alone, and long enough"


@pytest.fixture(params=[False, True], ids=["tls", "starttls"])
def imap(request, tmp_path, monkeypatch):
    with Mailbox(certify("localhost", tmp_path), starttls=request.param) as double:
        monkeypatch.setattr(settings, "POST_URL", double.url)
        yield double


def test_a_mailbox_is_emptied_into_the_database(imap):
    imap.put(letter(), letter("Please delete my account.", sender="tom@elsewhere.example"))
    assert fetch() == 2
    assert {row.kind for row in Request.objects.all()} == {"access", "delete"}
    assert imap.messages == {} and imap.moved == []
    assert fetch() == 0
    if imap.starttls:
        assert imap.said.index("STARTTLS") < imap.said.index("LOGIN")


def test_what_was_taken_can_be_kept_in_a_folder(imap, monkeypatch):
    raw = letter()
    monkeypatch.setattr(settings, "POST_URL", f"{imap.url}&done=Taken%20in")
    imap.put(raw)
    fetch()
    assert imap.messages == {} and imap.moved == [("Taken in", raw)]


def test_a_process_that_dies_between_takes_it_twice_and_keeps_it_once(imap, monkeypatch):
    imap.put(letter())
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(
            "plainview.platform.outbound.imap.Folder.remove",
            lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
        )
        fetch()
    assert Letter.objects.count() == 1 and len(imap.messages) == 1
    assert fetch() == 0
    assert Letter.objects.count() == 1 and imap.messages == {}


def test_one_that_is_too_long_is_taken_by_its_beginning_and_stays(imap, monkeypatch):
    monkeypatch.setattr(arriving, "LONGEST", 2_000)
    raw = letter("x " * 3_000)
    imap.put(raw)
    assert fetch() == 1
    kept = Letter.objects.get()
    assert (kept.why, kept.sender) == ("unread", "mira@elsewhere.example")
    assert imap.messages == {1: raw}
    assert fetch() == 0


def test_a_server_is_believed_by_its_certificate_and_within_bounds(imap, monkeypatch):
    imap.put(letter())
    for url in (imap.url.partition("?")[0], imap.url.replace("secret", "wrong")):
        monkeypatch.setattr(settings, "POST_URL", url)
        with pytest.raises(collecting.Trouble):
            fetch()
    monkeypatch.setattr(settings, "POST_URL", imap.url)
    imap.claims = 10**12
    with pytest.raises(collecting.Trouble):
        fetch()
    assert not Letter.objects.exists() and len(imap.messages) == 1


def hand_over(raw: bytes, *, secret: str = SECRET, body: bytes | None = None, **more):
    signed = signing.headers(secret, "msg_1", raw, time.time() + more.pop("off", 0))
    return Client(headers=signed | more).post(
        "/post/letters/", raw if body is None else body, content_type="message/rfc822"
    )


def test_a_web_hook_with_a_secret_of_its_own(monkeypatch):
    raw = letter()
    assert hand_over(raw).status_code == 404, "nobody may before a secret is set"
    monkeypatch.setattr(settings, "POST_SECRET", SECRET)
    assert hand_over(raw).status_code == 201
    assert hand_over(raw).status_code == 200
    assert Request.objects.get().kind == "access"
    other = letter("Please delete my account.")
    assert hand_over(other, secret="another secret of the same length!!").status_code == 401
    assert hand_over(raw, body=other).status_code == 401
    assert hand_over(other, off=-3600).status_code == 401
    assert hand_over(b"").status_code == 422
    assert hand_over(other, Origin="https://evil.example").status_code == 403
    monkeypatch.setattr("plainview.privacy.post.views.LONGEST", 100)
    assert hand_over(other).status_code == 413
    assert Letter.objects.count() == 1


def test_letters_are_fetched_and_taken_by_command(folders, tmp_path, monkeypatch):
    new = folders / "letters" / "new"
    new.mkdir(parents=True)
    (new / "1").write_bytes(letter())
    (new / "2").symlink_to("/etc/passwd")
    path = tmp_path / "one.eml"
    path.write_bytes(letter("Please delete my account."))
    run = CliRunner()
    assert run.invoke(post, ["fetch"]).output == "1 new letters\n"
    assert run.invoke(post, ["take", str(path)]).output == f"{path}: taken\n"
    assert run.invoke(post, ["take", str(path)]).output == f"{path}: was here before\n"
    assert Letter.objects.count() == 2
    monkeypatch.setattr(settings, "POST_URL", "pop3://elsewhere.example")
    failed = run.invoke(post, ["fetch"])
    assert failed.exit_code == 2 and "docs/post.md" in failed.output


def test_files_that_no_letter_names_go_and_letters_end_with_their_requests(deliver):
    deliver(letter())
    kept = Letter.objects.get()
    stray = services.quarantine().path("2026/01/stray.eml")
    services.quarantine().save("2026/01/stray.eml", kept.file)
    now = Letter.objects.get().arrived_at
    services.tidy(now + services.ORPHANED / 2)
    assert services.quarantine().exists("2026/01/stray.eml")
    Request.objects.update(state="withdrawn", came_from="received", next_on=None, closed_at=now)
    services.tidy(now + services.ORPHANED * 2)
    kept.refresh_from_db()
    assert kept.closed_at == now and kept.file.storage.exists(kept.file.name)
    assert not services.quarantine().exists("2026/01/stray.eml"), stray


def said(monkeypatch, url: str) -> dict[str, str]:
    """What the doctor says of the place where letters come from, each with its remedy."""
    monkeypatch.setattr(settings, "POST_URL", url)
    found = {each.what: each.remedy for each in findings.letters()}
    return {what: remedy for what, remedy in found.items() if "privacy address" in what}


def test_the_doctor_opens_the_mailbox_and_says_since_when_nothing_came(imap, monkeypatch, folders):
    """The privacy address is a door of rights: a mailbox that nobody can read is serious."""
    imap.put(letter())
    ((what, _),) = said(monkeypatch, imap.url).items()
    assert "1 wait, none has come" in what
    fetch()
    ((what, remedy),) = said(monkeypatch, imap.url).items()
    assert "0 wait, the last came on" in what and not remedy
    for url in (imap.url.replace("secret", "wrong"), "pop3://elsewhere.example"):
        ((what, remedy),) = said(monkeypatch, url).items()
        assert remedy and "secret" not in what + remedy
    Letter.objects.update(arrived_at=timezone.now() - timedelta(days=40))
    public = msgspec.structs.replace(settings.ENV, public_url="https://films.example")
    monkeypatch.setattr(settings, "ENV", public)
    ((what, remedy),) = said(monkeypatch, imap.url).items()
    assert "from elsewhere and see that it arrives" in remedy


def test_the_doctor_looks_into_the_maildir(folders, monkeypatch):
    new = folders / "letters" / "new"
    new.mkdir(parents=True)
    for number in range(findings.MANY):
        (new / str(number)).write_bytes(b"x")
    ((what, remedy),) = said(monkeypatch, f"maildir:{folders / 'letters'}").items()
    assert "200 wait" in what and "is one running" in remedy


def test_of_many_letters_each_is_read_apart_by_one_reader(deliver, confining, monkeypatch):
    started = []
    popen = readied.subprocess.Popen
    monkeypatch.setattr(
        readied.subprocess, "Popen", lambda *a, **more: started.append(a) or popen(*a, **more)
    )
    several = [letter(f"Please send me a copy of my data. {n}", subject=f"{n}") for n in range(5)]
    deliver(*several)
    assert Letter.objects.count() == 5
    assert {row.title for row in Letter.objects.all()} == {str(n) for n in range(5)}
    assert len(started) == 1


def test_two_who_fetch_at_once_leave_each_other_their_letters(folders, monkeypatch):
    """A worker fetches every minute, and whoever types the command may meet it."""
    new, scandir = folders / "letters" / "new", os.scandir
    new.mkdir(parents=True)
    (new / "1").write_bytes(letter())
    (new / "2").write_bytes(letter("Please delete my account."))

    def meanwhile(folder):
        for entry in list(scandir(folder)):
            if entry.name == "1":
                os.unlink(entry.path)  # the other was quicker
            yield entry

    monkeypatch.setattr(arriving.os, "scandir", meanwhile)
    done = CliRunner().invoke(post, ["fetch"])
    assert (done.exit_code, done.output) == (0, "1 new letters\n")
    assert Letter.objects.get().text.startswith("Please delete")
