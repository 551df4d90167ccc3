"""How django-allauth behaves here."""

from __future__ import annotations

import logging
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.accounts import queries, services
from plainview.domains.accounts.models import User
from plainview.domains.accounts.ports import Ports
from plainview.platform import languages
from plainview.platform.encryption import cipher
from plainview.privacy.consent import giving
from plainview.privacy.devices import family
from plainview.privacy.disclosures.connections import NotConnected
from plainview.privacy.gate.scope import entering
from plainview.privacy.places import client_address
from plainview.privacy.policies import controller, in_force
from plainview.privacy.retention import lasting
from plainview.privacy.sessions import SHARED

log = logging.getLogger("plainview.accounts")
LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""


class Adapter(DefaultAccountAdapter):
    """Registering needs a certificate of age, by whichever door; mail carries who answers."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "This address and this password don’t belong together. Look at both, or ask for a new"
            " password."
        ),
        "incorrect_password": gettext_lazy("That is not the password of this account."),
        "too_many_login_attempts": gettext_lazy(
            "That was tried too often, to keep out those who guess. Wait five minutes, then try"
            " again."
        ),
    }

    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        """Save a new account with its standing, its certificate and what its maker refused before.

        Raises PermissionDenied for a form without a certified territory: nobody gets an account by
        a door that does not ask (P10b).
        """
        territory = form.cleaned_data.get("territory")
        if not (commit and territory and form.cleaned_data.get("certified")):
            raise PermissionDenied("an account needs a certificate of age")
        visitor = request.visitor  # type: ignore[attr-defined]
        with transaction.atomic():
            saved = super().save_user(request, user, form)
            services.begin(
                saved.pk,
                territory,
                presence=visitor.presence,
                heard=visitor.device_facts.signals,
                address=saved.email,
            )
            giving.begin(saved.pk, visitor, request.POST.get("refused", ""))
        return saved

    def clean_email(self, email: str) -> str:
        """The address as mail is carried to it. Raises ValidationError for one it can't reach."""
        return carried(super().clean_email(email))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom the rate limits count: the client, as far as it is believed, else one for all.

        Of IPv6 its network: whoever has one address has 2^64 of them (RFC 4291, 2.5.1).
        """
        text = client_address(request) or "unknown"
        return str(ip_network(f"{text}/64", strict=False)) if _is_six(text) else text

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and note the kind of device for the list of sessions.

        At a shared computer, which the form says or said before the second factor, the session
        ends with the browser, and nothing is linked to the device (P5.1.3b).
        """
        shared = bool(request.POST.get("shared") or request.session.get(SHARED))
        if shared:
            request.session[SHARED] = True  # before: whoever hears of the sign-in asks
        super().login(request, user)
        if shared:
            request.session[SHARED] = True
            request.session.set_expiry(0)
        request.session["family"] = family(request.headers.get("User-Agent", ""))
        with entering(services.ACCOUNT):
            services.speak(user.pk, languages.current(), first=True)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **how: Any) -> HttpResponse:
        """Go on in the language that one picked elsewhere, if none was picked here (P2.1.3b)."""
        response: HttpResponse = super().post_login(request, user, **how)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            with entering(services.ACCOUNT):
                picked = queries.picked_language(user.pk)
            if picked:
                languages.remember(response, picked)
        return response

    def send_notification_mail(self, *given: Any, **named: Any) -> None:
        """Tell somebody what was changed; where no letter can leave, it stands all the same.

        The doctor says that the policy names nobody who carries mail.
        """
        try:
            super().send_notification_mail(*given, **named)
        except NotConnected as error:
            log.error("somebody was not told what was changed in their account: %s", error)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Tell somebody who has proved who they are why they can't come in; keep no session."""
        request.session.flush()
        with entering(services.ACCOUNT):
            suspension = Ports.suspension(user.pk)
        context = {
            "suspension": suspension,
            "closed": suspension is None,
            "officer": in_force().controller.officer,
        }
        response = render(request, "account/account_inactive.html", context, status=403)
        response["Cache-Control"] = "no-store"
        return response

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """A mail in the language of the page, with the controller at its foot (P0a)."""
        request = context["request"]
        user = context.get("user")
        ends = None
        if user is not None and user.last_login is None and not user.is_staff:
            ends = lasting.unconfirmed_until(user.pk, timezone.localdate(user.joined_at))
        more = {
            "ends": ends,
            "operator": controller(),
            "notice": request.build_absolute_uri(reverse("notice")),
        }
        return super().render_mail(template_prefix, email, context | more, headers)


def carried(address: str) -> str:
    """An address in the one spelling of its domain: what wide letters, invisible ones and xn--
    stand for (RFC 3490, which Django's mail goes by). Raises ValidationError.

    Else one mailbox had many accounts, and each got letters that no limit counted together.
    """
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("idna")
    except UnicodeError:
        domain = ""
    if not (domain and local.isascii()) or len(address) > LONGEST_ADDRESS:
        raise ValidationError(validate_email.message, code="invalid")
    return f"{local}@{domain}"


def _is_six(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return isinstance(address, IPv6Address) and address.ipv4_mapped is None


class SecondFactors(DefaultMFAAdapter):
    """Second factors: encrypted in their column, under the name of the operator."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This code does not fit, or it is too old. Type the one that your app shows now."
        ),
    }

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
