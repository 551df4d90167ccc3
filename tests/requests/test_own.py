"""Nobody who works on requests decides their own while a colleague could; else it is said."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from tests.people import somebody
from tests.requests.conftest import QUEUE, act, filed, in_work, make

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.models import Change
from plainview.privacy.requests import services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event, Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "the night train leaves at nine"
OWN = "so a colleague decides it"
ALONE = "also decided it: nobody else here works on requests"
DECISIONS = (
    ("answer", {"outcome": "granted", "said": "I am right."}),
    ("refuse", {"ground": "law", "said": "A law makes us keep it."}),
)


@pytest.fixture
def ana(db) -> User:
    user = make("ana", Role.OFFICER)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def own(ana, at_desk) -> Client:
    return at_desk(ana, Client())


def links(client: Client, row: Request) -> set[str]:
    return {step for step, _words in client.get(f"{QUEUE}{row.number}/").context["steps"]}


@pytest.mark.parametrize(("step", "said"), DECISIONS, ids=["answer", "refuse"])
def test_nobody_decides_their_own_request(own, ana, desk, officer, step, said):
    """It has no button, is refused when sent all the same, and says who decides."""
    row = in_work("complaint", account=ana.pk, contact="")
    assert (
        f'{OWN}. <bdi dir="ltr">{officer.email}'
        in own.get(f"{QUEUE}{row.number}/").content.decode()
    )
    assert not {"answer", "refuse"} & links(own, row)
    answer = act(own, row, step, **said)
    assert answer.status_code == 409 and OWN in answer.content.decode()
    assert Request.objects.get(pk=row.pk).state == State.WORKING
    assert {"answer", "refuse"} <= links(desk, row)
    assert act(desk, row, step, **said).status_code == 302
    assert ALONE not in row.events.get(step=step).said


def test_what_a_colleague_opens_about_them_has_no_button_there(own, ana, desk, officer):
    """Alone they have it: nobody else could open it."""
    row = in_work("complaint", account=ana.pk, contact="")
    pages = (f"/desk/people/{ana.pk}/holds/", f"{QUEUE}{row.number}/person/")

    def offered(client: Client) -> list[bool]:
        case = client.get(f"{QUEUE}{row.number}/").content.decode()
        return [each in case for each in pages]

    assert offered(own) == [False, False]
    assert offered(desk) == [True, True]
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert offered(own) == [True, True]


@pytest.mark.parametrize("by", ["contact", "agent"])
def test_nor_what_they_wrote_from_their_own_address(own, ana, desk, by):
    """Also without being signed in, and for somebody else whom they act for."""
    address = {"contact": "mira@lantern.example", by: ana.email.upper()}
    row = in_work("complaint", **address)
    assert act(own, row, "answer", outcome="granted", said="Yes.").status_code == 409
    assert act(desk, row, "answer", outcome="granted", said="Yes.").status_code == 302


def test_nobody_says_of_themselves_who_they_are(own, ana, desk):
    row = filed("access", channel=Channel.FORM, contact=ana.email)
    assert "begin" not in links(own, row) and "begin" in links(desk, row)
    said = {"proof": "seen", "note": "I know me.", "account": ana.email}
    assert act(own, row, "begin", **said).status_code == 409
    assert not Request.objects.get(pk=row.pk).proof


@pytest.mark.parametrize("other", ["nobody", "is gone", "does other work"])
def test_in_a_house_of_one_it_is_decided_and_said(own, ana, at_desk, other):
    """The answer, the letter and the timeline say that it was their own."""
    if other != "nobody":
        role = Role.OFFICER if other == "is gone" else Role.EDITOR
        second = make("second", role)
        User.objects.filter(pk=second.pk).update(is_active=other != "is gone")
    row = in_work("complaint", account=ana.pk, contact="")
    assert "nobody else here works on requests" in own.get(f"{QUEUE}{row.number}/").content.decode()
    assert act(own, row, "answer", outcome="granted", said="").status_code == 422
    assert act(own, row, "answer", outcome="granted", said="It is mended.").status_code == 302
    decided = row.events.get(step="answer")
    assert decided.said.startswith("It is mended.") and ALONE in decided.said
    assert (decided.staff, decided.by) == (ana.pk, Event.By.OFFICER)
    assert any(ALONE in each.body for each in mail.outbox)


@pytest.fixture
def boss(db) -> User:
    return make("boss", Role.ADMINISTRATOR)


@pytest.fixture
def suspended(boss, at_desk, stranger) -> tuple[Client, Request]:
    """Who suspended Mira, at the desk, and her complaint, by the way that she was shown."""
    mira = somebody("mira@lantern.example", PASSWORD)
    desk = at_desk(boss, Client())
    page = f"/desk/people/{mira.pk}/"
    desk.post(f"{page}reason/", {"kind": "report", "reason": "It was reported."})
    desk.post(f"{page}state/", {"act": "suspend", "reason": "Sold tickets to others."})
    told = stranger.post("/accounts/login/", {"login": mira.email, "password": PASSWORD})
    assert 'href="/privacy/request/?kind=complaint"' in told.content.decode()
    (letter,) = (each for each in mail.outbox if each.to == [mira.email])
    assert "/privacy/request/?kind=complaint" in letter.body
    form = stranger.get("/privacy/request/?kind=complaint").content.decode()
    assert re.search(r'value="complaint"[^>]*(checked|selected)', form)
    said = {"kind": "complaint", "contact": mira.email, "words": "I sold none.", "residence": "DE"}
    stranger.post("/privacy/request/", said)
    return desk, Request.objects.get()


def test_a_complaint_about_a_suspension_is_decided_by_somebody_else(suspended, boss, own, ana):
    """It has a number and a day; on the desk stands why; on appeal it is a third who decides."""
    desk, row = suspended
    assert row.kind == "complaint" and row.due_on
    assert row.number in next(each.body for each in mail.outbox if row.number in each.body)
    case = own.get(f"{QUEUE}{row.number}/").content.decode()
    assert "Sold tickets to others." in case
    if row.state != State.WORKING:
        act(own, row, "begin", proof="mail")
        own.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
    assert (
        f'what you did, {OWN}. <bdi dir="ltr">{ana.email}'
        in desk.get(f"{QUEUE}{row.number}/").content.decode()
    )
    refused = {"ground": "unfounded", "said": "You sold three, as the offers show."}
    assert act(desk, row, "refuse", **refused).status_code == 409
    assert act(own, row, "refuse", **refused).status_code == 302
    services.move(row.pk, "appeal", by=Event.By.PERSON, said="They are not mine.")
    said = {"outcome": "granted", "said": "They are yours, and well.", "suspended": "opens"}
    assert act(desk, row, "settle", **said).status_code == 409
    third = make("third", Role.OFFICER)
    assert (
        boss.email not in own.get(f"{QUEUE}{row.number}/").content.decode().partition("decides")[2]
    )
    assert third.email in own.get(f"{QUEUE}{row.number}/").content.decode()


def test_who_works_alone_decides_on_their_own_suspension_and_says_so(suspended):
    desk, row = suspended
    if row.state != State.WORKING:
        act(desk, row, "begin", proof="mail")
    said = {"outcome": "granted", "said": "You are right.", "suspended": "opens"}
    assert act(desk, row, "answer", **said).status_code == 302
    assert "did what you complain of also decided this" in row.events.get(step="answer").said


def worked(row: Request, own: Client) -> Request:
    if row.state != State.WORKING:
        act(own, row, "begin", proof="mail")
    return row


def signs_in(address: str) -> bool:
    given = {"login": address, "password": PASSWORD}
    client = Client()
    client.post("/accounts/login/", given, headers={"Origin": "http://testserver"})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("step", ["answer", "settle"])
def test_a_complaint_that_is_granted_opens_the_account_in_one_act(suspended, own, ana, step):
    """That it is done can't be said of an account of which nothing is said; the letter says it."""
    row = worked(suspended[1], own)
    mira = User.objects.get(email="mira@lantern.example")
    page = own.get(f"{QUEUE}{row.number}/").content.decode()
    assert "If they are right, your answer opens it again." in page
    if step == "settle":
        second = make("second", Role.OFFICER)
        services.let_go(row.pk, ana.pk)
        services.move(row.pk, "refuse", by=Event.By.OFFICER, staff=second.pk, reason="unfounded",
                      said="You sold three.")  # fmt: skip
        services.move(row.pk, "appeal", by=Event.By.PERSON, said="They are not mine.")
    said = {"outcome": "granted", "said": "You sold none."}
    answer = act(own, row, step, **said)
    assert answer.status_code == 422 and "Say what becomes of their account" in (
        answer.content.decode()
    )
    assert not signs_in(mira.email)
    assert act(own, row, step, **said, suspended="opens").status_code == 302
    assert signs_in(mira.email)
    change = Change.objects.filter(person=mira.pk).latest("changed_at")
    assert (change.what, change.staff, change.reason) == ("reopened", ana.pk, row.number)
    assert any("Your account is open again" in each.body for each in mail.outbox)


@pytest.mark.parametrize(("outcome", "more"), [("granted", {"suspended": "stays"}),
                                               ("partly", {"ground": "law"})])  # fmt: skip
def test_what_a_suspended_person_complains_of_besides_opens_nothing(suspended, own, outcome, more):
    row = worked(suspended[1], own)
    assert act(own, row, "answer", outcome=outcome, said="The film plays.", **more).status_code == (
        302
    )
    assert not signs_in("mira@lantern.example")
    assert not any("open again" in each.body for each in mail.outbox)


def test_whoever_suspended_opens_nothing_by_an_answer_of_their_own(suspended, own):
    desk, row = suspended
    worked(row, own)
    said = {"outcome": "granted", "said": "Well.", "suspended": "opens"}
    own.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
    assert act(desk, row, "answer", **said).status_code == 409
    assert not signs_in("mira@lantern.example")


def test_another_complaint_or_one_after_it_was_opened_again_is_anybodys(suspended, own):
    desk, row = suspended
    mira = User.objects.get(email="mira@lantern.example")
    desk.post(f"/desk/people/{mira.pk}/state/", {"act": "reopen", "reason": "She is right."})
    assert {"answer", "refuse", "begin"} & links(desk, row)
    assert "Sold tickets" not in own.get(f"{QUEUE}{row.number}/").content.decode()
