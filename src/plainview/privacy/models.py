"""The standing: what each person permits, folded into one integer, beside what it was folded by."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from plainview.privacy.breaches.models import Breach, Informed, Line, Mailing
from plainview.privacy.changes.models import Change, Told
from plainview.privacy.consent.models import (
    Answer,
    App,
    Device,
    Heard,
    Link,
    Shown,
    Stopped,
    Style,
    Tally,
)
from plainview.privacy.counting import Count
from plainview.privacy.decisions.models import Overruled
from plainview.privacy.declarations import SELF, impersonal, personal, subject
from plainview.privacy.disclosures.models import Disclosure, Fed, Recall, Suppression
from plainview.privacy.gate.filters import INDEX, STANDING
from plainview.privacy.log.models import (
    Act,
    Deed,
    Entry,
    Epoch,
    Head,
    Key,
    Leaf,
    Mailed,
    Node,
    Stamp,
)
from plainview.privacy.post.models import Letter
from plainview.privacy.push.models import Subscription
from plainview.privacy.receipts.models import Handover
from plainview.privacy.requests.models import Event, Evidence, Hold, Matter, Request
from plainview.privacy.retention.models import LastUse, Warned
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.copies.models import Copy
from plainview.privacy.rights.models import Erasure, Kept, LegalHold, Preserved
from plainview.privacy.rights.sending.models import Sending
from plainview.privacy.versions.models import Force, Release, Version
from plainview.privacy.withholding import Withheld


@subject(SELF, row="consent")
class Standing(models.Model):
    """What one person permits: bit n stands for the purpose with that bit in the policy.

    Bit 62 says that the person withholds categories from purposes that are open (`withholding`).

    A missing row denies. From `valid_until` (epoch seconds) on the row denies too, until it is
    folded anew. The gate's row filter reads this table on behalf of every purpose. `facts` is the
    storage form of the engine's standing; its places are ids of jurisdictions, never finer.
    `answered_on` is the day of the last answer, from which the time to the next question counts.
    """

    subject = models.BigIntegerField(primary_key=True)
    permitted = personal(models.BigIntegerField(), "consent.choices")
    valid_until = personal(models.BigIntegerField(null=True), "consent.choices")
    facts = personal(models.TextField(default="{}"), "consent.choices")
    answered_on = personal(models.DateField(null=True), "consent.choices")
    device = impersonal(models.BooleanField(default=False), "an account or a device without one")
    policy = impersonal(models.CharField(max_length=64), "which policy it was folded by")
    epoch = impersonal(models.IntegerField(default=0), "counts how often it was folded")

    class Meta:
        db_table = STANDING
        indexes = [models.Index(fields=["subject", "permitted", "valid_until"], name=INDEX)]


@subject("account", row="credentials")
class Session(AbstractBaseSession):
    """A sitting in one browser; once signed in it belongs to an account, and can be ended there."""

    session_key = personal(models.CharField(max_length=40, primary_key=True), "credentials.session")
    session_data = personal(models.TextField(), "credentials.session")
    expire_date = personal(models.DateTimeField(db_index=True), "credentials.session")
    account = models.BigIntegerField(null=True, db_index=True)
    began_at = personal(models.DateTimeField(auto_now_add=True), "credentials.session")
    saved_at = personal(
        models.DateTimeField(auto_now=True), "credentials.session", event="last-use", use=True
    )
    family = personal(models.CharField(max_length=60, default=""), "device.family")

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "privacy_session"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, but that a session once begun keeps its beginning and its device."""
        if kwargs.get("force_update"):
            kwargs["update_fields"] = [
                "session_data",
                "expire_date",
                "account",
                "saved_at",
                "family",
            ]
        super().save(*args, **kwargs)
