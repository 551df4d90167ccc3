"""Who wants to be told when a title can be watched."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from plainview.domains.catalogue.models.titles import Title
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import personal, subject


@subject("account", row="messages")
class Reminder(models.Model):
    """A member's wish to be written to once, when a title opens; gone when that was done."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    title = personal(models.ForeignKey(Title, models.CASCADE, related_name="+"), "messages.service")
    opens_at = personal(models.DateTimeField(null=True), "messages.service")
    language = personal(
        models.CharField(max_length=35, blank=True, help_text="of the page where it was asked for"),
        "messages.service",
    )
    asked_at = personal(
        models.DateTimeField(auto_now_add=True), "messages.service", event="collection"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "title"], name="catalogue_reminder_once")
        ]
