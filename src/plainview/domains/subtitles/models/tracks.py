"""The tables of subtitles."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from plainview.domains.catalogue.models import Video
from plainview.privacy.declarations import about_nobody

LINES = "lines of a film; who brought them is not kept here"


@about_nobody(LINES)
class Track(models.Model):
    """The subtitles of one video in one language."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="tracks")
    language = models.CharField(max_length=35, help_text="BCP 47 tag")
    label = models.CharField(max_length=80, help_text="the language's own name, as players list it")
    source_name = models.CharField(max_length=255, blank=True)
    notes = models.JSONField(default=list, help_text="what the import had to guess or mend")

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint("video", "language", name="subtitles_track_language")
        ]

    def __str__(self) -> str:
        return f"{self.language} of {self.video_id}"

    @property
    def url(self) -> str:
        return reverse("subtitles", args=[self.video.key, self.language])


@about_nobody(LINES)
class Cue(models.Model):
    """One subtitle: when it stands on the screen, in milliseconds, and what it says."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="cues")
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    text = models.TextField(help_text="WebVTT cue text")
    settings = models.CharField(max_length=200, blank=True, help_text="WebVTT cue settings")

    class Meta:
        ordering = ["start_ms", "end_ms", "id"]
        indexes = [models.Index(fields=["track", "start_ms"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_ms__gt=models.F("start_ms")), name="subtitles_cue_ends_later"
            )
        ]


@about_nobody(LINES)
class Withheld(models.Model):
    """Subtitles that were taken off a film for a copyright notice, as they are put back (P2.9a).

    `lines` has each line as `[start_ms, end_ms, text, settings]`. While the row is there, its film
    gets no track of that language.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="withheld")
    language = models.CharField(max_length=35, help_text="BCP 47 tag")
    source_name = models.CharField(max_length=255, blank=True)
    lines = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint("video", "language", name="subtitles_withheld_language")
        ]
