"""A letter that names somebody's address keeps no erasure open, whoever wrote it (P5.2.1.4a)."""

from __future__ import annotations

import re

import pytest
from django.core.cache import caches
from django.test import Client
from tests.disclosures.conftest import HERE
from tests.post.conftest import enter, letter, proved, work
from tests.post.test_letters_in import written

from plainview.domains.accounts.models import User
from plainview.domains.support.models import CopyrightNotice
from plainview.platform.jobs.models import Job
from plainview.privacy.models import Erasure, Letter, Request
from plainview.privacy.rights import person, scanning, services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WISH = "Please delete my account and everything you hold about me."
STAYS = "Somebody who did not show who they are wrote to us and named an address of yours"


@pytest.fixture
def cal(member) -> User:
    caches["default"].clear()
    return member("cal", "US-CA", choices={"targeted-ads": "granted"})


def leave(user: User) -> Erasure:
    key = services.leave(user.pk)
    work()
    return Erasure.objects.get(key=key)


def page(erasure: Erasure) -> str:
    text = Client().get(f"/privacy/left/{erasure.key}/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def claims(erasure: Erasure) -> set[str]:
    return {each.where for each in services.read(erasure).found if each.kind == "claimed"}


def test_a_forged_letter_leaves_the_erasure_complete_and_itself_where_it_is(deliver, cal):
    deliver(letter(f"{WISH} {cal.email}", sender=cal.email))
    request = Request.objects.get()
    assert (request.contact, request.member, request.open) == (cal.email, False, True)
    done = leave(cal)
    assert (done.state, done.sealed) == ("done", "")
    assert "privacy_request.contact" in claims(done)
    told = page(done)
    assert "You have left" in told
    assert STAYS in told
    assert "can’t know who it was" in told
    assert cal.email not in done.report
    request.refresh_from_db()
    assert (request.contact, request.open) == (cal.email, True)


def test_who_wrote_it_is_answered_all_the_same(deliver, cal, at_desk, mailbox):
    deliver(letter("Please send me a copy of all the data you hold.", sender=cal.email))
    request = Request.objects.get()
    leave(cal)
    link = re.search(
        r"https?://[^/\s]+(/privacy/request/\S+/prove/\S+)",
        written(mailbox)[0].get_body(("plain",)).get_content(),
    )[1]
    assert Client(headers=HERE).post(link, follow=True).status_code == 200
    desk = at_desk(User.objects.create_user("noor@example.org", roles="privacy-officer"))
    case = desk.get(f"/desk/privacy/requests/{request.number}/")
    assert case.status_code == 200


def test_the_letter_of_its_own_person_goes_as_what_is_theirs_does(deliver, cal):
    deliver(letter(WISH, sender=cal.email, judged=proved(cal.email)))
    request = Request.objects.get()
    assert (request.subject, request.member) == (cal.pk, True)
    done = leave(cal)
    assert done.state == "done"
    assert claims(done) == set()
    assert STAYS not in page(done)
    kept = {line.holding for line in services.read(done).lines if line.outcome == "kept"}
    assert "privacy_request" in kept, "with the reason and the day that its line names"


def test_of_who_wrote_and_was_written_of_each_is_told_their_own(deliver, cal, member):
    """Their own case stays by its schedule; another that names them stays as somebody else's."""
    deliver(letter(WISH, sender=cal.email, judged=proved(cal.email)))
    deliver(letter("Please send me a copy of my data.", sender=cal.email))
    assert Request.objects.count() == 2
    done = leave(cal)
    assert done.state == "done"
    assert "privacy_request.contact" in claims(done)


def test_an_address_in_the_words_of_another_letter_or_notice_does_not_either(deliver, cal):
    deliver(letter(f"{WISH} I am {cal.email}.", sender="somebody@elsewhere.example"))
    CopyrightNotice.objects.create(
        subject=1 << 60, name="Cal", email=cal.email, work="A poem", where="Everywhere"
    )
    done = leave(cal)
    assert done.state == "done"
    assert {"privacy_letter.text", "support_copyrightnotice.email"} <= claims(done)
    assert Letter.objects.filter(sender="somebody@elsewhere.example").exists()


def test_p5_2_1_4a_what_somebody_wrote_under_an_address_stays_until_it_is_answered(
    deliver, cal, member, at_desk
):
    """P5.2.1.4a: nobody loses the answer they wait for since another leaves; no more than that."""
    deliver(letter("What is the name of your officer?", sender=cal.email))
    dana = member("dana")
    deliver(letter("What is the name of your officer?", sender=dana.email))
    desk = at_desk(User.objects.create_user("noor@example.org", roles="privacy-officer"))
    dealt_with = Letter.objects.get(sender=dana.email)
    desk.post(f"/desk/privacy/letters/{dealt_with.key}/", {"act": "aside"})
    dealt_with.refresh_from_db()
    assert dealt_with.state == Letter.State.ASIDE
    waits, done = leave(cal), leave(dana)
    assert (waits.state, done.state) == ("done", "done")
    assert Letter.objects.get().sender == cal.email
    assert "privacy_letter.sender" in claims(waits) and STAYS in page(waits)
    assert claims(done) == set()


def test_p2_9a_a_claimant_who_leaves_leaves_the_notice_until_its_case_has_ended(
    cal, member, at_desk, mailbox
):
    """P2.9a, P9b (17 U.S.C. 512(c), GDPR Art. 17(3)(e)): it is decided, and its report says so."""
    said = {
        "name": "Cal", "email": cal.email, "work": "The Paper Kite, a film", "where": "Everywhere",
        "faith": "on", "accurate": "on",
    }  # fmt: skip
    client = enter(cal)
    assert client.post("/legal/copyright/", said).status_code == 302
    notice = CopyrightNotice.objects.get()
    assert notice.subject == cal.pk
    done = leave(cal)
    assert done.state == "done"
    kept = [line for line in services.read(done).lines if line.outcome == "kept"]
    assert {"support_copyrightnotice", "support_step"} <= {line.holding for line in kept}
    assert "It stays if you leave" in page(done)
    desk = at_desk(User.objects.create_user("noor@example.org", roles="moderator"))
    decided = {"state": "refused", "reason": "It is not your film."}
    desk.post(f"/desk/copyright/{notice.number}/settle/", decided)
    notice.refresh_from_db()
    assert (notice.email, notice.state) == (cal.email, "refused")


def test_where_nobody_writes_in_from_outside_it_is_still_found(deliver, cal):
    Job.objects.create(
        task="old", arguments={}, run_at="2026-01-01T00:00:00Z", state="done", error=cal.email
    )
    assert leave(cal).state == "incomplete"


def test_what_is_left_in_a_row_of_ones_own_is_no_claim_of_others(deliver, cal):
    deliver(letter(WISH, sender=cal.email, judged=proved(cal.email)))
    Request.objects.filter(subject=cal.pk).update(contact=cal.email)
    found = scanning.in_tables(person.find(cal.pk))
    kinds = {each.where: each.kind for each in found}
    assert kinds["privacy_request.contact"] == "left"
