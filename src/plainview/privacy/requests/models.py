"""A request, its timeline, who works on it, and what somebody sent to show who they are."""

from __future__ import annotations

import functools
import operator

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plainview.platform.encryption import Sealed
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import append_only, impersonal, personal, subject
from plainview.privacy.requests import machine, numbers
from plainview.privacy.requests.machine import State

RIGHTS, LETTERS, EVIDENCE = "requests.rights", "requests.letters", "requests.evidence"
LONGEST = 10_000
"""So many letters of what somebody writes are kept of one message."""


class Channel(models.TextChoices):
    """By which door a request came."""

    ACCOUNT = "account", _("In the account")
    FORM = "form", _("By the public form")
    MAIL = "mail", _("By email")
    API = "api", _("By an app")
    LETTER = "letter", _("By letter")
    PHONE = "phone", _("By telephone")
    AGENT = "agent", _("By somebody who acts for them")


class Proof(models.TextChoices):
    """How somebody showed that it is they who ask."""

    NEEDLESS = "needless", _("Not needed for this right")
    SESSION = "session", pgettext_lazy("proof", "Signed in")
    MAIL = "mail", _("By a link to their address")
    FACTS = "facts", _("By what only they would know")
    SEEN = "seen", _("Checked by a person")


class Outcome(models.TextChoices):
    """What was decided."""

    GRANTED = "granted", _("Done as asked")
    PARTLY = "partly", _("Done in part")
    NOTHING = "nothing", _("Nothing is held about you")
    REFUSED = "refused", _("Refused")


class Ground(models.TextChoices):
    """Why something is refused, all of it or a part."""

    UNPROVED = "unproved", _("We could not make sure that it is you")
    NO_RIGHT = "no-right", _("The law there does not give this, and we can’t do it")
    LAW = "law", _("A law makes us keep it")
    CLAIMS = "claims", _("It is needed for a legal claim")
    OTHERS = "others", _("It would harm the rights of somebody else")
    UNFOUNDED = "unfounded", _("The request is plainly unfounded or excessive")
    NOTHING = "nothing", _("Nothing is held about you")
    UNWARRANTED = "unwarranted", _("Nothing shows that somebody may act for you")
    OFTEN = "often", _("It was asked more often than the law there makes free")


class Restricts(models.TextChoices):
    """Why somebody wants their data set aside (GDPR 18(1)), in the engine's words."""

    ACCURACY = "accuracy-disputed", _("What you hold is wrong, and you are to check it")
    UNLAWFUL = "unlawful", _("You use it without a right to, and I don’t want it deleted")
    UNNEEDED = "no-longer-needed", _("You no longer need it, and I need it for a legal claim")
    OBJECTION = "objection-pending", _("I object, and you are to weigh it")


RESTRICT = "restrict"
"""The right to have one's data set aside, as the engine names it."""
GRANTS, REFUSES = (Outcome.GRANTED, Outcome.PARTLY), (Outcome.REFUSED, Outcome.PARTLY)
UNTIL_SETTLED = (Restricts.ACCURACY, Restricts.OBJECTION)


def _pairs() -> Q:
    found = sorted(machine.pairs())
    return functools.reduce(operator.or_, (Q(came_from=a, state=b) for a, b in found))


def _triples() -> Q:
    found = sorted(machine.triples())
    return functools.reduce(operator.or_, (Q(step=s, before=a, after=b) for s, a, b in found))


@subject("subject", "officer", row="requests", claims=True)
class Request(models.Model):
    """One request, whatever the door: what is asked, how far it is, by which days.

    `subject` is the account of whom it is about, or a number of its own (`member` says which).
    `kind` is a right of the policy, empty while nobody knows which is meant; `restricts` is why
    somebody wants their data set aside, if they said so. `place` and
    `residence` are the ISO codes or jurisdictions whose laws hold, as they were said or seen.
    `next_on` is the day by which the next thing is due: the queue is sorted by it. `seq` counts the
    steps taken. An address in `contact` or `agent` is in small letters. `decider` is whoever
    answered or refused, as an event has it; an appeal is for somebody else. `erasure` is the one
    that it asked for; it is answered when that is complete.
    `lost` says that mail at the address of the account is read no more: letters go to `contact`.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField(db_index=True)
    officer = models.BigIntegerField(db_index=True, null=True)
    member = impersonal(models.BooleanField(default=False), "an account, or somebody without")
    number = impersonal(
        models.CharField(max_length=numbers.WRITTEN, unique=True, default=numbers.new_number),
        "a random receipt number",
    )
    kind = personal(models.CharField(max_length=40, blank=True), RIGHTS, of="subject")
    purposes = personal(models.CharField(max_length=400, blank=True), RIGHTS, of="subject")
    state = personal(
        models.CharField(max_length=11, choices=State.choices, default=State.RECEIVED),
        RIGHTS,
        of="subject",
    )
    came_from = personal(models.CharField(max_length=11, blank=True), RIGHTS, of="subject")
    seq = impersonal(models.IntegerField(default=0), "counts the steps taken")
    channel = personal(
        models.CharField(max_length=7, choices=Channel.choices), RIGHTS, of="subject"
    )
    language = personal(models.CharField(max_length=10), RIGHTS, of="subject")
    place = personal(models.CharField(max_length=20, blank=True), RIGHTS, of="subject")
    residence = personal(models.CharField(max_length=20, blank=True), RIGHTS, of="subject")
    contact = personal(models.CharField(max_length=254, blank=True), LETTERS, of="subject")
    agent = personal(models.CharField(max_length=254, blank=True), LETTERS, of="subject")
    proof = personal(
        models.CharField(max_length=8, choices=Proof.choices, blank=True), RIGHTS, of="subject"
    )
    lost = personal(models.BooleanField(default=False), RIGHTS, of="subject")
    restricts = personal(
        models.CharField(max_length=17, choices=Restricts.choices, blank=True),
        RIGHTS,
        of="subject",
    )
    outcome = personal(
        models.CharField(max_length=7, choices=Outcome.choices, blank=True), RIGHTS, of="subject"
    )
    ground = personal(
        models.CharField(max_length=11, choices=Ground.choices, blank=True), RIGHTS, of="subject"
    )
    by_hand = impersonal(
        models.BooleanField(default=False), "whether a person wants to carry it out themselves"
    )
    received_at = personal(models.DateTimeField(), RIGHTS, of="subject", use=True)
    acknowledge_by = personal(models.DateField(null=True), RIGHTS, of="subject")
    acknowledged_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject")
    due_on = personal(models.DateField(null=True), RIGHTS, of="subject")
    target_on = personal(models.DateField(null=True), RIGHTS, of="subject")
    extend_to = personal(models.DateField(null=True), RIGHTS, of="subject")
    extended_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject")
    next_on = personal(models.DateField(null=True), RIGHTS, of="subject")
    escalated_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject")
    decided_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject")
    appeal_until = personal(models.DateField(null=True), RIGHTS, of="subject")
    appealed_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject")
    settled_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject")
    closed_at = personal(models.DateTimeField(null=True), RIGHTS, of="subject", event="case-closed")
    erasure = impersonal(
        models.BigIntegerField(null=True), "the report of what it brought about, of nobody"
    )
    joined_to = personal(
        models.ForeignKey("self", models.SET_NULL, null=True, related_name="joined"),
        RIGHTS,
        of="subject",
    )

    class Meta:
        db_table = "privacy_request"
        indexes = [
            models.Index(fields=["next_on", "id"], name="privacy_request_next"),
            models.Index(fields=["contact"], name="privacy_request_contact"),
            models.Index(fields=["state", "next_on", "id"], name="privacy_request_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.RECEIVED, came_from="") | _pairs(),
                name="privacy_request_table",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=machine.PROVED) | ~Q(proof=""),
                name="privacy_request_proved",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | ~Q(ground=""), name="privacy_request_ground"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=machine.RUNNING) | Q(next_on__isnull=False),
                name="privacy_request_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=machine.FINAL, closed_at__isnull=False)
                | (~Q(state__in=machine.FINAL) & Q(closed_at__isnull=True)),
                name="privacy_request_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.number}"

    @property
    def open(self) -> bool:
        """Whether somebody has something to do, by a day."""
        return self.state in machine.RUNNING

    @property
    def extended(self) -> bool:
        """Whether it takes longer, for a reason that the person was told."""
        return self.extended_at is not None

    @property
    def rests(self) -> bool:
        """Whether what was set aside for it stays so until the person takes it back.

        To check a fact and to weigh an objection come to an end; that something is unlawful, or
        needed for a claim, does not, nor what nobody gave a reason for (GDPR Art. 18(1), (3)).
        """
        granted = self.state in (State.ANSWERED, State.SETTLED) and self.outcome in GRANTS
        return self.kind == RESTRICT and granted and self.restricts not in UNTIL_SETTLED

    def theirs(self) -> Q | None:
        """Which requests are of the same person; None where nothing tells."""
        if self.member:
            return Q(subject=self.subject, member=True)
        return Q(contact=self.contact, member=False) if "@" in self.contact else None


@append_only(once=("closed_at",))
@subject("request__subject", "staff", row="requests", claims=True)
class Event(models.Model):
    """One entry of a request's timeline: a step, by whom, when, and the words that went with it.

    `staff` is who took it, None for the person and the service (`by` says which). `said` are the
    words that the person wrote or reads, `note` is for the desk alone; `reason` is a word of the
    machine: a ground, an outcome, a proof, what was asked for. `until` is the day that was named.
    """

    class By(models.TextChoices):
        PERSON = "person", _("You")
        OFFICER = "officer", _("Our staff")
        SERVICE = "service", _("The service")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="events")
    staff = models.BigIntegerField(null=True)
    seq = impersonal(models.IntegerField(), "its place in the timeline")
    step = personal(models.CharField(max_length=12), RIGHTS)
    before = personal(models.CharField(max_length=11, blank=True), RIGHTS)
    after = personal(models.CharField(max_length=11), RIGHTS)
    by = personal(models.CharField(max_length=7, choices=By.choices), RIGHTS)
    at = personal(models.DateTimeField(), RIGHTS)
    reason = personal(models.CharField(max_length=40, blank=True), RIGHTS)
    until = personal(models.DateField(null=True), RIGHTS)
    said = personal(models.TextField(blank=True), LETTERS, of="request__subject")
    note = personal(models.TextField(blank=True), LETTERS, of="request__subject")
    closed_at = personal(models.DateTimeField(null=True), RIGHTS, event="case-closed")

    class Meta:
        db_table = "privacy_request_event"
        ordering = ("seq",)
        constraints = [
            models.UniqueConstraint("request", "seq", name="privacy_request_event_once"),
            models.CheckConstraint(condition=_triples(), name="privacy_request_event_table"),
        ]


@subject("request__subject", row="requests")
class Matter(models.Model):
    """What a request is about, where that is one thing: a fact said to be wrong, or a decision.

    `name` is a category or a decision of the policy; `entry` is the table and the key of the one
    row, empty for every fact of the category. Of a decision `entry` says which one it was, in the
    words of whoever explains it. `shown` is what stood there when they asked, as JSON: pairs of a
    label and a value.
    """

    class About(models.TextChoices):
        FACT = "fact", _("A fact about you")
        DECISION = "decision", _("A decision by a program")

    request = models.OneToOneField(Request, models.CASCADE, primary_key=True, related_name="matter")
    about = personal(models.CharField(max_length=8, choices=About.choices), RIGHTS)
    name = personal(models.CharField(max_length=80), RIGHTS)
    entry = personal(models.CharField(max_length=200, blank=True), LETTERS)
    shown = personal(models.TextField(blank=True), LETTERS)
    closed_at = personal(models.DateTimeField(null=True), RIGHTS, event="case-closed")

    class Meta:
        db_table = "privacy_request_matter"


@subject("request__subject", "staff", row="requests.letters")
class Hold(models.Model):
    """Who has a request in hand now; whoever comes second is told."""

    request = models.OneToOneField(Request, models.CASCADE, primary_key=True)
    staff = models.BigIntegerField()
    until = personal(models.DateTimeField(), LETTERS)

    class Meta:
        db_table = "privacy_request_hold"


@subject("request__subject", row="requests.letters")
class Evidence(models.Model):
    """What was given to show who asks or may act for them; it goes soon after it has served.

    `digest` stands for what was given where that need not be read: a one-time link, for one.
    `file` is what was sent along, sealed, and `media` its type as its bytes say it.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("A link to an address")
        FACTS = "facts", _("What only they would know")
        MANDATE = "mandate", _("What shows that somebody may act")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="evidence")
    kind = personal(models.CharField(max_length=7, choices=Kind.choices), EVIDENCE)
    digest = personal(models.CharField(max_length=64, blank=True, db_index=True), EVIDENCE)
    said = personal(models.TextField(blank=True), EVIDENCE)
    file = personal(Sealed(null=True), EVIDENCE)
    media = personal(models.CharField(max_length=15, blank=True), EVIDENCE)
    asked_at = personal(models.DateTimeField(), EVIDENCE)
    served_at = personal(models.DateTimeField(null=True), EVIDENCE)
    ended_at = personal(models.DateTimeField(null=True), EVIDENCE, event="case-closed")

    class Meta:
        db_table = "privacy_request_evidence"
