"""What goes to a service that the person named (GDPR 20(2)): recorded before the first byte.

No policy lists that recipient; the person's own right sends it, and what goes is what they may take
with them in their hands. It is decided like any use for *rights*, and stands in the ledger with the
host that they named.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from plainview.platform import outbound
from plainview.privacy.disclosures import deciding
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.recalls import LEFT
from plainview.privacy.disclosures.services import RECORDING
from plainview.privacy.disclosures.transports import LATER
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force

RECIPIENT = "named-service"
PURPOSE = "rights"
SECONDS, ANSWER = 60.0, 65_536
WAITING = 5.0
"""So long it may take while a person waits on a page: whoever names slow services keeps turns."""
Trouble = outbound.Trouble


def begin(subject: int, host: str, categories: Iterable[str]) -> int:
    """Record that something begins to leave; the number of the row. Raises deciding.Denied."""
    policy = in_force()
    decision = deciding.decide(policy, deciding.facts_of(subject), PURPOSE)
    if not decision:
        raise deciding.Denied(decision)
    now = timezone.now()
    with Opened(RECORDING), transaction.atomic():
        row = Disclosure.objects.create(
            subject=subject,
            recipient=RECIPIENT,
            named=host,
            purpose=PURPOSE,
            categories=" ".join(sorted(categories)),
            basis=decision.basis or "",
            country="",
            state=Disclosure.State.SENDING,
            queued_at=now,
            tried_at=now,
            policy=policy.fingerprint,
        )
    return row.pk


def hosts(subject: int) -> list[str]:
    """The services that got something because the person named them, which nobody can call back."""
    with Opened(RECORDING):
        theirs = Disclosure.objects.filter(LEFT, subject=subject, recipient=RECIPIENT)
        return sorted(set(theirs.values_list("named", flat=True)))


def arrived(row: int) -> None:
    """The other side has all of it."""
    with Opened(RECORDING):
        Disclosure.objects.filter(pk=row, state=Disclosure.State.SENDING).update(
            state=Disclosure.State.SENT, sent_at=timezone.now()
        )


def nothing_left(row: int) -> None:
    """It ended before the first byte of it had gone."""
    with Opened(RECORDING):
        Disclosure.objects.filter(pk=row, state=Disclosure.State.SENDING).update(
            state=Disclosure.State.STOPPED, tried_at=None
        )


def ask(address: str, body: bytes, signature: str, offset: int, authorities: str) -> bytes:
    """Post to the service at `address`; its answer. Raises Trouble.

    What bears no `signature` is asked while a person waits. No redirect is followed. `authorities`
    lets the operator's own network pass, for trying it out.
    """
    headers = {"Content-Type": "application/json", "Upload-Offset": str(offset)}
    if signature:
        headers |= {"Authorization": signature, "Content-Type": "application/octet-stream"}
    answer = outbound.exchange(
        "POST",
        address,
        body=body,
        headers=headers,
        limits=outbound.Limits(SECONDS if signature else WAITING, ANSWER),
        private=bool(authorities),
        authorities=authorities or None,
    )
    if answer.status == 200:
        return answer.body
    if 300 <= answer.status < 400:
        raise outbound.Refused("it points elsewhere", code="redirect", lasting=True)
    lasting = 400 <= answer.status < 500 and answer.status not in LATER
    raise outbound.Refused("it was not taken", code=f"http-{answer.status}", lasting=lasting)


def unproved() -> outbound.Refused:
    """The other side did not show that it knows the secret."""
    return outbound.Refused("it did not prove the secret", code="unproved", lasting=True)
