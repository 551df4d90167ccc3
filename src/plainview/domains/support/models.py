"""What reaches the desk from people, whether they have an account or not, and what came of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plainview.domains.catalogue.models import Title
from plainview.platform.identifiers import is_link_secret, link_secret, new_id, new_key
from plainview.privacy.declarations import impersonal, personal, subject

REPORTS, STRIKES = "moderation.reports", "moderation.strikes"
RECEIPT = "a random receipt number"
_LINK = "plainview.domains.support.notice"


@subject("subject", row="moderation", claims=True)
class CopyrightNotice(models.Model):
    """Somebody says that a work of theirs is here without leave (P2.9a; 17 U.S.C. §512(c)(3)).

    `subject` is the account of whoever wrote it, or a number of its own: a claimant needs none.
    `title` is what was taken down for it, `shown_since` when that had come into the programme and
    `announced_since` when it had been announced for it. Where only the subtitles of a film are
    theirs, `video` is its key and `part` their language.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("notice", "Open")
        UPHELD = "upheld", _("Upheld: taken down")
        REFUSED = "refused", pgettext_lazy("notice", "Refused")
        ANSWERED = "answered", _("Answered: a counter-notice is in")
        SUED = "sued", _("Before a court: it stays down")
        JUDGED = "judged", _("A court decided: it stays down")
        RESTORED = "restored", _("Put back")
        WITHDRAWN = "withdrawn", _("Taken back by its sender")

    STANDS = (State.UPHELD, State.ANSWERED, State.SUED, State.JUDGED)

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    number = impersonal(models.CharField(max_length=12, unique=True, default=new_key), RECEIPT)
    name = personal(models.CharField(max_length=200), REPORTS)
    email = personal(models.EmailField(max_length=254), REPORTS)
    address = personal(models.CharField(max_length=500, blank=True), REPORTS)
    language = personal(models.CharField(max_length=35, blank=True), REPORTS)
    work = personal(models.TextField(max_length=2000), REPORTS)
    where = personal(models.TextField(max_length=2000), REPORTS)
    title = personal(
        models.ForeignKey(Title, models.SET_NULL, null=True, related_name="+"), REPORTS
    )
    video = personal(models.CharField(max_length=12, blank=True), REPORTS)
    part = personal(models.CharField(max_length=35, blank=True), REPORTS)
    shown_since = personal(models.DateTimeField(null=True), REPORTS)
    announced_since = personal(models.DateTimeField(null=True), REPORTS)
    state = personal(
        models.CharField(max_length=9, choices=State.choices, default=State.OPEN), REPORTS
    )
    reason = personal(models.CharField(max_length=1000, blank=True), REPORTS)
    sent_at = personal(models.DateTimeField(auto_now_add=True), REPORTS, use=True)
    settled_at = personal(models.DateTimeField(null=True, blank=True), REPORTS, event="case-closed")

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"copyright notice {self.number}"

    @property
    def secret(self) -> str:
        """The secret of its link."""
        return link_secret(_LINK, self.pk)

    def opens(self, said: str) -> bool:
        """Whether `said` is its secret. Raises LinkEnded where its key is retired."""
        return is_link_secret(_LINK, self.pk, said)


@subject("notice__subject", "staff", row="moderation", claims=True)
class Step(models.Model):
    """One entry of a notice's timeline: what happened, when, and the words that went with it.

    `staff` is who at the desk decided it, None for what nobody there did, and once they have left.
    """

    class What(models.TextChoices):
        SENT = "sent", _("The notice arrived.")
        UPHELD = "upheld", _("It was upheld, and what it names was taken down.")
        REFUSED = "refused", _("It was refused.")
        ANSWERED = "answered", _("A counter-notice arrived.")
        SUED = "sued", _("Its sender has gone to court. What was taken down stays down.")
        JUDGED = "judged", _("A court decided that it stays down.")
        LIFTED = "lifted", _("A court decided that it may be shown, and it was put back.")
        RESTORED = "restored", _("No court was told of in time, and it was put back.")
        WITHDRAWN = "withdrawn", _("Its sender took the notice back.")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(CopyrightNotice, models.CASCADE, related_name="steps")
    staff = models.BigIntegerField(db_index=True, null=True)
    what = personal(
        models.CharField(max_length=9, choices=What.choices), REPORTS, of="notice__subject"
    )
    said = personal(models.CharField(max_length=1000, blank=True), REPORTS, of="notice__subject")
    at = personal(models.DateTimeField(), REPORTS, of="notice__subject")

    class Meta:
        ordering = ["at", "id"]


@subject("subject", row="moderation")
class CounterNotice(models.Model):
    """Whoever put on what was taken down says that it was a mistake (17 U.S.C. §512(g)(3)).

    `notice` is the number of the notice that it answers. On `restores_on` what was taken down comes
    back, unless its claimant has gone to court; `latest` is the last day that the law leaves.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    notice = impersonal(models.CharField(max_length=12, unique=True), RECEIPT)
    material = personal(models.TextField(max_length=2000), REPORTS)
    mistake = personal(models.TextField(max_length=2000), REPORTS)
    name = personal(models.CharField(max_length=200), REPORTS)
    address = personal(models.CharField(max_length=500), REPORTS)
    phone = personal(models.CharField(max_length=40), REPORTS)
    received_at = personal(models.DateTimeField(), REPORTS, use=True)
    restores_on = personal(models.DateField(), REPORTS)
    latest = personal(models.DateField(), REPORTS)
    closed_at = personal(models.DateTimeField(null=True), REPORTS, event="case-closed")


@subject("subject", row="moderation")
class Strike(models.Model):
    """An account put on what a standing notice names (17 U.S.C. §512(i)(1)(A)).

    It ends when the policy's schedule does, and sooner where the notice falls. One that was taken
    back as it was given never counted: by it somebody answers whose film took the place of what
    the notice names.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    notice = impersonal(models.CharField(max_length=12, db_index=True), RECEIPT)
    title = personal(
        models.ForeignKey(Title, models.SET_NULL, null=True, related_name="+"), STRIKES
    )
    reason = personal(models.CharField(max_length=1000), STRIKES)
    given_at = personal(models.DateTimeField(), STRIKES, event="collection")
    taken_back_at = personal(models.DateTimeField(null=True), STRIKES)

    class Meta:
        ordering = ["-given_at"]
        constraints = [models.UniqueConstraint("subject", "notice", name="support_strike_once")]
