"""The ledger: what was shown, stored apart from what was answered; devices and apps, and whose."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import (
    SELF,
    about_nobody,
    append_only,
    impersonal,
    personal,
    subject,
)


@subject(SELF, row="device")
class Device(models.Model):
    """A browser that answered. Its id is drawn from the same 63-bit space as accounts'."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    made_on = personal(models.DateField(), "device.id")
    seen_on = personal(models.DateField(), "device.id", event="last-use")

    class Meta:
        db_table = "privacy_device"


@subject("account", "device", row="device")
class Link(models.Model):
    """A device on which an account is signed in: linked, never merged; gone at sign-out.

    While the two differ the stricter answer holds, until the person chooses for the account
    here; from `reconciled_at` on the device's own answers rest. `apart_at` is when they said that
    the two are to stay unlike; `sitting` tells the session or app again by which the device is in.
    """

    device = models.BigIntegerField(primary_key=True)
    account = personal(models.BigIntegerField(db_index=True), "device.id")
    since = personal(models.DateTimeField(), "device.id")
    reconciled_at = personal(models.DateTimeField(null=True), "device.id")
    apart_at = personal(models.DateTimeField(null=True), "device.id")
    sitting = personal(models.CharField(max_length=64, blank=True, default=""), "device.id")

    class Meta:
        db_table = "privacy_link"


@subject("account", row="credentials")
class App(models.Model):
    """An app that speaks for an account, or a code that waits for one."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField(db_index=True)
    code = personal(models.CharField(max_length=64, null=True, unique=True), "credentials.session")
    code_until = personal(models.DateTimeField(null=True), "credentials.session")
    token = personal(models.CharField(max_length=64, null=True, unique=True), "credentials.session")
    name = personal(models.CharField(max_length=60, blank=True), "device.family")
    since = personal(models.DateTimeField(), "credentials.session")
    seen_on = personal(models.DateField(), "device.id", event="last-use", use=True)
    key = impersonal(
        models.CharField(max_length=12, unique=True, default=new_key),
        "how a page calls it, and the link of its device; it opens nothing",
    )

    class Meta:
        db_table = "privacy_app"


@append_only()
@about_nobody("our own style sheets")
class Style(models.Model):
    """A style sheet by which questions were shown; `key` is SHA-256 of it."""

    key = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()

    class Meta:
        db_table = "privacy_style"


@append_only()
@about_nobody("our own words, as they were shown to whoever was there")
class Shown(models.Model):
    """A question as it was put: the same words, place and policy are one row (GDPR Art. 7(1))."""

    key = models.CharField(max_length=64, primary_key=True)  # SHA-256 of words, policy and layout
    language = models.CharField(max_length=35)
    jurisdiction = models.CharField(max_length=20)
    policy = models.CharField(max_length=64)
    text = models.TextField()
    page = models.TextField(default="")
    """The HTML that showed it, as somebody saw it who had said nothing yet; empty if not kept."""
    style = models.ForeignKey(Style, models.PROTECT, null=True)
    document = models.TextField(default="")
    """What it told, as canonical JSON (`notices`), and SHA-256 of that."""
    digest = models.CharField(max_length=64, default="", db_index=True)

    class Meta:
        db_table = "privacy_shown"


@append_only()
@subject("subject", row="consent")
class Answer(models.Model):
    """One answer to a question, kept as given: rows are added, never changed (P1.1.5g).

    `answers` is a JSON object of purpose to granted, affirmed or denied, `signals` the signals that
    had been heard by then. What is wrong is put right by another entry, which `corrects` this one.
    `key` is the number of its receipt; answers from before there were receipts have none.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    shown = personal(models.ForeignKey(Shown, models.PROTECT), "consent.proof")
    answers = personal(models.TextField(), "consent.choices")
    given_at = personal(models.DateTimeField(), "consent.choices")
    via = impersonal(models.CharField(max_length=20), "which of our forms it came from")
    scope = impersonal(models.CharField(max_length=7, default=""), "an account's or a device's")
    surface = impersonal(models.CharField(max_length=7, default=""), "where it was asked")
    signals = personal(models.CharField(max_length=80, default=""), "consent.signals")
    key = personal(models.CharField(max_length=36, null=True, unique=True), "consent.proof")
    corrects = personal(models.CharField(max_length=36, default=""), "consent.proof")

    class Meta:
        db_table = "privacy_answer"
        ordering = ("-given_at",)


@append_only()
@subject("subject", row="consent")
class Heard(models.Model):
    """The first time a signal was heard from a device or account; falling silent undoes nothing.

    For an account each browser counts by itself: a yes against a signal holds where it was given.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    signal = personal(models.CharField(max_length=20), "consent.signals")
    heard_at = personal(models.DateTimeField(), "consent.signals")
    browser = personal(models.CharField(max_length=64, default="", blank=True), "consent.signals")
    """Which one: a keyed hash that leads from neither the account nor the device to the other."""

    class Meta:
        db_table = "privacy_heard"
        constraints = [
            models.UniqueConstraint("subject", "signal", "browser", name="privacy_heard_once")
        ]


@subject(row="consent", unlinked="it stands under a keyed hash, which leads back to nobody")
class Stopped(models.Model):
    """An address to which no news goes by one channel, though nobody here has it any more.

    `month` is the first day of that in which they left.
    """

    digest = personal(models.CharField(max_length=64, primary_key=True), "consent.stopped")
    month = personal(models.DateField(), "consent.stopped", event="collection")

    class Meta:
        db_table = "privacy_stopped"


@about_nobody("numbers of answers; nothing of whoever gave them leads here")
class Tally(models.Model):
    """How many answers there were in a month, by regime, surface, wording and outcome.

    `shard` parts a count over rows, so that answers given at once do not wait for each other.
    """

    class Outcome(models.TextChoices):
        YES = "yes", _("Yes to all")
        SOME = "some", _("Some of each")
        NO = "no", _("No to all")
        READ = "read", _("Notice read")

    month = models.DateField()
    regime = models.CharField(max_length=20)
    surface = models.CharField(max_length=20)
    wording = models.CharField(max_length=40)
    outcome = models.CharField(max_length=4, choices=Outcome.choices)
    shard = models.SmallIntegerField()
    count = models.BigIntegerField()

    class Meta:
        db_table = "privacy_tally"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "regime", "surface", "wording", "outcome", "shard"],
                name="privacy_tally_once",
            )
        ]
