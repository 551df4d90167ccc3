"""The tables of versions: what they say, who released them, and which is in force."""

from __future__ import annotations

from django.db import models

from plainview.privacy.declarations import about_nobody, impersonal, personal, subject


@about_nobody("what the service promised everybody; who released it stands elsewhere")
class Version(models.Model):
    """A version of the policy, whole: from a draft to what was in force, and is never changed.

    `name` is its address, `policy` the fingerprint of what it says. `content` is its archive
    (`archive.py`), packed; `digest` is the SHA-256 of the archive in hex, as the log has it. It
    takes effect not before `effective`.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        RELEASED = "released"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    class Origin(models.TextChoices):
        FIRST = "first", "the service began with it"
        SHELL = "shell", "whoever runs the service put it into force"
        DESK = "desk", "two people released it at the desk"

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    policy = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()
    effective = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    restores = models.ForeignKey("self", models.PROTECT, null=True)
    proposed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "privacy_version"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"version {self.name}"


@subject("staff", row="access")
class Release(models.Model):
    """That somebody of the staff released a version, once."""

    id = models.BigAutoField(primary_key=True)
    version = impersonal(models.ForeignKey(Version, models.PROTECT), "which version it was")
    staff = models.BigIntegerField(db_index=True)
    at = personal(models.DateTimeField(), "access.looks", event="collection")

    class Meta:
        db_table = "privacy_release"
        constraints = [models.UniqueConstraint("version", "staff", name="privacy_release_once")]


@about_nobody("which version is in force: the same for everybody")
class Force(models.Model):
    """The one row that says which version is in force, and that another is about to be.

    Whoever writes by a version holds the row, shared, until their transaction ends; a publication
    holds it alone. `switching` tells every process to look at each request (`following.py`).
    """

    id = models.IntegerField(primary_key=True, default=1)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    coming = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    switching = models.BooleanField(default=False)

    class Meta:
        db_table = "privacy_force"

    def __str__(self) -> str:
        return f"in force: {self.version_id}"
