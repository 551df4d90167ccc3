"""The report of an erasure: it outlives the person and says nothing of who they were."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import impersonal, personal, subject

KEY_LENGTH = 24


def new_report_key() -> str:
    """The public key of a report, which only the person is handed (119 bits)."""
    return new_key(KEY_LENGTH)


@subject(
    row="requests",
    unlinked="whose it is stands sealed in the row until it is carried out, and nowhere after",
)
class Erasure(models.Model):
    """Somebody asked to leave: what was promised, how far it is, and what became of it.

    `sealed` holds, encrypted, whom to erase and what to look for afterwards; it is emptied when all
    is done. `report` is a `services.Report` as JSON, without identifiers.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Not at its end yet")
        DONE = "done", _("Complete")
        INCOMPLETE = "incomplete", _("Not complete")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key = impersonal(
        models.CharField(max_length=KEY_LENGTH, unique=True, default=new_report_key),
        "opens the report, and leads to nobody",
    )
    state = personal(
        models.CharField(max_length=10, choices=State.choices, default=State.ASKED),
        "requests.rights",
    )
    asked_at = personal(models.DateTimeField(), "requests.rights")
    ended_at = personal(models.DateTimeField(null=True), "requests.rights", event="case-closed")
    sealed = personal(models.TextField(blank=True), "requests.rights")
    report = personal(models.TextField(), "requests.rights")

    class Meta:
        db_table = "privacy_erasure"


@subject("subject", "owner", row="requests")
class LegalHold(models.Model):
    """What is held of a person must stay, for a claim or by an order, until a day.

    `owner` answers for it, `reason` says why. `categories` are ids parted by spaces, empty for all.
    While it stands an erasure keeps these rows and says so; `erasure` is the one that met it, which
    goes on once the hold is released or its day has come.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    owner = models.BigIntegerField(null=True)
    reason = personal(models.TextField(), "requests.rights", of="subject")
    categories = personal(models.TextField(blank=True), "requests.rights", of="subject")
    since = personal(models.DateTimeField(), "requests.rights", of="subject")
    until = personal(models.DateField(), "requests.rights", of="subject")
    ended_at = personal(
        models.DateTimeField(null=True), "requests.rights", of="subject", event="case-closed"
    )
    erasure = impersonal(
        models.BigIntegerField(null=True), "the report that goes on afterwards, of nobody"
    )

    class Meta:
        db_table = "privacy_legal_hold"


@subject("subject", row="requests")
class Preserved(models.Model):
    """A row as it stood when it was deleted while a legal hold covers it; it goes with the hold.

    `row` has its values by `table.column`, as text but for numbers, without what lets somebody in.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    table = impersonal(models.CharField(max_length=63), "the name of a table")
    row = personal(models.JSONField(), "requests.rights")
    went_at = personal(models.DateTimeField(), "requests.rights")

    class Meta:
        db_table = "privacy_preserved"


@subject(
    row="requests",
    unlinked="it names rows that stayed, in which nothing leads to anybody who is still here",
)
class Kept(models.Model):
    """What an erasure left standing, and what becomes of it on the day that its report names.

    On that day the columns in `cut` get the values given there, or, if it is empty, the rows go.
    """

    mark = impersonal(
        models.CharField(max_length=64, primary_key=True), "a hash of the rest: kept once"
    )
    table = personal(models.CharField(max_length=63), "requests.rights")
    keys = personal(models.JSONField(), "requests.rights")
    cut = personal(models.JSONField(default=dict), "requests.rights")
    until = personal(models.DateField(db_index=True), "requests.rights")
    because = personal(models.CharField(max_length=60), "requests.rights")

    class Meta:
        db_table = "privacy_kept"
