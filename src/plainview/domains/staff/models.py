"""Cases about people, and the record of what the staff did with their data (P2.1.6a).

A row is about two people. What it says is the person's; the member of the staff is named by number
alone, which the person does not get, and a row outlives the member.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.domains.accounts.models import Role
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import UNTOLD, impersonal, personal, subject
from plainview.privacy.requests import numbers


@subject("person", "staff", row="access", untold=UNTOLD)
class Look(models.Model):
    """One opening of a person's data by one member of the staff, in a case, for a reason.

    `case` is the number of a `Case`, or of a request for a right.
    """

    class Kind(models.TextChoices):
        HELP = "help", _("They asked for help")
        REPORT = "report", _("Somebody reported something")
        SECURITY = "security", _("The account may be in danger")
        RIGHTS = "rights", _("They asked for their rights")
        LAW = "law", _("A law asks for it")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    person = models.BigIntegerField(db_index=True)
    staff = models.BigIntegerField(db_index=True, null=True)
    kind = personal(
        models.CharField(max_length=8, choices=Kind.choices), "access.looks", of="person"
    )
    reason = personal(models.CharField(max_length=500), "access.looks", of="person")
    case = impersonal(
        models.CharField(max_length=numbers.WRITTEN, blank=True), "a random receipt number"
    )
    untold_until = personal(models.DateField(null=True), "access.looks", of="person")
    opened_at = personal(
        models.DateTimeField(auto_now_add=True), "access.looks", event="collection"
    )

    class Meta:
        ordering = ["-opened_at"]


@subject("person", "staff", row="access", untold=UNTOLD)
class Case(models.Model):
    """Why the staff need what is held about somebody: on which ground, who answers, until when.

    A request for a right is a case by itself and has no row here. `staff` owns the case;
    `reference` is a number that others gave it, such as the one by which an `authority` calls its
    own. It ends by itself at `ends_at`, or when somebody closes it. Until `untold_until` a law
    (`untold_law`) forbids to tell the person of it. While a second person has yet to agree to
    another day, `silent_until` is that (None: from now on), and `silent_law` what sets it.

    What an authority may be given of them: on which `ground` of `rules.toml` and by which `law`,
    for somebody who asks from a `country`, which categories (`scope`, ids parted by spaces), and of
    what bears a day from the `first` to the `last`. Who said so and who agreed are changes.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    number = impersonal(
        models.CharField(max_length=numbers.WRITTEN, unique=True, default=numbers.new_number),
        "a random receipt number",
    )
    person = models.BigIntegerField(db_index=True)
    staff = models.BigIntegerField(db_index=True, null=True)
    kind = personal(
        models.CharField(max_length=8, choices=Look.Kind.choices), "access.looks", of="person"
    )
    reference = personal(models.CharField(max_length=60, blank=True), "access.looks", of="person")
    authority = personal(models.CharField(max_length=120, blank=True), "access.looks", of="person")
    reason = personal(models.CharField(max_length=400), "access.looks", of="person")
    opened_at = personal(
        models.DateTimeField(auto_now_add=True), "access.looks", event="collection"
    )
    ends_at = personal(models.DateTimeField(), "access.looks")
    closed_at = personal(models.DateTimeField(null=True), "access.looks")
    untold_until = personal(models.DateField(null=True), "access.looks", of="person")
    untold_law = personal(models.CharField(max_length=200, blank=True), "access.looks", of="person")
    told_at = personal(models.DateTimeField(null=True), "access.looks", of="person")
    silent_until = personal(models.DateField(null=True), "access.looks", of="person")
    silent_law = personal(models.CharField(max_length=200, blank=True), "access.looks", of="person")
    ground = personal(models.CharField(max_length=16, blank=True), "access.looks", of="person")
    law = personal(models.CharField(max_length=200, blank=True), "access.looks", of="person")
    country = personal(models.CharField(max_length=2, blank=True), "access.looks", of="person")
    scope = personal(models.TextField(blank=True), "access.looks", of="person")
    first = personal(models.DateField(null=True), "access.looks", of="person")
    last = personal(models.DateField(null=True), "access.looks", of="person")

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"case {self.number}"


@subject("person", "staff", row="access", untold=UNTOLD)
class Change(models.Model):
    """Something that a member of the staff changed on an account.

    Of choices that somebody asked us to enter it says by which `channel` and on which day.
    """

    class What(models.TextChoices):
        GAVE = "gave", _("Gave the role")
        TOOK = "took", _("Took the role")
        SUSPENDED = "suspended", _("Suspended the account")
        REOPENED = "reopened", _("Opened the account again")
        ENTERED = "entered", _("Entered choices of yours")
        PROPOSED = "proposed", _("Proposed to delete the account")
        KEPT = "kept", _("Decided not to delete the account")
        DELETED = "deleted", _("Agreed to delete the account")
        SCOPED = "scoped", _("Said what an authority would be given")
        AGREED = "agreed", _("Agreed that an authority is given it")
        HANDED = "handed", _("Gave it to the authority")
        SILENCE = "silence", _("Said that another day is set on which they may be told")
        SILENCED = "silenced", _("Agreed to another day on which they may be told")

    class Channel(models.TextChoices):
        PHONE = "phone", _("By telephone")
        LETTER = "letter", _("By letter")
        EMAIL = "email", _("By email")
        PERSON = "person", _("In person")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    person = models.BigIntegerField(db_index=True)
    staff = models.BigIntegerField(db_index=True, null=True)
    what = personal(
        models.CharField(max_length=9, choices=What.choices), "access.changes", of="person"
    )
    role = personal(
        models.CharField(max_length=15, choices=Role.choices, blank=True),
        "access.changes",
        of="person",
    )
    reason = personal(models.CharField(max_length=500, blank=True), "access.changes", of="person")
    channel = personal(
        models.CharField(max_length=6, choices=Channel.choices, blank=True),
        "access.changes",
        of="person",
    )
    said_on = personal(models.DateField(null=True, blank=True), "access.changes", of="person")
    untold_until = personal(models.DateField(null=True), "access.changes", of="person")
    changed_at = personal(
        models.DateTimeField(auto_now_add=True), "access.changes", event="collection"
    )

    class Meta:
        ordering = ["-changed_at"]
