"""P2.1.6a: whoever on the staff opens a person says why first, and the person reads it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import ModuleType

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from tests.people import browser_of, make

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.models import Certification, Role, User
from plainview.domains.staff import services
from plainview.domains.staff.models import Change, Look
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.refusals import Unwarranted
from plainview.privacy.models import Session

pytestmark = pytest.mark.django_db
REASON = {"kind": "help", "reason": "She wrote that her films are gone."}


@pytest.fixture
def mira(db) -> User:
    return make("mira")


@pytest.fixture
def moderator(db) -> User:
    return make("moderator", Role.MODERATOR)


@pytest.fixture
def desk(at_desk, moderator) -> Client:
    return at_desk(moderator)


@pytest.fixture
def her_page(mira) -> str:
    return f"/desk/people/{mira.pk}/"


@pytest.fixture
def opened(desk, mira, her_page) -> Client:
    desk.post(f"{her_page}reason/", REASON)
    return desk


def test_p2_1_6a_without_a_reason_nothing_is_read(desk, mira, her_page):
    def tables_asked_about_her() -> set[str]:
        with CaptureQueriesContext(connection) as asked:
            desk.get(her_page)
        told = [each["sql"] for each in asked if str(mira.pk) in each["sql"]]
        return {re.search(r'FROM "(\w+)"', sql)[1] for sql in told if "FROM" in sql}

    assert desk.get(her_page)["Location"].partition("?")[0] == f"{her_page}reason/"
    assert tables_asked_about_her() <= {"staff_look"}
    desk.post(f"{her_page}reason/", REASON)
    assert "accounts_user" in tables_asked_about_her(), "the test sees what it looks for"


@serves("account", source="staff", about="person")
def careless(request, person: int) -> HttpResponse:
    """A view about somebody else that asks nobody whether it may."""
    return HttpResponse(accounts.address_of(person))


@pytest.mark.parametrize("who", ["stranger", "member", "staff without a reason"])
def test_p2_1_6a_a_view_that_forgets_to_ask_is_refused_by_the_gate(
    mira, desk, settings, refused, who
):
    """The warrant is asked for below the views."""
    client = desk if who.startswith("staff") else Client()
    if who == "member":
        client.force_login(make("tom"))
    settings.ROOT_URLCONF = ModuleType("careless")
    settings.ROOT_URLCONF.urlpatterns = [path("<int:person>/", careless)]
    with refused("has no warrant", Unwarranted):
        client.get(f"/{mira.pk}/")


@pytest.mark.parametrize("lost", ["role", "factor"])
def test_p2_1_6a_a_reason_is_no_warrant_without_role_and_factor(
    opened, mira, moderator, settings, refused, lost
):
    if lost == "role":
        User.objects.filter(pk=moderator.pk).update(roles="editor")
    else:
        opened = browser_of(moderator)
    settings.ROOT_URLCONF = ModuleType("careless")
    settings.ROOT_URLCONF.urlpatterns = [path("<int:person>/", careless)]
    with refused("has no warrant", Unwarranted):
        opened.get(f"/{mira.pk}/")


def test_p2_1_6a_the_reason_is_written_down_before_anything_is_shown(desk, mira, her_page):
    found = desk.post("/desk/people/", {"who": "MIRA@lantern.example"})
    assert found["Location"].partition("?")[0] == f"{her_page}reason/"
    assert mira.email not in desk.get(found["Location"]).content.decode()
    opened = desk.post(found["Location"], REASON)
    assert opened["Location"] == her_page
    assert [look.person for look in Look.objects.all()] == [mira.pk]
    page = desk.get(her_page).content.decode()
    assert mira.email in page
    assert "credentials" not in page


@pytest.mark.parametrize("missing", [{"kind": ""}, {"kind": "curiosity"}, {"reason": "  "}])
def test_p2_1_6a_a_reason_is_a_kind_and_words(desk, her_page, missing):
    answer = desk.post(f"{her_page}reason/", REASON | missing)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Look.objects.exists()
    assert desk.get(her_page).status_code == 302


def test_p2_1_6a_a_reason_is_good_for_a_quarter_of_an_hour_and_one_person(opened, her_page):
    other = make("tom")
    assert opened.get(her_page).status_code == 200
    assert opened.get(f"/desk/people/{other.pk}/").status_code == 302
    Look.objects.update(opened_at=timezone.now() - timedelta(minutes=15))
    assert opened.get(her_page)["Location"].partition("?")[0] == f"{her_page}reason/"


def test_p2_1_6a_a_colleague_s_reason_opens_nothing(opened, at_desk, her_page):
    colleague = at_desk(make("officer", Role.OFFICER), Client())
    assert colleague.get(her_page).status_code == 302


def test_p2_1_6a_the_person_reads_when_and_why(opened, mira, moderator, client):
    hers = browser_of(mira)
    page = hers.get("/settings/looks/").content.decode()
    assert REASON["reason"] in page
    assert "They asked for help" in page
    assert moderator.email not in page
    assert str(moderator.pk) not in page
    other = browser_of(make("tom"))
    assert REASON["reason"] not in other.get("/settings/looks/").content.decode()
    assert REASON["reason"] in opened.get("/settings/looks/?of=mine").content.decode(), "theirs too"


def test_p2_1_6a_everything_that_the_staff_changed_for_one_is_told(mira):
    for number in range(50):
        Change.objects.create(
            person=mira.pk, staff=None, what=Change.What.SUSPENDED, reason=f"It was act {number}."
        )
    hers = browser_of(mira)
    page = hers.get("/settings/looks/").content.decode()
    assert all(f"It was act {number}." in page for number in range(50))


@pytest.mark.parametrize("of", ["mine", "changed"])
def test_p2_1_6a_staff_read_all_that_they_opened_and_changed_page_by_page(
    desk, moderator, mira, of
):
    for number in range(50):
        Look.objects.create(
            staff=moderator.pk, person=mira.pk, kind="help", reason=f"For mine {number}."
        )
        Change.objects.create(
            person=mira.pk, staff=moderator.pk, what="suspended", reason=f"For changed {number}."
        )
    pages = [desk.get(f"/settings/looks/?of={of}&page={n}").content.decode() for n in (1, 2)]
    assert f"?of={of}&amp;page=2" in pages[0]
    assert all(f"For {of} {n}." in pages[0] + pages[1] for n in range(50))
    assert "For " not in desk.get("/settings/looks/").content.decode(), "nobody opened theirs"


def test_p2_1_6a_of_one_s_own_work_only_staff_are_shown_rows(mira):
    hers = browser_of(mira)
    for of in ("mine", "changed", "nonsense"):
        page = hers.get(f"/settings/looks/?of={of}").content.decode()
        assert "Nobody on our staff has opened your data." in page
        assert 'href="?of=' not in page


def test_the_list_of_staff_and_the_one_of_roles_given_end_nowhere(at_desk):
    desk = at_desk(make("boss", Role.ADMINISTRATOR))
    nothing = desk.get("/desk/people/roles/?of=given").content.decode()
    assert "None yet." in nothing and "<table" not in nothing
    for number in range(45):
        make(f"colleague{number}", Role.EDITOR)
        Change.objects.create(
            person=make(f"given{number}").pk, staff=None, what="gave", role="editor", reason=""
        )
    door = "/desk/people/roles/"
    first, second = (desk.get(f"{door}?page={n}").content.decode() for n in (1, 2))
    assert all(f"colleague{n}@" in first + second for n in range(45))
    assert "colleague9@" not in first
    given = "".join(desk.get(f"{door}?of=given&page={n}").content.decode() for n in (1, 2))
    assert all(f"given{n}@" in given for n in range(45))


def test_whom_one_looks_for_stands_in_no_address_and_must_be_exact(desk, mira):
    for who in ("mira", "mira@lantern", "lantern.example", "%", "7" * 19, "9" * 30):
        answer = desk.post("/desk/people/", {"who": who})
        assert answer.status_code == 422
        assert f'value="{who}"' in answer.content.decode()
    assert desk.get("/desk/people/?who=mira@lantern.example").status_code == 200
    assert desk.post("/desk/people/", {"who": str(mira.pk)}).status_code == 302


@pytest.mark.parametrize("number", ["0", "9" * 19, "12345"])
def test_a_number_of_nobody_shows_nothing(desk, number):
    desk.post(f"/desk/people/{number}/reason/", REASON)
    assert desk.get(f"/desk/people/{number}/").status_code == 404


def test_the_frame_of_the_page_is_still_one_s_own(opened, moderator, her_page):
    assert moderator.email in opened.get(her_page).content.decode()


def test_the_place_of_a_certificate_goes_by_its_name(opened, mira, her_page):
    Certification.objects.create(account=mira, territory="SG", age=21)
    assert "Singapore, 21" in opened.get(her_page).content.decode()


def test_suspending_ends_every_session_and_can_be_taken_back(opened, mira, her_page):
    hers = browser_of(mira)
    assert hers.get("/settings/looks/").status_code == 200
    assert "field-error" in opened.post(f"{her_page}state/", {"act": "suspend"}).content.decode()
    why = {"reason": "Somebody else has her password."}
    EmailAddress.objects.create(user=mira, email=mira.email, primary=True, verified=True)
    opened.post(f"{her_page}state/", {"act": "suspend", **why})
    [letter] = [each for each in mail.outbox if each.to == [mira.email]]
    assert why["reason"] in letter.body and "/privacy/request/" in letter.body
    assert not Session.objects.filter(account=mira.pk).exists()
    assert hers.get("/settings/looks/").status_code == 302
    assert "Suspended" in opened.get(her_page).content.decode()
    opened.post(f"{her_page}state/", {"act": "reopen", **why})
    hers.force_login(mira)
    page = hers.get("/settings/looks/").content.decode()
    assert page.count(why["reason"]) == 2
    assert [change.what for change in Change.objects.all()] == ["reopened", "suspended"]


def test_staff_are_not_suspended_before_their_role_is_taken(desk):
    editor = make("editor", Role.EDITOR)
    desk.post(f"/desk/people/{editor.pk}/reason/", REASON)
    answer = desk.post(f"/desk/people/{editor.pk}/state/", {"act": "suspend", "reason": "x"})
    assert answer.status_code == 422
    assert "takes the role first" in answer.content.decode()
    editor.refresh_from_db()
    assert editor.is_active
    assert not Change.objects.exists()


def test_an_officer_may_look_and_not_suspend(at_desk, mira, her_page):
    officer = at_desk(make("officer", Role.OFFICER))
    assert officer.post(f"{her_page}reason/", REASON).status_code == 422, "no case, no look"
    officer.post(
        f"{her_page}reason/",
        {"kind": "law", "authority": "The court", "reference": "17", "reason": "A letter."},
    )
    assert officer.get(her_page).status_code == 200
    assert officer.post(f"{her_page}state/", {"reason": "x"}).status_code == 403
    mira.refresh_from_db()
    assert mira.is_active


def test_roles_are_given_and_taken_and_both_can_read_it(at_desk, mira):
    boss = make("boss", Role.ADMINISTRATOR)
    desk = at_desk(boss)
    EmailAddress.objects.create(user=mira, email=mira.email, primary=True, verified=True)
    desk.post("/desk/people/roles/", {"email": mira.email, "role": "editor", "act": "give"})
    mira.refresh_from_db()
    assert mira.held_roles == {Role.EDITOR}
    page = desk.get("/desk/people/roles/").content.decode()
    assert page.count(mira.email) >= 2
    assert mira.email in desk.get("/desk/people/roles/?of=given").content.decode()
    hers = browser_of(mira)
    assert "Gave the role: Editor" in hers.get("/settings/looks/").content.decode()
    assert "Gave the role: Editor" in desk.get("/settings/looks/?of=changed").content.decode()
    desk.post("/desk/people/roles/", {"email": mira.email, "role": "editor", "act": "take"})
    mira.refresh_from_db()
    assert not mira.is_staff
    rows = Change.objects.values_list("person", "staff", "what", "role")
    assert list(rows) == [
        (mira.pk, boss.pk, "took", "editor"),
        (mira.pk, boss.pk, "gave", "editor"),
    ]


def test_the_last_administrator_stays(at_desk):
    boss = make("boss", Role.ADMINISTRATOR, Role.EDITOR)
    desk = at_desk(boss)
    take = {"email": boss.email, "role": "administrator", "act": "take"}
    answer = desk.post("/desk/people/roles/", take)
    assert answer.status_code == 422
    assert "no other administrator" in answer.content.decode()
    boss.refresh_from_db()
    assert Role.ADMINISTRATOR in boss.held_roles
    make("second", Role.ADMINISTRATOR)
    assert desk.post("/desk/people/roles/", take)["Location"] == "/desk/", "what is left to them"
    boss.refresh_from_db()
    assert boss.held_roles == {Role.EDITOR}
    assert "Done. It counts from their next page on." in desk.get("/desk/").content.decode()
    assert desk.get("/desk/people/roles/").status_code == 403, "from the next page on"


def test_whoever_takes_their_only_role_goes_on_at_home(at_desk):
    """Not on a page that is refused to them: there it looked as if it had failed."""
    boss = make("boss", Role.ADMINISTRATOR)
    make("second", Role.ADMINISTRATOR)
    take = {"email": boss.email.upper(), "role": "administrator", "act": "take"}
    answer = at_desk(boss).post("/desk/people/roles/", take)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_an_address_that_nobody_confirmed_gets_no_role(at_desk, mira):
    """Whoever typed it may not be who reads its mail, and knows the password."""
    desk = at_desk(make("boss", Role.ADMINISTRATOR))
    EmailAddress.objects.create(user=mira, email=mira.email, primary=True)
    given = {"email": mira.email, "role": "editor", "act": "give"}
    answer = desk.post("/desk/people/roles/", given)
    assert answer.status_code == 422
    assert "Nobody has confirmed this address." in answer.content.decode()
    mira.refresh_from_db()
    assert not mira.is_staff and not Change.objects.exists()
    User.objects.filter(pk=mira.pk).update(roles="editor")
    assert desk.post("/desk/people/roles/", given | {"act": "take"}).status_code == 302


def test_a_role_for_nobody_says_so_and_keeps_what_was_typed(at_desk):
    desk = at_desk(make("boss", Role.ADMINISTRATOR))
    answer = desk.post("/desk/people/roles/", {"email": "no@one.example", "role": "editor"})
    assert answer.status_code == 422
    assert 'value="no@one.example"' in answer.content.decode()


def test_a_record_and_its_act_are_one_transaction(mira, moderator, monkeypatch):
    def broken(**fields: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Change.objects, "create", broken)
    with pytest.raises(OSError, match="full"):
        services.suspend(staff=moderator.pk, person=mira.pk, reason="x")
    mira.refresh_from_db()
    assert mira.is_active
