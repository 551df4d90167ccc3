"""What editors put together: collections of titles, and the rows of the home page made of them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone

from plainview.domains.catalogue.models.titles import PROGRAMME, Named, Title
from plainview.domains.catalogue.texts import Words
from plainview.privacy.declarations import about_nobody


@about_nobody(PROGRAMME)
class Collection(Named):
    """Titles chosen by an editor. `texts`: name, description. With a place it is a row of home."""

    place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="place among the rows of home"
    )
    titles = models.ManyToManyField(Title, through="Entry", related_name="collections")

    class Meta:
        ordering = [models.F("place").asc(nulls_last=True), "slug"]

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.slug])

    @property
    def description(self) -> Words:
        return self._words("description")


@about_nobody(PROGRAMME)
class Entry(models.Model):
    """A title in its place within a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="entries")
    title = models.ForeignKey(Title, models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("collection", "title", name="catalogue_entry_once"),
        ]
