"""Doors against attacks: posts from elsewhere, forged and replayed cookies, other people's keys."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from tests.people import answers
from tests.rights.conftest import HERE, PASSWORD, arrive, confirm, enter, work
from tests.rights.planting import plant

from plainview.domains.accounts import services
from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Package, Viewing
from plainview.privacy.consent import cookie
from plainview.privacy.models import Answer, Device, Erasure, Session, Standing
from plainview.privacy.rights import queries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SITTING = "ab" * 16


# --- posts from elsewhere -----------------------------------------------------------------------


def doors(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the service, with something in the place of each key, and its view."""
    for pattern in patterns or get_resolver().url_patterns:
        path = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from doors(pattern.url_patterns, path)
        else:
            path = re.sub(r"<(int|number):\w+>", "7", path.replace("^", "").replace("$", ""))
            path = re.sub(r"\(\?P<\w+>\[[^)]*\)|<\w+:\w+>", "a1", path)
            yield "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "a1", path), pattern.callback


ELSEWHERE = {
    "another site": {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
    "a neighbour": {"Origin": "http://other.testserver", "Sec-Fetch-Site": "same-site"},
    "a look-alike": {"Origin": "http://testserver.elsewhere.example"},
    "nobody says where": {},
    "a hidden origin": {"Origin": "null"},
    "another scheme": {"Origin": "https://testserver"},
    "another port": {"Origin": "http://testserver:8080", "Sec-Fetch-Site": "same-site"},
    "two words that differ": {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    "an address typed": {"Origin": "http://testserver", "Sec-Fetch-Site": "none"},
}
EVERYTHING = {
    "sure": "yes", "via": "centre", "answer": "accept", "all": "yes", "delete": "x", "end": "",
    "email": "x@lantern.example", "action_add": "", "about": "changed", "about_audience": "2",
    "language": "ko", "sitting": SITTING, "private": "1",
}  # fmt: skip


MACHINES = {
    "/mail/returned/": "a mail server knows no token; a report must name a letter of ours",
    "/mail/events/": "a mail provider has a password instead",
    "/recipients/a1/feed/": "a partner signs what it sends",
    "/recipients/a1/recalls/a1/": "a recipient signs what it sends",
}
"""Doors for other people's machines, which have no page of ours, and what they show instead."""


def rows() -> dict[str, int]:
    """How many rows each table has."""
    names = [model._meta.db_table for model in apps.get_models()]
    asked = ", ".join(f"(SELECT count(*) FROM {connection.ops.quote_name(n)})" for n in names)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return dict(zip(names, cursor.fetchone(), strict=True))


SOME = pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["some", "all"]
)


@pytest.mark.drawn
@pytest.mark.slow
@SOME
def test_p5_1_3a_no_door_at_all_takes_a_post_from_another_site(ines, every):
    """Each address of the service, those of tomorrow too, for somebody signed in and confirmed.

    Of those before which Django's middleware stands, for all alike, a few; in soak all.
    """
    client = enter(ines)
    plant(ines.pk, "ines", ines.pk, only={"playback_viewing", "playback_progress"})
    client.get("/settings/about/")
    strict = Client(enforce_csrf_checks=True, headers=ELSEWHERE["another site"])
    strict.cookies = client.cookies
    before, password = rows(), User.objects.get().password
    found = dict(doors())
    apart = [path for path, view in found.items() if getattr(view, "csrf_exempt", False)]
    for path in sorted(found if every else {*apart, *sorted(found)[::8]}):
        answer = strict.post(path, EVERYTHING)
        allowed = {401, 403, 404, 422} if path in MACHINES else {400, 403, 404, 405}
        assert answer.status_code in allowed, path
        assert not answer.cookies, path
    assert rows() == before
    assert User.objects.get().password == password
    assert client.get("/settings/").status_code == 200


PAGES = (
    "/privacy/choices/", "/privacy/leave/confirm/", "/my/forget/", "/language/",
    "/accounts/logout/",
)  # fmt: skip


@SOME
def test_p5_1_3a_a_form_without_a_token_is_taken_from_our_own_pages_alone(ines, every):
    """Each of these words with two of the forms, each form with three and more; in soak all."""
    client = enter(ines)
    client.get("/settings/")
    before = rows()
    for turn, (where, headers) in enumerate(ELSEWHERE.items()):
        strict = Client(enforce_csrf_checks=True, headers=headers)
        strict.cookies = client.cookies
        for path in PAGES if every else [PAGES[turn % len(PAGES)], PAGES[(turn + 2) % len(PAGES)]]:
            assert strict.post(path, EVERYTHING).status_code == 403, (where, path)
        assert rows() == before, where


def test_our_own_pages_may_post(ines):
    """The counterpart: with the right words the same forms are taken, so the test above tells."""
    assert enter(ines).post("/privacy/leave/confirm/", {"sure": "yes"}).status_code == 302
    assert Erasure.objects.exists()


# --- cookies ------------------------------------------------------------------------------------


def _flipped(text: str) -> str:
    return ("A" if text[0] != "A" else "B") + text[1:]


FORGED_DEVICE: dict[str, Callable[[str, int], str]] = {
    "another letter": lambda good, number: _flipped(good),
    "another device under the same signature": lambda good, number: ":".join(
        [signing.b64_encode(f"[{number}]".encode()).decode(), *good.split(":")[1:]]
    ),
    "signed for another use": lambda good, number: signing.dumps(
        [number, 9, 2**60, 0, 0, []], salt=queries.SALT
    ),
    "signed with another key": lambda good, number: signing.dumps(
        [number, 9, 2**60, 0, 0, []], salt=cookie.SALT, key="not the key of this service"
    ),
    "not a number": lambda good, number: signing.dumps(["x", "y"], salt=cookie.SALT),
    "too long": lambda good, number: good + "A" * 400,
    "nothing before the signature": lambda good, number: good[good.index(":") :],
}


def test_a_forged_device_cookie_opens_nothing_of_that_device(db):
    client, number = arrive(choice="accept")
    good = client.cookies[cookie.NAME].value
    assert "the number of your browser" in client.get("/privacy/").content.decode()
    for how, forge in FORGED_DEVICE.items():
        stranger = Client(headers=HERE)
        stranger.cookies[cookie.NAME] = forge(good, number)
        page = stranger.get("/privacy/")
        assert "We hold nothing about you" in page.content.decode(), how
        assert page.wsgi_request.visitor.device is None, how
        assert not page.wsgi_request.visitor.permits("history"), how
        stranger.post("/privacy/device/leave/confirm/", {"sure": "yes"})
        assert Device.objects.filter(pk=number).exists(), how


def test_an_old_device_cookie_ends_with_its_time_and_with_its_device(db, monkeypatch):
    client, number = arrive(choice="accept")
    good = client.cookies[cookie.NAME].value
    late = time.time() + cookie.LIFE + 60
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: late)
        assert client.get("/").wsgi_request.visitor.device is None
    client.post("/privacy/leave/confirm/", {"sure": "yes"})
    work()
    replayed = Client(headers=HERE)
    replayed.cookies[cookie.NAME] = good
    assert "We hold nothing about you" in replayed.get("/privacy/").content.decode()
    replayed.post(f"/watch/{film()}/signal/", signal())
    assert not Viewing.objects.exists(), "nothing is kept under a number that was forgotten"
    answers(replayed, "reject")
    assert not Standing.objects.filter(subject=number).exists()


def film() -> str:
    """A film that can be watched; its key."""
    video = add_film(name="Harbour Lights")
    Package.objects.create(
        video=video, key="a1b2c3d4e5f6", duration_ms=60_000, width=1, height=1, contents={}
    )
    return video.key


def signal(**more: str) -> dict[str, str]:
    return {"sitting": SITTING, "told": "1", "position": "9", "seconds": "9", **more}


def signs_out(client: Client, user: User) -> None:
    client.post("/accounts/logout/")


def changes_password(client: Client, user: User) -> None:
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "the ferry leaves at five"},
    )


def leaves(client: Client, user: User) -> None:
    client.post("/privacy/leave/confirm/", {"sure": "yes"})


def is_suspended(client: Client, user: User) -> None:
    services.suspend(user.pk)


def ends_it_elsewhere(client: Client, user: User) -> None:
    enter(user).post("/accounts/sessions/", {"end": ""})


@pytest.mark.parametrize(
    "end", [signs_out, changes_password, leaves, is_suspended, ends_it_elsewhere]
)
def test_p2_1_2a_a_session_cookie_played_back_is_nobody_once_its_person(ines, end):
    client = enter(ines)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    thief = Client(headers=HERE)
    thief.cookies[settings.SESSION_COOKIE_NAME] = old
    assert thief.get("/settings/").status_code == 200, "until then it opens"
    end(client, ines)
    assert thief.get("/settings/").status_code == 302
    assert not thief.get("/privacy/").wsgi_request.user.is_authenticated


@pytest.mark.parametrize("forged", ["", "x", "a" * 32, "../../etc/passwd", "é" * 40])
def test_a_session_of_ones_own_making_is_nobody_and_makes_no_row(ines, forged):
    enter(ines)
    before = Session.objects.count()
    client = Client(headers=HERE)
    client.cookies[settings.SESSION_COOKIE_NAME] = forged
    assert client.get("/settings/").status_code == 302
    assert not client.get("/privacy/").wsgi_request.user.is_authenticated
    assert Session.objects.count() == before


def test_a_session_row_that_was_rewritten_is_empty(ines):
    """What stands in the row is encrypted; a row edited in the database lets nobody in."""
    client = enter(ines)
    row = Session.objects.get(account=ines.pk)
    Session.objects.filter(pk=row.pk).update(session_data=_flipped(row.session_data))
    assert client.get("/settings/").status_code == 302


# --- what was confirmed -------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["/privacy/copy/", "/privacy/leave/confirm/"])
@pytest.mark.parametrize("stale", ["long ago", "by somebody else", "never"])
def test_p5_2_1_4a_a_password_counts_if_it_was_given_lately_and_by_this_person(
    ines, tom, door, stale
):
    client = enter(ines, confirmed=False)
    confirm(client, tom if stale == "by somebody else" else ines, age=3600 * (stale == "long ago"))
    if stale == "never":
        session = client.session
        del session["account_authentication_methods"]
        session.save()
    answer = client.post(door, {"sure": "yes"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Erasure.objects.exists()
    confirm(client, ines)
    assert client.get(door).status_code == 200


def test_an_answer_sent_twice_is_twice_the_same_answer(db):
    client, number = arrive(choice="accept")
    page = client.get("/privacy/choices/")
    form = {"via": "centre", "shown": page.context["shown"], "answer": "reject"}
    client.post("/privacy/choices/", form)
    once = Standing.objects.get(subject=number).permitted
    client.post("/privacy/choices/", form)
    assert Standing.objects.get(subject=number).permitted == once
    assert Answer.objects.filter(subject=number).count() == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"affirm": "no-such-purpose"}, 422),
        ({"affirm": "playback"}, 422),
        ({}, 422),
        ({"affirm": ["targeted-ads", "cross-context-ads"]}, 409),
        ({"affirm": "cross-context-ads"}, 409),
        ({"affirm": "targeted-ads", "shown": "0" * 64}, 409),
    ],
)
def test_p5_2_2_2c_the_second_yes_counts_for_what_stood_on_its_page(db, sent, status):
    client = Client(headers={**HERE, "Sec-GPC": "1"})
    page = client.get("/privacy/choices/")
    first = {"via": "centre", "shown": page.context["shown"], "answer": "save",
             "purpose-targeted-ads": "yes"}  # fmt: skip
    second = client.post("/privacy/choices/", first)
    assert not Answer.objects.exists(), "the first yes alone says nothing"
    form = {"via": "affirm", "shown": second.context["shown"], **sent}
    answer = client.post("/privacy/choices/", form)
    assert answer.status_code == status
    assert not Answer.objects.exists()
    right = {"via": "affirm", "shown": second.context["shown"], "affirm": "targeted-ads"}
    assert client.post("/privacy/choices/", right).status_code == 302
    silent = Client(headers=HERE)
    assert silent.post("/privacy/choices/", right).status_code in (409, 422), "not their page"
