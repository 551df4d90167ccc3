"""The desk opens with a role and a second factor, page by page."""

from __future__ import annotations

import functools
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver
from tests.people import browser_of
from tools.second_factor import SECRET, code_of

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff import urls
from plainview.domains.staff.access import ATTRIBUTE, staff
from plainview.domains.staff.permissions import PERMISSIONS
from plainview.privacy.gate.doors import door_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "the night train leaves at nine"
PAGES = {
    "/desk/": "desk.open",
    "/desk/upload/": "catalogue.edit",
    "/desk/ingests/": "catalogue.edit",
    "/desk/titles/": "catalogue.edit",
    "/desk/people/": "people.open",
    "/desk/people/roles/": "people.manage-roles",
    "/desk/privacy/map/": "privacy.map",
    "/desk/privacy/places/": "privacy.map",
    "/desk/privacy/record/": "privacy.record",
    "/desk/design/": "design.view",
}

ALSO_FOR_DEVELOPERS = {"desk/outbox/"}
"""Opens at the developer's own machine too, so it asks `access.may` itself."""


def make(*roles: str) -> User:
    user = User.objects.create_user("desk@lantern.example", PASSWORD, roles=" ".join(roles))
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


ROOMS = {
    "": "desk.open",
    "design/": "design.view",
    "copyright/": "copyright.settle",
    "news/": "news.write",
    "translations/": "translations.write",
    "people/": "people.open",
    "people/roles/": "people.manage-roles",
    "people/<number:person>/authority/": "privacy.requests",
    "people/<number:person>/choices/": "people.choices",
    "people/<number:person>/delete/": "people.delete",
    "people/<number:person>/holds/": "privacy.requests",
    "people/<number:person>/state/": "people.suspend",
    "privacy/holds/": "privacy.requests",
    "privacy/places/": "privacy.map",
    "privacy/requests/<str:number>/person/": "people.open",
    "titles/<str:slug>/pictures/away/": "pictures.remove",
    **{f"{room}/": "catalogue.edit" for room in (
        "collections", "exchange", "ingests", "preview", "titles", "upload", "words",
    )},
}  # fmt: skip
"""Whose a room of the desk is, with all behind it but rooms that stand here themselves; each room
below `privacy/` that does not has the permission of its name."""


def expected(route: str) -> str:
    """The permission that an address of the desk is to ask for."""
    inner = route.removeprefix("desk/")
    rooms = [room for room in ROOMS if room and inner.startswith(room)]
    if not rooms and inner.startswith("privacy/"):
        return "privacy." + re.split(r"[/.]", inner)[1]
    return ROOMS[max(rooms, key=len, default=inner)]


def under_the_desk():
    """(address, view) of everything under /desk/, wherever it is declared."""
    stack = [(get_resolver(), "")]
    while stack:
        resolver, prefix = stack.pop()
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                stack.append((pattern, route))
            elif route.startswith("desk/"):
                yield route, pattern.callback


def test_every_page_under_the_desk_names_its_permission():
    found = dict(under_the_desk())
    assert len(found) > len(urls.urlpatterns), "those of other rooms as well"
    for route, view in found.items():
        if route in ALSO_FOR_DEVELOPERS:
            continue
        assert getattr(view, ATTRIBUTE, None) in PERMISSIONS, f"{route}: say @staff(…)"


def test_p2_1_6a_each_address_asks_for_the_permission_of_its_room():
    """One that asks for less, as for what every role may, opens what its room keeps shut."""
    for route, view in under_the_desk():
        if route not in ALSO_FOR_DEVELOPERS:
            assert getattr(view, ATTRIBUTE) == expected(route), route


def test_a_page_about_somebody_is_guarded_by_the_right_to_open_people():
    for route, view in under_the_desk():
        if door_of(view).about:
            allowed = set(PERMISSIONS[getattr(view, ATTRIBUTE)].roles)
            assert allowed <= set(PERMISSIONS["people.open"].roles), route
            assert f"{door_of(view).about}>" in route


def test_a_permission_that_nobody_declared_stops_the_start():
    with pytest.raises(KeyError):
        staff("everything.do")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_is_told_whose_the_others_are(at_desk, role):
    opened = functools.cache(at_desk(make(role)).get)
    front = opened("/desk/").content.decode()
    rooms = re.findall(r'<a href="(/desk/[^"]*)"', front.partition("</nav>")[0])
    nav = front + "".join(opened(room).content.decode() for room in rooms)
    for page, permission in PAGES.items():
        answer = opened(page)
        allowed = role in PERMISSIONS[permission].roles
        assert answer.status_code == (200 if allowed else 403), page
        assert (f'href="{page}"' in nav) is allowed, "two steps lead to each page, and to no other"
        assert not allowed or 'aria-current="page"' in answer.content.decode(), "here"
        assert not allowed or f'{page}?lang=ko" hreflang="ko"' in answer.content.decode(), (
            "in Korean"
        )
        if not allowed:
            labels = [str(each.label) for each in PERMISSIONS[permission].roles]
            assert all(label in answer.content.decode() for label in labels)
    for each in PERMISSIONS.values():
        assert str(each.words) in front, "what each role may do stands on the front page"


def test_members_find_nothing_and_strangers_sign_in():
    member = browser_of(make())
    for page in PAGES:
        assert member.get(page).status_code == 404
        assert Client().get(page)["Location"] == f"/accounts/login/?next={page}"


def test_staff_without_a_second_factor_are_led_to_set_one_up(client):
    client.force_login(make("editor"))
    for page in PAGES:
        assert client.get(page)["Location"] == "/accounts/security/"
    assert "opens with a second factor" in client.get("/accounts/security/").content.decode()


def test_staff_who_signed_in_before_they_had_one_give_it_now(client):
    user = make("editor")
    client.force_login(user)
    TOTP.activate(user, SECRET)
    asked = client.get("/desk/titles/")["Location"]
    assert asked == "/accounts/security/reauthenticate/?next=%2Fdesk%2Ftitles%2F"
    client.post(asked, {"code": "000000"})
    assert client.get("/desk/titles/").status_code == 302
    given = client.post(asked, {"code": code_of(SECRET), "next": "/desk/titles/"})
    assert given["Location"] == "/desk/titles/"
    assert client.get("/desk/titles/").status_code == 200


def test_a_sign_in_with_the_code_opens_the_desk_at_once(client):
    TOTP.activate(make("editor"), SECRET)
    client.post("/accounts/login/", {"login": "desk@lantern.example", "password": PASSWORD})
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    client.post("/accounts/security/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/desk/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_further_factor_proves_nothing(client):
    """Whoever holds a session and the password can add a key; that alone opens no desk."""
    user = make("editor")
    client.force_login(user)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "key"})
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["mfa.totp.secret"] = SECRET
    session.save()
    client.post("/accounts/security/totp/activate/", {"code": code_of(SECRET)})
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert "reauthenticate" in client.get("/desk/")["Location"]


def test_a_role_outside_the_list_is_refused():
    with pytest.raises(ValidationError, match="owner"):
        make("owner")
