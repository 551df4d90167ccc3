"""What can be done with browsers that take messages: begin, end, and end what may not go on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.utils import timezone

from plainview.engine import Recipient, decide
from plainview.engine.standing import YES
from plainview.platform.jobs.apart import apart
from plainview.platform.overtaking import looks_again
from plainview.privacy import permissions, sessions
from plainview.privacy.disclosures import connections, deciding
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.push import keys
from plainview.privacy.push.models import Subscription

PURPOSE, CARRIES = "marketing-push", "push"
WORKER = "/push/worker.js"
"""The one script that a browser may take as a service worker; its folder has no pages."""
MOST = 20
"""So many browsers of one account take messages; a further one takes the place of the oldest."""
LONGEST = 2000
_OWN = Door("plainview.privacy.push", "privacy-choices", source="form")
_WHY = "an address that a browser gave out is one person's; whose it was before must let it go"
_WHOEVER = Door("plainview.privacy.push.whoever", "privacy-choices", source="form", everyone=_WHY)


class NotWanted(Exception):
    """Nobody said yes to messages here, or something forbids them."""


class Foreign(ValueError):
    """The address is not of a push service that the policy declares, so nothing is sent there."""


def wants(account: int) -> bool:
    """Whether an account said yes to news by push and nothing forbids it. By the row."""
    found = permissions.read(account)
    if found is None:
        return False
    facts = permissions.live(found[0])
    yes = (facts.choices or {}).get(PURPOSE) in YES
    return yes and bool(decide(in_force(), facts, PURPOSE))


def carrier_of(endpoint: str) -> Recipient:
    """The recipient that runs the push service of an address.

    By the hosts that the policy declares, over HTTPS on its own port; beside them only what the
    operator's file of connections names. Raises Foreign: a browser's word leads nowhere else.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Foreign("that is no address") from None
    plain = parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc
    own = f"{parts.scheme}://{parts.netloc}"
    for recipient in in_force().recipients.values():
        if recipient.carries != CARRIES:
            continue
        if plain and any(_under(host, each) for each in recipient.hosts):
            return recipient
        connection = connections.configured().get(recipient.id)
        if connection is not None and own == connection.url.rstrip("/"):
            return recipient
    raise Foreign("no push service of the policy has this address")


def _under(host: str, declared: str) -> bool:
    if declared.startswith("*."):
        return host.endswith(declared[1:])
    return host == declared


@looks_again
def begin(account: int, sitting: str, *, endpoint: str, p256dh: str, auth: str) -> None:
    """Let a browser take messages: the one in which the session of that handle is.

    Raises NotWanted, Foreign, keys.Unfit.
    """
    if len(endpoint) > LONGEST or not endpoint.isascii():
        raise Foreign("that is no address")
    keys.check(p256dh, auth)
    recipient = carrier_of(endpoint)
    if not wants(account) or not sitting:
        raise NotWanted
    try:
        deciding.ruled(deciding.facts_of(account), account, PURPOSE, recipient.id)
    except deciding.Denied:
        raise NotWanted from None
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    with Opened(_WHOEVER):
        Subscription.objects.filter(digest=digest).delete()
    with Opened(_OWN, lambda: account):
        mine = Subscription.objects.filter(account=account)
        mine.filter(sitting=sitting).delete()
        for one in mine.order_by("-since").values_list("pk", flat=True)[MOST - 1 :]:
            mine.filter(pk=one).delete()
        Subscription.objects.create(
            account=account,
            recipient=recipient.id,
            endpoint=endpoint,
            digest=digest,
            p256dh=p256dh,
            auth=auth,
            sitting=sitting,
            since=timezone.now(),
            made_for=keys.fingerprint(),
        )


def end(account: int, *, key: str = "", sitting: str = "", number: int | None = None) -> bool:
    """Let one browser take no more messages; whether there was one."""
    with Opened(_OWN, lambda: account):
        mine = Subscription.objects.filter(account=account)
        if number is not None:
            mine = mine.filter(pk=number)
        elif sitting:
            mine = mine.filter(sitting=sitting)
        else:
            mine = mine.filter(key=key)
        return bool(mine.delete()[0])


def goes_on(account: int, before: Iterable[str], sitting: str) -> None:
    """The session of a browser that takes messages goes on under another handle."""
    with Opened(_OWN, lambda: account):
        mine = Subscription.objects.filter(account=account, sitting__in=list(before))
        mine.update(sitting=sitting)


def end_all(account: int) -> None:
    """Let no browser of an account take messages."""
    with Opened(_OWN, lambda: account):
        Subscription.objects.filter(account=account).delete()


def end_signed_out(account: int) -> None:
    """Let go of the browsers in which the account is signed in no longer, by whichever way."""
    with Opened(_OWN, lambda: account):
        Subscription.objects.filter(account=account).exclude(
            sitting__in=sessions.live(account)
        ).delete()


def standing_changed(account: int) -> None:
    """Somebody's facts changed: without a yes that holds, nothing is kept of their browsers."""
    with Opened(_OWN, lambda: account):
        kept = Subscription.objects.filter(account=account).exists()
    if kept and not wants(account):
        end_all(account)


def tidy() -> int:
    """Let go of whatever may not be kept any more; return of how many accounts.

    What lapsed by itself, signed out by itself, or was made for a key that is ours no longer.
    """
    with Opened(_WHOEVER):
        rows = Subscription.objects.order_by()
        rows.exclude(made_for=keys.fingerprint()).delete()
        accounts = list(rows.values_list("account", flat=True).distinct())
    _let_go(accounts)
    return len(accounts)


def _let_go(accounts: Iterable[int]) -> None:
    with apart() as tried:
        for account in accounts:
            tried(standing_changed, account)
            tried(end_signed_out, account)
