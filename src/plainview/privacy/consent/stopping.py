"""Who refused news and left: a keyed hash remembers it, so that no news begins anew.

An erasure takes the answers with it. What stays is a hash of the address and the channel under the
service's own key, which tells an address that it is shown and leads to nobody. A later yes, said by
somebody who proved that the address is theirs, lifts it; so does the schedule `suppression`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.utils import timezone

from plainview.engine.standing import YES
from plainview.platform.identifiers import keyed
from plainview.privacy import permissions
from plainview.privacy.backups import returning
from plainview.privacy.consent.models import Stopped
from plainview.privacy.gate.identity import identifying
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force

_WHY = "who left is nobody any more; the hash is asked for by the address at hand"
_DOOR = Door(
    "plainview.privacy.consent.stopping", "privacy-choices", source="derived", everyone=_WHY
)


def remember(subject: int, addresses: Iterable[str]) -> None:
    """Before somebody is erased: keep, of what they refused, what can't be traced to them.

    An objection is a refusal too.
    """
    found = permissions.read(subject)
    facts = found[0] if found else permissions.newcomer()
    said, objected = facts.choices or {}, facts.objections or {}
    channels = in_force().messages.channels
    refused = [each for each in channels if said.get(each) == "denied" or each in objected]
    month = timezone.localdate().replace(day=1)
    rows = [
        Stopped(digest=digest(each, address), month=month)
        for each in refused
        for address in addresses
    ]
    with Opened(_DOOR):
        Stopped.objects.bulk_create(rows, ignore_conflicts=True)


def stop(address: str) -> None:
    """Nothing goes to an address of nobody here: somebody who reads it said no."""
    today = timezone.localdate()
    named = {digest(each, address): today for each in in_force().messages.channels}
    for each in named:
        returning.stopped(each)
    stop_again(named)


def stop_again(named: Mapping[str, dt.date]) -> None:
    """Nothing goes to the addresses of these hashes, each refused on its day."""
    rows = [Stopped(digest=each, month=day.replace(day=1)) for each, day in named.items()]
    with Opened(_DOOR):
        Stopped.objects.bulk_create(rows, ignore_conflicts=True)


def stopped(channel: str, address: str) -> bool:
    """Whether no news may go to an address by a channel."""
    with Opened(_DOOR):
        return Stopped.objects.filter(digest__in=digests(channel, address)).exists()


def stopped_channels(address: str) -> dict[str, str]:
    """What somebody who registers with an address refused before: channel to denied."""
    return {each: "denied" for each in in_force().messages.channels if stopped(each, address)}


def lift(account: int, answers: Mapping[str, str]) -> None:
    """After a yes of somebody whose address is proved: it may be written to again."""
    allowed = [each for each in in_force().messages.channels if answers.get(each) in YES]
    if not allowed:
        return
    model: Any = apps.get_model("account", "EmailAddress")
    with identifying():
        proved = model.objects.filter(user_id=account, verified=True)
        own = list(proved.values_list("email", flat=True))
    with Opened(_DOOR):
        again = [one for each in allowed for mine in own for one in digests(each, mine)]
        found = Stopped.objects.filter(digest__in=again)
        for each in found.values_list("digest", flat=True):
            returning.stopped_no_more(each)
        found.delete()


def digest(channel: str, address: str) -> str:
    """What stands for an address and a channel: nobody makes it without the service's key."""
    return digests(channel, address)[0]


def digests(channel: str, address: str) -> list[str]:
    """The same by each key that is listed, that of now first."""
    return keyed("plainview.privacy.stopped", f"{channel}:{address.strip().lower()}")
