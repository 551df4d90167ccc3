"""What was changed in the catalogue. Who did it stands in the log of the desk's acts, not here."""

from __future__ import annotations

from django.db import models

from plainview.domains.catalogue.models.titles import Title
from plainview.privacy.declarations import about_nobody


@about_nobody("what a title was before and after a change; who made it is in the log of acts")
class Revision(models.Model):
    """One change of a title: its document before (null if it was new) and after."""

    class Act(models.TextChoices):
        EDIT = "edit"
        BULK = "bulk"
        IMPORT = "import"
        UNDO = "undo"

    title = models.ForeignKey(Title, models.CASCADE, related_name="revisions")
    act = models.CharField(max_length=6, choices=Act.choices, default=Act.EDIT)
    before = models.JSONField(null=True)
    after = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    @property
    def changed(self) -> list[str]:
        """The fields that it changed."""
        before = self.before or {}
        return [name for name, value in self.after.items() if before.get(name) != value]
