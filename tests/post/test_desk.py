"""A person reads what no program should decide, and nothing of it is lost (P5.2a, P12a)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.post.conftest import letter, proved, work

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.privacy.models import Act, Letter, Request
from plainview.privacy.post import services as post
from plainview.privacy.requests import queries
from plainview.privacy.requests import services as requests
from plainview.privacy.retention.sweeping import sweep
from plainview.privacy.rights import services as erasing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/desk/privacy/letters/"
QUESTION = "When does the second season start? I like the films that you and yours make."


def address() -> str:
    return f"{LIST}{Letter.objects.get(state='waiting').key}/"


def test_p12a_a_mail_to_the_officer_reaches_the_desk_and_becomes_a_request(deliver, desk, mailbox):
    deliver(letter(QUESTION, subject="<b>A question</b>", Message_ID="<q@elsewhere.example>"))
    listed = desk.get(LIST).content.decode()
    assert Letter.objects.get().key in listed and "A question" not in listed, "it names nobody"
    page = desk.get(address()).content.decode()
    assert (
        "&lt;b&gt;A question" in page
        and "second season" in page
        and "Nothing proves the sender" in page
    )
    waited = Letter.objects.get().arrived_at
    done = desk.post(address(), {"act": "request", "kind": "access", "language": "fr"}, follow=True)
    row = Request.objects.get()
    assert row.number in done.content.decode()
    assert (row.kind, row.language, row.received_at) == ("access", "fr", waited)
    assert row.contact == "mira@elsewhere.example"
    assert Letter.objects.get().request == row
    work()
    assert b"In-Reply-To: <q@elsewhere.example>" in mailbox.letters[0][1]
    assert "No letter" in desk.get(LIST).content.decode()


def test_whoever_sorts_a_letter_reads_what_becomes_of_several_things_in_one(deliver, desk):
    deliver(letter("Please send me a copy of my data. And then delete my account."))
    row = Request.objects.get()
    assert row.kind == "", "which is left to a person"
    sort = f"/desk/privacy/requests/{row.number}/sort/"
    page = desk.get(sort).content.decode()
    assert "If they ask for several things" in page and "/desk/privacy/requests/new/" in page
    desk.post(sort, {"act": "take", "kind": "access", "seq": row.seq})
    assert "If they ask for several things" not in desk.get(sort).content.decode()


def test_a_letter_is_added_to_the_request_that_it_belongs_to(deliver, desk):
    deliver(letter())
    row = Request.objects.get()
    deliver(letter("It is me, from my other address.", sender="mira@work.example"))
    wrong = desk.post(address(), {"act": "add", "number": "k7m2-x9q4-q"})
    assert wrong.status_code == 422 and "no number of a request" in wrong.content.decode()
    assert desk.post(address(), {"act": "add", "number": row.number.upper()}).status_code == 302
    assert "my other address" in queries.timeline(row.pk)[-1].said


def test_a_case_leads_to_its_letters_and_the_log_says_who_read_one(deliver, desk):
    deliver(letter(subject="My data, please"))
    row, kept = Request.objects.get(), Letter.objects.get()
    case = desk.get(f"/desk/privacy/requests/{row.number}/").content.decode()
    assert "My data, please" in case and f"{LIST}{kept.key}/" in case
    assert not Act.objects.filter(person=kept.subject).exists()
    page = desk.get(f"{LIST}{kept.key}/").content.decode()
    assert "copy of all the data" in page and row.number in page
    assert "What is it?" not in page, "it is dealt with"
    assert Act.objects.filter(person=kept.subject).count() == 1


def test_what_names_a_request_of_somebody_else_says_so(deliver, desk):
    deliver(letter())
    number = Request.objects.get().number
    deliver(letter("Hello.", sender="eve@evil.example", subject=number))
    page = desk.get(address()).content.decode()
    assert "It names a request of somebody else" in page and f'value="{number}"' in page


def test_it_is_put_aside_once_and_two_officers_do_not_undo_each_other(deliver, desk):
    deliver(letter(QUESTION))
    where = address()
    assert desk.post(where, {}).status_code == 422
    desk.post(where, {"act": "aside"})
    kept = Letter.objects.get()
    assert (kept.state, kept.closed_at is not None) == ("aside", True)
    again = desk.post(where, {"act": "request", "kind": "access", "language": "en"}, follow=True)
    assert "Somebody has dealt with this letter" in again.content.decode()
    assert not Request.objects.exists()


def test_the_letter_as_it_came_is_a_download_that_no_browser_opens(deliver, desk):
    raw = letter("<script>alert(1)</script>", judged=proved("mira@elsewhere.example"))
    deliver(raw)
    assert "<script>alert" not in desk.get(address()).content.decode()
    answer = desk.get(f"{address()}raw/")
    assert b"".join(answer.streaming_content) == raw
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_p12a_who_has_left_and_writes_of_an_old_request_is_answered_where_they_wrote_from(
    deliver, desk, member
):
    """P5.2.1.4a: the account and its address are gone, and so was every way to answer them."""
    ines = member("ines", choices={})
    over = requests.file(requests.Asked("access", "account", "en", "", ines.pk, proof="session"))
    erasing.leave(ines.pk)
    worker.run_all()
    deliver(letter("You forgot it.", sender="ines@lantern.example", subject=over.number))
    assert desk.post(address(), {"act": "add", "number": over.number}).status_code == 302
    reads = Request.objects.exclude(pk=over.pk).get()
    assert (reads.contact, reads.member) == ("ines@lantern.example", False)


@pytest.mark.parametrize("role", ["moderator", "editor", "translator"])
def test_other_roles_read_no_letters(deliver, at_desk, role):
    deliver(letter(QUESTION))
    other = at_desk(User.objects.create_user("tom@example.org", roles=role))
    for where in (LIST, address(), f"{address()}raw/"):
        assert other.get(where).status_code == 403


@pytest.mark.parametrize("by", ["program", "person"])
def test_p12a_what_is_written_of_one_long_over_lies_with_the_case_that_reads_it(deliver, desk, by):
    """P9c: its time counts from the end of that case, not of the one that is over."""
    deliver(letter(judged=proved("mira@elsewhere.example")))
    over = Request.objects.get()
    requests.withdraw(over.pk)
    Request.objects.update(closed_at=timezone.now() - timedelta(days=120))
    sender = "mira@elsewhere.example" if by == "program" else "mira@work.example"
    deliver(letter("See what I attach.", subject=f"Re: {over.number}", sender=sender))
    late = Letter.objects.latest("arrived_at")
    if by == "person":
        said = desk.post(address(), {"act": "add", "number": over.number}, follow=True)
    reads = Request.objects.exclude(pk=over.pk).get()
    if by == "person":
        assert f"It belongs to the request {reads.number} now." in said.content.decode()
    post.tidy(timezone.now())
    sweep()
    late.refresh_from_db()
    assert late.file.storage.exists(late.file.name)
    case = desk.get(f"/desk/privacy/requests/{reads.number}/").content.decode()
    assert f"{LIST}{late.key}/" in case
