"""The restore drill: what was there is there again, and nobody who left (P8a, P9c, lesson 6)."""

from __future__ import annotations

import json
import re
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.backups.conftest import arrive, enter, restored, run, with_ledger, work, worker_looks
from tests.people import answers
from tests.rights.conftest import HERE, PASSWORD
from tests.rights.planting import KINDS, plant
from tests.rights.test_kills import allows
from tools.second_factor import SECRET, code_of

from plainview.domains.accounts.commands import reencrypt
from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue.licensing import Availability, Why
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback import services as playback
from plainview.domains.playback.models import Package, Viewing
from plainview.domains.staff import services as staff
from plainview.platform.encryption import Cipher, Unreadable
from plainview.platform.identifiers import new_id
from plainview.privacy import log as logging_
from plainview.privacy import permissions
from plainview.privacy.backups import archive, barrier, ledger
from plainview.privacy.backups.barrier import State
from plainview.privacy.backups.commands import restore
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.commands import log
from plainview.privacy.log.models import Entry
from plainview.privacy.models import Answer, Erasure, Request, Session
from plainview.privacy.requests import tasks as requests
from plainview.privacy.rights import holdings
from plainview.privacy.rights.person import find

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CHOICES = "/privacy/choices/"
LATER = "a harbour in the morning fog"


def film(content: bytes) -> Package:
    """A film whose files lie where the service plays them from."""
    video = add_film(name="Harbour Lights", language="en")
    package = Package.objects.create(
        video=video, key=video.key, duration_ms=60_000, width=1, height=1, contents={}
    )
    package.folder.mkdir(parents=True)
    (package.folder / "v180.mp4").write_bytes(content)
    return package


def played(package: Package) -> bytes:
    address = playback.addresses(package, Availability(Why.HERE), whole=True).of("v180.mp4")
    answer = Client(headers=HERE).get(address)
    assert answer.status_code == 200
    return answer.getvalue()


class Writers:
    """Somebody who writes all the time, in a connection of their own."""

    def __init__(self, subject: int, package: Package) -> None:
        self.count, self._over, self._begun = 0, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._write, args=(subject, package.video_id))

    def __enter__(self) -> Writers:
        self._thread.start()
        assert self._begun.wait(20), "nobody writes"
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self, subject: int, video: int) -> None:
        with duty("fixture"):
            while not self._over.is_set():
                Viewing.objects.create(
                    subject=subject,
                    video_id=video,
                    sitting=f"{new_id():032x}",
                    began_at=timezone.now(),
                    watched_at=timezone.now(),
                )
                self.count += 1
                self._begun.set()
        connection.close()


def test_p8a_the_drill_everything_is_back_but_who_left_and_what_was_refused(
    ines, tom, member, key, back_up, elsewhere, monkeypatch
):
    TOTP.activate(member("mira"), SECRET)
    content = bytes(range(256)) * 5000
    package = film(content)
    browser, device = arrive(choice="accept")
    his = answers(enter(tom), "accept")
    assert allows(tom.pk, "history")
    hers = enter(ines)
    mine = plant(ines.pk, "ines", tom.pk, only={*KINDS, "privacy_letter"})
    with Writers(tom.pk, package) as writers:
        archive = back_up()
        before = writers.count
    # Since the backup: she leaves, he and a browser withdraw.
    whom = find(ines.pk)
    report = hers.post("/privacy/leave/confirm/", {"sure": "yes"})["Location"]
    work()
    assert Erasure.objects.get().state == "done"
    answers(his, "reject")
    answers(browser, "reject")
    old, new = settings.ENCRYPTION_KEYS[0], "n" * 40  # and the key of columns is changed
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new, old])
    assert run(reencrypt)[0] == 0
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new])
    notes = ledger.folder() / "notes"
    assert not any(name in notes.read_text() for name in (str(ines.pk), "ines@", str(tom.pk)))

    with elsewhere():
        code, said = restored(archive, key)
        assert code == 2, "without the ledger she would come back"
        assert "no ledger" in said
        said = with_ledger(archive, key, notes)
        assert "encryption-key was another then" in said
        assert "Done again: 1 erased who had left, 2 of whom something was closed" in said

        # The site by its public door.
        client = Client(headers=HERE)
        assert client.get("/").status_code == 200
        client.post("/accounts/login/", {"login": "ines@lantern.example", "password": PASSWORD})
        assert not client.get("/privacy/").wsgi_request.user.is_authenticated
        assert "You have left" in client.get(report).content.decode(), "her report goes on"
        assert his.get("/settings/").status_code == 302, "everybody signs in anew"
        again = enter(tom)
        assert again.get("/settings/").status_code == 200
        assert not allows(tom.pk, "history")
        assert not allows(device, "history")
        assert Answer.objects.filter(subject=tom.pk).first().via == "restored"
        assert set(json.loads(Answer.objects.filter(subject=tom.pk).first().answers).values()) == {
            "denied"
        }
        assert played(Package.objects.get()) == content
        assert 0 < Viewing.objects.filter(subject=tom.pk).count() <= before + 1

        # The scan finds nothing but what the report names as kept.
        told = json.loads(Erasure.objects.get().report)
        kept = {f"{x['holding']}.{c}" for x in told["lines"] if x["outcome"] == "kept"
                for c in x["columns"]}  # fmt: skip
        with duty("erasure"):
            found = [each for held in holdings.everything() for _, each in held.look_for([whom])]
        assert {each.where for each in found if each.kind == "left"} <= kept
        assert not User.objects.filter(pk=ines.pk).exists()
        assert mine.files and not any(f.storage.exists(f.name) for f in mine.files)

        # The log goes on, and says that it was put back.
        code, said = run(log, "verify")
        assert code == 0, said
        assert "the log is whole" in said
        assert "the database was put back" in client.get("/legal/log/").content.decode() or (
            "restored" in client.get("/legal/log/checkpoint").content.decode()
        )
        assert barrier.state() is None
        with duty("migrate"):
            Entry.objects.filter(subject=tom.pk).update(body='{"pv:answer":"granted"}')
        code, said = run(log, "verify")
        assert code == 1, "an altered row is found in a restored log too"

        # What stands under the old key is carried over, and the old key opens nothing any more.
        assert run(reencrypt)[0] == 1, "it says so, and changes nothing"
        monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new, old])
        assert "1 second factors" in run(reencrypt)[1]
        monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new])
        assert Authenticator.objects.get().wrap().validate_code(code_of(SECRET))
        sealed = Authenticator.objects.get().data["secret"]
        with pytest.raises(Unreadable):
            Cipher([old]).decrypted(sealed)
        assert not Session.objects.exclude(account=tom.pk).filter(account__isnull=False).exists()


def test_a_no_that_a_yes_followed_before_the_copy_closes_nothing(tom):
    answers(enter(tom), "accept")
    answers(enter(tom), "reject")
    answers(enter(tom), "accept")
    assert [note.what for note in ledger.notes()] == ["narrowed"]
    logging_.sequence()
    barrier.put_up(State("replay"))
    worker_looks()
    assert allows(tom.pk, "history")


def test_without_the_ledger_nobodys_yes_counts_until_they_say_it_again(tom):
    answers(enter(tom), "accept")
    barrier.put_up(State("replay", unknown=True))
    worker_looks()
    facts, _ = permissions.read(tom.pk)
    asked = [id_ for id_, word in facts.choices.items() if word == "granted"]
    assert asked
    assert not any(allows(tom.pk, id_) for id_ in asked)
    assert enter(tom, confirmed=False).get("/settings/").status_code == 302, "nor any password"
    tom.set_password(PASSWORD)
    tom.save()
    answers(enter(tom), "accept")
    assert allows(tom.pk, "history")


def moves(user: User, address: str) -> None:
    """Give another address and confirm it, as its person does."""
    client = enter(user)
    client.post("/accounts/email/", {"action_add": "", "email": address})
    link = re.search(r"/accounts/confirm-email/[^\s\"<]+", mail.outbox[-1].body)
    assert link
    client.post(link[0])
    assert User.objects.get(pk=user.pk).email == address


def test_p8a_what_was_taken_from_an_account_since_does_not_come_back(
    ines, tom, member, key, back_up, lost
):
    """P8a: a role, a password, a factor, codes, an address, and an account that was suspended."""
    mira, lena, nora = member("mira"), member("lena"), member("nora")
    User.objects.filter(pk=ines.pk).update(roles="administrator")
    User.objects.filter(pk=mira.pk).update(roles="editor moderator")
    TOTP.activate(mira, SECRET)
    RecoveryCodes.activate(mira)
    kept = TOTP.activate(ines, SECRET)
    archive = back_up()
    his = enter(tom)
    changed = {"oldpassword": PASSWORD, "password1": LATER, "password2": LATER}
    assert his.post("/accounts/password/change/", changed).status_code == 302
    staff.take_role(staff=ines.pk, person=mira.pk, role=Role.EDITOR)
    staff.suspend(staff=ines.pk, person=lena.pk, reason="spam")
    Authenticator.objects.get(user=mira, type="totp").delete()
    codes = Authenticator.objects.get(user=mira, type="recovery_codes").wrap()
    assert codes.validate_code(codes.get_unused_codes()[0])
    moves(nora, "nora@harbour.example")
    notes = ledger.folder() / "notes"
    assert LATER not in notes.read_text() and "harbour.example" not in notes.read_text()

    with lost(archive, key) as said:
        assert "4 accounts without what they had lost" in said
        for word in (PASSWORD, LATER):
            client = Client(headers=HERE)
            client.post("/accounts/login/", {"login": tom.email, "password": word})
            assert not client.get("/privacy/").wsgi_request.user.is_authenticated, "by letter alone"
        mail.outbox.clear()
        for address, inside in (("nora@lantern.example", False), ("nora@harbour.example", True)):
            Client(headers=HERE).post("/accounts/password/reset/", {"email": address})
            client = Client(headers=HERE)
            client.post("/accounts/login/", {"login": address, "password": PASSWORD})
            here = client.get("/privacy/").wsgi_request.user
            assert here.is_authenticated is inside, "with the address of now, which nobody kept"
        led = [each.to for each in mail.outbox if "/password/reset/key/" in each.body]
        assert led == [["nora@harbour.example"]]
        assert User.objects.get(pk=mira.pk).roles == "moderator"
        assert not User.objects.get(pk=lena.pk).is_active
        assert list(Authenticator.objects.values_list("pk", flat=True)) == [kept.instance.pk]
        assert enter(ines).get("/settings/").status_code in (200, 302)
        assert User.objects.get(pk=ines.pk).roles == "administrator"


def test_p8a_a_factor_that_the_copy_lacks_closes_the_way_in_by_password(tom):
    """P8a: who made it safer since does not wake up with less."""
    logging_.sequence()
    TOTP.activate(tom, SECRET)
    with duty("erasure"):
        Authenticator.objects.all().delete()  # as the copy is
    barrier.put_up(State("replay"))
    worker_looks()
    assert not User.objects.get(pk=tom.pk).has_usable_password()


def test_p8a_without_the_ledger_nobody_is_staff(ines):
    User.objects.filter(pk=ines.pk).update(roles="administrator")
    barrier.put_up(State("replay", unknown=True))
    worker_looks()
    assert User.objects.get(pk=ines.pk).roles == ""


def test_p5_2_1_4a_who_had_asked_to_be_erased_before_the_copy_is_answered(ines, key, back_up, lost):
    """P5.2.1.4a: they left since; what waits in the copy is answered with the report of that."""
    hers = enter(ines)
    hers.post("/privacy/requests/new/", {"kind": "delete"})
    archive = back_up()
    assert Request.objects.get().erasure is None
    hers.post("/privacy/leave/confirm/", {"sure": "yes"})
    work()
    with lost(archive, key):
        requests.requests()
        row = Request.objects.get()
        assert (row.state, row.outcome) == ("answered", "granted")
        assert row.erasure == Erasure.objects.get().pk


def test_a_copy_of_the_other_engine_says_into_which_it_goes_back(key, back_up, elsewhere, tmp_path):
    """As after `database take`: who had no younger one than of SQLite read of no way back."""
    back_up()
    of, told = {
        "sqlite": ("postgresql", "name an empty one in PLAINVIEW_DATABASE_URL"),
        "postgresql": ("sqlite", "`plainview database take` carries it over then"),
    }[connection.vendor]
    other = tmp_path / "plainview-20261101T031700Z.age"

    def fill(out):
        out.small("database/000001", b"a database")
        return {}

    about = archive.About(timezone.now().isoformat(), of, "0.1.0")
    archive.write(other, archive.recipients([key.public]), about, fill, lambda made: None)
    with elsewhere():
        code, said = run(restore, other, "-i", key.file, "--ledger-lost")
        assert (code, told in said) == (2, True), said
        assert not barrier.shut()
