"""What a person has sent to another service, from the code they gave to that service's word."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import impersonal, personal, subject
from plainview.privacy.rights.copies.models import KIND


@subject("subject", row=KIND)
class Sending(models.Model):
    """What travels of a person's, on its way to the service at `host`; one at a time.

    It is offered until they say yes to `service`, which is what the other side calls itself. Then
    `copy` is made, and sent as far as `sent`; `disclosure` is its row in the ledger.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        SENDING = "sending", _("On its way")
        READING = "reading", _("Being read")
        DONE = "done", _("Done")
        REFUSED = "refused", pgettext_lazy("a transfer", "Refused")
        FAILED = "failed", _("Failed")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(unique=True)
    state = personal(
        models.CharField(max_length=8, choices=State.choices, default=State.OFFERED), KIND
    )
    asked_at = personal(models.DateTimeField(default=timezone.now), KIND, event="collection")
    ended_at = personal(models.DateTimeField(null=True), KIND)
    host = personal(models.CharField(max_length=255), KIND)
    service = personal(models.CharField(max_length=200), KIND)
    size = personal(models.PositiveBigIntegerField(default=0), KIND)
    sent = personal(models.PositiveBigIntegerField(default=0), KIND)
    digest = personal(models.CharField(max_length=64, blank=True), KIND)
    trouble = personal(models.CharField(max_length=20, blank=True), KIND)
    invitation = impersonal(models.CharField(max_length=40), "the other service's name for it")
    secret = impersonal(models.TextField(), "a random key, itself encrypted")
    copy = impersonal(models.BigIntegerField(null=True), "which copy is sent")
    disclosure = impersonal(models.BigIntegerField(null=True), "which row of the ledger tells it")

    class Meta:
        db_table = "privacy_sending"
