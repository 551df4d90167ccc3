"""A complaint about a take-down, or a refused notice, is for somebody else than decided it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from tests.people import browser_of, make, somebody
from tests.requests.conftest import QUEUE, act, filed

from plainview.domains.accounts.models import Role, User
from plainview.domains.support.models import CopyrightNotice, Step
from plainview.domains.support.tests.test_letters import NOTICE
from plainview.domains.support.tests.test_takedowns import film
from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Request
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OWN = "about what you did, so a colleague decides it"
ALONE = "Whoever did what you complain of also decided this"
REFUSES = {"ground": "unfounded", "said": "It is theirs, as they showed."}


@pytest.fixture
def boss(db) -> User:
    return make("boss", Role.ADMINISTRATOR)


@pytest.fixture
def theirs(boss, at_desk) -> Client:
    return at_desk(boss, Client())


@pytest.fixture
def uploader(db) -> User:
    return somebody("tomas@example.org")


def decided(desk: Client, user: User, state: str, **row: object) -> CopyrightNotice:
    """A notice about a film of a user, decided at the desk."""
    title = film(user)
    place = f"/watch/{title.videos.get().key}/"
    given = {each: NOTICE[each] for each in ("name", "email", "work")} | {"where": place}
    notice = CopyrightNotice.objects.create(**{"subject": 1, **given, **row})
    said = {"state": state, "reason": "They showed the contract.", "place": place}
    assert desk.post(f"/desk/copyright/{notice.number}/settle/", said).status_code == 302
    return notice


def in_work(desk: Client, **who: object) -> Request:
    row = filed("complaint", **who)
    if row.state != State.WORKING:
        act(desk, row, "begin", proof="mail")
        desk.post(f"{QUEUE}{row.number}/hand/", {"act": "back"})
    return row


@pytest.mark.parametrize("kind", ["taken down", "refused", "refused, by address", "no account"])
def test_p2_9a_it_is_decided_by_somebody_else(theirs, boss, uploader, at_desk, kind):
    """It names who can, is refused when sent all the same, and the reason stands beside it."""
    other = make("other", Role.OFFICER)
    desk = at_desk(other, Client())
    who: dict[str, object] = {"account": uploader.pk, "contact": ""}
    if kind == "taken down":
        decided(theirs, uploader, "upheld")
    elif kind == "refused":
        decided(theirs, uploader, "refused", subject=uploader.pk)
    elif kind == "refused, by address":
        decided(theirs, uploader, "refused", email=uploader.email.upper())
    else:
        decided(theirs, uploader, "refused")
        who = {"contact": NOTICE["email"], "channel": Channel.FORM}
    row = in_work(desk, **who)
    page = theirs.get(f"{QUEUE}{row.number}/").content.decode()
    assert OWN in page and other.email in page and "They showed the contract." in page
    assert act(theirs, row, "refuse", **REFUSES).status_code == 409
    assert Request.objects.get(pk=row.pk).state == State.WORKING
    assert OWN not in desk.get(f"{QUEUE}{row.number}/").content.decode()
    assert act(desk, row, "refuse", **REFUSES).status_code == 302
    assert ALONE not in row.events.get(step="refuse").said


def test_p2_9a_alone_one_decides_it_and_says_so(theirs, uploader):
    decided(theirs, uploader, "upheld")
    row = in_work(theirs, account=uploader.pk, contact="")
    assert act(theirs, row, "refuse", **REFUSES).status_code == 302
    assert ALONE in row.events.get(step="refuse").said
    assert any(ALONE in each.body for each in mail.outbox)


def test_p2_9a_what_was_put_back_or_is_of_others_bars_nobody(theirs, boss, uploader, at_desk):
    make("other", Role.OFFICER)
    notice = decided(theirs, uploader, "upheld")
    decided(theirs, somebody("vera@example.org"), "refused", email="else@example.org")
    claimant = Client()
    claimant.post(f"/legal/copyright/{notice.number}/{notice.secret}/", {"act": "withdraw"},
                  headers={"Origin": "http://testserver"})  # fmt: skip
    row = in_work(theirs, account=uploader.pk, contact="")
    assert act(theirs, row, "refuse", **REFUSES).status_code == 302


def test_p9c_who_decided_goes_with_their_account_and_the_decision_stays(theirs, boss, uploader):
    notice = decided(theirs, uploader, "upheld")
    assert Step.objects.get(notice=notice, what="upheld").staff == boss.pk
    User.objects.filter(pk=boss.pk).update(roles="")
    rights.leave(boss.pk)
    worker.run_all()
    step = Step.objects.get(notice=notice, what="upheld")
    assert step.staff is None and step.said == "They showed the contract."


BODIES = "dsa-out-court-dispute-settlement"


def letters_to(address: str) -> list[str]:
    return [each.body for each in mail.outbox if each.to == [address]]


def lives(user: User, place: str) -> None:
    here = permissions.newcomer(place)
    permissions.change(user.pk, lambda facts: permissions.resident(here, place))


@pytest.mark.parametrize(("place", "said"), [("DE", True), ("JP", False)])
def test_p12c_a_decision_says_who_outside_settles_a_dispute_by_the_law_there(
    theirs, uploader, place, said
):
    """Regulation (EU) 2022/2065, Art. 17(3)(f) and 21: in the letter and on the page, as data."""
    lives(uploader, place)
    decided(theirs, uploader, "upheld")
    (letter,) = letters_to(uploader.email)
    assert (BODIES in letter) == said and "/privacy/request/?kind=complaint" in letter
    client = browser_of(uploader)
    page = client.get("/settings/strikes/").content.decode()
    unread = 'DSA Art. 21)</bdi><span class="soft"> (not yet verified)'
    assert (BODIES in page) == (unread in page) == said
    assert (BODIES in Client().get(f"/legal/place/?place={place}").content.decode()) == said
    row = in_work(theirs, account=uploader.pk, contact="", place=place)
    act(theirs, row, "refuse", **REFUSES)
    assert (BODIES in letters_to(uploader.email)[-1]) == said
    assert (BODIES in client.get(f"/privacy/requests/{row.number}/").content.decode()) == said


def test_p12c_a_claimant_whom_nobody_places_reads_of_all_that_the_policy_names(theirs, uploader):
    """They can complain, too, of a notice that was refused; of one that was upheld nothing is."""
    refused, upheld = (decided(theirs, uploader, each) for each in ("refused", "upheld"))
    first, second = letters_to(NOTICE["email"])
    assert BODIES in first and "/privacy/request/?kind=complaint" in first
    assert BODIES not in second and "complaint" not in second
    pages = [
        Client().get(f"/legal/copyright/{each.number}/{each.secret}/").content.decode()
        for each in (refused, upheld)
    ]
    assert [BODIES in each for each in pages] == [True, False]


def test_p12c_who_is_suspended_reads_it_too(theirs, uploader):
    lives(uploader, "DE")
    page = f"/desk/people/{uploader.pk}/"
    theirs.post(f"{page}reason/", {"kind": "report", "reason": "It was reported."})
    theirs.post(f"{page}state/", {"act": "suspend", "reason": "Sold tickets to others."})
    assert BODIES in letters_to(uploader.email)[0]
