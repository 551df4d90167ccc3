"""Heads of the log, mailed to outsiders who keep them, where the operator connects any (P2.11e).

What nobody else keeps proves little: a log could be made anew as a whole. A letter says nothing
about anybody, so no standing is asked; whoever gets it is declared in the policy like every
recipient. The first letter brings the key, the others what follows from it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.platform.addresses import link
from plainview.platform.jobs.apart import apart
from plainview.platform.languages import speaking
from plainview.platform.overtaking import looks_again
from plainview.privacy.disclosures import connections
from plainview.privacy.disclosures.connections import HEADS, Connection
from plainview.privacy.log import notes, queries
from plainview.privacy.log.models import Head, Key, Mailed
from plainview.privacy.log.sequencing import latest, sequence
from plainview.privacy.rights.planning import later


def keepers() -> dict[str, Connection]:
    """Those who keep heads, by recipient."""
    known = connections.configured().items()
    return {name: each for name, each in known if each.kind == HEADS}


def mail_due() -> list[str]:
    """Mail the latest head to each keeper whose time has come; return to whom.

    A change of key and a new epoch wait for no time.
    """
    head = latest()
    if head is None:
        return []
    due = [(name, keeper) for name, keeper in keepers().items() if _due(name, keeper)]
    with apart() as tried:
        return [name for name, keeper in due if tried(_mail, name, keeper, head)]


def mail_now() -> list[str]:
    """Sign a head over everything that is there, and mail it to each keeper that has it not yet.

    Return to whom. Raises connections.NotConnected where nobody keeps heads.
    """
    if not keepers():
        raise connections.NotConnected(f'{settings.CONNECTIONS} has no connection of kind "heads"')
    head = sequence()
    return [name for name, keeper in keepers().items() if _mail(name, keeper, head)]


def _due(name: str, keeper: Connection) -> bool:
    last = Mailed.objects.filter(recipient=name).select_related("head").first()
    if last is None or not notes.signed_by(last.head.note, _key()):
        return True
    return later(timezone.localdate(last.at), keeper.every) <= timezone.localdate()


def _key() -> notes.Public:
    """The key of now; one of another epoch has another name."""
    return notes.read_key(Key.objects.order_by("-id")[0].public)


@looks_again
def _mail(name: str, keeper: Connection, head: Head) -> bool:
    """Queue the letter and note it, in one transaction.

    False if they had this head before, or mail to them is held back: it is tried again then.
    """
    with transaction.atomic(), speaking(""):
        before = Mailed.objects.filter(recipient=name).select_related("head").first()
        if Mailed.objects.filter(recipient=name, head=head).exists():
            return False
        was = before.head if before else None
        went = sum(_letter(address, head, was).send() for address in keeper.addresses)
        if went:
            Mailed.objects.create(recipient=name, head=head, at=timezone.now())
    return bool(went)


def _letter(address: str, head: Head, before: Head | None) -> EmailMessage:
    context = {
        "head": head,
        "before": before,
        "key": "" if before else _key(),
        "log": link("log"),
        "name": _name(head),
        "earlier": _name(before) if before else "",
    }
    text = render_to_string("privacy/mail/head_message.txt", context).strip()
    title = _("The log of %(site)s: %(size)s entries") % {
        "site": settings.PUBLIC.netloc,
        "size": head.size,
    }
    letter = EmailMessage(title, text, None, [address])
    for file, content, kind in _files(head):
        letter.attach(file, content, kind)
    return letter


def _files(head: Head) -> Iterator[tuple[str, str, str]]:
    """What is kept: the head to the byte, and the keys by which the first leads to those of now."""
    yield _name(head), head.note, "text/plain"
    yield "keys.json", json.dumps({"keys": queries.keys()}, indent=1), "application/json"


def _name(head: Head) -> str:
    at = head.at.astimezone(dt.UTC)
    return f"head-{head.epoch_id}-{head.size}-{at:%Y-%m-%d-%H%M%S}.txt"
