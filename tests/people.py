"""Whom tests are about, and where they sit: at a page of ours, in a place that a proxy tells."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue.models import Video
from plainview.domains.playback.models import Viewing

HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
"""What browsers say of a form that stands on a page of ours."""


def make(name: str, *roles: Role) -> User:
    """An account with roles, whose address nobody has proved."""
    return User.objects.create_user(f"{name}@lantern.example", roles=" ".join(roles))


def somebody(address: str, password: str | None = None, **more: object) -> User:
    """An account whose address is proved."""
    user = User.objects.create_user(address, password, **more)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def browser_of(user: User, **more: object) -> Client:
    """A browser in which somebody is signed in; `more` is what a Client is told besides."""
    client = Client(**more)
    client.force_login(user)
    return client


def an_hour_later(client: Client) -> Client:
    """The same browser, in which the password was given an hour ago."""
    session = client.session
    for each in session["account_authentication_methods"]:
        each["at"] -= 3600
    session.save()
    return client


def viewed(
    subject: int, video: Video, sitting: str, at: datetime | None = None, **more: object
) -> Viewing:
    """A sitting of somebody with a video, now or at a moment."""
    at = at or timezone.now()
    return Viewing.objects.create(
        subject=subject, video=video, sitting=sitting, began_at=at, watched_at=at, **more
    )


def answers(client: Client, answer: str) -> Client:
    """Answer every question of the page of choices by its one button: `accept` or `reject`.

    A yes after a no is asked for twice where a law has it so; this presses once.
    """
    shown = client.get("/privacy/choices/").context["shown"]
    form = {"via": "centre", "shown": shown, "answer": answer}
    assert client.post("/privacy/choices/", form).status_code in (200, 302)
    return client
