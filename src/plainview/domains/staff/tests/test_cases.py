"""P2.1.6a: every look of the staff at a person needs an open case about them, and is in the log.

One person is planted with words that stand nowhere else, in everything that the desk can lead to.
Every door under /desk/ is opened: what shows any of these words must have said first who looked, in
which open case, and without an open case none shows one.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import ModuleType

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from tests.people import browser_of, make

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.access import staff
from plainview.domains.staff.models import Case, Look
from plainview.domains.staff.tests.test_access import under_the_desk
from plainview.domains.support.models import CopyrightNotice
from plainview.platform.identifiers import new_id
from plainview.privacy.gate.doors import door_of, serves
from plainview.privacy.gate.refusals import Caseless
from plainview.privacy.log.models import Act
from plainview.privacy.models import LegalHold
from plainview.privacy.post.models import Letter
from plainview.privacy.requests import queries, services
from plainview.privacy.requests.models import Channel, Event, Proof
from plainview.privacy.requests.services import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLANTED = ("zora.planted", "planted words", "planted sender", "planted title", "planted lane")
HELP = {"kind": "help", "reason": "She wrote that her films are gone."}
LAW = {"kind": "law", "authority": "The court of Cork", "reference": "Az. 17/26", "reason": "x"}
UNKNOWN = object()


@pytest.fixture
def zora(db) -> User:
    user = make("zora.planted")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def boss(db) -> User:
    return make("boss", Role.ADMINISTRATOR, Role.OFFICER, Role.MODERATOR)


@pytest.fixture
def desk(at_desk, boss) -> Client:
    return at_desk(boss)


@pytest.fixture
def planted(zora) -> dict[str, object]:
    """What leads to her, by the keyword of an address: by her account, and by letters of hers."""
    hers = services.file(
        Asked("correct", Channel.ACCOUNT, "en", "planted words", zora.pk, proof=Proof.SESSION)
    )
    letter = Letter.objects.create(
        subject=zora.pk,
        digest="d" * 64,
        state=Letter.State.WAITING,
        why=Letter.Why.UNCLEAR,
        proved="",
        arrived_at=timezone.now(),
        sender=zora.email,
        name="planted sender",
        title="planted title",
        text="planted words",
    )
    notice = CopyrightNotice.objects.create(
        subject=new_id(),
        name="planted sender",
        email=zora.email,
        address="5 planted lane",
        work="planted words",
        where="planted words",
    )
    hold = LegalHold.objects.create(
        subject=zora.pk,
        reason="planted words",
        since=timezone.now(),
        until=timezone.localdate() + timedelta(9),
    )
    return {
        "person": zora.pk,
        "hold": hold.pk,
        "number": (hers, notice),
        "key": letter,
        "step": ("note", "answer"),
    }


def over(planted: dict[str, object]) -> None:
    """Whatever was open of hers has ended."""
    hers, notice = planted["number"]
    services.move(hers.pk, "withdraw", by=Event.By.PERSON)
    CopyrightNotice.objects.filter(pk=notice.pk).update(state=CopyrightNotice.State.WITHDRAWN)
    Letter.objects.update(state=Letter.State.ASIDE)


def addresses(route: str, planted: dict[str, object]) -> list[str]:
    """The addresses of a door that lead to her, or to nothing that could be about anybody."""
    filled = [re.sub(r"^", "/", route)]
    for keyword in re.findall(r"<(?:\w+:)?(\w+)>", route):
        values = planted.get(keyword, "planted-nowhere")
        names = [
            str(getattr(each, "number", None) or getattr(each, "key", None) or each)
            for each in (values if isinstance(values, tuple) else (values,))
        ]
        names = ["0" * 8 + "-0000-4000-8000-" + "0" * 12] if f"<uuid:{keyword}>" in route else names
        filled = [re.sub(rf"<(?:\w+:)?{keyword}>", name, each) for each in filled for name in names]
    return filled


def shown_in(answer: HttpResponse) -> list[str]:
    if answer.streaming:
        text = b"".join(answer.streaming_content).decode("latin-1")
    else:
        text = answer.content.decode("latin-1")
    return [each for each in PLANTED if each in text.lower()]


def looks(after: int = 0) -> list[dict[str, str]]:
    """What the log says of each look, but of the first so many."""
    acts = Act.objects.filter(what="access").order_by("pk")[after:]
    return [json.loads(each.body) | {"person": each.person} for each in acts]


def about_people(view) -> bool:
    door = door_of(view)
    return door.source == "staff" and bool(door.about or door.everyone)


@pytest.mark.parametrize(
    "ended",
    [pytest.param(False, id="open"), pytest.param(True, id="over", marks=pytest.mark.drawn)],
)
def test_no_door_of_the_desk_shows_anything_of_her_but_in_an_open_case(desk, planted, ended):
    """The doors about people, while something of hers is open and once all is over."""
    hers, notice = planted["number"]
    letter = planted["key"]
    if ended:
        over(planted)
    cases = set() if ended else {hers.number, notice.number, letter.key}
    showed: set[str] = set()
    for route, view in under_the_desk():
        for address in addresses(route, planted) if about_people(view) else ():
            for method in ("get", "post"):
                before = Act.objects.filter(what="access").count()
                answer = getattr(desk, method)(address)
                if shown_in(answer):
                    [look] = looks(before)
                    assert look["pv:case"] in cases, address
                    assert look["pv:purpose"], address
                    showed.add(route)
                if answer.status_code == 404:
                    break  # nothing is there that a form could be sent to
    assert bool(showed) is not ended, "the words are found where they may stand"


@pytest.mark.drawn
@pytest.mark.sample(1)
@pytest.mark.parametrize("part", range(4))
def test_no_door_of_the_desk_that_is_about_nobody_shows_anything_of_her(desk, planted, part):
    """Every fourth of them; that the gate refuses one which tries is proved below."""
    others = [(route, view) for route, view in under_the_desk() if not about_people(view)]
    for route, _ in others[part::4]:
        for address in addresses(route, planted):
            answer = desk.get(address)
            assert not shown_in(answer), address
            assert answer.status_code == 404 or not shown_in(desk.post(address)), address


def test_the_walk_covers_every_door_that_is_about_people(planted):
    """A keyword that nobody planted could lead past the walk."""
    led = set()
    for route, view in under_the_desk():
        if about_people(view):
            led |= set(re.findall(r"<(?:\w+:)?(\w+)>", route))
    own = {"name", "act"}  # of a version, and of what is done with a breach, which names nobody
    assert led <= {*planted, *own}


def serve(settings, view) -> None:
    settings.ROOT_URLCONF = ModuleType("careless")
    settings.ROOT_URLCONF.urlpatterns = [
        path("<int:person>/", view),
        path("", include("plainview.web.urls")),
    ]


@serves("account", source="staff", everyone="it forgot why nobody should")
@staff("people.open")
def careless(request, person: int) -> HttpResponse:
    return HttpResponse(accounts.address_of(person))


@serves("browse", source="use")
@staff("people.open")
def roundabout(request, person: int) -> HttpResponse:
    """By a service that opens a door of its own."""
    return HttpResponse(queries.of_account(person)[0].number)


@pytest.mark.parametrize("view", [careless, roundabout])
def test_a_view_that_forgets_the_case_is_refused_by_the_gate(
    desk, zora, planted, settings, refused, view
):
    serve(settings, view)
    with refused("no case about them", Caseless):
        desk.get(f"/{zora.pk}/")


class TestCase:
    def test_it_has_owner_ground_and_end_and_ends_by_itself(self, desk, zora, boss):
        page = f"/desk/people/{zora.pk}/"
        assert desk.get(page).status_code == 302
        desk.post(f"{page}reason/", HELP)
        case = Case.objects.get()
        assert (case.person, case.staff, case.kind) == (zora.pk, boss.pk, "help")
        assert timedelta(days=6) < case.ends_at - timezone.now() <= timedelta(days=7)
        answer = desk.get(page).content.decode()
        assert zora.email in answer and case.number in answer
        assert looks()[-1]["pv:case"] == case.number
        Case.objects.update(ends_at=timezone.now())
        assert desk.get(page).status_code == 302, "however fresh the look"

    def test_one_looks_again_in_the_same_case_and_nobody_in_a_closed_one(self, desk, zora):
        page = f"/desk/people/{zora.pk}/"
        desk.post(f"{page}reason/", HELP)
        case = Case.objects.get()
        Look.objects.update(opened_at=timezone.now() - timedelta(minutes=15))
        assert desk.get(page).status_code == 302
        assert case.number in desk.get(f"{page}reason/").content.decode()
        desk.post(f"{page}reason/", {"act": "look", "case": case.number})
        assert desk.get(page).status_code == 200
        desk.post(f"{page}reason/", {"act": "close", "case": case.number})
        assert desk.get(page).status_code == 302
        desk.post(f"{page}reason/", {"act": "look", "case": case.number})
        assert desk.get(page).status_code == 302

    def test_a_case_of_somebody_else_is_none(self, desk, zora):
        other = make("tom")
        desk.post(f"/desk/people/{other.pk}/reason/", HELP)
        case = Case.objects.get()
        desk.post(f"/desk/people/{zora.pk}/reason/", {"act": "look", "case": case.number})
        assert desk.get(f"/desk/people/{zora.pk}/").status_code == 302

    @pytest.mark.parametrize(
        "missing", [{"authority": ""}, {"reference": ""}, {"reference": "soon"}, {"reason": ""}]
    )
    def test_an_authority_is_named_with_the_number_of_its_case(self, desk, zora, missing):
        answer = desk.post(f"/desk/people/{zora.pk}/reason/", LAW | missing)
        assert answer.status_code == 422
        for typed in (LAW | missing).values():
            assert typed in answer.content.decode()
        assert not Case.objects.exists()

    def test_who_opens_which_ground(self, at_desk, zora):
        where = f"/desk/people/{zora.pk}/reason/"
        moderator = at_desk(make("moderator", Role.MODERATOR), Client())
        officer = at_desk(make("officer", Role.OFFICER), Client())
        assert moderator.post(where, LAW).status_code == 422
        assert officer.post(where, HELP).status_code == 422
        assert officer.post(where, LAW).status_code == 302
        law = Case.objects.get().number
        moderator.post(where, {"act": "look", "case": law})
        assert moderator.get(f"/desk/people/{zora.pk}/").status_code == 302
        assert law not in moderator.get(where).content.decode()

    def test_she_reads_in_which_case_who_looked_and_why(self, desk, zora):
        desk.post(f"/desk/people/{zora.pk}/reason/", HELP)
        hers = browser_of(zora)
        page = hers.get("/settings/looks/").content.decode()
        assert HELP["reason"] in page and Case.objects.get().number in page
