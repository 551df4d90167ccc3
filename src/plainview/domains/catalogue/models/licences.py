"""What was agreed with those who own a title: where, for which plans, from when to when."""

from __future__ import annotations

from django.db import models

from plainview.domains.catalogue.licensing import Window
from plainview.domains.catalogue.models.titles import Title
from plainview.privacy.declarations import about_nobody


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
