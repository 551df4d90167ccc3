"""How django-allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from plainview.domains.accounts.models import User
from plainview.platform.encryption import cipher
from plainview.privacy.policies import controller


class Adapter(DefaultAccountAdapter):
    """Signing in for staff; registering opens with the rooms that ask a person's choices first."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactors(DefaultMFAAdapter):
    """Second factors: encrypted in their column, under the name of the operator."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypted(encrypted_text)

    def get_totp_issuer(self) -> str:
        return controller().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": controller().name}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": entity["name"]}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": held + 1}
