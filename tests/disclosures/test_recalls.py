"""A no, a correction and a goodbye travel to whoever got the data (P2.11c; GDPR Art. 19)."""

from __future__ import annotations

import datetime as dt
import hashlib
import time

import msgspec
import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import AUDIENCE, KEY, YES, change, enter, later, words, work

from plainview.domains.accounts.commands import reencrypt
from plainview.domains.accounts.models import Name, Role, User
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.disclosures import recalls, services, signing
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Disclosure, Erasure, Recall, Standing
from plainview.privacy.policies import in_force
from plainview.privacy.rights import services as services_of_rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def uploaded(member, connect, platform):
    """Ines, whose address is in an audience by her own yes."""
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices=YES)
    services.disclose(**AUDIENCE, subject=ines.pk)
    work()
    platform.got.clear()
    return ines


def test_p4_1_2b_a_later_no_removes_the_person_and_the_next_upload_lacks_them(
    uploaded, member, platform
):
    tom = member("tom", choices=YES)
    change(uploaded, choices={"audience-uploads": "denied"})
    row = Recall.objects.get()
    assert (row.act, row.state) == ("stop", "waiting"), "asked for in the transaction of the no"
    work()
    (got,) = platform.got
    assert got.path == "/members/remove"
    assert got.json == {"members": [{"external_id": Disclosure.objects.get().reference}]}
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("confirmed", "")
    services.disclose_each(**AUDIENCE, subjects=[uploaded.pk, tom.pk])
    work()
    assert len(platform.got[-1].json["members"]) == 1


def test_p4_1_2b_opting_out_by_signal_does_the_same(member, connect, platform):
    connect(northgate=("audience", platform.url))
    kim = member("kim", "US-CA")
    services.disclose(**AUDIENCE, subject=kim.pk)
    work()
    change(kim, signals=frozenset({"gpc"}))
    work()
    assert [got.path for got in platform.got] == ["/members/add", "/members/remove"]


def test_an_objection_travels_too_and_is_told_once(uploaded, platform):
    change(uploaded, objections={"audience-uploads": "pending"})
    change(uploaded, signals=frozenset({"gpc"}))
    work()
    assert len(platform.got) == 1
    assert Recall.objects.count() == 1


def test_a_no_that_closes_nothing_of_what_left_is_nobodys_business(uploaded, platform):
    change(uploaded, choices={**YES, "recommend": "denied"})
    work()
    assert platform.got == []


def test_a_yes_again_and_a_no_again_is_told_again(uploaded, platform):
    change(uploaded, choices={})
    change(uploaded, choices=YES)
    services.disclose(**AUDIENCE, subject=uploaded.pk)
    work()
    change(uploaded, choices={})
    work()
    assert [got.path for got in platform.got].count("/members/remove") == 2


def test_p2_11c_withdrawal_reaches_a_recipient_that_was_down_for_a_week(uploaded, platform):
    platform.status = 503
    change(uploaded, choices={})
    work(times=3)
    page = words(enter(uploaded).get("/privacy/disclosures/"))
    assert "Asked to stop using it Being told" in page
    Job.objects.filter(task="disclosures.tell").update(attempts=41)
    work()
    row = Recall.objects.get()
    assert (row.state, row.escalated) == ("waiting", True), "the officer sees it; nothing is lost"
    platform.status = 200
    Job.objects.filter(task="disclosures.tell").update(run_at=timezone.now())
    work()
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert "Asked to stop using it Confirmed" in words(enter(uploaded).get("/privacy/disclosures/"))


def _later(**by: float) -> None:
    """Time passes: what was asked for is due, and what is due is late."""
    Job.objects.filter(state="waiting").update(run_at=timezone.now())
    for row in Recall.objects.all():
        Recall.objects.filter(pk=row.pk).update(due_at=row.due_at - dt.timedelta(**by))


def test_told_is_not_confirmed_it_is_reminded_and_escalated_until_they_say_so(uploaded, platform):
    platform.status = 202
    change(uploaded, choices={})
    work()
    row = Recall.objects.get()
    assert (row.state, row.confirmed_at) == ("told", None)
    page = words(enter(uploaded).get("/privacy/disclosures/"))
    assert "Told, not confirmed yet" in page
    _later()
    work()
    row.refresh_from_db()
    assert (row.reminded, row.escalated, len(platform.got)) == (1, False, 2)
    _later(days=16)
    work()
    row.refresh_from_db()
    assert (row.reminded, row.escalated) == (2, True)
    assert len({got.headers["idempotency-key"] for got in platform.got}) == 1

    address = f"/recipients/northgate/recalls/{row.key}/"
    assert Client().post(address, b"{}", content_type="application/json").status_code == 401
    for key, status in (("another key", 401), (KEY, 204), (KEY, 404)):
        heads = signing.headers(key, "m1", b"{}", time.time())
        answer = Client().post(address, b"{}", content_type="application/json", headers=heads)
        assert answer.status_code == status
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("confirmed", "")
    _later()
    work()
    assert len(platform.got) == 3


def test_what_is_corrected_is_sent_anew_to_whoever_has_the_old(uploaded, platform):
    client = enter(uploaded)
    before = Recall.objects.count()
    client.post("/settings/profile/", {"name": "Ines"})
    assert Recall.objects.count() == before, "they never had the name"
    with Opened(Door("the page of addresses", "account", source="form"), lambda: uploaded.pk):
        EmailAddress.objects.filter(user_id=uploaded.pk).update(email="new@lantern.example")
    row = Recall.objects.get()
    assert row.act == "correct"
    work()
    (got,) = platform.got
    assert got.path == "/members/replace"
    (said,) = got.json["members"]
    assert said["external_id"] == Disclosure.objects.get().reference
    assert said["email_sha256"] == [hashlib.sha256(b"new@lantern.example").hexdigest()]


@pytest.mark.parametrize("by", ["everyone", "migrate"])
def test_what_is_corrected_of_many_at_once_is_told_too(uploaded, member, platform, by):
    """Whose rows a work for everyone or a migration changes is looked up before it changes them."""
    tom = member("tom")
    door = Door(
        "a tidying of addresses", "account", source="staff", everyone="all are written alike"
    )
    with Opened(door) if by == "everyone" else duty("migrate"):
        mails = EmailAddress.objects.filter(email__endswith="@lantern.example")
        mails.update(email=Concat(Value("new-"), F("email")))
    row = Recall.objects.get()
    assert (row.subject, row.act) == (uploaded.pk, "correct")
    assert not Recall.objects.filter(subject=tom.pk).exists(), "they never had anything of his"
    work()
    (got,) = platform.got
    (said,) = got.json["members"]
    assert said["email_sha256"] == [hashlib.sha256(b"new-ines@lantern.example").hexdigest()]


def test_a_goodbye_is_told_to_all_and_the_report_names_who_has_confirmed(
    uploaded, platform, folders
):
    platform.status = 202
    client = enter(uploaded)
    client.post("/accounts/password/reset/", {"email": uploaded.email})
    work()
    Disclosure.objects.filter(recipient="harrowgate").update(state="sent")
    left = client.post("/privacy/leave/confirm/", {"sure": "yes"})
    address = left["Location"]
    rows = {row.recipient: row for row in Recall.objects.all()}
    assert {name: row.act for name, row in rows.items()} == dict.fromkeys(rows, "erase")
    assert rows["northgate"].subject is None
    work()
    page = words(Client().get(address))
    assert "Northgate Social Told, not confirmed yet" in page
    assert "Harrowgate Mail Erased there by" in page
    assert (Erasure.objects.get().state, Disclosure.objects.count()) == ("done", 0)
    heads = signing.headers(KEY, "m1", b"{}", time.time())
    path = f"/recipients/northgate/recalls/{rows['northgate'].key}/"
    Client().post(path, b"{}", content_type="application/json", headers=heads)
    assert "Northgate Social Confirmed" in words(Client().get(address))
    told = Client().get(f"{address}report.json").json()["recipients"]
    assert {"name": "Northgate Social", "state": "Confirmed"} in told
    assert not Recall.objects.exclude(sealed="").exists()


def test_p8a_another_key_of_columns_leaves_whoever_is_to_be_told_and_every_letter_that_waits(
    uploaded, platform, mailbox, monkeypatch
):
    platform.status = 503
    change(uploaded, choices={})
    Client().post("/accounts/password/reset/", {"email": uploaded.email})
    old, new = settings.ENCRYPTION_KEYS[0], "n" * 40
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new, old])
    assert CliRunner().invoke(reencrypt).exit_code == 0
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new])
    platform.status = 200
    work()
    (got,) = platform.got
    reference = Disclosure.objects.get(recipient="northgate").reference
    assert got.json == {"members": [{"external_id": reference}]}
    assert Recall.objects.get().state == "confirmed"
    assert len(mailbox.letters) == 1


def test_p2_11c_who_can_be_named_to_nobody_any_more_is_left_to_the_officer(
    uploaded, platform, monkeypatch
):
    """A key that is lost: what names no person is not told, and so confirmed by nobody."""
    platform.status = 503
    change(uploaded, choices={})
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", ["n" * 40])
    platform.status = 200
    work()
    assert platform.got == []
    assert Recall.objects.get().state == "by-hand"


@pytest.fixture
def without_northgate(another):
    """Says, when called, that the policy names Northgate no more."""
    return lambda: another(later(northgate=None))


def test_p4_1_1a_who_works_for_us_no_more_is_asked_to_erase_all_the_same(
    without_northgate, uploaded, folders
):
    """GDPR Art. 19: they got it when the policy named them."""
    without_northgate()
    (folders / "connections.toml").unlink()  # nobody may be connected whom the policy lacks
    address = enter(uploaded).post("/privacy/leave/confirm/", {"sure": "yes"})["Location"]
    work()
    (row,) = Recall.objects.filter(recipient="northgate")
    assert (row.act, row.state) == ("erase", "by-hand")
    assert Client().get(f"{address}report.json").json()["recipients"] == [
        {"name": "northgate", "state": "Our officer writes to them; not confirmed yet"}
    ]
    assert not services_of_rights.complete(Erasure.objects.get().pk)
    assert recalls.confirmed(row.key)
    assert services_of_rights.complete(Erasure.objects.get().pk)


def test_p2_11c_who_works_for_us_no_more_is_told_to_stop_all_the_same(
    without_northgate, uploaded, folders
):
    """P2.11c: what was given under an earlier version is used no more once nothing permits it."""
    without_northgate()
    (folders / "connections.toml").unlink()  # nobody may be connected whom the policy lacks
    queue.enqueue_at(timezone.now() + dt.timedelta(days=1), recalls.ASK, recall=0)  # others wait
    recalls.ask_for_review()
    work()
    (row,) = Recall.objects.all()
    assert (row.recipient, row.act, row.state) == ("northgate", "stop", "by-hand")
    recalls.review()
    assert Recall.objects.count() == 1, "told once"
    page = words(enter(uploaded).get("/privacy/disclosures/"))
    assert "Asked to stop using it Our officer writes to them" in page


def test_p5_2_2_1a_who_got_it_is_named_as_they_were_once_the_policy_names_them_no_more(
    without_northgate, uploaded, folders
):
    """P5.2.2.1a: the kind of third party and its name are those of the day on which it left."""
    client = enter(uploaded)
    before = client.get("/privacy/statement/?as=json").json()["sold_or_shared"]
    assert before and {part["recipients"][0] for part in before} == {"Northgate Social"}
    without_northgate()
    (folders / "connections.toml").unlink()
    assert client.get("/privacy/statement/?as=json").json()["sold_or_shared"] == before
    assert "Northgate Social" in words(client.get("/privacy/disclosures/"))


def test_p5_2_1_1b_who_got_it_for_itself_is_listed_though_it_works_for_us_now(another, uploaded):
    """P5.2.1.1b, P5.2.2.1a: in Oregon third parties alone are, by the role in which they got it."""
    change(uploaded, presence="US-OR", residence="US-OR")
    client = enter(uploaded)
    before = client.get("/privacy/statement/?as=json").json()["sold_or_shared"]
    listed = [each.name for each in client.get("/privacy/disclosures/").context["others"]]
    assert before and listed == ["Northgate Social"]
    northgate = in_force().recipients["northgate"]
    another(later(northgate=msgspec.structs.replace(northgate, role="processor")))
    found = client.get("/privacy/disclosures/").context["others"]
    assert [each.name for each in found] == listed
    assert client.get("/privacy/statement/?as=json").json()["sold_or_shared"] == before


def test_p2_11c_a_no_holds_and_is_told_though_the_file_of_connections_is_half_written(
    uploaded, platform, folders
):
    """P2.11c: what an operator is about to mend keeps nobody's no, nor an address put right."""
    file = folders / "connections.toml"
    whole = file.read_text()
    file.write_text(whole[:20])
    client = enter(uploaded)
    client.post("/settings/profile/", {"name": "Ines", "name_audience": 0, "picture_audience": 0})
    assert Name.objects.get(account=uploaded.pk).value == "Ines"
    assert client.post("/privacy/opt-out/", {"via": "foot"}).status_code == 302
    assert permissions.read(uploaded.pk)[0].choices["audience-uploads"] == "denied"
    assert Recall.objects.get(act="stop").state == "waiting"
    work()
    assert platform.got == []
    file.write_text(whole)
    work()
    assert Recall.objects.get(act="stop").state == "confirmed"
    assert "/members/remove" in [got.path for got in platform.got]


def test_without_a_connection_the_officer_does_it_by_hand_and_says_so(uploaded, folders):
    (folders / "connections.toml").unlink()
    change(uploaded, choices={})
    row = Recall.objects.get()
    assert row.state == "by-hand"
    assert recalls.known(row).references == (Disclosure.objects.get().reference,)
    assert "Our officer writes to them" in words(enter(uploaded).get("/privacy/disclosures/"))


def test_p5_2_1_3a_what_was_told_by_hand_before_another_correction_confirms_nothing(
    uploaded, folders, at_desk
):
    """P5.2.1.3a: the officer wrote of the address before the last one, and then looks again."""
    (folders / "connections.toml").unlink()
    desk = at_desk(User.objects.create_user("o@lantern.example", roles=Role.OFFICER), Client())
    for name in ("new", "newer"):
        with Opened(Door("the page of addresses", "account", source="form"), lambda: uploaded.pk):
            mails = EmailAddress.objects.filter(user_id=uploaded.pk)
            mails.update(email=f"{name}@lantern.example")
        if name == "new":
            first = Recall.objects.get()
    row = Recall.objects.get()
    assert (row.act, row.state, row.due_at) == ("correct", "by-hand", first.due_at)
    for key, state in ((first.key, "by-hand"), (row.key, "confirmed")):
        desk.post("/desk/privacy/disclosures/", {"act": "confirmed", "key": key})
        row.refresh_from_db()
        assert row.state == state


def test_a_yes_that_lapses_by_itself_is_called_back_by_the_daily_review(uploaded, platform):
    change(uploaded, choices=YES, valid_until=time.time() + 1)
    assert not Recall.objects.exists()
    row = Standing.objects.get(subject=uploaded.pk)
    facts = msgspec.json.decode(row.facts)
    facts["valid_until"] = time.time() - 1
    Standing.objects.filter(subject=uploaded.pk).update(facts=msgspec.json.encode(facts).decode())
    recalls.ask_for_review()
    work()
    assert [got.path for got in platform.got] == ["/members/remove"]
    assert queue.task_named("disclosures.review").every == dt.timedelta(days=1)


def test_a_delivery_that_may_have_arrived_is_called_back_too(member, connect, platform):
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices=YES)
    services.disclose(**AUDIENCE, subject=ines.pk)
    platform.status = 500
    work()
    change(ines, choices={})
    assert Recall.objects.get().act == "stop"
    platform.status = 200
    work(times=2)
    assert [got.path for got in platform.got] == ["/members/add", "/members/remove"]
