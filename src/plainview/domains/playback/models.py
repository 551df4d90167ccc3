"""The tables of playback."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.domains.catalogue.models import Title, Video
from plainview.platform.addresses import address
from plainview.platform.identifiers import new_id, new_key
from plainview.platform.media.ladder import poster_size
from plainview.privacy.declarations import Travels, about_nobody, personal, subject


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
        """The address of a file that lasts: it leads to the one that is signed (services)."""
        return address("stream", self.key, name)

    @property
    def stream_url(self) -> str:
        return self.url("master.m3u8")

    @property
    def poster_url(self) -> str:
        """The poster is everybody's, as the title's page is."""
        return self.url("poster.jpg")

    @property
    def poster_size(self) -> tuple[int, int]:
        return poster_size(self.width, self.height)


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
    draft = models.BooleanField(default=False, help_text="its title is not published")
    place = models.JSONField(default=list, help_text="of an episode: series, season and number")
    whole = models.BooleanField(default=False, help_text="it can't be encoded in parts")
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


@about_nobody("how the work on a film goes")
class Part(models.Model):
    """A stretch of a film that is encoded by itself, by whichever worker; or all its sound."""

    ingest = models.ForeignKey(Ingest, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    first_frame = models.PositiveIntegerField(null=True)
    end_frame = models.PositiveIntegerField(null=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ingest", "number"], name="playback_part_once")
        ]

    @property
    def folder(self) -> Path:
        """Where its finished files wait to be joined."""
        return self.ingest.staging / f"part-{self.number}"

    @property
    def has_sound(self) -> bool:
        """Whether it is the film's sound, which is encoded whole."""
        return self.first_frame is None


@about_nobody("what a film is made of")
class Chapter(models.Model):
    """A named stretch of a video, which lasts until the next one begins."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="chapters")
    start_ms = models.PositiveIntegerField()
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["start_ms"]
        constraints = [
            models.UniqueConstraint(fields=["video", "start_ms"], name="playback_chapter_once")
        ]

    def __str__(self) -> str:
        return self.title


@about_nobody("what a film is made of")
class Mark(models.Model):
    """A stretch of a video that a player offers to skip, or to go on from."""

    class Kind(models.TextChoices):
        RECAP = "recap"
        INTRO = "intro"
        CREDITS = "credits"
        PREVIEW = "preview"

    video = models.ForeignKey(Video, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()

    class Meta:
        ordering = ["start_ms"]
        constraints = [
            models.UniqueConstraint(fields=["video", "kind"], name="playback_mark_once"),
            models.CheckConstraint(
                condition=models.Q(end_ms__gt=models.F("start_ms")), name="playback_mark_lasts"
            ),
        ]


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


@about_nobody("a file that comes in by pieces; who sends it is a row of Sender")
class Arrival(models.Model):
    """A film on its way from a browser (tus 1.0). What has come is the length of its file."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    source_name = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="bytes, when it is whole")
    modified = models.BigIntegerField(default=0, help_text="of the file, as its sender said, in ms")
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-expires_at"]

    def __str__(self) -> str:
        return f"arrival {self.key}"

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "arriving" / self.key

    @property
    def offset(self) -> int:
        """How many bytes are there; 0 before the first."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0


@subject("account")
class Sender(models.Model):
    """Who is sending a film, so that they find it again; of those who permit it, as `Upload` is."""

    arrival = personal(
        models.OneToOneField(Arrival, models.CASCADE, related_name="sender"),
        "contributions.uploads",
    )
    account = personal(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"),
        "contributions.uploads",
    )


@subject("subject", row="viewing", travels=Travels("history", ("sitting", "video")))
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


@subject("subject", row="viewing", travels=Travels("history", ("video",)))
class Progress(models.Model):
    """Where somebody stopped in a video, in whole seconds; a finished one begins again.

    `caption_offset` is how many milliseconds later they want its subtitles.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    video = personal(models.ForeignKey(Video, models.CASCADE, related_name="+"), "viewing.progress")
    position = personal(models.PositiveIntegerField(), "viewing.progress")
    finished = personal(models.BooleanField(default=False), "viewing.progress")
    caption_offset = personal(models.IntegerField(default=0), "viewing.progress")
    stopped_at = personal(models.DateTimeField(), "viewing.progress", event="last-use")

    class Meta:
        ordering = ["-stopped_at"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "video"], name="playback_progress_once")
        ]


LOOKS: dict[str, tuple[str, ...]] = {
    "size": ("normal", "small", "large", "huge"),
    "font": ("sans", "serif", "mono", "mono-serif", "casual", "cursive", "capitals"),
    "colour": ("white", "yellow", "green", "cyan", "blue", "magenta", "red", "black"),
    "opacity": ("100", "75", "50", "25"),
    "background": ("shade", "solid", "none"),
    "ground": ("black", "white", "red", "green", "blue", "yellow", "magenta", "cyan"),
    "window": ("none", "shade", "solid"),
    "edge": ("auto", "none", "shadow", "outline", "raised", "sunk"),
    "place": ("foot", "raised", "head"),
}
"""The parts of how subtitles look, as 47 CFR 79.103 names them; each first as it is unchosen."""


@subject("account", row="interface", travels=Travels("interface"))
class PlayerSettings(models.Model):
    """How a member likes the player, kept because they chose it.

    `look` holds parts of `LOOKS`; `play_next` and `data_saver` are None until they say.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    caption_language = personal(models.CharField(max_length=35, blank=True), "interface.player")
    second_language = personal(models.CharField(max_length=35, blank=True), "interface.player")
    look = personal(models.JSONField(default=dict), "interface.player", keys=tuple(LOOKS))
    play_next = personal(models.BooleanField(null=True), "interface.player")
    data_saver = personal(models.BooleanField(null=True), "interface.player")


class Platform(models.TextChoices):
    """On what a film is watched: four words, and nothing finer (P2.8a)."""

    WEB = "web", _("Browser")
    PHONE = "phone", _("Phone")
    TV = "tv", _("Television")
    EMBED = "embed", _("Another site")


@subject("subject", row="device")
class PlatformUse(models.Model):
    """That somebody watched on a platform in a month: one row, however much they watched."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    platform = personal(models.CharField(max_length=5, choices=Platform.choices), "device.family")
    month = personal(models.DateField(), "device.family", event="last-use")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "platform", "month"], name="playback_platform_once"
            )
        ]


@subject("subject", row="device")
class PlaybackFault(models.Model):
    """That a film stood still for somebody on a day: how, on which platform, how often.

    Not which film, nor from where: it names what to mend, not what was watched (P2.6a).
    """

    class Kind(models.TextChoices):
        NETWORK = "network", _("The network failed")
        STALLED = "stalled", _("It stood still")
        MISSING = "missing", _("A file was missing")
        MEDIA = "media", _("The film could not be read")
        UNSUPPORTED = "unsupported", _("The browser can’t play it")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    platform = personal(models.CharField(max_length=5, choices=Platform.choices), "device.family")
    kind = personal(models.CharField(max_length=11, choices=Kind.choices), "device.family")
    times = personal(models.PositiveIntegerField(default=0), "device.family")
    day = personal(models.DateField(), "device.family", event="last-use")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "platform", "kind", "day"], name="playback_fault_once"
            )
        ]
