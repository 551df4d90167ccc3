"""The ledger of what left, what was called back, and the addresses that mail no longer goes to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import UNTOLD, impersonal, personal, subject

KEY_LENGTH = 26
LEDGER = "disclosures.ledger"
MAILED = "messages.service"


def new_delivery_key() -> str:
    """The name under which a recipient knows a delivery that comes twice (128 bits)."""
    return new_key(KEY_LENGTH)


@subject("subject", row="disclosures", untold=UNTOLD)
class Disclosure(models.Model):
    """Something about a person, for one recipient and purpose, from asking to its arrival.

    The row says which kinds of data left, never their values. `sealed` has a letter that can't be
    written again, encrypted, until it has gone; whatever else is sent is read at sending.
    `named` is the host of a service that the person named themselves, or the authority that got it
    in a case whose number is the `reference`.
    `categories` are ids parted by spaces; `safeguard` is its kind, empty where none is needed.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waits to be sent")
        # Being handed over, or nobody knows: it is never handed over again.
        SENDING = "sending", _("May have arrived")
        SENT = "sent", _("Sent")
        # Written into the outbox of this machine: nothing left.
        KEPT = "kept", _("Stayed on our machine")
        # No longer permitted when its turn came: nothing left.
        STOPPED = "stopped", _("Stopped before it left")
        # The person's own browser told them, from a page that placed an embed.
        BROWSER = "browser", _("Told by your browser")
        # By hand, inside an open case: an authority is not called back.
        CASE = "case", _("Handed over in a case")
        # A dead letter; if it was tried, it may have arrived.
        FAILED = "failed", _("Did not leave")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(null=True, db_index=True)
    recipient = personal(models.CharField(max_length=60), LEDGER)
    purpose = personal(models.CharField(max_length=60), LEDGER)
    categories = personal(models.TextField(), LEDGER)
    basis = personal(models.CharField(max_length=24), LEDGER)
    country = personal(models.CharField(max_length=6), LEDGER)
    safeguard = personal(models.CharField(max_length=16, blank=True), LEDGER)
    reference = personal(models.CharField(max_length=32, blank=True), LEDGER)
    named = personal(models.CharField(max_length=255, blank=True), LEDGER)
    queued_at = personal(models.DateTimeField(), LEDGER, event="collection")
    untold_until = personal(models.DateField(null=True), LEDGER)
    tried_at = personal(models.DateTimeField(null=True), LEDGER)
    sent_at = personal(models.DateTimeField(null=True), LEDGER)
    state = personal(
        models.CharField(max_length=8, choices=State.choices, default=State.QUEUED), LEDGER
    )
    trouble = personal(models.CharField(max_length=20, blank=True), LEDGER)
    sealed = personal(models.TextField(blank=True), "disclosures.parcel")
    key = impersonal(
        models.CharField(max_length=KEY_LENGTH, unique=True, default=new_delivery_key),
        "tells two deliveries apart, and leads to nobody",
    )
    policy = impersonal(models.CharField(max_length=64), "by which policy it was decided")
    batch = impersonal(models.BigIntegerField(null=True), "which went in one piece")

    class Meta:
        db_table = "privacy_disclosure"
        indexes = [
            models.Index(fields=["batch"], name="privacy_disclosure_batch"),
            models.Index(
                fields=["state", "queued_at"],
                name="privacy_disclosure_open",
                condition=models.Q(state__in=["queued", "failed"]),
            ),
        ]


@subject("subject", row="disclosures")
class Recall(models.Model):
    """What a recipient was asked to do with what it got: stop using it, correct it, erase it.

    `sealed` has, encrypted, by what the recipient knows the person; it is emptied when it has
    confirmed. Of an erasure the row names nobody: it belongs to the report.
    """

    class Act(models.TextChoices):
        STOP = "stop", _("Asked to stop using it")
        CORRECT = "correct", _("Sent what is right now")
        ERASE = "erase", _("Asked to erase it")

    class State(models.TextChoices):
        WAITING = "waiting", _("Being told")
        TOLD = "told", _("Told, not confirmed yet")
        CONFIRMED = "confirmed", _("Confirmed")
        # Deleted there by contract, at the latest on `due_at`.
        LAPSES = "lapses", _("Erased there by contract")
        # No connection: the officer writes to them.
        BY_HAND = "by-hand", _("Our officer writes to them; not confirmed yet")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(null=True, db_index=True)
    recipient = personal(models.CharField(max_length=60), LEDGER)
    purpose = personal(models.CharField(max_length=60, blank=True), LEDGER)
    categories = personal(models.TextField(), LEDGER)
    act = personal(models.CharField(max_length=8, choices=Act.choices), LEDGER)
    state = personal(
        models.CharField(max_length=10, choices=State.choices, default=State.WAITING), LEDGER
    )
    asked_at = personal(models.DateTimeField(), LEDGER, event="collection")
    told_at = personal(models.DateTimeField(null=True), LEDGER)
    confirmed_at = personal(models.DateTimeField(null=True), LEDGER)
    due_at = personal(models.DateTimeField(), LEDGER)
    trouble = personal(models.CharField(max_length=20, blank=True), LEDGER)
    sealed = personal(models.TextField(blank=True), LEDGER)
    key = impersonal(
        models.CharField(max_length=KEY_LENGTH, unique=True, default=new_delivery_key),
        "tells two recalls apart, and leads to nobody",
    )
    reminded = impersonal(models.PositiveSmallIntegerField(default=0), "how often they were asked")
    escalated = impersonal(models.BooleanField(default=False), "whether the officer was told")
    erasure = impersonal(
        models.BigIntegerField(null=True, db_index=True), "the report that names it, not the person"
    )

    class Meta:
        db_table = "privacy_recall"


@subject("subject", row="messages")
class Suppression(models.Model):
    """An address that mail came back from, or whose owner called it unwanted."""

    class Why(models.TextChoices):
        BOUNCE = "bounce", _("Came back")
        COMPLAINT = "complaint", _("Called junk")

    digest = personal(models.CharField(max_length=64, primary_key=True), MAILED)
    subject = models.BigIntegerField(null=True, db_index=True)
    why = personal(models.CharField(max_length=9, choices=Why.choices), MAILED)
    since = personal(models.DateTimeField(), MAILED, event="collection")

    class Meta:
        db_table = "privacy_suppression"


@subject("subject", row="partner")
class Fed(models.Model):
    """What a partner told about somebody who lets us take it in (P1.3.3a)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    recipient = personal(models.CharField(max_length=60), "partner.feed")
    said = personal(models.TextField(), "partner.feed")
    came_at = personal(models.DateTimeField(), "partner.feed", event="collection")
    told_at = personal(models.DateTimeField(null=True), "partner.feed")
    key = impersonal(
        models.CharField(max_length=64, unique=True),
        "tells two rows of feeds apart by their origin",
    )

    class Meta:
        db_table = "privacy_fed"
