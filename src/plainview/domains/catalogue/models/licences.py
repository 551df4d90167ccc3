"""What was agreed with those who own a title: where, for which plans, from when to when.

And who wants to be told when it can be watched.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from plainview.domains.catalogue.licensing import Window
from plainview.domains.catalogue.models.titles import Title
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import about_nobody, personal, subject


@about_nobody("what was agreed with a company about a title")
class Licence(models.Model):
    """One window of a title. Empty `territories` are all but the excluded, empty `tiers` all plans.

    `zone` is the time zone in which the contract, and so its editor, says both ends.
    """

    title = models.ForeignKey(Title, models.CASCADE, related_name="licences")
    territories = models.JSONField(default=list, blank=True, help_text="ISO 3166 codes")
    excluded = models.JSONField(default=list, blank=True, help_text="ISO 3166 codes")
    tiers = models.JSONField(default=list, blank=True, help_text="ids of plans")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=40, default="UTC", help_text="IANA time zone")

    class Meta:
        ordering = ["opens_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="catalogue_licence_opens_before_it_closes",
            )
        ]

    @property
    def window(self) -> Window:
        return Window(
            frozenset(self.territories),
            frozenset(self.excluded),
            frozenset(self.tiers),
            self.opens_at,
            self.closes_at,
        )


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
