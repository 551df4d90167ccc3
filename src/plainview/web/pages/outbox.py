"""The mails that were kept instead of sent, where no mail server is set: for developers."""

from __future__ import annotations

import ipaddress
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff import queries as looking
from plainview.domains.staff.access import may, me
from plainview.privacy.gate.doors import serves
from plainview.privacy.log import accounting

LATEST = 20
_BETWEEN = b"\n" + b"-" * 79 + b"\n"  # as Django's file backend parts the mails of one file


class Mail(NamedTuple):
    """A mail as its reader sees it."""

    to: str
    subject: str
    date: str
    text: str


def at_machine(request: HttpRequest) -> bool:
    """Whether whoever asks sits at the machine that keeps the mails, and could read their files.

    An address of this machine proves nothing behind a proxy, so a public address or any trace of
    a proxy leaves administrators alone.
    """
    proxied = settings.ENV.public_url or settings.ENV.trusted_proxies
    if proxied or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def is_open(request: HttpRequest) -> bool:
    """Whether there is an outbox for whoever asks: mail is kept, and here or an administrator."""
    if settings.ENV.email_url:
        return False
    return at_machine(request) or may(request, "outbox.read")


@serves("authentication", may=["account"], source="use")
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The latest mails, each with its links. 404 with a mail server, and for anybody elsewhere.

    An administrator who is not at the machine reads what is addressed to them, and to whomever they
    look at in an open case.
    """
    if not is_open(request):
        raise Http404("the outbox is for this machine and for administrators")
    folder = settings.DATA / "outbox"
    mails = _mails(folder)
    shown = mails if at_machine(request) else _open_to(request, mails)
    context = {"mails": shown, "folder": folder, "closed": len(mails) - len(shown)}
    return render(request, "pages/outbox.html", context)


def _open_to(request: HttpRequest, mails: list[Mail]) -> list[Mail]:
    """The mails to whoever asks, and to those whom they look at in a case, which the log says."""
    staff = me(request)
    cases = looking.looked_at(staff=staff)
    addresses = accounts.addresses_in_case(accounts=[staff, *cases])
    theirs = {address.casefold(): account for account, address in addresses.items()}
    found = [(mail, theirs.get(mail.to.casefold())) for mail in mails]
    door = request.scope_of_door.life.door  # type: ignore[attr-defined]
    for person in {account for _mail, account in found if account in cases}:
        accounting.staff_sees(request, door, person, cases[person])
    return [mail for mail, account in found if account is not None]


def _mails(folder: Path) -> list[Mail]:
    """The latest mails of a folder, the newest first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found: list[Mail] = []
    for file in files[:LATEST]:
        parts = [part for part in file.read_bytes().split(_BETWEEN) if part.strip()]
        found += [_mail(part) for part in reversed(parts)]
    return found[:LATEST]


def _mail(raw: bytes) -> Mail:
    message = message_from_bytes(raw.lstrip(), _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    date = message["Date"]
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=f"{parsedate_to_datetime(date):%H:%M}" if date else "",
        text=body.get_content() if body else "",
    )
