"""A recipient that is connected to and says nothing keeps nobody else's letters or recalls."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from django.db import connection
from tests.disclosures.conftest import AUDIENCE, YES, change, work
from tests.disclosures.test_mail import write

from plainview.platform import outbound
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.disclosures import delivery, recalls, services, transports

pytestmark = [pytest.mark.slow]


@pytest.fixture
def silent():
    """Somebody who listens, and never takes a connection up; a call of it ends them all."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def end() -> None:
            taken, _ = listening.accept()
            taken.close()

        end.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield end


def work_until_a_letter_came(mailbox, silent) -> set[tuple[str, str]]:
    """What a worker that goes on had in hand, and had not, when the letter came."""
    stop, found = threading.Event(), set()

    def watch() -> None:
        end = time.monotonic() + 30
        while not mailbox.letters and time.monotonic() < end:
            time.sleep(0.02)
        found.update(Job.objects.values_list("task", "state"))
        connection.close()  # this thread's own
        stop.set()
        silent()

    watching = threading.Thread(target=watch)
    watching.start()
    worker.run_until(stop)
    watching.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_no_letter_waits_for_what_a_silent_recipient_is_handed(member, connect, mailbox, silent):
    connect(northgate=("audience", silent.url))
    ines = member("ines", choices=YES)
    services.disclose(**AUDIENCE, subject=ines.pk)
    write("a link that is waited for")
    found = work_until_a_letter_came(mailbox, silent)
    assert len(mailbox.letters) == 1
    assert (services.HAND_OVER, "running") in found, "the letter came while it was waited for"


@pytest.mark.django_db(transaction=True)
def test_no_letter_waits_for_a_recall_that_a_silent_recipient_is_told(
    member, connect, platform, mailbox, silent
):
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices=YES)
    services.disclose(**AUDIENCE, subject=ines.pk)
    worker.run_all()
    connect(northgate=("audience", silent.url))
    change(ines, choices={})
    write("a link that is waited for")
    found = work_until_a_letter_came(mailbox, silent)
    assert len(mailbox.letters) == 1
    assert (recalls.TELL, "running") in found


@pytest.mark.django_db
def test_p2_11c_of_many_recalls_to_a_silent_recipient_one_is_tried(
    member, connect, platform, monkeypatch
):
    """Each waited for ten seconds in its turn; a hundred that left kept others a quarter hour."""
    connect(northgate=("audience", platform.url))
    people = [member(f"person{number}", choices=YES) for number in range(4)]
    for each in people:
        services.disclose(**AUDIENCE, subject=each.pk)
    work()
    platform.got.clear()
    tried = []

    def hangs(self, connection, call):
        tried.append(call.key)
        raise outbound.TooSlow("the other side took too long")

    for each in people:
        change(each, choices={})
    monkeypatch.setattr(delivery, "PATIENCE", -1)
    with monkeypatch.context() as patched:
        patched.setattr(transports.Audience, "recall", hangs)
        patched.setattr(delivery, "REST", 1e6)
        work(times=2)
    assert len(tried) == 1
    assert set(recalls.Recall.objects.values_list("state", "trouble")) == {("waiting", "slow")}
    monkeypatch.setattr(delivery, "resting", delivery.Resting())
    work(times=2)
    assert len(platform.got) == 4, "each is told once it had its rest"
