"""What a publication does to people, in its own transaction: nothing of it comes a moment later."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import msgspec
from django.utils import timezone

from plainview.engine import Difference, Policy
from plainview.platform.jobs import queue
from plainview.privacy import permissions
from plainview.privacy.changes import wording
from plainview.privacy.changes.models import Change
from plainview.privacy.changes.telling import PROVED
from plainview.privacy.changes.touching import touched
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.retention import ending
from plainview.privacy.versions import publishing

SEND = "changes.send"
_COUNTING = Door(
    "plainview.privacy.changes.publishing",
    "privacy-choices",
    source="derived",
    everyone="a new policy is told to everybody",
)


def after_publish(old: Policy, new: Policy, differences: Sequence[Difference]) -> None:
    """Let what a material difference touches wait, and begin to tell everybody (P11c, P11d, P11e),
    and whoever got data for what is closed from now on.

    Belongs into the transaction that puts `new` into force, before everybody is folded by it: so
    the old permission reaches nothing new, not even for a moment.
    """
    asked, devices = 0, 0
    if any(each.triggers == "consent" for each in differences):
        asked, devices = permissions.pend(
            functools.partial(touched, new, differences=tuple(differences))
        )
    told = any(each.triggers != "nothing" for each in differences)
    people = 0
    if told:
        with Opened(_COUNTING):
            people = Standing.objects.filter(device=False).count()
    change = Change.objects.create(
        version=new.version,
        before=old.fingerprint,
        policy=new.fingerprint,
        differences=msgspec.json.encode(list(differences)).decode(),
        words=wording.spoken(differences, old, new).decode(),
        published_at=timezone.now(),
        state=Change.State.SENDING if told else Change.State.DONE,
        people=people,
        asked=asked,
        asked_devices=devices,
    )
    if told:
        queue.enqueue(SEND, change=change.pk)
    recalls.ask_for_review()


def join() -> None:
    """Hear of every publication from now on; tell the sweep what telling leaves."""
    ending.tells(PROVED)
    if after_publish not in publishing.after_publish:
        publishing.after_publish.append(after_publish)
