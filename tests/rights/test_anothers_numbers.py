"""Another person's numbers, keys and names, in each address and each form of the service.

The addresses are read off the service: one with a key in it that nobody has said anything of here
fails, so that whoever adds a door says whose key it is, and the door is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from tests.people import viewed
from tests.rights.conftest import HERE, archive, arrive, enter
from tests.rights.test_forgeries import SITTING, film, rows, signal

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts import services
from plainview.domains.accounts.models import About, Audience, Picture, Role, User
from plainview.domains.playback.models import Package, Progress, Viewing
from plainview.domains.staff.access import ATTRIBUTE
from plainview.domains.staff.permissions import PERMISSIONS
from plainview.domains.support.models import CopyrightNotice, Strike
from plainview.privacy import permissions
from plainview.privacy.gate.doors import door_of
from plainview.privacy.models import Answer
from plainview.privacy.requests.models import Request
from plainview.privacy.rights import queries
from plainview.privacy.rights.copies.models import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECRETS = ("what tom says", "the key of tom", "tom@lantern.example", "what tom asks")

NOBODYS = (
    "titles/", "collections/", "genres/", "tags/", "people/", "watch/", "embed/", "sitemap-",
    "legal/", "stream/", "subtitles/", "artwork/", "privacy/style/", "recipients/",
    "api/v1/titles/", "api/v1/videos/", "api/v1/people/", "api/v1/collections/",
)  # fmt: skip
"""The programme, documents and the public log: what stands there is for everybody, or about nobody;
a recipient signs what it sends."""
BEARERS = (
    "accounts/confirm-email/", "accounts/^confirm-email/", "accounts/^password/reset/key/",
    "accounts/email/back/", "accounts/email/keep/",
    "legal/copyright/", "mail/stop/", "privacy/handed/", "privacy/invited/", "privacy/left/",
    "privacy/request/", "studio/invitations/",
)  # fmt: skip
"""The key is the secret: whoever was sent it may."""
KINDS = ("privacy/held/<str:category>/", "privacy/device/held/<str:category>/")
"""A kind of data, of whoever is at the door."""
SHARED = "studio/"
"""One work of many: `subtitles/tests/test_other_teams.py` tries each act on it."""
DESK = "desk/"


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(route, view) of each address of the service that has a key in it."""
    for pattern in patterns or get_resolver().url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
        elif "<" in route:
            yield route, pattern.callback


def life_of(tom: User, theirs: Client) -> tuple[str, str]:
    """The numbers of what Tom asks and answers, who has told something of himself besides."""
    asked = {"kind": "access", "words": "what tom asks"}
    assert theirs.post("/privacy/requests/new/", asked).status_code == 302
    shown = theirs.get("/privacy/choices/").context["shown"]
    given = {"via": "centre", "shown": shown, "answer": "reject"}
    assert theirs.post("/privacy/choices/", given).status_code == 302
    services.tell(tom.pk, About, "what tom says of himself", Audience.ONLY_YOU)
    services.tell(tom.pk, Picture, b"what tom says", Audience.ONLY_YOU)
    said = Answer.objects.filter(subject=tom.pk).latest("given_at").key
    return Request.objects.get(subject=tom.pk).number, str(said)


def own_of(tom: User, theirs: Client, phone: Client) -> dict[str, str]:
    """Each address that is one person's own, with Tom's key in it."""
    number, said = life_of(tom, theirs)
    archive(theirs)
    archive(phone, "/privacy/device/copy/")
    copied = {each.subject == tom.pk: each.key for each in Copy.objects.all()}
    notice = CopyrightNotice.objects.create(subject=1, state="upheld", work="Theirs").number
    Strike.objects.create(subject=tom.pk, notice=notice, reason="theirs", given_at=timezone.now())
    passkey = Authenticator.objects.create(
        user=tom, type=Authenticator.Type.WEBAUTHN, data={"name": "the key of tom"}
    )
    profile = accounts.profile_key(tom.pk)
    return {
        "accounts/security/webauthn/keys/<int:pk>/edit/": str(passkey.pk),
        "accounts/security/webauthn/keys/<int:pk>/remove/": str(passkey.pk),
        "api/v1/privacy/requests/<number>": number,
        "api/v1/receipts/<uuidstr:number>": said,
        "members/<str:key>/": profile,
        "members/<str:key>/picture/": profile,
        "privacy/copy/<str:key>/": copied[True],
        "privacy/device/copy/<str:key>/": copied[False],
        "privacy/receipts/<uuid:key>.json": said,
        "privacy/receipts/<uuid:key>/": said,
        "privacy/receipts/<uuid:key>/hand/": said,
        "privacy/receipts/<uuid:key>/shown/": said,
        "privacy/requests/<str:number>/": number,
        "settings/strikes/<str:number>/": notice,
    }


OWN = (
    "accounts/security/webauthn/keys/", "api/v1/privacy/requests/", "api/v1/receipts/", "members/",
    "privacy/copy/", "privacy/device/copy/", "privacy/receipts/", "privacy/requests/",
    "settings/strikes/",
)  # fmt: skip
"""What opens to the one it is about; `own_of` has such a key for each."""


def filled(route: str, key: str) -> str:
    """The address of a route with that key in it."""
    return "/" + re.sub(r"<[^>]*>", key, route)


def test_each_address_with_a_key_in_it_says_whose_it_is():
    """What is neither everybody's, nor a secret, nor the desk's is tried below with Tom's key."""
    said = (*NOBODYS, *BEARERS, *KINDS, *OWN, SHARED, DESK)
    for route, _view in addresses():
        assert route.startswith(said), f"{route}: whose key is it? Say so here, and have it tried"


def staff_of(role: Role, at_desk: Any) -> Client:
    account = User.objects.create_user(f"{role.value}@lantern.example", roles=role.value)
    return at_desk(account, Client(headers=HERE))


@pytest.fixture
def others(ines: User, at_desk: Any) -> dict[str, Client]:
    """Everybody who is not Tom."""
    everybody = {"a stranger": Client(headers=HERE), "a member": enter(ines)}
    everybody |= {f"{role.label} at the desk": staff_of(role, at_desk) for role in Role}
    return everybody


def some(everybody: list[str], turn: int, *, every: bool) -> list[str]:
    """Who tries a door: strangers, members, and one of the staff in turn; in soak all of them.

    What staff may is read off one table of permissions, whichever the door.
    """
    staff = [who for who in everybody if who.endswith("at the desk")]
    chosen = staff if every else staff[turn % max(len(staff), 1) :][:1]
    return [who for who in everybody if who not in staff or who in chosen]


ALL = pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["in turn", "all"]
)


def posted(client: Client, path: str) -> Any:
    """The answer to a form sent there; to a program's, where programs go."""
    form = {"act": "withdraw", "words": "x"}
    if path.startswith("/api/"):
        return client.post(path, form, content_type="application/json")
    return client.post(path, form | {"reason": "x", "name": "mine now"})


def answers(client: Client, path: str, turn: int, *, every: bool) -> Iterator[Any]:
    """What reading and writing there are answered; of the two one in turn, and in soak both."""
    ways = [client.get, partial(posted, client)]
    for way in ways if every else ways[turn % 2 :][:1]:
        yield way(path)


def said_of_tom(answer: Any, *but: str) -> list[str]:
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [each for each in SECRETS if each.encode() in said and each not in but]


@ALL
@pytest.mark.slow
def test_p2_1_6a_what_is_toms_opens_to_tom_and_to_nobody_else(tom, others, every):
    """Each address with a key of one's own; staff reach people by the desk alone."""
    theirs, (phone, _number) = enter(tom), arrive()
    own = own_of(tom, theirs, phone)
    routes = [route for route, _view in addresses() if route.startswith(OWN)]
    assert sorted(set(routes)) == sorted(own), "each has a key of Tom's"
    before = rows()
    for turn, route in enumerate(own):
        path = filled(route, own[route])
        for who in some(list(others), turn, every=every):
            for answer in answers(others[who], path, turn + len(who), every=every):
                assert answer.status_code in (302, 401, 403, 404, 405), (who, path)
                assert not said_of_tom(answer), (who, path)
                if answer.status_code == 302:
                    assert "/login/" in answer["Location"], (who, path)
    assert rows() == before
    for route in own:
        path, client = filled(route, own[route]), phone if "device/" in route else theirs
        answer = client.post(path) if route.endswith("hand/") else client.get(path)
        assert answer.status_code == 200, f"{path}: Tom's key leads Tom there"


@ALL
@pytest.mark.slow
def test_p2_1_6a_a_desk_door_opens_with_its_permission_alone(tom, others, every):
    """Each address of the desk, with Tom's numbers; whoever may go there needs a case besides.

    To read and to write it is opened by the same permission: each tries one of them in turn.
    """
    number, said = life_of(tom, enter(tom))
    before = rows()
    desk = [(route, view) for route, view in addresses() if route.startswith(DESK)]
    for turn, (route, view) in enumerate(desk):
        path = re.sub(r"<number:\w+>", str(tom.pk), route)
        path = re.sub(r"<uuid:\w+>", said, path)
        path = "/" + re.sub(r"<[^>]*>", number, path)
        roles = PERMISSIONS[getattr(view, ATTRIBUTE)].roles
        may = sorted(f"{role.label} at the desk" for role in roles)
        tried = some([who for who in others if who not in may], turn, every=every)
        if door_of(view).about:
            tried += some(may, turn, every=every)
        for who in tried:
            client, allowed = others[who], who in may
            for answer in answers(client, path, turn + len(who), every=every):
                where = (who, path, answer.status_code)
                assert not said_of_tom(answer), where
                if allowed:
                    assert answer.status_code in (302, 405), where
                elif who == "a stranger":
                    sent = answer.status_code == 302 and "/login/" in answer["Location"]
                    assert sent or answer.status_code == 403, where  # with what was typed
                else:
                    assert answer.status_code == (404 if who == "a member" else 403), where
    assert rows() == before


# --- in forms -----------------------------------------------------------------------------------


def own(tom: User, theirs: Client) -> dict[str, tuple[str, dict[str, str]]]:
    """Doors with keys of Tom's: by name, the address and what is posted (nothing: a GET)."""
    viewing, video = Viewing.objects.get(subject=tom.pk), film_key()
    entry = theirs.get("/privacy/held/viewing.history/").context["found"].entries[0].token
    address = EmailAddress.objects.get(user=tom)
    passkey = Authenticator.objects.get(user=tom)
    profile = accounts.profile_key(tom.pk)
    handle = accounts.handle(theirs.cookies[settings.SESSION_COOKIE_NAME].value)
    keys = f"/accounts/security/webauthn/keys/{passkey.pk}"
    return {
        "delete an entry": ("/privacy/held/viewing.history/", {"delete": entry}),
        "delete it as a device": ("/privacy/device/held/viewing.history/", {"delete": entry}),
        "forget a sitting": ("/my/forget/", {"viewing": str(viewing.pk)}),
        "forget a place": ("/my/forget/", {"video": video}),
        "make a sitting private": (f"/watch/{video}/signal/", signal(private="1")),
        "go on in a sitting": (f"/watch/{video}/signal/", signal(told="9", seconds="50")),
        "end a session": ("/accounts/sessions/", {"end": handle}),
        "remove an address": ("/accounts/email/", {"action_remove": "", "email": address.email}),
        "take an address": ("/accounts/email/", {"action_primary": "", "email": address.email}),
        "remove a passkey": (f"{keys}/remove/", {"x": ""}),
        "rename a passkey": (f"{keys}/edit/", {"name": "mine now"}),
        "see a passkey": (f"{keys}/edit/", {}),
        "see a profile": (f"/members/{profile}/", {}),
        "see a portrait": (f"/members/{profile}/picture/", {}),
        "open a person": (f"/desk/people/{tom.pk}/", {}),
        "give a reason": (f"/desk/people/{tom.pk}/reason/", {"kind": "request", "words": "why"}),
        "hand somebody over": (f"/desk/people/{tom.pk}/authority/", {"act": "hand"}),
        "suspend a person": (f"/desk/people/{tom.pk}/state/", {"act": "suspend"}),
    }  # fmt: skip


def film_key() -> str:
    return Package.objects.get().video.key


DOORS = [
    "delete an entry", "delete it as a device", "forget a sitting", "forget a place",
    "make a sitting private", "go on in a sitting", "end a session", "remove an address",
    "take an address", "remove a passkey", "rename a passkey", "see a passkey", "see a profile",
    "see a portrait", "open a person", "give a reason", "hand somebody over", "suspend a person",
]  # fmt: skip


def held(person: User) -> dict[str, list[Any]]:
    """All that is held of somebody, as the database has it."""
    return {
        table.name: sorted(map(repr, queries.tables.about(table, person.pk).values()))
        for table in queries.tables.tables()
    }


@pytest.mark.parametrize("who", ["a member", "a stranger"])
def test_p2_1_6a_nobody_reaches_another_by_their_keys(ines, tom, who):
    """Each door with a key in it: nothing of Tom's changes, and nothing of his is said."""
    for person in (ines, tom):
        permissions.change(person.pk, lambda old: permissions.answered(old, {"history": "granted"}))
    film()
    video, now = Package.objects.get().video, timezone.now()
    viewed(tom.pk, video, SITTING)
    Progress.objects.create(subject=tom.pk, video=video, position=9, stopped_at=now)
    services.tell(tom.pk, About, "what tom says of himself", Audience.ONLY_YOU)
    theirs = enter(tom)
    Authenticator.objects.create(
        user=tom, type=Authenticator.Type.WEBAUTHN, data={"name": "the key of tom"}
    )
    doors_of_tom = own(tom, theirs)
    assert list(doors_of_tom) == DOORS
    client = enter(ines) if who == "a member" else Client(headers=HERE)
    before = held(tom)
    for name, (path, form) in doors_of_tom.items():
        answer = client.post(path, form) if form else client.get(path)
        assert answer.status_code in (200, 204, 302, 403, 404, 405, 422), name
        said = answer.content.decode(errors="replace")
        for word in ("what tom says", "the key of tom", "tom@lantern.example"):
            assert word not in said or word in form.values(), name
    assert held(tom) == before
    theirs.post(*doors_of_tom["forget a sitting"])
    assert held(tom) != before, "for Tom himself the same form does what it says"
