"""Nobody at the desk decides about themselves while a colleague could; alone, it is recorded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from tests.people import make, somebody

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.models import Case, Change, Look
from plainview.domains.staff.permissions import PERMISSIONS
from plainview.domains.support.models import CopyrightNotice, Strike
from plainview.domains.support.tests.test_letters import NOTICE
from plainview.domains.support.tests.test_takedowns import film, translated  # noqa: F401
from plainview.privacy import permissions
from plainview.privacy.log.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LAW = {"kind": "law", "authority": "The court of Cork", "reference": "Az. 17/26", "reason": "x"}
ALONE = "nobody else here decides notices"


@pytest.fixture
def ana(db) -> User:
    user = somebody("ana@lantern.example", roles=Role.OFFICER)
    here = permissions.newcomer(presence="DE")
    permissions.change(user.pk, lambda facts: permissions.resident(here, "DE"))
    return user


@pytest.fixture
def own(ana, at_desk) -> Client:
    return at_desk(ana, Client())


@pytest.fixture
def uploader() -> User:
    return somebody("tomas@example.org", roles=f"{Role.EDITOR} {Role.MODERATOR}")


def notice(**said: str) -> CopyrightNotice:
    return CopyrightNotice.objects.create(subject=1, **{**NOTICE_ROW, **said})


NOTICE_ROW = {each: NOTICE[each] for each in ("name", "email", "work", "where")}


@pytest.mark.parametrize("page", ["", "holds/", "choices/", "authority/", "delete/"])
def test_what_is_about_oneself_is_a_colleagues(own, ana, page):
    """P2.1.6a: no case about oneself is opened while somebody else could open it."""
    colleague = make("second", Role.OFFICER)
    mine = f"/desk/people/{ana.pk}/"
    for sent in (own.post(f"{mine}reason/", LAW), own.get(f"{mine}reason/"), own.get(mine + page)):
        assert sent.status_code == 403 and colleague.email in sent.content.decode()
    assert not Look.objects.exists() and not Case.objects.exists()


def test_a_case_that_may_not_be_told_is_not_told_by_the_desk(own, ana, at_desk):
    """P4.1.5a: whom an authority asks about does not read so since they are an officer."""
    other = at_desk(make("second", Role.OFFICER), Client())
    his = f"/desk/people/{ana.pk}/"
    day = dt.date.today() + dt.timedelta(30)
    other.post(f"{his}reason/", LAW | {"untold_until": day.isoformat(), "untold_law": "An order"})
    scope = {"act": "scope", "ground": "legal-obligation", "law": "An act", "country": "IE"}
    other.post(f"{his}authority/", scope | {"categories": ["contact.email"]})
    assert Change.objects.filter(what=Change.What.SCOPED).exists()
    number = Case.objects.get().number
    assert number not in own.get("/desk/people/").content.decode()
    assert number not in own.get(f"{his}reason/").content.decode()
    assert (
        number
        in at_desk(make("third", Role.OFFICER), Client()).get("/desk/people/").content.decode()
    )


def test_in_a_house_of_one_it_opens_and_is_recorded(own, ana):
    """P2.1.6a: a colleague of another kind of work changes nothing; the log has it."""
    make("editor", Role.EDITOR)
    mine = f"/desk/people/{ana.pk}/"
    assert own.post(f"{mine}reason/", LAW).status_code == 302
    assert own.get(f"{mine}holds/").status_code == 200
    assert Look.objects.get().staff == Look.objects.get().person == ana.pk
    assert Act.objects.filter(what="desk", staff=ana.pk, person=ana.pk).exists()
    moderator = make("moderator", Role.MODERATOR)
    assert own.get(f"{mine}holds/").status_code == 200, "who could not do this changes nothing"
    assert moderator.email in own.get(mine).content.decode(), "who could open it, does"


def test_nobody_agrees_as_the_second_on_what_is_about_them(ana, own, at_desk):
    """P4.1.5a: also where whoever said it has left since, so that nobody else is there."""
    second = make("second", Role.OFFICER)
    other, his = at_desk(second, Client()), f"/desk/people/{ana.pk}/"
    other.post(f"{his}reason/", LAW)
    scope = {"act": "scope", "ground": "legal-obligation", "law": "An act", "country": "IE"}
    other.post(f"{his}authority/", scope | {"categories": ["contact.email"]})
    said = Change.objects.get(what=Change.What.SCOPED)
    User.objects.filter(pk=second.pk).update(is_active=False)
    own.post(f"{his}reason/", {"act": "look", "case": Case.objects.get().number})
    answer = own.post(f"{his}authority/", {"act": "agree", "seen": said.pk}, follow=True)
    assert "second person" in answer.content.decode()
    assert not Change.objects.filter(what=Change.What.AGREED).exists()


def test_no_role_is_there_to_be_given_to_oneself():
    """An administrator, who gives roles, gains nothing by one for themselves."""
    assert all(Role.ADMINISTRATOR in each.roles for each in PERMISSIONS.values())


@pytest.mark.parametrize("concerned", ["put it on", "wrote its lines", "sent it", "by address"])
@pytest.mark.parametrize("state", ["upheld", "refused"])
def test_p2_9a_a_notice_is_decided_by_nobody_whom_it_concerns(
    uploader,
    at_desk,
    translated,  # noqa: F811
    concerned,
    state,
):
    title, min_ = translated
    who, said = uploader, {"state": state, "reason": "So it is."}
    said["place"] = f"/watch/{title.videos.get().key}/"
    given = {"where": f"http://testserver{said['place']}"}
    if concerned == "wrote its lines":
        said["part"], who = "ko", min_
        User.objects.filter(pk=min_.pk).update(roles=Role.MODERATOR)
        who.refresh_from_db()
    elif concerned != "put it on":
        who = somebody("vera@example.org", roles=Role.MODERATOR)
        given |= {"subject": who.pk} if concerned == "sent it" else {"email": who.email.upper()}
    row = CopyrightNotice.objects.create(**{"subject": 1, **NOTICE_ROW, **given})
    settle = f"/desk/copyright/{row.number}/settle/"
    other = at_desk(somebody("second@example.org", roles=Role.MODERATOR), Client())
    answer = at_desk(who, Client()).post(settle, said)
    assert answer.status_code == 409 and "A colleague decides it" in answer.content.decode()
    assert CopyrightNotice.objects.get().state == "open" and not Strike.objects.exists()
    assert other.post(settle, said).status_code == 302
    assert ALONE not in CopyrightNotice.objects.get().reason


def test_p2_9a_who_decides_alone_about_their_own_says_so_to_the_claimant(uploader, at_desk):
    title = film(uploader)
    row = CopyrightNotice.objects.create(
        subject=1, **NOTICE_ROW | {"where": f"/watch/{title.videos.get().key}/"}
    )
    said = {"state": "refused", "reason": "I made it."}
    answer = at_desk(uploader, Client()).post(f"/desk/copyright/{row.number}/settle/", said)
    assert answer.status_code == 302
    assert ALONE in CopyrightNotice.objects.get().reason
    assert any(ALONE in each.body and each.to == [NOTICE["email"]] for each in mail.outbox)


def test_p2_9a_nor_says_whom_it_concerns_how_a_court_decided(uploader, at_desk):
    title = film(uploader)
    row = CopyrightNotice.objects.create(subject=1, state="sued", title=title, **NOTICE_ROW)
    court, said = f"/desk/copyright/{row.number}/court/", {"outcome": "back", "case": "26-cv-1"}
    other = at_desk(somebody("second@example.org", roles=Role.MODERATOR), Client())
    assert at_desk(uploader, Client()).post(court, said).status_code == 409
    assert CopyrightNotice.objects.get().state == "sued"
    assert other.post(court, said).status_code == 302
