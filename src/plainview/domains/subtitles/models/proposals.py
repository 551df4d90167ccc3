"""Segments that a machine proposes; people take them, change them, or leave them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles.models.studio import Segment
from plainview.privacy.declarations import about_nobody


@about_nobody("where a machine heard somebody speak in a film, and whether people took it up")
class Proposal(models.Model):
    """A stretch of a video that might be a segment, in ms.

    Settled once people took it up (`segment` is what they made of it) or turned it down; it is not
    proposed again.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="proposals")
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    settled = models.BooleanField(default=False)
    segment = models.OneToOneField(Segment, models.SET_NULL, null=True, related_name="proposal")

    class Meta:
        ordering = ["start_ms", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "start_ms", "end_ms"], name="subtitles_proposal_once"
            ),
            models.CheckConstraint(
                condition=Q(end_ms__gt=F("start_ms")), name="subtitles_proposal_ends_later"
            ),
        ]
