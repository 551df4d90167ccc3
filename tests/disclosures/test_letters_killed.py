"""`kill -9` while a letter is sent: it is not lost, and one sent twice is the same letter twice."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.utils import timezone
from tests.changes.conftest import work
from tests.disclosures.test_mail import TO, write
from tests.killing import due, dying, moments, some

from plainview.domains.marketing import services as news
from plainview.domains.marketing.models import News
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.models import Disclosure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_letter_outlives_its_worker_at_any_moment_and_arrives_as_one(member, mailbox, every):
    """A link to confirm an address or set a password is waited for: in doubt it is sent again."""
    member("ines")
    write("zero")
    due()
    total = moments(worker.run_one)
    for moment in range(1, total + 1) if every else some(total):
        mailbox.letters.clear()
        Job.objects.all().delete()
        Disclosure.objects.all().delete()
        write(f"letter {moment}")
        due()
        assert dying(worker.run_one, moment) or moment > total - 2
        due()
        work()
        received = [message_from_bytes(raw) for _to, raw in mailbox.letters]
        assert received, f"moment {moment}: lost"
        assert {each["To"] for each in received} == {TO}
        assert len({each["Message-ID"] for each in received}) == 1, "a mailbox knows them as one"
        assert Disclosure.objects.get().state == "sent", moment
        assert not Job.objects.filter(state__in=["running", "waiting"]).exists()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_p2_3a_news_by_mail_is_lost_to_nobody_and_told_nobody_twice(
    member, mailbox, monkeypatch, every
):
    """Whichever of its steps a worker dies in: asking for all of them, or sending one of them."""
    monkeypatch.setattr(news, "MOST", 2)  # the third is told by a job of its own
    readers = {member(name, choices={"marketing-email": "granted"}).email for name in "abc"}

    def announce() -> None:
        for table in (Job, Disclosure, News):
            table.objects.all().delete()
        mailbox.letters.clear()
        today = timezone.localdate()
        texts = {"en": {"heading": "Harbour Lights is here", "text": "By the sea."}}
        last = today + timedelta(1)
        news.announce(topic="films", texts=texts, title=None, first=today, last=last, by_mail=True)
        due()

    announce()
    total = moments(worker.run_all)
    for moment in range(1, total + 1) if every else some(total):
        announce()
        assert dying(worker.run_all, moment) or moment > total - 4
        for _ in range(3):
            due()
            worker.run_all()
        letters = [message_from_bytes(raw) for _to, raw in mailbox.letters]
        assert {each["To"] for each in letters} == readers, moment
        assert len({each["Message-ID"] for each in letters}) == len(readers), "none twice"
