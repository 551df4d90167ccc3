"""A letter as it came, until a while after what it asked for is done."""

from __future__ import annotations

from pathlib import Path

import msgspec
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import impersonal, personal, subject
from plainview.privacy.post.letters import Part
from plainview.privacy.requests.models import Request

RECEIVED = "post.received"


class Quarantine(FileSystemStorage):
    """Where letters lie as they came, attachments and all: apart, for our own user alone."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        return str(Path(settings.MEDIA_ROOT) / "letters")

    @property
    def location(self) -> str:
        return self.base_location


def quarantine() -> Quarantine:
    """The store of letters as they came."""
    return Quarantine()


@subject("subject", row="post", claims=True)
class Letter(models.Model):
    """A mail to the privacy address. What it says of its sender is a claim, `proved` what we know.

    `subject` is the account whose confirmed address it was proved to come from, else a number of
    its own. A letter that waits is for a person to read, `why` says for what reason. `digest`
    knows it again when it is delivered twice. `attachments` is JSON, a list of `letters.Part`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a person")
        REQUEST = "request", _("Belongs to a request")
        ASIDE = "aside", _("Put aside: asks for nothing")
        AUTOMATIC = "automatic", _("Written by a program")

    class Why(models.TextChoices):
        UNCLEAR = "unclear", _("What it asks for isn’t plain")
        UNREAD = "unread", _("It could not be read by a program")
        SENDER = "sender", _("It has no sender, or several")
        FORGED = "forged", _("Your mail server says that the sender is forged")
        STRANGER = "stranger", _("It names a request of somebody else")
        APPEAL = "appeal", _("It appeals, and of what can’t be told")
        MANY = "many", _("Its sender, or all, wrote a great deal at once")
        FAILED = "failed", _("Taking it in failed")
        CHILD = "child", _("It tells of a child")
        MANDATE = "mandate", _("It may be a permission, and nothing proves who sent it")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    key = impersonal(
        models.CharField(max_length=12, unique=True, default=new_key), "a random name for addresses"
    )
    digest = impersonal(
        models.CharField(max_length=64, unique=True), "tells two deliveries apart, by our key"
    )
    state = personal(models.CharField(max_length=9, choices=State.choices), RECEIVED)
    why = personal(models.CharField(max_length=8, choices=Why.choices, blank=True), RECEIVED)
    request = personal(
        models.ForeignKey(Request, models.SET_NULL, null=True, related_name="letters"), RECEIVED
    )
    proved = personal(models.CharField(max_length=8), RECEIVED)
    arrived_at = personal(models.DateTimeField(db_index=True), RECEIVED, use=True)
    closed_at = personal(models.DateTimeField(null=True), RECEIVED, event="case-closed")
    sender = personal(models.CharField(max_length=254, blank=True, db_index=True), RECEIVED)
    name = personal(models.CharField(max_length=200, blank=True), RECEIVED)
    title = personal(models.CharField(max_length=1000, blank=True), RECEIVED)
    text = personal(models.TextField(blank=True), RECEIVED)
    language = personal(models.CharField(max_length=10, blank=True), RECEIVED)
    message_id = personal(models.CharField(max_length=252, blank=True, db_index=True), RECEIVED)
    attachments = personal(models.TextField(blank=True), RECEIVED)
    file = personal(
        models.FileField(storage=quarantine, upload_to="%Y/%m", max_length=100, blank=True),
        RECEIVED,
    )

    class Meta:
        db_table = "privacy_letter"
        indexes = [models.Index(fields=["state", "arrived_at", "id"], name="privacy_letter_state")]

    @property
    def parts(self) -> list[Part]:
        """What hangs on it, by the names that its sender gave."""
        return msgspec.json.decode(self.attachments or "[]", type=list[Part])
