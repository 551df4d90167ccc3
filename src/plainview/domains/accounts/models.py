"""The account, what its holder certified, and what they show of themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy import permissions
from plainview.privacy.declarations import SELF, Travels, impersonal, personal, subject
from plainview.privacy.requests import numbers


class Role(models.TextChoices):
    """What a member of the staff is here for; what each may do is in `staff.permissions`."""

    ADMINISTRATOR = "administrator", _("Administrator")
    EDITOR = "editor", _("Editor")
    MODERATOR = "moderator", _("Moderator")
    OFFICER = "privacy-officer", _("Privacy officer")
    TRANSLATOR = "translator", _("Translator")


def known_roles(written: str) -> None:
    """Raises ValidationError unless each word of `written` is a role."""
    unknown = set(written.split()) - set(Role.values)
    if unknown:
        raise ValidationError(f"{', '.join(sorted(unknown))}: not among {', '.join(Role.values)}")


class UserManager(BaseUserManager["User"]):
    """Makes accounts; addresses are compared without regard to case."""

    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        facts: permissions.Known | None = None,
        **fields: Any,
    ) -> User:
        """Make an account and its standing. Raises ValidationError for a bad or taken address.

        What people use goes through `services`, which certifies the age of whoever it is (P10b).
        """
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.full_clean()
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            permissions.begin(user.pk, facts)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


@subject(SELF, row="account")
class User(AbstractBaseUser):
    """A person with an account. The id is random in 63 bits: it tells neither order nor number."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    email = personal(
        models.EmailField("email address", max_length=254, unique=True), "contact.email"
    )
    password = personal(models.CharField("password", max_length=128), "credentials.password")
    last_login = personal(
        models.DateTimeField("last login", blank=True, null=True), "account.state", use=True
    )
    is_active = personal(models.BooleanField(default=True), "account.state")
    roles = personal(
        models.CharField(max_length=60, blank=True, default="", validators=[known_roles]),
        "account.state",
    )
    """The words of `Role`, with spaces between; empty for everybody who is not staff."""
    joined_at = personal(models.DateTimeField(auto_now_add=True), "account.state", use=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def held_roles(self) -> frozenset[Role]:
        """The roles of a member of the staff."""
        return frozenset(Role(each) for each in self.roles.split())

    @property
    def is_staff(self) -> bool:
        """Whether they have any role."""
        return bool(self.roles)


@subject("account", row="contact.change")
class Former(models.Model):
    """An address that an account gave up lately: whoever reads it takes the change back (P1.1.1b).

    It is kept free for the account until the schedule of its category takes the row.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    email = personal(models.EmailField(max_length=254), "contact.change")
    given_up_at = personal(
        models.DateTimeField(default=timezone.now), "contact.change", event="collection"
    )

    class Meta:
        indexes = (models.Index(Lower("email"), name="accounts_former_email"),)


@subject("address__user", row="contact.change")
class Waiting(models.Model):
    """Since when a new address waits beside the one in use; the two go together (P1.1.1b).

    With a `request` it takes the place of a lost one: the desk saw under that number who asks. It
    counts when the time to stop it is over, and was `proved_at` a moment before.
    """

    address = models.OneToOneField(
        "account.EmailAddress", models.CASCADE, primary_key=True, related_name="+"
    )
    since = personal(models.DateTimeField(default=timezone.now), "contact.change")
    proved_at = personal(models.DateTimeField(null=True), "contact.change")
    request = impersonal(
        models.CharField(max_length=numbers.WRITTEN, blank=True), "a random receipt number"
    )


@subject("account")
class Certification(models.Model):
    """That somebody said to be of age where they live. Moving adds another; the last one counts."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="certifications"
    )
    territory = personal(models.CharField(max_length=6), "age.certification")
    age = personal(models.PositiveSmallIntegerField(), "age.certification")
    certified_at = personal(models.DateTimeField(auto_now_add=True), "age.certification")


class Audience(models.IntegerChoices):
    """Who may see what a person tells of themselves. Nobody else, unless they say so."""

    ONLY_YOU = 0, _("Only you")
    MEMBERS = 1, _("Members")
    EVERYONE = 2, _("Everyone")


SHOWN = models.Q(audience__gte=Audience.MEMBERS)
"""What the gate lets others read. Among others, `queries` tells members and strangers apart."""
QUIET = Travels("account", quiet={"audience": Audience.ONLY_YOU})
APART = "profile-gender"
TOLD_APART = Travels(APART, quiet={**QUIET.quiet, "unseen_since": None})
"""What is asked by itself where the law calls it sensitive; no other purpose knows it (P1.1.3a)."""


def _account() -> Any:
    return models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )


def _audience() -> Any:
    return models.PositiveSmallIntegerField(choices=Audience.choices, default=Audience.ONLY_YOU)


@subject("account", row="interface")
class Language(models.Model):
    """The language that a person picked for pages, or met them in at first: we write in it."""

    account = _account()
    value = personal(models.CharField(max_length=35), "interface.language")
    picked = personal(models.BooleanField(default=False), "interface.language")


@subject("account", row="profile", public=models.Q(key__gt=""))
class Profile(models.Model):
    """The key under which others find what a person shows. Each thing shown is a row elsewhere."""

    account = _account()
    key = personal(
        models.CharField(max_length=12, unique=True, default=new_key, editable=False),
        "profile.key",
    )


@subject("account", public=SHOWN, travels=QUIET)
class Name(models.Model):
    """What a person wants to be called."""

    account = _account()
    value = personal(models.CharField(max_length=60), "profile.name")
    audience = personal(_audience(), "profile.name")


@subject("account", public=SHOWN)
class Picture(models.Model):
    """A portrait as `platform.media` drew it; in the row, so that it goes with the row.

    Promises: P1.1.1a.
    """

    account = _account()
    value = personal(models.BinaryField(), "profile.picture")
    audience = personal(_audience(), "profile.picture")


@subject("account", public=SHOWN, travels=QUIET)
class About(models.Model):
    """What a person tells of themselves."""

    account = _account()
    value = personal(models.TextField(max_length=2000), "profile.about")
    audience = personal(_audience(), "profile.about")


@subject("account", public=SHOWN, travels=TOLD_APART)
class Gender(models.Model):
    """A person's gender in their own words; from `unseen_since` on no purpose may see it."""

    account = _account()
    value = personal(models.CharField(max_length=40), "demographics.gender")
    audience = personal(_audience(), "demographics.gender")
    unseen_since = personal(
        models.DateField(null=True, editable=False), "demographics.gender", event="purpose-end"
    )
