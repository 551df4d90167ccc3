"""The account, and what its holder certified."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower

from plainview.platform.identifiers import new_id
from plainview.privacy import permissions
from plainview.privacy.declarations import SELF, personal, subject


class UserManager(BaseUserManager["User"]):
    """Makes accounts; addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account and its standing. Raises ValidationError for a bad or taken address."""
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.full_clean()
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            permissions.begin(user.pk)
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
        models.DateTimeField("last login", blank=True, null=True), "account.state"
    )
    is_active = personal(models.BooleanField(default=True), "account.state")
    is_staff = personal(models.BooleanField(default=False), "account.state")
    joined_at = personal(models.DateTimeField(auto_now_add=True), "account.state")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    def __str__(self) -> str:
        return f"account {self.pk}"


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

    def __str__(self) -> str:
        return "a certification of age"
