"""P4.1.5a, P3.2a, P3.3a: an authority is given what an open case names, by the word of two."""

from __future__ import annotations

import datetime as dt
import json
import re

import msgspec
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import capfirst
from tests.people import browser_of, somebody

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff import tasks
from plainview.domains.staff.models import Case, Change, Look
from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.disclosures import cutting
from plainview.privacy.gate import purposes
from plainview.privacy.log.models import Act
from plainview.privacy.models import Disclosure, Recall, Standing
from plainview.privacy.policies import in_force
from plainview.privacy.rights import services as rights
from plainview.privacy.rights import tables

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHERE = "The court of Cork"
LAW = {"kind": "law", "authority": WHERE, "reference": "Az. 17/26", "reason": "An order"}
SCOPE = {
    "act": "scope",
    "ground": "legal-obligation",
    "law": "Criminal Justice Act 2011, section 15",
    "country": "IE",
    "categories": ["contact.email"],
}


def person(name: str, *roles: Role, **more: str) -> User:
    return somebody(f"{name}@lantern.example", roles=" ".join(roles), **more)


@pytest.fixture
def zora(db) -> User:
    user = person("zora")
    permissions.change(user.pk, lambda facts: permissions.resident(
        permissions.newcomer(presence="DE"), "DE"))  # fmt: skip
    return user


@pytest.fixture
def one(at_desk, db) -> Client:
    return at_desk(person("one", Role.OFFICER))


@pytest.fixture
def other(at_desk, db) -> Client:
    return at_desk(person("other", Role.OFFICER), client=Client())


def begin(desk: Client, zora: User, **more: object) -> str:
    """Open the authority's case; return where its scope is said."""
    assert desk.post(f"/desk/people/{zora.pk}/reason/", LAW | more).status_code == 302
    return f"/desk/people/{zora.pk}/authority/"


def look(desk: Client, zora: User) -> None:
    act = {"act": "look", "case": Case.objects.get().number}
    assert desk.post(f"/desk/people/{zora.pk}/reason/", act).status_code == 302


def sees(desk: Client, page: str, act: str) -> dict[str, str]:
    """The form by which somebody agrees to what stands on their page."""
    forms = re.findall(r"<form.*?</form>", desk.get(page).content.decode(), re.DOTALL)
    form = next(each for each in forms if f'value="{act}"' in each)
    hidden = re.findall(r'type="hidden" name="(seen|case)" value="([\w-]+)"', form)
    return {"act": act, **dict(hidden)}


def agreed(one: Client, other: Client, zora: User, **more: object) -> str:
    page = begin(one, zora, **more)
    assert one.post(page, SCOPE).status_code == 302
    look(other, zora)
    assert other.post(page, sees(other, page, "agree")).status_code == 302
    return page


def test_p4_1_5a_kinds_of_data_are_named_as_somebody_elses(one, zora):
    """Who says what an authority is given reads of the person, not of themselves."""
    address = begin(one, zora)
    for tongue in ("en", "ar", "es", "fr"):
        page = one.get(f"{address}?lang={tongue}").content.decode()
        words = in_force().words[tongue].sentences
        for kind in ("account.state", "contact.email", "device.address"):
            assert escape(capfirst(words[f"theirs.{kind}"])) in page
            assert escape(capfirst(words[f"categories.{kind}"])) not in page


def test_p4_1_5a_a_policy_that_names_no_authorities_hands_nothing_over(one, zora):
    """One that `plainview policy init` began has no recipients."""
    page, policy = begin(one, zora), in_force()
    others = {name: each for name, each in policy.recipients.items() if name != "authorities"}
    with purposes.holding(msgspec.structs.replace(policy, recipients=others)):
        told = one.get(page, follow=True).content.decode()
        assert "names no authorities" in told
        assert one.post(page, SCOPE).status_code == 302
    assert not Change.objects.exists()


def test_p4_1_5a_two_people_and_no_more_than_the_case_names(one, other, zora):
    page = begin(one, zora)
    assert "What an authority is given" in one.get(f"/desk/people/{zora.pk}/").content.decode()
    assert not cutting.read(zora.pk, "authorities", "legal"), "no case opens it for anybody else"
    one.post(page, {"act": "hand"})
    one.post(page, SCOPE)
    for act in ("agree", "hand"):  # alone, neither
        one.post(page, {"act": act})
    assert not Disclosure.objects.filter(recipient="authorities").exists()
    assert "What an authority is given" in other.get("/desk/people/").content.decode()
    look(other, zora)
    other.post(page, sees(other, page, "agree"))
    answer = one.post(page, {"act": "hand"})
    assert answer["Content-Disposition"].startswith("attachment")
    given = json.loads(answer.content)
    assert set(given["data"]) == {"contact.email"}, "not the account, which nobody asked for"
    assert "zora@lantern.example" in answer.content.decode()
    assert (given["authority"], given["reference"]) == (WHERE, "Az. 17/26")
    row = Disclosure.objects.get(recipient="authorities")
    number = Case.objects.get().number
    assert (row.subject, row.named, row.reference) == (zora.pk, WHERE, number)
    assert (row.categories, row.basis, row.country) == ("contact.email", "legal-obligation", "IE")
    assert Act.objects.filter(person=zora.pk, what="desk").count() >= 3
    assert not cutting.read(zora.pk, "authorities", "legal"), "it is closed again"
    assert '"cases":[]' in Standing.objects.get(subject=zora.pk).facts


def test_p4_1_5a_whom_it_is_about_reads_of_it_and_is_written_to(one, other, zora, client):
    page = agreed(one, other, zora)
    one.post(page, {"act": "hand"})
    worker.run_all()
    letter = next(each for each in mail.outbox if each.to == [zora.email])
    assert WHERE in letter.body and "Criminal Justice Act 2011, section 15" in letter.body
    me = browser_of(zora)
    looks = me.get("/settings/looks/").content.decode()
    assert WHERE in looks and "Agreed that an authority is given it" in looks
    left = me.get("/privacy/disclosures/").content.decode()
    assert WHERE in left and "Handed over in a case" in left
    assert not re.search(r"<dl[^>]*>\s*</dl>", left), "nothing is known of it, and no list says so"


def test_p4_1_5a_what_a_law_forbids_to_tell_is_told_on_its_day(one, other, zora, monkeypatch):
    until = timezone.localdate() + dt.timedelta(30)
    silent = {"untold_until": until, "untold_law": "Section 17 of that Act"}
    bad = one.post(f"/desk/people/{zora.pk}/reason/", LAW | {"untold_until": until})
    assert bad.status_code == 422, "a law that forbids it has a name"
    page = agreed(one, other, zora, **silent)
    one.post(page, {"act": "hand"})
    worker.run_all()
    me = browser_of(zora)
    pages = ("/settings/looks/", "/privacy/disclosures/", "/privacy/held/access.looks/",
             "/privacy/held/access.changes/", "/privacy/held/disclosures.ledger/")  # fmt: skip
    number = Case.objects.get().number
    for address in pages:
        text = me.get(address, follow=True).content.decode()
        assert not any(each in text for each in (WHERE, number, "Az. 17/26", "Handed over")), (
            address
        )
    assert not [each for each in mail.outbox if each.to == [zora.email]]
    for model in (Look, Change, Case, Disclosure):
        assert not model.objects.filter(untold_until=None).exists(), model
    assert not Act.objects.filter(person=zora.pk, untold_until=None).exists()
    assert WHERE in one.get(page).content.decode(), "those who work in it see it"

    monkeypatch.setattr(timezone, "localdate", lambda *given: until)
    for _again in range(2):
        tasks.tell_late()
    worker.run_all()
    letters = [each for each in mail.outbox if each.to == [zora.email]]
    assert len(letters) == 1
    assert "Section 17 of that Act" in letters[0].body
    assert WHERE in me.get("/settings/looks/").content.decode()
    assert WHERE in me.get("/privacy/disclosures/").content.decode()


def test_p4_1_5a_what_is_handed_over_once_no_law_forbids_it_is_told_at_once_and_once(
    one, other, zora, monkeypatch
):
    until = timezone.localdate() + dt.timedelta(30)
    silent = {"untold_until": until, "untold_law": "Section 17 of that Act"}
    page = agreed(one, other, zora, **silent)
    monkeypatch.setattr(timezone, "localdate", lambda *given: until)
    tasks.tell_late()  # of which there is nothing to tell yet
    one.post(page, {"act": "hand"})
    tasks.tell_late()
    worker.run_all()
    assert len([each for each in mail.outbox if each.to == [zora.email]]) == 1
    row = Disclosure.objects.get(recipient="authorities")
    assert row.untold_until is None


def silent_case(one, other, zora) -> tuple[str, str, dt.date]:
    """Something was handed over of which she may not know for a month: where, which case, until."""
    until = timezone.localdate() + dt.timedelta(30)
    page = agreed(one, other, zora, untold_until=until, untold_law="Section 17 of that Act")
    one.post(page, {"act": "hand"})
    worker.run_all()
    return page, Case.objects.get().number, until


def told(zora: User) -> bool:
    """Whether she reads of the case anywhere, by a page or a letter; never by one alone."""
    me = browser_of(zora)
    pages = ("/settings/looks/", "/privacy/disclosures/", "/privacy/held/access.looks/")
    read = {WHERE in me.get(each, follow=True).content.decode() for each in pages}
    written = {bool([each for each in mail.outbox if each.to == [zora.email]])}
    (known,) = read | written
    return known


def test_p4_1_5a_nobody_agrees_to_what_came_in_place_of_what_they_saw(one, other, zora):
    """P4.1.5a: a colleague said more while the second person looked, who agreed to all of it."""
    page = begin(one, zora)
    one.post(page, SCOPE)
    look(other, zora)
    seen = sees(other, page, "agree")
    wider = [*SCOPE["categories"], "account.state"]
    one.post(page, SCOPE | {"categories": wider})
    told_so = other.post(page, seen, follow=True).content.decode()
    assert "Somebody changed it meanwhile." in told_so
    one.post(page, {"act": "hand"})
    assert not Disclosure.objects.filter(recipient="authorities").exists()
    other.post(page, sees(other, page, "agree"))
    assert one.post(page, {"act": "hand"})["Content-Disposition"].startswith("attachment")


def test_p4_1_5a_nobody_agrees_to_another_day_than_they_saw(one, other, zora):
    """P4.1.5a."""
    page, number, until = silent_case(one, other, zora)
    one.post(page, LONGER | {"case": number, "until": until + dt.timedelta(10)})
    look(other, zora)
    seen = sees(other, page, "unsilence")
    one.post(page, LONGER | {"case": number, "until": until + dt.timedelta(60)})
    other.post(page, seen)
    assert Case.objects.get().untold_until == until
    other.post(page, sees(other, page, "unsilence"))
    assert Case.objects.get().untold_until == until + dt.timedelta(60)


LONGER = {"act": "silence", "law": "The court of Cork made it longer, order 18/26"}


def test_p4_1_5a_a_court_makes_a_ban_longer_by_the_word_of_two(one, other, zora, monkeypatch):
    """P4.1.5a: on the day before, nothing is told; on the new one all of it, and by what."""
    page, number, until = silent_case(one, other, zora)
    later = until + dt.timedelta(60)
    for bad in ({"until": timezone.localdate()}, {"until": until + dt.timedelta(700)}, {"law": ""}):
        one.post(page, LONGER | {"case": number, "until": later} | bad)
        assert not Case.objects.get().silent_law
    assert one.post(page, LONGER | {"case": number, "until": later}).status_code == 302
    one.post(page, {"act": "unsilence", "case": number})
    assert Case.objects.get().untold_until == until, "one alone changes nothing"
    look(other, zora)
    assert other.post(page, sees(other, page, "unsilence")).status_code == 302
    monkeypatch.setattr(timezone, "localdate", lambda *given: until)
    tasks.tell_late()
    worker.run_all()
    assert not told(zora)
    for model in (Look, Change, Case, Disclosure):
        assert {*model.objects.values_list("untold_until", flat=True)} == {later}, model
    assert {*Act.objects.filter(person=zora.pk).values_list("untold_until", flat=True)} <= {later}
    monkeypatch.setattr(timezone, "localdate", lambda *given: later)
    tasks.tell_late()
    worker.run_all()
    assert told(zora)
    letter = next(each for each in mail.outbox if each.to == [zora.email])
    assert "order 18/26" in letter.body


def test_p4_1_5a_a_court_lifts_a_ban_and_she_is_told_at_once(one, other, zora):
    """P4.1.5a: also of a case that is over, from another one; and once."""
    page, number, _until = silent_case(one, other, zora)
    one.post(f"/desk/people/{zora.pk}/reason/", {"act": "close", "case": number})
    begin(one, zora)
    Case.objects.exclude(number=number).update(authority="Another")
    assert one.post(page, LONGER | {"case": number, "until": ""}).status_code == 302
    waits = other.get("/desk/people/").content.decode()
    assert number in waits or str(zora.pk) in waits
    act = {"act": "look", "case": Case.objects.exclude(number=number).get().number}
    other.post(f"/desk/people/{zora.pk}/reason/", act)
    assert not told(zora)
    assert other.post(page, sees(other, page, "unsilence")).status_code == 302
    worker.run_all()
    assert told(zora)
    tasks.tell_late()
    worker.run_all()
    assert len([each for each in mail.outbox if each.to == [zora.email]]) == 1
    other.post(page, {"act": "unsilence", "case": number})
    assert one.post(page, LONGER | {"case": number, "until": ""}).status_code == 200, "she knows"


def test_p4_1_5a_a_case_that_is_over_gives_nothing(one, other, zora):
    page = agreed(one, other, zora)
    number = Case.objects.get().number
    one.post(f"/desk/people/{zora.pk}/reason/", {"act": "close", "case": number})
    assert one.post(page, {"act": "hand"})["Location"].endswith("/reason/")
    begin(one, zora)
    one.post(page, {"act": "hand"})
    assert not Disclosure.objects.filter(recipient="authorities").exists(), "said of another case"


def test_p4_1_5a_who_says_it_anew_needs_a_second_word_anew(one, other, zora):
    page = agreed(one, other, zora)
    one.post(page, SCOPE | {"categories": ["contact.email", "account.state"]})
    one.post(page, {"act": "hand"})
    assert not Disclosure.objects.filter(recipient="authorities").exists()


@pytest.mark.parametrize(
    ("lives", "ground", "country", "holds"),
    [
        ("DE", "legal-obligation", "US", False),  # Art. 48: no order from elsewhere
        ("DE", "legal-claims", "US", True),
        ("DE", "vital-interests", "FR", True),
        ("GB", "legal-obligation", "IE", False),
        ("GB", "public-interest", "GB", True),
        ("BR", "legal-obligation", "BR", True),
        ("BR", "legal-claims", "BR", True),
        ("BR", "vital-interests", "BR", False),
        ("BR", "public-interest", "BR", False),  # for public bodies alone
    ],
)
def test_p3_2a_p3_3a_the_ground_is_one_that_their_law_knows(
    one, zora, lives, ground, country, holds
):
    permissions.change(zora.pk, lambda facts: permissions.resident(
        permissions.newcomer(presence=lives), lives))  # fmt: skip
    page = begin(one, zora)
    answer = one.post(page, SCOPE | {"ground": ground, "country": country})
    assert (answer.status_code == 302) is holds
    assert bool(re.search(ground, Case.objects.get().ground)) is holds


def test_p4_1_5a_an_authority_is_not_called_back(one, other, zora):
    """P4.1.5a: neither a no nor an erasure asks a court to forget; the next is not handed over."""
    page = agreed(one, other, zora)
    one.post(page, {"act": "hand"})
    permissions.change(
        zora.pk, lambda facts: permissions.answered(facts, {"targeted-ads": "denied"})
    )
    assert not Recall.objects.exists()
    rights.leave(zora.pk)
    worker.run_all()
    assert not Recall.objects.filter(recipient="authorities").exists()
    one.post(page, {"act": "hand"})
    assert not Disclosure.objects.filter(recipient="authorities").exists(), "they are gone"


def test_p4_1_5a_of_what_bears_a_day_no_other_days_are_handed_over(one, zora):
    """P4.1.5a: scope and dates; held against rows that bear one, whichever table they are of."""
    begin(one, zora)
    table = next(each for each in tables.tables() if each.name == "staff_look")
    part, day = next(iter(tables.parts(table))), dt.timedelta(1)
    today = timezone.localdate()
    for first, last, there in (
        (None, None, True), (today, today, True), (today + day, None, False),
        (None, today - day, False),
    ):  # fmt: skip
        within = cutting._within(part, cutting.During(frozenset(), first, last))
        assert part.rows(zora.pk).filter(within).exists() is there
