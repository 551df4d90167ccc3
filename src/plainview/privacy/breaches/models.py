"""The register of breaches, what stands in it, and whom a letter told."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import about_nobody, append_only, impersonal, personal, subject
from plainview.privacy.log.models import Leaf
from plainview.privacy.requests import numbers


@append_only()
@about_nobody("that something went wrong, and when somebody entered it")
class Breach(models.Model):
    """One breach of personal data. What is known of it stands in its entries (GDPR 33(5))."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(
        max_length=numbers.WRITTEN, unique=True, default=numbers.new_number, editable=False
    )
    entered_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "privacy_breach"
        ordering = ("-entered_at",)

    def __str__(self) -> str:
        return f"breach {self.number}"


@append_only()
@about_nobody("what is known of a breach and was done; who wrote it stands in the log of acts")
class Line(models.Model):
    """One entry: what it says as JSON (`said.py`), and the leaf of the log that commits to it."""

    class Kind(models.TextChoices):
        STATED = "stated", _("What is known")
        TOLD = "told", _("It was told")
        SPARED = "spared", _("It need not be told")
        WRITTEN = "written", _("Letters begun")
        SENT = "sent", _("Letters are out")
        MISSED = "missed", _("Letters reached nobody")
        SHOWN = "shown", _("Told on the site")
        HIDDEN = "hidden", _("Taken off the site")
        REMINDED = "reminded", _("Somebody was reminded")
        NOTED = "noted", _("Note")
        CLOSED = "closed", _("Closed")
        OPENED = "opened", _("Taken up again")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="lines")
    seq = models.IntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    said = models.TextField()
    leaf = models.ForeignKey(Leaf, models.PROTECT, related_name="+")

    class Meta:
        db_table = "privacy_breach_line"
        ordering = ("seq",)
        constraints = [models.UniqueConstraint("breach", "seq", name="privacy_breach_line_once")]


@about_nobody("how far the letters about a breach are, in numbers")
class Mailing(models.Model):
    """Letters about a breach: people are told in the order of their numbers, all up to `upto` are.

    `told` and `unreached` count those so far.
    """

    class State(models.TextChoices):
        SENDING = "sending"
        STUCK = "stuck"  # the last attempt failed; the officer takes it up again
        DONE = "done"

    line = models.OneToOneField(Line, models.PROTECT, primary_key=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.SENDING)
    upto = models.BigIntegerField(default=-1)
    told = models.BigIntegerField(default=0)
    unreached = models.BigIntegerField(default=0)

    class Meta:
        db_table = "privacy_breach_mailing"


@append_only()
@subject("account", row="messages")
class Informed(models.Model):
    """Somebody was written to about a breach, once; `mailed` says whether an address took it."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField()
    line = impersonal(models.ForeignKey(Line, models.PROTECT), "which letter, the same for all")
    mailed = personal(models.BooleanField(), "messages.service")
    at = personal(models.DateTimeField(), "messages.service", event="collection")

    class Meta:
        db_table = "privacy_breach_informed"
        constraints = [models.UniqueConstraint("account", "line", name="privacy_informed_once")]
