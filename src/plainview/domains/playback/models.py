"""The tables of playback."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse

from plainview.domains.catalogue.models import Title, Video
from plainview.platform.identifiers import new_id, new_key
from plainview.platform.media.outlining import DESCRIPTION
from plainview.privacy.declarations import about_nobody, personal, subject


@about_nobody("the files of a film")
class Package(models.Model):
    """A video made ready to stream: an HLS ladder, poster and thumbnails in a folder of its own."""

    video = models.OneToOneField(Video, models.CASCADE, related_name="package")
    key = models.CharField(max_length=12, unique=True)
    duration_ms = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    contents = models.JSONField(help_text="platform.media.Package, as JSON")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "packages" / self.key

    def url(self, name: str) -> str:
        return reverse("stream", args=[self.key, name])

    @property
    def stream_url(self) -> str:
        return self.url("master.m3u8")

    @property
    def poster_url(self) -> str:
        return self.url("poster.jpg")

    @property
    def thumbnails_url(self) -> str:
        return self.url("thumbnails.vtt")

    @property
    def outline_url(self) -> str:
        return self.url(DESCRIPTION)


@about_nobody("how the work on a film goes; who put it on is a row of Upload")
class Ingest(models.Model):
    """One file on its way to becoming a package, and how that went; kept as the record of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        READY = "ready"
        FAILED = "failed"

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    source_name = models.CharField(max_length=255)
    name = models.CharField(max_length=200, help_text="name of the title to be")
    language = models.CharField(max_length=35, default="und", help_text="spoken language")
    title = models.ForeignKey(Title, models.SET_NULL, null=True, related_name="+")
    video = models.ForeignKey(Video, models.SET_NULL, null=True, related_name="ingests")
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True, help_text="what happened and what it means")
    remedy = models.TextField(blank=True, help_text="what to do")
    notes = models.JSONField(default=list, help_text="what the uploader should know, in words")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"ingest {self.key} ({self.state})"

    @property
    def incoming(self) -> Path:
        """The folder that holds the source until the ingest has ended."""
        return Path(settings.MEDIA_ROOT) / "incoming" / self.key

    @property
    def staging(self) -> Path:
        """The folder that an attempt writes to; wiped at the start of each."""
        return Path(settings.MEDIA_ROOT) / "staging" / self.key

    @property
    def target(self) -> Path:
        """Where the finished package stands; it takes the ingest's key, so a retry finds it."""
        return Path(settings.MEDIA_ROOT) / "packages" / self.key


@subject("account")
class Upload(models.Model):
    """Who put a film on. Apart from its ingest, whose progress everyone sees on the home page."""

    ingest = personal(
        models.OneToOneField(Ingest, models.CASCADE, related_name="upload"),
        "contributions.uploads",
    )
    account = personal(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"),
        "contributions.uploads",
    )

    def __str__(self) -> str:
        return f"upload of ingest {self.ingest_id}"


@subject("subject", row="viewing")
class Viewing(models.Model):
    """One sitting with one video; its subject is an account, or a device that may be recognised.

    `sitting` is drawn by the page and names nobody; `told` counts the signals of the sitting, so
    that one which arrives late or twice changes nothing (P1.2.2b).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    sitting = personal(models.CharField(max_length=32), "viewing.history")
    video = personal(models.ForeignKey(Video, models.CASCADE, related_name="+"), "viewing.history")
    began_at = personal(models.DateTimeField(), "viewing.history")
    watched_at = personal(models.DateTimeField(), "viewing.history", event="last-use")
    seconds = personal(models.PositiveIntegerField(default=0), "viewing.history")
    told = personal(models.PositiveIntegerField(default=0), "viewing.history")

    class Meta:
        ordering = ["-watched_at"]
        indexes = [models.Index(fields=["subject", "-watched_at"], name="playback_viewing_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "sitting", "video"], name="playback_viewing_once"
            )
        ]

    def __str__(self) -> str:
        return "a viewing"


@subject("subject", row="viewing")
class Progress(models.Model):
    """Where somebody stopped in a video, in whole seconds; a finished one begins again."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    video = personal(models.ForeignKey(Video, models.CASCADE, related_name="+"), "viewing.progress")
    position = personal(models.PositiveIntegerField(), "viewing.progress")
    finished = personal(models.BooleanField(default=False), "viewing.progress")
    stopped_at = personal(models.DateTimeField(), "viewing.progress", event="last-use")

    class Meta:
        ordering = ["-stopped_at"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "video"], name="playback_progress_once")
        ]

    def __str__(self) -> str:
        return "where somebody stopped"


@subject("account", row="interface")
class PlayerSettings(models.Model):
    """How a member likes the player: subtitles' language and look, kept because they chose them."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    caption_language = personal(models.CharField(max_length=35, blank=True), "interface.player")
    caption_size = personal(models.CharField(max_length=10, blank=True), "interface.player")
    caption_ground = personal(models.CharField(max_length=10, blank=True), "interface.player")

    def __str__(self) -> str:
        return f"player of account {self.pk}"
