"""Where subtitles are made: segments timed once, and lines per language with their history.

What somebody wrote is a row of theirs (`Revision`), and stands nowhere else: the line itself only
counts versions. So a copy of a person's data holds each version they wrote, and a version that is
deleted is gone; the line then says what the version before it said.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from plainview.domains.catalogue.models import Video
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import about_nobody, personal, subject

WORK = "how far the work on a film is; who did it is a row of Revision, Retiming and Passage"
SUBTITLES, SEGMENTS = "contributions.subtitles", "contributions.segments"


class State(models.TextChoices):
    """How far the lines of one language are."""

    DRAFT = "draft"
    REVIEW = "review"
    RELEASED = "released"
    LOCKED = "locked"


PASSAGES: frozenset[tuple[str, str]] = frozenset(
    {
        (State.DRAFT, State.REVIEW),
        (State.REVIEW, State.DRAFT),
        (State.REVIEW, State.RELEASED),
        (State.RELEASED, State.REVIEW),
        (State.RELEASED, State.LOCKED),
        (State.LOCKED, State.RELEASED),
    }
)
"""Every way from one state to another; the database knows no other either."""


def contributor(related_name: str = "+") -> Any:
    """The column of whoever did it; empty once they left, or where nobody in person did it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name=related_name
    )


@about_nobody(WORK)
class Segment(models.Model):
    """A stretch of a video in which something is said: timed once, for every language, in ms.

    One that was merged away stays with its lines' history, and `removed_at` says since when.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="segments")
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["start_ms", "end_ms", "id"]
        indexes = [models.Index(fields=["video", "start_ms"], name="subtitles_segment_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_ms__gt=F("start_ms")), name="subtitles_segment_ends_later"
            )
        ]


@subject("account", row="contributions", public=Q(version__gt=0))
class Retiming(models.Model):
    """One version of a segment's times, and who set them. Append-only."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    segment = personal(models.ForeignKey(Segment, models.CASCADE, related_name="history"), SEGMENTS)
    version = personal(models.PositiveIntegerField(), SEGMENTS)
    account = contributor()
    act = personal(models.CharField(max_length=10), SEGMENTS)
    start_ms = personal(models.PositiveIntegerField(), SEGMENTS)
    end_ms = personal(models.PositiveIntegerField(), SEGMENTS)
    made_at = personal(models.DateTimeField(auto_now_add=True), SEGMENTS)

    class Meta:
        ordering = ["segment_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["segment", "version"], name="subtitles_retiming_once")
        ]


@about_nobody(WORK)
class Edition(models.Model):
    """The lines of one video in one language, from draft to locked.

    `filled` counts the segments that have a line, kept as lines are saved; `limits` names the
    profile and its version that the checks go by.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="editions")
    language = models.CharField(max_length=35, help_text="BCP 47 tag")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    filled = models.PositiveIntegerField(default=0)
    limits = models.CharField(max_length=60, help_text="name and version, as house@1")
    changes = models.PositiveIntegerField(default=0, help_text="counts what was changed in it")

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "language"], name="subtitles_edition_language"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="subtitles_edition_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} of {self.video_id}"


@subject("account", row="contributions", public=Q(format__gt=""))
class Sheet(models.Model):
    """What stood around the lines in the file they came from, for a file of that format again.

    Comments and credits there name people and their machines, so it is of whoever brought it
    (P1.1.5a): how lines look stays without them, and the rest goes (`services.withdrawing`).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    edition = personal(
        models.OneToOneField(Edition, models.CASCADE, related_name="sheet"), SUBTITLES
    )
    account = contributor()
    format = personal(models.CharField(max_length=10), SUBTITLES)
    head = personal(models.TextField(), SUBTITLES)


@about_nobody(WORK)
class Line(models.Model):
    """What is said in a segment in a language: the count of its versions, which only grows."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="lines")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="lines")
    version = models.PositiveIntegerField(default=0)
    change = models.PositiveIntegerField(default=0, help_text="Edition.changes at its last version")

    class Meta:
        indexes = [models.Index(fields=["edition", "change"], name="subtitles_line_change")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "segment"], name="subtitles_line_once")
        ]


@subject("account", row="contributions", public=Q(version__gt=0))
class Revision(models.Model):
    """One version of a line: what it said, who wrote it and why. Append-only (P1.1.5a).

    `settings` are WebVTT cue settings; `original` is what a file that was brought in had in its
    place (`formats.Cue.original`).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    line = personal(models.ForeignKey(Line, models.CASCADE, related_name="history"), SUBTITLES)
    version = personal(models.PositiveIntegerField(), SUBTITLES)
    account = contributor()
    text = personal(models.TextField(blank=True, help_text="WebVTT cue text"), SUBTITLES)
    settings = personal(models.CharField(max_length=200, blank=True), SUBTITLES)
    original = personal(models.TextField(blank=True), SUBTITLES)
    reason = personal(models.CharField(max_length=200, blank=True), SUBTITLES)
    made_at = personal(models.DateTimeField(auto_now_add=True), SUBTITLES)

    class Meta:
        ordering = ["line_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["line", "version"], name="subtitles_revision_once")
        ]


@subject("account", row="contributions", public=Q(number__gt=0))
class Passage(models.Model):
    """How an edition came from one state to another, by whom and why."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    edition = personal(
        models.ForeignKey(Edition, models.CASCADE, related_name="passages"), SUBTITLES
    )
    number = personal(models.PositiveIntegerField(), SUBTITLES)
    account = contributor()
    before = personal(models.CharField(max_length=8), SUBTITLES)
    after = personal(models.CharField(max_length=8), SUBTITLES)
    reason = personal(models.CharField(max_length=200, blank=True), SUBTITLES)
    made_at = personal(models.DateTimeField(auto_now_add=True), SUBTITLES)

    class Meta:
        ordering = ["edition_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="subtitles_passage_once"),
            models.CheckConstraint(
                condition=Q(
                    *(Q(before=before, after=after) for before, after in sorted(PASSAGES)),
                    _connector=Q.OR,
                ),
                name="subtitles_passage_allowed",
            ),
        ]


@subject("account", row="contributions", public=Q(until_ms__gt=0))
class Claim(models.Model):
    """A stretch of an edition that somebody is working on, until it expires by itself."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    edition = personal(models.ForeignKey(Edition, models.CASCADE, related_name="claims"), SUBTITLES)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    from_ms = personal(models.PositiveIntegerField(), SUBTITLES)
    until_ms = personal(models.PositiveIntegerField(), SUBTITLES)
    expires_at = personal(models.DateTimeField(), SUBTITLES)

    class Meta:
        indexes = [models.Index(fields=["edition", "expires_at"], name="subtitles_claim_open")]


@subject("account", row="contributions", public=Q(seen_at__isnull=False))
class Presence(models.Model):
    """Where in an edition somebody is now; gone half a minute after they were last heard of."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    edition = personal(
        models.ForeignKey(Edition, models.CASCADE, related_name="present"), SUBTITLES
    )
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    segment = personal(models.BigIntegerField(default=0), SUBTITLES)
    seen_at = personal(models.DateTimeField(), SUBTITLES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "account"], name="subtitles_present_once")
        ]
        indexes = [models.Index(fields=["seen_at"], name="subtitles_presence_seen")]


@subject("account", row="contributions", public=Q(number__gt=0))
class Note(models.Model):
    """A question or remark on a segment in a language, until it is settled."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    line = personal(models.ForeignKey(Line, models.CASCADE, related_name="notes"), SUBTITLES)
    number = personal(models.PositiveIntegerField(), SUBTITLES)
    account = contributor()
    text = personal(models.CharField(max_length=1000), SUBTITLES)
    settled = personal(models.BooleanField(default=False), SUBTITLES)
    made_at = personal(models.DateTimeField(auto_now_add=True), SUBTITLES)

    class Meta:
        ordering = ["line_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="subtitles_note_once")
        ]


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
