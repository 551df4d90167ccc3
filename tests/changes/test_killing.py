"""`kill -9` while people are told of a change: nobody twice, and nobody missed (P11d)."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from django.conf import settings
from tests.changes.conftest import enter, words, work
from tests.changes.test_telling import REFUSED, SENTENCE
from tests.disclosures.doubles import Mailbox
from tests.killing import dies, due, dying, kill, moments, some

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.privacy.changes import queries, sending
from plainview.privacy.disclosures import post, services
from plainview.privacy.models import Change, Disclosure, Told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FEW, MANY = 7, 60


@pytest.fixture
def batches(monkeypatch):
    """Three people are a batch."""
    told = msgspec.structs.replace(settings.ENV, notices_a_minute=180)
    monkeypatch.setattr(settings, "ENV", told)


def _take_up() -> None:
    """What the officer does at the desk once one batch has cost four workers their lives."""
    for stuck in Change.objects.filter(state=Change.State.STUCK):
        assert sending.go_on(stuck.pk)


@pytest.mark.parametrize(
    ("people", "every"),
    [pytest.param(FEW, False), pytest.param(MANY, True, marks=pytest.mark.soak)],
)
def test_p11d_killed_in_the_middle_nobody_is_told_twice_and_nobody_is_missed(
    member, mailbox, publish, batches, people, every
):
    accounts = {member(f"viewer{number}", choices=REFUSED).pk for number in range(people)}
    publish()
    total = moments(worker.run_one)
    due()
    for moment in range(1, total + 1) if every else some(total):
        dying(worker.run_one, moment)
        due()
        _take_up()
        told = list(Told.objects.values_list("account", flat=True))
        assert len(told) == len(set(told))
        assert set(told) == set(Disclosure.objects.values_list("subject", flat=True)), "as one"
    for _ in range(people):
        work()
        due()
        _take_up()
    assert set(Told.objects.values_list("account", flat=True)) == accounts
    assert Change.objects.get().state == Change.State.DONE
    _nobody_twice_and_nobody_missed(mailbox)
    if not every:
        assert len(mailbox.letters) == people


def _nobody_twice_and_nobody_missed(mailbox) -> None:
    """One letter at most for each address; who has none for sure is told at the next visit."""
    letters = Counter(to for receivers, _raw in mailbox.letters for to in receivers)
    assert set(letters.values()) <= {1}, "no address was written to twice"
    address = dict(User.objects.values_list("pk", "email"))
    written = Told.objects.filter(way=Told.Way.MAIL, unsure_at=None)
    for account in written.values_list("account", flat=True):
        assert letters[address[account]] == 1
    unsure = set(Told.objects.exclude(unsure_at=None).values_list("account", flat=True))
    progress = queries.progress(queries.changes()[:1])[0]
    assert (progress.mailed, progress.waiting) == (written.count(), len(unsure))
    assert progress.told == len(address)
    for account in unsure:
        assert SENTENCE in words(enter(User.objects.get(pk=account)).get("/"))


@pytest.mark.parametrize("arrived", [True, False])
def test_p11d_a_letter_of_which_nobody_knows_is_not_sent_again_the_next_visit_tells(
    member, mailbox, publish, monkeypatch, arrived
):
    people = {
        f"viewer{number}@lantern.example": member(f"viewer{number}", choices=REFUSED)
        for number in range(3)
    }
    publish()
    assert worker.run_one(), "everybody's letter is queued"
    assert worker.run_one(), "and what left before is looked at"
    hand_over, handed = post.hand_over, []

    def dying_at_the_second(*given):
        handed.append(given)
        second = len(handed) == 2
        if second and not arrived:
            kill()
        kept = hand_over(*given)
        if second:
            kill()
        return kept

    with monkeypatch.context() as patched:
        patched.setattr(post, "hand_over", dying_at_the_second)
        dies(worker.run_one)
    due()
    work()
    letters = [to for receivers, _raw in mailbox.letters for to in receivers]
    assert len(letters) == len(set(letters)) == 2 + arrived
    (doubted,) = Told.objects.exclude(unsure_at=None)
    reader = next(each for each in people.values() if each.pk == doubted.account)
    assert (reader.email in letters) == arrived
    row = Disclosure.objects.get(subject=reader.pk)
    assert (row.state, row.trouble, row.sealed) == ("failed", "unsure", "")
    assert not services.try_again(row.key), "nor can anybody at the desk"
    progress = queries.progress(queries.changes()[:1])[0]
    assert (progress.mailed, progress.waiting) == (2, 1)
    client = enter(reader)
    assert SENTENCE in words(client.get("/"))
    assert "A note on the pages told you." in words(client.get("/privacy/changes/"))
    for each in people.values():
        assert (SENTENCE in words(enter(each).get("/"))) == (each == reader)


class Mute(Mailbox):
    """A mail server that takes a letter and hangs up without a word."""

    async def handle_DATA(self, server, session, envelope):
        await super().handle_DATA(server, session, envelope)
        server.transport.abort()
        return "250 kept"


@pytest.mark.parametrize("says_no", [True, False])
def test_p11d_only_a_letter_that_the_server_surely_did_not_take_is_sent_again(
    member, publish, monkeypatch, says_no
):
    ines = member("ines", choices=REFUSED)
    publish()
    with Mailbox(answer="451 come back later") if says_no else Mute() as server:
        monkeypatch.setattr(settings, "MAIL_SERVER", server.url)
        assert worker.run_one() and worker.run_one()
        server.answer = "250 kept"
        due()
        work()
    assert len(server.letters) == 1
    assert (SENTENCE in words(enter(ines).get("/"))) is not says_no


def test_p11d_a_letter_that_no_server_takes_is_made_up_for_at_the_next_visit(
    member, mailbox, publish
):
    ines = member("ines", choices=REFUSED)
    publish()
    mailbox.receivers = "550 nobody here"
    work()
    assert not mailbox.letters
    assert SENTENCE in words(enter(ines).get("/"))
    assert not services.try_again(Disclosure.objects.get().key), "the visit tells them"
