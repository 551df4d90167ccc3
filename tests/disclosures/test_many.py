"""Many at a time, over connections that stay open: nothing is lost, doubled or held up by it."""

from __future__ import annotations

import datetime as dt
import os
import signal
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage
from django.db import connections as databases
from django.utils import timezone
from tests.disclosures.conftest import AUDIENCE, KEY, YES, change, work
from tests.disclosures.doubles import Recipient
from tests.disclosures.test_mail import write

from plainview.domains.accounts.models import User
from plainview.platform import outbound
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.platform.outbound import addresses, keep, smtp
from plainview.privacy.disclosures import (
    connections,
    delivery,
    post,
    recalls,
    services,
    transports,
)
from plainview.privacy.models import Disclosure, Recall

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(member, connect, platform):
    """Five people whose addresses wait to be sent to Northgate; their rows, in the order asked."""
    connect(northgate=("audience", platform.url))
    people = [member(f"person{number}", choices=YES) for number in range(5)]
    return [services.disclose(**AUDIENCE, subject=each.pk) for each in people]


def states(rows: list[Disclosure]) -> list[str]:
    known = dict(Disclosure.objects.values_list("pk", "state"))
    return [known[row.pk] for row in rows]


def test_what_waits_is_claimed_at_once_and_each_goes_under_its_own_key(waiting, platform):
    assert worker.run_one()
    assert not worker.run_one()
    assert [got.headers["idempotency-key"] for got in platform.got] == [r.key for r in waiting]
    assert set(states(waiting)) == {"sent"}
    assert not Job.objects.exclude(state="done").exists()
    hashes = {got.json["members"][0]["email_sha256"][0] for got in platform.got}
    assert len(hashes) == 5, "nobody gets somebody else's columns"


def test_of_many_the_one_who_withdrew_is_left_out(waiting, platform):
    withdrawn = waiting[2]
    change(User.objects.get(pk=withdrawn.subject), choices={})
    work()
    assert states(waiting) == ["sent", "sent", "stopped", "sent", "sent"]
    assert len(platform.got) == 4


def test_one_that_fails_is_tried_again_alone(waiting, platform, monkeypatch):
    sends = transports.Audience.send

    def picky(self, connection, key, parcels):
        if key == waiting[1].key:
            raise outbound.Refused("not now", code="http-503")
        sends(self, connection, key, parcels)

    with monkeypatch.context() as patched:
        patched.setattr(transports.Audience, "send", picky)
        worker.run_one()
    assert states(waiting) == ["sent", "queued", "sent", "sent", "sent"]
    job = Job.objects.get(state="waiting", arguments__disclosure=waiting[1].pk)
    assert (job.attempts, job.error) == (1, "NotDelivered")
    work(times=2)
    assert states(waiting) == ["sent"] * 5
    assert len(platform.got) == 5


def test_who_wastes_our_time_is_left_alone_and_holds_nothing_up(waiting, platform, monkeypatch):
    """The rest is not tried, loses nothing, and goes once the recipient had its rest."""
    tried = []

    def hangs(self, connection, key, parcels):
        tried.append(key)
        raise outbound.TooSlow("the other side took too long")

    monkeypatch.setattr(delivery, "PATIENCE", -1)
    with monkeypatch.context() as patched:
        patched.setattr(transports.Audience, "send", hangs)
        patched.setattr(delivery, "REST", 1e6)
        worker.run_one()
    assert tried == [waiting[0].key]
    assert set(states(waiting)) == {"queued"}
    untried = Disclosure.objects.exclude(pk=waiting[0].pk)
    assert not untried.exclude(tried_at=None).exists(), "nothing of theirs may have arrived"
    work(times=2)
    assert not platform.got, "it still rests"
    monkeypatch.setattr(delivery, "resting", delivery.Resting())
    work(times=2)
    assert set(states(waiting)) == {"sent"}


def test_who_carries_the_letters_is_left_alone_for_a_minute_at_most(member, mailbox, monkeypatch):
    """A server that hangs at one letter kept everybody's links to sign in for five minutes."""
    member("ines")
    now = [1000.0]
    monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def hangs(*_: object) -> bool:
        now[0] += smtp.SECONDS
        raise outbound.TooSlow("the other side took too long")

    with monkeypatch.context() as patched:
        patched.setattr(post, "hand_over", hangs)
        write("one that it chokes on")
        work()
    write("a link that is waited for")
    work(times=2)
    assert not mailbox.letters, "it still rests"
    now[0] += 60
    work(times=2)
    assert len(mailbox.letters) == 2


def test_what_the_time_did_not_suffice_for_goes_back_and_loses_no_attempt(
    waiting, platform, monkeypatch
):
    monkeypatch.setattr(delivery, "BOX", -1)
    worker.run_one()
    assert not platform.got
    assert set(Job.objects.filter(task=services.HAND_OVER).values_list("state", "attempts")) == {
        ("waiting", 0)
    }
    monkeypatch.setattr(delivery, "BOX", 5)
    work()
    assert len(platform.got) == 5


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_amid_many_loses_nothing_and_doubles_by_the_same_keys(
    waiting, platform, monkeypatch
):
    sends = transports.Audience.send

    def dying(self, connection, key, parcels):
        if key == waiting[2].key:
            os.kill(os.getpid(), signal.SIGKILL)
        sends(self, connection, key, parcels)

    databases.close_all()
    with monkeypatch.context() as patched:
        patched.setattr(transports.Audience, "send", dying)
        if (child := os.fork()) == 0:
            worker.run_one()
            os._exit(0)
        os.waitpid(child, 0)
    assert set(states(waiting)) == {"queued"}
    Job.objects.update(lease_until="2020-01-01T00:00Z")
    work()
    assert set(states(waiting)) == {"sent"}
    keys = [got.headers["idempotency-key"] for got in platform.got]
    assert set(keys) == {row.key for row in waiting}
    assert len(keys) == 7, "the two that had gone went once more"


def test_a_recall_never_overtakes_what_is_on_its_way(waiting, platform, monkeypatch):
    """Somebody withdraws while the piece is being sent: the stop waits until it has ended."""
    first = User.objects.get(pk=waiting[0].subject)
    sends = transports.Audience.send

    def withdrawing(self, connection, key, parcels):
        if key == waiting[0].key:
            change(first, choices={})
        sends(self, connection, key, parcels)

    monkeypatch.setattr(transports.Audience, "send", withdrawing)
    worker.run_one()
    assert states(waiting)[0] == "sent"
    told = Job.objects.get(task=recalls.TELL)
    assert told.run_at > timezone.now() + dt.timedelta(seconds=30)
    assert Recall.objects.get().act == "stop"
    work(times=2)
    assert [got.path for got in platform.got][-1] == "/members/remove"


# --- connections that stay open -----------------------------------------------------------------


def ask(double: Recipient, **more) -> outbound.Answer:
    return outbound.exchange("POST", double.url + "/", body=b"{}", private=True, **more)


def test_within_a_block_one_connection_serves_all_and_outside_none_stays():
    with Recipient(stays=True) as double:
        with outbound.keeping():
            for _ in range(4):
                assert ask(double).body == b"{}"
        assert len(double.callers) == 1
        ask(double)
        assert len(double.callers) == 2


def test_a_connection_kept_goes_where_it_went_although_its_name_leads_elsewhere_now(monkeypatch):
    """DNS rebinding: no second look-up is made, so there is nothing to rebind."""
    looked = []
    real = addresses._looked_up

    def lookup(host, port):
        looked.append(host)
        return real("127.0.0.1" if len(looked) == 1 else "169.254.169.254", port)

    monkeypatch.setattr(addresses, "_looked_up", lookup)
    with Recipient(stays=True) as double:
        port = double.server.server_address[1]
        with outbound.keeping():
            for _ in range(3):
                outbound.exchange("POST", f"http://films.example:{port}/", private=True)
        assert (looked, len(double.callers)) == (["films.example"], 1)
        with pytest.raises(outbound.Forbidden):
            outbound.exchange("POST", f"http://films.example:{port}/", private=True)


def test_one_closed_over_there_is_opened_anew():
    with Recipient(stays=True) as double, outbound.keeping():
        ask(double)
        (line, _) = next(iter(keep._lines.get().values()))
        line.sock.socket.shutdown(2)
        assert ask(double).status == 200
        assert len(double.got) == 2


def test_the_limits_are_those_of_each_exchange():
    with Recipient(stays=True) as double, outbound.keeping():
        for _ in range(5):
            ask(double, limits=outbound.Limits(seconds=5, bytes=400))
        double.endless = True
        with pytest.raises(outbound.TooLong):
            ask(double, limits=outbound.Limits(seconds=5, bytes=400))


def test_headers_without_end_are_not_read():
    with Recipient(heads=2_000_000) as double, pytest.raises(outbound.Trouble):
        ask(double)


# --- regularly ----------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["left-us", "kestrel"])
def test_p4_2a_who_is_declared_no_more_gets_nothing_and_keeps_it_from_nobody(
    member, folders, platform, gone
):
    """P4.2a: a version that names a recipient no more, or its purpose, comes before their file."""
    one = 'kind = "audience"\nurl = "{url}"\nkey = "{key}"\nprivate = true\n'
    sends = 'sends = { audience-uploads = "P7D" }\n'
    both = "".join(f"[connection.{name}]\n{one}{sends}" for name in (gone, "northgate"))
    said = both.replace("{url}", platform.url).replace("{key}", KEY)
    (folders / "connections.toml").write_text(said)
    member("yes", choices=YES)
    assert services.send_what_is_due(timezone.localdate()) == 1
    assert set(Disclosure.objects.values_list("recipient", flat=True)) == {"northgate"}


def test_what_goes_out_regularly_goes_when_its_time_has_come(member, folders, platform):
    (folders / "connections.toml").write_text(
        f'[connection.northgate]\nkind = "audience"\nurl = "{platform.url}"\nkey = "{KEY}"\n'
        'private = true\nsends = { audience-uploads = "P7D" }\n'
    )
    assert connections.check() == []
    yes, no = member("yes", choices=YES), member("no")
    today = timezone.localdate()
    assert services.send_what_is_due(today) == 1
    assert services.send_what_is_due(today) == 0
    assert services.send_what_is_due(today + dt.timedelta(6)) == 0
    assert services.send_what_is_due(today + dt.timedelta(7)) == 1
    assert set(Disclosure.objects.values_list("subject", flat=True)) == {yes.pk}
    assert no.pk not in Disclosure.objects.values_list("subject", flat=True)


@pytest.mark.parametrize("sends", ['targeted-ads = "P1D"', 'audience-uploads = "weekly"'])
def test_a_schedule_that_can_not_be_kept_stops_the_start(folders, sends):
    (folders / "connections.toml").write_text(
        '[connection.northgate]\nkind = "audience"\nurl = "https://x.example"\nkey = "k"\n'
        f"sends = {{ {sends} }}\n"
    )
    (problem,) = connections.check()
    assert problem.id == "privacy.E046"


NOWHERE = {
    "port": 'url = "https://ads.example:99999/"',
    "bracket": 'url = "https://[ads.example/"',
    "encryption": 'url = "http://ads.example/"',
    "authorities": 'authorities = "/nowhere.pem"',
}


@pytest.mark.parametrize("line", NOWHERE.values(), ids=NOWHERE)
def test_a_connection_that_leads_nowhere_keeps_no_letter_waiting(
    member, connect, platform, mailbox, folders, line
):
    """And the start says so, before anything waits."""
    connect(northgate=("audience", platform.url.replace("http:", "https:")))
    assert connections.check() == []
    path, key = folders / "connections.toml", line.partition(" ")[0]
    kept = [each for each in path.read_text().splitlines() if not each.startswith(key)]
    private = "private = false" if "http:" in line else "private = true"
    path.write_text("\n".join([*kept, line]).replace("private = true", private))
    (problem,) = connections.check()
    assert problem.id == "privacy.E049"
    ines = member("ines", choices=YES)
    services.disclose(**AUDIENCE, subject=ines.pk)
    EmailMessage("Your code", "1234", None, [ines.email]).send()
    worker.run_all()
    assert len(mailbox.letters) == 1
    assert Disclosure.objects.get(purpose="service-messages").state == "sent"
    assert Disclosure.objects.get(**AUDIENCE).state in ("queued", "failed")
