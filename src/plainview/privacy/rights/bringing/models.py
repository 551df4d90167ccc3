"""What somebody brings from another service, from the invitation to what became of it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import impersonal, personal, subject
from plainview.privacy.rights.copies.models import KEY_LENGTH, KIND, Store, new_copy_key


@subject("subject", row=KIND)
class Bringing(models.Model):
    """A copy that a person brings, one at a time. Its file is sealed under `seal` while it is read.

    First all of it is looked through (`checked`), then it is written; `table` and `line` say after
    which line of which table the work goes on. `found` is what became of each table, as JSON;
    `signed` whether a signature came along, which then held for all that is read. By an invitation
    it comes from another service: `secret` is what both know, `until` when it ends.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Waited for")
        ARRIVING = "arriving", _("Arriving")
        READING = "reading", _("Being read")
        DONE = "done", _("Done")
        REFUSED = "refused", pgettext_lazy("a transfer", "Refused")
        FAILED = "failed", _("Failed")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(unique=True)
    key = personal(models.CharField(max_length=KEY_LENGTH, unique=True, default=new_copy_key), KIND)
    state = personal(models.CharField(max_length=8, choices=State.choices), KIND)
    came_at = personal(models.DateTimeField(default=timezone.now), KIND, event="collection")
    ended_at = personal(models.DateTimeField(null=True), KIND)
    until = personal(models.DateTimeField(null=True), KIND)
    service = personal(models.CharField(max_length=200, blank=True), KIND)
    size = personal(models.PositiveBigIntegerField(default=0), KIND)
    came = personal(models.PositiveBigIntegerField(default=0), KIND)
    digest = personal(models.CharField(max_length=64, blank=True), KIND)
    rows = personal(models.PositiveBigIntegerField(default=0), KIND)
    rows_done = personal(models.PositiveBigIntegerField(default=0), KIND)
    signed = personal(models.BooleanField(null=True), KIND)
    problem = personal(models.CharField(max_length=12, blank=True), KIND)
    found = personal(models.TextField(default="[]"), KIND)
    checked = impersonal(models.BooleanField(default=False), "which of two passes the work is in")
    table = impersonal(models.PositiveIntegerField(default=0), "a place in a sealed file")
    line = impersonal(models.PositiveBigIntegerField(default=0), "a place in a sealed file")
    seal = impersonal(models.TextField(blank=True), "a random key, itself encrypted")
    secret = impersonal(models.TextField(blank=True), "a random key, itself encrypted")
    file = impersonal(
        models.FileField(storage=Store(), max_length=60, blank=True),
        "its name is random; it goes with the row",
    )

    class Meta:
        db_table = "privacy_bringing"
