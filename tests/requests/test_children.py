"""A child has an account: closed within the hour, erased by two, nothing kept (P10d, P10e)."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.people import browser_of, somebody
from tests.requests.conftest import HERE, act, permits
from tests.rights.following import everything

from plainview.domains.accounts.models import Role, User
from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.policies import in_force
from plainview.privacy.requests import letters, minors, numbers, oversight, services, tasks
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Event, Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD, CHILD, PARENT = "a lantern in the rain", "timmy.nine@lantern.example", "p@parent.example"
DONE = {"outcome": "granted", "said": "We are sorry."}


def member(address: str) -> User:
    user = somebody(address, PASSWORD)
    here = permissions.newcomer("US-VA")
    permissions.change(user.pk, lambda facts: permissions.resident(here, "US-VA"))
    return user


@pytest.fixture
def child(db) -> User:
    return member(CHILD)


def asked(client: Client, **more: str) -> Request:
    said = {"kind": "minor-remedy", "words": "My son is nine.", "contact": PARENT} | more
    client.post("/privacy/request/", said)
    return Request.objects.latest("received_at")


def name(client: Client, row: Request, address: str = CHILD):
    return act(client, row, "sort", kind="minor-remedy", child=address)


def test_p10d_somebody_is_told_at_once_and_by_when(db):
    row = asked(Client(headers=HERE))
    told = [each for each in mail.outbox if each.to == [in_force().controller.officer]]
    (letter,) = told
    assert row.number in letter.body and PARENT not in letter.body and "nine" not in letter.body
    assert minors.close_by(row.received_at) - row.received_at == dt.timedelta(hours=1)


def test_p10d_p10e_an_officer_closes_it_and_nothing_refused_to_a_minor_goes_on(desk, child):
    """P10d, P10e: signed out, no advertisements, no shelves; the child gets no letter."""
    phone = browser_of(child, headers=HERE)
    row = asked(Client(headers=HERE))
    assert permits(child, "targeted-ads") and phone.get("/settings/").status_code == 200
    mail.outbox.clear()
    case = f"/desk/privacy/requests/{row.number}/"
    assert f'href="{case}sort/"' in desk.get(case).content.decode().partition("What you can do")[0]
    assert name(desk, row).status_code == 302
    shown = desk.get(case).content.decode()
    assert re.search(rf"Whoever asked</dt><dd><bdi dir=.ltr.>{PARENT}", shown)
    assert re.search(rf"The child.{{1,7}}s account</dt><dd><bdi dir=.ltr.>{CHILD}", shown)
    child.refresh_from_db()
    assert not child.is_active and phone.get("/settings/").status_code == 302
    assert permissions.read(child.pk)[0].age == "minor"
    assert not permits(child, "targeted-ads") and not permits(child, "recommend")
    act(desk, row, "write", said="We look at it.")
    assert [each.to for each in mail.outbox] == [[PARENT]]
    signed_in = phone.post("/accounts/login/", {"login": CHILD, "password": PASSWORD}, follow=True)
    assert "This account is suspended" in signed_in.content.decode()


def test_p10d_a_second_person_erases_it_and_the_record_names_no_child(desk, second, child):
    """P10d: whoever named the account does not erase it alone; the parent reads that it is done."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    assert "so a colleague decides" in act(desk, row, "answer", **DONE).content.decode()
    mail.outbox.clear()
    desk.post(f"/desk/privacy/requests/{row.number}/hand/", {"act": "back"})
    assert act(second, row, "answer", **DONE).status_code == 302
    worker.run_all()
    tasks.requests()
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.ANSWERED, "granted")
    assert not User.objects.filter(pk=child.pk).exists()
    assert {address for each in mail.outbox for address in each.to} == {PARENT}
    assert "What we hold about the child is being erased" in str([m.body for m in mail.outbox])
    assert CHILD not in re.sub(r"\s", "", repr(everything()))


def test_p10d_it_is_erased_in_the_time_that_the_notice_says(db):
    row = asked(Client(headers=HERE))
    assert in_force().head.minors.erase_within == "P30D"
    assert row.due_on <= timezone.localdate() + dt.timedelta(days=30)


def test_p10d_a_parent_with_an_account_of_their_own_keeps_it(desk, second, child):
    """P10d: what is closed and erased is the account that was named, and never that of who asks."""
    parent = member(PARENT)
    client = browser_of(parent, headers=HERE)
    client.post("/privacy/requests/new/", {"kind": "minor-remedy", "words": "My son is nine."})
    row = Request.objects.latest("received_at")
    name(desk, row)
    desk.post(f"/desk/privacy/requests/{row.number}/hand/", {"act": "back"})
    act(second, row, "answer", **DONE)
    worker.run_all()
    parent.refresh_from_db()
    assert parent.is_active and permissions.read(parent.pk)[0].age == "certified-adult"
    assert not User.objects.filter(pk=child.pk).exists()


def test_p10d_a_slip_in_naming_is_put_right_and_nobody_else_is_written_to(desk, child):
    """P10d: asked by a letter of paper; the account named by mistake is open again."""
    wrong = member("tim.ninety@lantern.example")
    asking = {"kind": "minor-remedy", "channel": "letter", "language": "en", "words": "My son."}
    row = services.file(services.Asked(**asking))
    mail.outbox.clear()
    for address in (wrong.email, CHILD):
        assert name(desk, row, address).status_code == 302
    act(desk, row, "write", said="We look at it.")
    wrong.refresh_from_db()
    child.refresh_from_db()
    assert wrong.is_active and permissions.read(wrong.pk)[0].age == "certified-adult"
    assert not child.is_active and not mail.outbox


def test_p10d_no_officer_alone_erases_an_account_by_naming_it_as_a_childs(desk, child):
    """P10d: sorted as something else it is about that account no more, which is open again."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    act(desk, row, "sort", kind="delete")
    act(desk, row, "answer", **DONE)
    child.refresh_from_db()
    row.refresh_from_db()
    assert child.is_active and row.subject != child.pk and row.erasure is None


def test_p10d_what_was_no_childs_account_is_as_before(desk, child):
    """P10d: refused, it is open again as it was; an account with a role is not closed."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    refused = act(desk, row, "refuse", ground="others", said="It is yours, and you are forty.")
    assert refused.status_code == 302
    child.refresh_from_db()
    assert child.is_active and permits(child, "targeted-ads")
    again = asked(Client(headers=HERE), contact="other@parent.example")
    assert name(desk, again, "nobody@lantern.example").status_code == 409
    assert "has a role" in name(desk, again, "officer@lantern.example").content.decode()
    again.refresh_from_db()
    assert not again.member and User.objects.get(email="officer@lantern.example").is_active


def test_p10d_an_appeal_that_is_granted_closes_and_erases_what_the_refusal_opened(
    desk, second, child
):
    """P10d: it was called done as asked, and the account stayed open."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    act(desk, row, "refuse", ground="others", said="It is no child's.")
    child.refresh_from_db()
    assert child.is_active
    services.appeal(row.pk, "He is nine. His school says so.")
    desk.post(f"/desk/privacy/requests/{row.number}/hand/", {"act": "back"})
    settled = {"outcome": "granted", "said": "You are right."}
    assert act(second, row, "settle", **settled).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.SETTLED, "granted") and row.erasure is not None
    worker.run_all()
    assert not User.objects.filter(pk=child.pk).exists()


def test_p10d_an_appeal_about_no_account_that_was_closed_closes_none(desk, second):
    """P10d: of a parent who asked from their own account nothing is closed, nor called done."""
    parent = member(PARENT)
    client = browser_of(parent, headers=HERE)
    client.post("/privacy/requests/new/", {"kind": "minor-remedy", "words": "My son is nine."})
    row = Request.objects.latest("received_at")
    act(desk, row, "refuse", ground="nothing", said="He has none here.")
    services.appeal(row.pk, "Look again.")
    desk.post(f"/desk/privacy/requests/{row.number}/hand/", {"act": "back"})
    granted = act(second, row, "settle", outcome="granted", said="He had none.")
    assert granted.status_code == 409
    act(second, row, "settle", outcome="refused", said="He had none.")
    parent.refresh_from_db()
    row.refresh_from_db()
    assert row.state == State.SETTLED and row.erasure is None
    assert parent.is_active and permissions.read(parent.pk)[0].age == "certified-adult"


def test_p10d_nothing_is_called_done_of_a_child_whose_account_nobody_named(desk, child):
    """P10d, P10e: it says that none was found, and asks for what finds it; the answer is a child's
    request again, of which somebody is told at once.
    """
    row = asked(Client(headers=HERE))
    answer = act(desk, row, "answer", outcome="granted", said="It is done.")
    assert answer.status_code == 409
    assert "No account of a child is named" in answer.content.decode()
    mail.outbox.clear()
    assert act(desk, row, "refuse", ground="nothing", said="We looked.").status_code == 302
    [letter] = [each.body for each in mail.outbox if each.to == [PARENT]]
    said = " ".join(letter.split())
    assert "so none was closed" in said and "tell us what finds it" in said
    assert "We do not do what" not in said and "done" not in said.lower()
    page = f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/"
    assert "so none was closed" in Client(headers=HERE).get(page).content.decode()
    mail.outbox.clear()
    Client(headers=HERE).post(page, {"act": "say", "words": f"It is {CHILD}."})
    again = Request.objects.exclude(pk=row.pk).get()
    assert again.kind == "minor-remedy" and again.contact == PARENT
    assert any(in_force().controller.officer in each.to for each in mail.outbox)
    assert name(desk, again).status_code == 302
    child.refresh_from_db()
    assert not child.is_active


def test_p10d_what_is_closed_as_a_childs_is_erased_or_opened_and_nothing_between(
    desk, second, child
):
    """P10d, P10e: granted in part it would stay closed and whole, and be nobody's to decide."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    desk.post(f"/desk/privacy/requests/{row.number}/hand/", {"act": "back"})
    partly = {"outcome": "partly", "ground": "claims", "said": "We closed it."}
    assert act(second, row, "answer", **partly).status_code == 422
    with pytest.raises(services.Impossible):
        oversight.move(row.pk, "answer", staff=1, desk=(), reason="partly", said="We closed it.")
    row.refresh_from_db()
    assert row.open and row.erasure is None


def test_p10d_somebody_is_told_again_until_it_is_closed(desk, child, monkeypatch):
    """P10d: at half the hour, when it is over and later too; no more once it is closed."""
    row = asked(Client(headers=HERE))
    officer, service = in_force().controller.officer, in_force().controller.email
    told: list[list[str]] = []
    for minutes in (20, 31, 40, 65, 96, 99):
        now = row.received_at + dt.timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        mail.outbox.clear()
        tasks.children()
        told.append(sorted({to for each in mail.outbox for to in each.to}))
    both = sorted({officer, service})
    assert told == [[], [officer], [], both, [], both], "it does not write all night"
    assert row.number in mail.outbox[0].body and PARENT not in mail.outbox[0].body
    monkeypatch.undo()
    assert (
        "Our notice promises it by"
        in desk.get(f"/desk/privacy/requests/{row.number}/").content.decode()
    )
    name(desk, row)
    Request.objects.update(escalated_at=timezone.now() - dt.timedelta(hours=3))
    mail.outbox.clear()
    tasks.children()
    assert not mail.outbox


def test_p10d_a_question_that_nobody_answers_is_not_forgotten(desk, child, monkeypatch):
    """P10d: while we wait for an answer the officer is told from day to day, at waits that grow."""
    row = asked(Client(headers=HERE))
    assert act(desk, row, "ask", said="Which address does it have?").status_code == 302
    told = []
    for hours in (2, 23, 25, 47, 50, 72, 76, 99):
        now = row.received_at + dt.timedelta(hours=hours)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        mail.outbox.clear()
        tasks.children()
        told.append(len(mail.outbox))
    assert told == [0, 0, 1, 0, 1, 0, 1, 0]
    services.hear(row.pk, "The one with the lantern.")
    mail.outbox.clear()
    monkeypatch.setattr(timezone, "now", lambda: row.received_at + dt.timedelta(hours=120))
    tasks.children()
    assert len(mail.outbox) == 1, "they answered, so it is looked for again"


def test_p10e_a_closed_account_of_a_child_is_never_nobodys_to_decide(desk, child):
    """P10e: its request is joined to one that closed the same account, and to no other."""
    row, later = asked(Client(headers=HERE)), asked(Client(headers=HERE), kind="access")
    name(desk, row)
    answer = act(desk, row, "join", other=later.number)
    assert "would be nobody’s to decide" in answer.content.decode()
    with pytest.raises(services.Impossible):
        services.move(row.pk, "join", by=Event.By.OFFICER, changes={"joined_to_id": later.pk})
    row.refresh_from_db()
    assert row.open
    both = asked(Client(headers=HERE), contact="other.parent@parent.example")
    name(desk, both)
    assert act(desk, row, "join", other=both.number).status_code == 302
    row.refresh_from_db()
    both.refresh_from_db()
    child.refresh_from_db()
    assert (row.state, both.open, child.is_active) == (State.JOINED, True, False)
    assert act(desk, both, "refuse", ground="others", said="It is no child's.").status_code == 302
    child.refresh_from_db()
    assert child.is_active


def test_p10e_nobody_takes_back_what_is_known_of_a_child(desk, child):
    """P10e: once it is closed a person decides; a link to the request opens nothing again."""
    row = asked(Client(headers=HERE))
    page = f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/"
    anybody = Client(headers=HERE)
    assert 'value="withdraw"' in anybody.get(page).content.decode()
    name(desk, row)
    assert 'value="withdraw"' not in anybody.get(page).content.decode()
    anybody.post(page, {"act": "withdraw"})
    act(desk, row, "withdraw", note="They say so.")
    row.refresh_from_db()
    child.refresh_from_db()
    assert row.open and not child.is_active
    assert act(desk, row, "refuse", ground="others", said="It is no child's.").status_code == 302
    child.refresh_from_db()
    assert child.is_active, "an officer's decision is what opens it"


def test_p10e_no_other_page_of_the_desk_opens_what_a_request_decides(desk, child, at_desk):
    """P10e: opened there, the request went on, and its letters went to the child."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    admin = User.objects.create_user("ada@lantern.example", roles=Role.ADMINISTRATOR)
    other, page = at_desk(admin, Client()), f"/desk/people/{child.pk}/"
    other.post(f"{page}reason/", {"kind": "help", "reason": "He wrote to us."})
    answer = other.post(f"{page}state/", {"act": "reopen", "reason": "He says that he is 40."})
    assert f"This account is closed for the request {row.number}." in answer.content.decode()
    child.refresh_from_db()
    assert not child.is_active and permissions.read(child.pk)[0].age == "minor"


def test_p10e_what_is_being_erased_is_not_taken_back(desk, second, child):
    """P10e: a page that was opened before has the button still; it does nothing then."""
    row = asked(Client(headers=HERE))
    name(desk, row)
    desk.post(f"/desk/privacy/requests/{row.number}/hand/", {"act": "back"})
    act(second, row, "answer", **DONE)
    row.refresh_from_db()
    assert row.open and row.erasure is not None
    for by in (Event.By.PERSON, Event.By.OFFICER):
        with pytest.raises(services.Impossible):
            services.move(row.pk, "withdraw", by=by)
    other = asked(Client(headers=HERE))
    with pytest.raises(services.Impossible):
        services.move(row.pk, "join", by=Event.By.OFFICER, changes={"joined_to_id": other.pk})


def test_p10d_p12a_who_works_on_requests_is_told_where_the_officer_has_the_privacy_address(
    desk, monkeypatch
):
    """So `plainview policy start` has it; a letter of ours that comes there is a program's."""
    policy = in_force()
    one = msgspec.structs.replace(policy.controller, officer=policy.controller.email)
    head = msgspec.structs.replace(policy.head, controller=one)
    monkeypatch.setattr(letters, "in_force", lambda: msgspec.structs.replace(policy, head=head))
    User.objects.create_user("nora@lantern.example", roles=Role.EDITOR)
    row = asked(Client(headers=HERE))
    (told,) = [each for each in mail.outbox if row.number in each.body and PARENT not in each.to]
    assert sorted(told.to) == ["officer@lantern.example", policy.controller.email]
