"""What reaches the desk from people, whether they have an account or not."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import impersonal, personal, subject


@subject("subject", row="moderation")
class CopyrightNotice(models.Model):
    """Somebody says that a work of theirs is here without leave (P2.9a).

    `subject` is the account of whoever wrote it, or a number of its own: a claimant needs none.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld: taken down")
        REFUSED = "refused", _("Refused")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    number = impersonal(
        models.CharField(max_length=12, unique=True, default=new_key), "a random receipt number"
    )
    name = personal(models.CharField(max_length=200), "moderation.reports")
    email = personal(models.EmailField(max_length=254), "moderation.reports")
    address = personal(models.CharField(max_length=500, blank=True), "moderation.reports")
    work = personal(models.TextField(max_length=2000), "moderation.reports")
    where = personal(models.TextField(max_length=2000), "moderation.reports")
    state = personal(
        models.CharField(max_length=8, choices=State.choices, default=State.OPEN),
        "moderation.reports",
    )
    reason = personal(models.CharField(max_length=1000, blank=True), "moderation.reports")
    sent_at = personal(models.DateTimeField(auto_now_add=True), "moderation.reports")
    settled_at = personal(
        models.DateTimeField(null=True, blank=True), "moderation.reports", event="case-closed"
    )

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"copyright notice {self.number}"
