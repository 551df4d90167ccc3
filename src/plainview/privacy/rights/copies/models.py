"""A copy that somebody asked for, until it is replaced, deleted or its time is up."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import impersonal, personal, subject

KEY_LENGTH = 24
KIND = "requests.copy"
FOLDER = "copies"


def new_copy_key() -> str:
    """The name of a copy in its address (119 bits)."""
    return new_key(KEY_LENGTH)


class Store(FileSystemStorage):
    """The folder of sealed copies, which no address leads to."""

    @property
    def base_location(self) -> Path:
        return Path(settings.DATA)

    @property
    def location(self) -> str:
        return str(settings.DATA)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return ("plainview.privacy.rights.copies.models.Store", [], {})


@subject("subject", row=KIND)
class Copy(models.Model):
    """A copy of what is held of a person, as far as it is made. Its file is sealed under `seal`.

    One that `travels` has only what other services take, and is made to be sent to one.

    `at` is where in the file the last stretch ends that was done, and the account of it begins;
    what stands behind that account is nothing. The times of the policy count from `asked_at`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    travels = impersonal(models.BooleanField(default=False), "which of two kinds of copies it is")
    key = personal(models.CharField(max_length=KEY_LENGTH, unique=True, default=new_copy_key), KIND)
    language = personal(models.CharField(max_length=35), KIND)
    state = personal(
        models.CharField(max_length=6, choices=State.choices, default=State.ASKED), KIND
    )
    asked_at = personal(models.DateTimeField(default=timezone.now), KIND, event="collection")
    ready_at = personal(models.DateTimeField(null=True), KIND)
    rows = personal(models.PositiveBigIntegerField(default=0), KIND)
    rows_done = personal(models.PositiveBigIntegerField(default=0), KIND)
    size = personal(models.PositiveBigIntegerField(default=0), KIND)
    seal = impersonal(models.TextField(), "a random key, itself encrypted; the copy holds the rest")
    at = impersonal(models.PositiveBigIntegerField(default=0), "a place in a sealed file")
    file = impersonal(
        models.FileField(storage=Store(), max_length=60), "its name is random; it goes with the row"
    )

    class Meta:
        db_table = "privacy_copy"
        constraints = [
            models.UniqueConstraint(fields=["subject", "travels"], name="privacy_copy_one_of_each")
        ]
