"""A change of the policy as it was published, and whom it reached by which way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import about_nobody, append_only, impersonal, personal, subject


@about_nobody("what the policy says to everybody, and numbers of people")
class Change(models.Model):
    """One publication: from which policy to which, what differs, and how far the telling is.

    `differences` is a JSON array in the engine's form, `words` a JSON object of arrays beside it:
    what each language says of them, as it was said on the day. People are told in the order of
    their numbers; all up to `upto` have been. `people` is how many there were to tell, `asked` how
    many accounts were touched, so that something waits for their answer, and `asked_devices` how
    many devices.
    """

    class State(models.TextChoices):
        SENDING = "sending"
        PAUSED = "paused"
        STUCK = "stuck"  # the last attempt failed; the officer takes it up again
        DONE = "done"

    version = models.CharField(max_length=40)
    before = models.CharField(max_length=64)
    policy = models.CharField(max_length=64, db_index=True)
    differences = models.TextField()
    words = models.TextField()
    published_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices)
    upto = models.BigIntegerField(default=-1)
    people = models.BigIntegerField(default=0)
    asked = models.BigIntegerField(default=0)
    asked_devices = models.BigIntegerField(default=0)

    class Meta:
        db_table = "privacy_change"
        ordering = ("pk",)


@append_only(once=("seen_at", "returned_at", "unsure_at"))
@subject("account", row="consent")
class Told(models.Model):
    """Somebody was told of a change, once: by a letter, by their browsers, or at a visit.

    Whoever nothing reaches is told at the next visit, as is one whose letter came back
    (`returned_at`), and one of whom nobody is sure that it reached them (`unsure_at`): nothing is
    sent to them again. `seen_at` is when they put the note away or answered. From the telling on it
    is proof, kept as the policy says (`telling.PROVED`).
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("By mail")
        PUSH = "push", _("By a message to the device")
        VISIT = "visit", _("On a page")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField()
    change = impersonal(
        models.ForeignKey(Change, models.PROTECT), "which publication, the same for everybody"
    )
    way = personal(models.CharField(max_length=5, choices=Way.choices), "consent.proof")
    at = personal(models.DateTimeField(), "consent.proof")
    returned_at = personal(models.DateTimeField(null=True), "consent.proof")
    unsure_at = personal(models.DateTimeField(null=True), "consent.proof")
    seen_at = personal(models.DateTimeField(null=True), "consent.proof")

    class Meta:
        db_table = "privacy_told"
        constraints = [models.UniqueConstraint("account", "change", name="privacy_told_once")]
