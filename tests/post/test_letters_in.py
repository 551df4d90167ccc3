"""Mail to the privacy address becomes a request with a number, or waits for a person (P5.2a)."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import HERE
from tests.post.conftest import PRIVACY, enter, fetch, letter, proved, work

from plainview.platform.jobs import queue
from plainview.privacy.models import Erasure, Letter, Request
from plainview.privacy.policies import in_force
from plainview.privacy.post import services as post
from plainview.privacy.post import sorting, understanding
from plainview.privacy.requests import letters as outgoing
from plainview.privacy.requests import machine, numbers, queries, services
from plainview.privacy.requests.models import Event, Ground, Proof

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SPANISH = "Hola, quiero que borren todos mis datos y mi cuenta, por favor. Gracias."


def written(mailbox) -> list:
    work()
    return [message_from_bytes(raw, policy=policy.default) for _to, raw in mailbox.letters]


def test_p5_2a_a_mail_in_spanish_becomes_a_request_with_a_number(deliver, mailbox):
    deliver(letter(SPANISH, subject="Mis datos", Message_ID="<uno@elsewhere.example>"))
    row = Request.objects.get()
    assert (row.kind, row.channel, row.language) == ("delete", "mail", "es")
    assert row.contact == "mira@elsewhere.example"
    (answer,) = written(mailbox)
    assert answer["To"] == "mira@elsewhere.example"
    assert row.number in answer["Subject"] and "solicitud" in answer["Subject"].lower()
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["In-Reply-To"] == "<uno@elsewhere.example>"
    assert answer["References"].split()[-1] == "<uno@elsewhere.example>"
    assert answer["Reply-To"] == PRIVACY
    assert "borren" not in answer.as_string(), "an answer does not repeat what strangers wrote"
    first = queries.timeline(row.pk)[0]
    assert SPANISH in first.said


def test_who_is_not_proved_has_proved_nothing(deliver, member):
    """The address in From is anybody's to write: nothing is done for an account by it."""
    ines = member("ines")
    deliver(letter("Delete my account and my data.", sender=ines.email))
    row, kept = Request.objects.get(), Letter.objects.get()
    assert (row.member, row.proof, kept.proved) == (False, "", "unproved")
    assert ines.pk not in (row.subject, kept.subject)
    assert row.state in (machine.State.RECEIVED, machine.State.IDENTIFYING)


def test_who_is_proved_by_our_own_mail_server_is_their_account(deliver, member):
    ines = member("ines")
    deliver(letter("Delete my account.", sender=ines.email, judged=proved(ines.email)))
    row, kept = Request.objects.get(), Letter.objects.get()
    assert (row.member, row.subject, row.proof) == (True, ines.pk, Proof.MAIL)
    assert (kept.subject, kept.proved, kept.state) == (ines.pk, "proved", "request")


def test_p5_2a_an_answer_by_outlook_to_a_letter_about_deletion_deletes_nothing(deliver, member):
    """That program marks no line of the letter that it puts below."""
    ines = member("ines")
    below = "From: Lantern <privacy@lantern.example>\nSent: Friday\nTo: Ines\nSubject: Your account"
    words = f"Thank you, I have seen it.\n\n{below}\n\nWrite to us: delete my account.\n"
    deliver(letter(words, sender=ines.email, judged=proved(ines.email)))
    assert not Request.objects.exists()
    kept = Letter.objects.get()
    assert (kept.state, kept.why) == ("waiting", "unclear")


def test_a_sender_whose_domain_has_other_letters_is_their_account(deliver, member):
    """Programs for mail write such a domain in its ASCII form (RFC 5890), accounts as people do."""
    ines, sender = member("ines"), "ines@xn--mller-kva.example"
    EmailAddress.objects.filter(user=ines).update(email="ines@müller.example")
    deliver(letter("Delete my account.", sender=sender, judged=proved(sender)))
    row = Request.objects.get()
    assert (row.member, row.subject, row.proof) == (True, ines.pk, Proof.MAIL)


def test_a_link_to_the_address_proves_the_rest_and_leaving_takes_the_letters(
    deliver, member, mailbox
):
    """The mail loop: what an unproved letter asks for is done once its address answers."""
    ines = member("ines")
    deliver(letter("Send me a copy of all my data, please.", sender=ines.email))
    deliver(letter("What is the name of your officer?", sender=ines.email))
    text = written(mailbox)[0].get_body(("plain",)).get_content()
    link = re.search(r"https?://[^/\s]+(/privacy/request/\S+)", text)[1]
    client = Client(headers=HERE)
    assert client.get(link).status_code == 200
    assert Request.objects.get().proof == "", "a mail program that looks at links proves nothing"
    client.post(link)
    row = Request.objects.get()
    assert (row.proof, row.subject, row.member) == (Proof.MAIL, ines.pk, True)
    post.follow()
    assert Letter.objects.get(request=row).subject == ines.pk
    asked = Letter.objects.get(request=None)
    assert asked.state == Letter.State.WAITING, "whoever wrote it is owed an answer"
    files = [each.file.path for each in Letter.objects.exclude(pk=asked.pk)]
    enter(ines).post("/privacy/leave/confirm/", {"sure": "yes"})
    work()
    report = Erasure.objects.get()
    assert report.state == "done", report.report
    assert Letter.objects.get() == asked
    assert files and not any(Path(each).exists() for each in files)


def test_a_server_that_is_not_ours_proves_nobody(deliver, member):
    ines = member("ines")
    forged = proved(ines.email).replace("mx.lantern", "mx.elsewhere")
    deliver(letter("Delete my account.", sender=ines.email, judged=forged))
    assert not Request.objects.get().member


def test_a_forged_sender_gets_no_answer_and_a_person_reads_it(deliver, member, mailbox):
    ines = member("ines")
    judged = "mx.lantern.example; dmarc=fail header.from=lantern.example"
    deliver(letter("Delete my account.", sender=ines.email, judged=judged))
    assert Letter.objects.get().why == "forged"
    assert not Request.objects.exists() and written(mailbox) == []


def test_an_answer_goes_to_its_request_by_number_or_by_the_letter_before(deliver):
    deliver(letter(Message_ID="<first@elsewhere.example>"))
    row = Request.objects.get()
    deliver(
        letter("I forgot: my other address too.", subject=f"Re: Your request {row.number}"),
        letter("And one thing more.", subject="Re: x", References="<first@elsewhere.example>"),
    )
    assert Request.objects.count() == 1
    said = [each.said for each in queries.timeline(row.pk) if each.step == "hear"]
    assert "my other address" in said[0] and "one thing more" in said[1]
    assert Letter.objects.filter(request=row, state="request").count() == 3


def test_a_number_in_the_hands_of_somebody_else_adds_nothing(deliver):
    deliver(letter())
    row = Request.objects.get()
    deliver(letter("Never mind.", sender="eve@evil.example", subject=f"Re: {row.number}"))
    waiting = Letter.objects.get(state="waiting")
    assert (waiting.why, waiting.request) == ("stranger", row)
    assert not [each for each in queries.timeline(row.pk) if each.step == "hear"]


def decided(deliver, **more) -> Request:
    deliver(letter(judged=proved("mira@elsewhere.example"), **more))
    row = Request.objects.latest("received_at")
    for step, reason in (("begin", ""), ("refuse", Ground.CLAIMS)):
        if step in machine.possible(row.state):
            row = services.move(
                row.pk, step, by=Event.By.OFFICER, staff=7, reason=reason, said="Not this."
            )
    assert row.state == machine.State.REFUSED
    return row


def test_p5_2_3_2a_a_mail_with_the_subject_appeals_the_right_request(deliver):
    first = decided(deliver)
    decided(deliver, text="Please correct my name, it is wrong in your records.")
    judged = proved("mira@elsewhere.example")
    deliver(letter("It is unjust.", subject=f"Re: {first.number} PRIVACY APPEAL", judged=judged))
    first.refresh_from_db()
    assert first.state == machine.State.APPEALED
    assert Request.objects.filter(state=machine.State.APPEALED).count() == 1
    assert "unjust" in queries.timeline(first.pk)[-1].said


@pytest.mark.sample(3)
@pytest.mark.parametrize("language", understanding.LANGUAGES)
def test_p5_2_3_2a_the_subject_that_the_notice_names_appeals_in_each_language(deliver, language):
    """P5.2.3.2a: with the very words that somebody reads there, and without a number."""
    judged = proved("mira@elsewhere.example")
    row = decided(deliver)
    page = Client().get("/legal/privacy/", headers={"Accept-Language": language}).text
    clause = page.partition('id="clause-appeal"')[2].partition("</p>")[0]
    quoted = re.findall(r"(?:[“«「‘]|&quot;)\s*([^”»」’&<]+?)\s*(?:[”»」’]|&quot;)", clause)
    deliver(letter("It is unjust.", subject=quoted[-1].strip("\u2068\u2069"), judged=judged))
    row.refresh_from_db()
    assert row.state == machine.State.APPEALED, quoted


def test_p5_2_3_2a_an_operators_own_words_for_the_subject_are_told_and_known(
    deliver, mailbox, monkeypatch
):
    """P5.2.3.2a: the answer names them too, and a letter with them appeals."""
    policy_ = in_force()
    words = msgspec.structs.replace(policy_.mail, appeal="Einspruch")
    theirs = msgspec.structs.replace(policy_, mail=words)
    for room in (sorting, outgoing):
        monkeypatch.setattr(room, "in_force", lambda: theirs)
    row = decided(deliver)
    told = written(mailbox)[-1].get_body(("plain",)).get_content()
    assert "Einspruch" in told and "Privacy appeal" not in told
    judged = proved("mira@elsewhere.example")
    deliver(letter("It is unjust.", subject=f"EINSPRUCH {row.number}", judged=judged))
    row.refresh_from_db()
    assert row.state == machine.State.APPEALED


def test_p5_2_3_2a_the_number_of_one_that_was_joined_appeals_what_was_decided(deliver):
    """P5.2.3.2a: whoever asked twice has two numbers, and one decision."""
    judged = proved("mira@elsewhere.example")
    deliver(letter(judged=judged))
    first = Request.objects.get()
    deliver(letter(judged=judged))
    second = Request.objects.exclude(pk=first.pk).get()
    assert second.joined_to_id == first.pk
    said = {"reason": Ground.CLAIMS, "said": "Not this."}
    services.move(first.pk, "refuse", by=Event.By.OFFICER, staff=7, **said)
    deliver(letter("It is unjust.", subject=f"Privacy appeal {second.number}", judged=judged))
    first.refresh_from_db()
    assert first.state == machine.State.APPEALED
    assert not Letter.objects.filter(state="waiting").exists()


def test_p5_2_3_2a_an_appeal_of_what_is_over_is_read_once_in_a_case_of_its_own(deliver, desk):
    """P12a: a person who adds the letter to the case that it lies with opens no third one."""
    judged = proved("mira@elsewhere.example")
    deliver(letter(judged=judged))
    over = Request.objects.get()
    services.withdraw(over.pk)
    deliver(letter("It is unjust.", subject=f"Privacy appeal {over.number}", judged=judged))
    reads, waiting = Request.objects.exclude(pk=over.pk).get(), Letter.objects.get(state="waiting")
    assert (waiting.why, waiting.request) == ("appeal", reads)
    added = {"act": "add", "number": reads.number}
    assert desk.post(f"/desk/privacy/letters/{waiting.key}/", added).status_code == 302
    assert Request.objects.count() == 2


def test_an_appeal_without_a_number_is_of_the_only_one_or_for_a_person(deliver, mailbox):
    """There is one appeal, and nobody spends it by writing another's address above a mail."""
    first = decided(deliver)
    for subject in ("Privacy Appeal", f"PRIVACY APPEAL {first.number}"):
        deliver(letter("It is unjust.", subject=subject))
    assert set(Letter.objects.filter(state="waiting").values_list("why", "request")) == {
        ("appeal", first.pk)
    }
    first.refresh_from_db()
    assert first.state == machine.State.REFUSED
    told = written(mailbox)[-1].get_body(("plain",)).get_content()
    assert "open the page below and press the button there" in told
    assert f"/{first.number}/{numbers.secret(first.pk)}/" in told
    deliver(
        letter("It is unjust.", subject="privacy appeal", judged=proved("mira@elsewhere.example"))
    )
    first.refresh_from_db()
    assert first.state == machine.State.APPEALED


def test_what_asks_for_nothing_known_goes_to_a_person(deliver, mailbox):
    deliver(letter("When does the second season start? I like the films of your house."))
    assert Letter.objects.get().why == "unclear"
    assert not Request.objects.exists() and written(mailbox) == []


def test_p12a_whoever_is_proved_hears_that_a_person_reads_it_once_a_day(deliver, mailbox):
    judged = proved("mira@elsewhere.example")
    for text in ("What is the name of your officer?", "Hello? Is there anybody?"):
        deliver(letter(text, judged=judged))
    (answer,) = written(mailbox)
    assert "A person reads it" in answer.get_body(("plain",)).get_content()
    assert answer["Reply-To"] == PRIVACY
    assert answer["Auto-Submitted"] == "auto-replied"


def test_several_wishes_are_one_request_that_a_person_sorts(deliver):
    deliver(letter("Please send me a copy of my data. Then delete my account."))
    assert Request.objects.get().kind == ""


def test_the_same_wish_again_is_joined_and_not_lost(deliver):
    deliver(letter(), letter("Where is the copy of my data that I asked for?"))
    first, second = Request.objects.order_by("received_at")
    assert (second.state, second.joined_to) == (machine.State.JOINED, first)
    assert any("Where is the copy" in each.said for each in queries.timeline(first.pk))


def test_a_letter_that_is_delivered_twice_is_taken_once(deliver, mailbox):
    raw = letter()
    deliver(raw)
    deliver(b"Received: from elsewhere by another way\r\n" + raw, raw)
    assert Letter.objects.count() == Request.objects.count() == len(written(mailbox)) == 1
    assert fetch() == 0


def test_nobody_keeps_a_letter_away_by_sending_another_under_its_id(deliver):
    deliver(letter("Nothing.", sender="eve@evil.example", Message_ID="<guessed@elsewhere.example>"))
    deliver(letter(Message_ID="<guessed@elsewhere.example>"))
    assert Request.objects.get().contact == "mira@elsewhere.example"


def test_numbers_are_read_in_any_case(deliver):
    deliver(letter())
    row = Request.objects.get()
    deliver(letter("More.", subject=f"AW: {row.number.upper()}"))
    assert list(numbers.found_in(row.number.upper())) == [row.number]
    assert Letter.objects.filter(request=row).count() == 2


def test_p5_2b_the_words_of_the_american_states_are_known_in_a_letter(deliver, member, mailbox):
    """P5.2b: with a right or alone, wherever a mail program breaks the line; none needs them."""
    words = "I write about my state\nprivacy rights."
    deliver(letter(f"{words} Please send me a copy of all the data you hold about me."))
    deliver(letter(words, sender="bo@elsewhere.example"))
    deliver(letter("Please send me a copy of my data.", sender="cy@elsewhere.example"))
    asked = {row.contact.partition("@")[0]: row for row in Request.objects.all()}
    assert {name: (row.kind, row.residence) for name, row in asked.items()} == {
        "mira": ("access", "US"),
        "bo": ("", "US"),
        "cy": ("access", ""),
    }
    assert not Letter.objects.filter(state="waiting").exists()
    assert any(asked["bo"].number in each["Subject"] for each in written(mailbox))


def test_p5_2a_a_letter_under_anothers_name_keeps_nobody_from_hearing_that_theirs_came(
    deliver, mailbox
):
    """Once a day somebody is told; what nothing proves to be theirs does not count as the once."""
    name = "mira@elsewhere.example"
    words = "Good morning. Which films come next week?"
    deliver(letter(words, sender=name))
    assert written(mailbox) == []
    deliver(letter(words + " And when?", sender=name, judged=proved(name)))
    assert [each["Subject"] for each in written(mailbox)] == ["Your letter has come"]
    deliver(letter(words + " Well?", sender=name, judged=proved(name)))
    assert len(written(mailbox)) == 1


def test_p5_2a_letters_that_wait_are_told_of_each_day_until_somebody_has_read_them(
    deliver, mailbox
):
    """By number alone: the letter may ask for a right, whose days run from when it came."""
    deliver(letter("Good morning. Which films come next week?"))
    queue.enqueue("post.waiting")
    assert written(mailbox) == [], "not on the first day"
    Letter.objects.update(arrived_at=timezone.now() - timedelta(days=1, minutes=1))
    queue.enqueue("post.waiting")
    told = written(mailbox)
    assert {each["Subject"] for each in told} == {"Letters wait for a person"}
    text = told[0].get_body(("plain",)).get_content()
    assert "1 letter has waited" in text
    assert "/desk/privacy/letters/" in text
    assert "mira@" not in text
    post.put_aside(Letter.objects.get().key)
    queue.enqueue("post.waiting")
    assert len(written(mailbox)) == len(told)
