"""How django-allauth behaves here."""

from __future__ import annotations

import logging
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_reset
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.accounts import queries, services
from plainview.domains.accounts.models import User
from plainview.domains.accounts.ports import Ports
from plainview.domains.accounts.queries import changing
from plainview.domains.accounts.services import addresses
from plainview.domains.accounts.services.addresses import TakenBack, carried
from plainview.platform import languages
from plainview.platform.addresses import absolute, link
from plainview.platform.encryption import cipher
from plainview.platform.languages import dates
from plainview.privacy import sessions
from plainview.privacy.backups import returning
from plainview.privacy.consent import giving
from plainview.privacy.devices import family
from plainview.privacy.disclosures.connections import NotConnected
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.gate.scope import entering
from plainview.privacy.places import client_address
from plainview.privacy.policies import controller, in_force
from plainview.privacy.retention import lasting

log = logging.getLogger("plainview.accounts")
TO_FORMER = (
    "account/email/email_changed",
    "account/email/account_already_exists",
    "account/email/unknown_account",
)
"""The letters that may go to an address which an account gave up: they say how to take it back."""


def _was_you(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Let the password or the factor of a sign-in count as an answer to "Is it you?", for a while.

    The way by a mailbox alone counts for none: it proves too little.
    """
    records = get_authentication_records(request, user)
    for each in records:
        if each["method"] in settings.ACCOUNT_REAUTHENTICATION_METHODS:
            each["reauthenticated"] = True
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records


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

    def respond_email_verification_sent(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The page that says so; signing in there leads on to where somebody was going."""
        answer: HttpResponse = super().respond_email_verification_sent(request, user)
        if going := get_next_redirect_url(request):
            answer["Location"] += f"?{urlencode({'next': going})}"
        return answer

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take a proved address into use; the one before can take that back for a while (P1.1.1b).

        Not one that is kept free for another account meanwhile.
        """
        account, new = email_address.user_id, email_address.email
        if changing.former(new, but=account) is not None:
            said = {"email": new}
            self.add_message(
                request, messages.ERROR, "account/messages/email_confirmation_failed.txt", said
            )
            return False
        if (waiting := changing.replacing(account)) and waiting.address_id == email_address.pk:
            addresses.prove(waiting)
            until = dates.written(changing.last_day(waiting.since))
            words = _("It is yours. You sign in with it after %(day)s, unless that is stopped.")
            messages.success(request, words % {"day": until})
            return False
        with transaction.atomic():
            before = EmailAddress.objects.get_verified(email_address.user)
            if before is not None and email_address.can_set_verified():
                addresses.give_up(before, taking=email_address)
            return bool(super().confirm_email(request, email_address))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom the rate limits count: the client, as far as it is believed, else one for all.

        Of IPv6 its network: whoever has one address has 2^64 of them (RFC 4291, 2.5.1).
        """
        text = client_address(request) or "unknown"
        return str(ip_network(f"{text}/64", strict=False)) if _is_six(text) else text

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and note the kind of device for the list of sessions.

        At a shared computer, which the form says or said before the second factor, the session
        ends with the browser, and nothing is linked to the device (P5.1.3b). Whoever was signed in
        before, but with no such device now, is told by letter (P2.4b). Nobody is asked for what
        they have just given again.
        """
        device = family(request.headers.get("User-Agent", ""))
        is_new = user.last_login is not None and device not in sessions.live(user.pk).values()
        shared = bool(request.POST.get("shared") or request.session.get(sessions.SHARED))
        if shared:
            request.session[sessions.SHARED] = True  # before: whoever hears of the sign-in asks
        super().login(request, user)
        _was_you(request, user)
        if shared:
            request.session[sessions.SHARED] = True
            request.session.set_expiry(0)
        request.session["family"] = device
        with entering(services.ACCOUNT):
            services.speak(user.pk, languages.current(), first=True)
            reads = queries.language_of(user.pk)
        if is_new:
            with languages.speaking(reads):  # the page's may be that of somebody else
                self.send_notification_mail("account/email/signed_in", user, {"device": device})

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **how: Any) -> HttpResponse:
        """Go on in the language that one picked elsewhere, if none was picked here (P2.1.3b)."""
        response: HttpResponse = super().post_login(request, user, **how)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            with entering(services.ACCOUNT):
                picked = queries.picked_language(user.pk)
            if picked:
                languages.remember(response, picked)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write what somebody waits for, or say that it can't go: whoever asked sees no error.

        The doctor says that the policy names nobody who carries mail.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (NotConnected, Denied) as error:
            log.error("a letter of an account could not be written: %s", error)
            response = render(self.request, "accounts/no_letter.html", status=503)
            response["Cache-Control"] = "no-store"
            raise ImmediateHttpResponse(response) from error

    def send_notification_mail(self, *given: Any, **named: Any) -> None:
        """Tell somebody what was changed; where no letter can leave, it stands all the same."""
        with suppress(ImmediateHttpResponse):
            super().send_notification_mail(*given, **named)

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
        """A mail in the language of the page."""
        user = context.get("user")
        ends = None
        if user is not None and user.last_login is None and not user.is_staff:
            ends = lasting.unconfirmed_until(user.pk, timezone.localdate(user.joined_at))
        given_up = changing.former(email) if template_prefix in TO_FORMER else None
        if given_up is not None:
            context |= {
                "take_back": link("take-back", changing.key_of(given_up)),
                "until": changing.last_day(given_up.given_up_at),
            }
        more = {
            "changes": user is not None and EmailAddress.objects.get_verified(user) is not None,
            "ends": ends,
            "operator": controller(),
            "reset": link("account_reset_password"),
        }
        for name in context:
            if name.endswith("_url"):  # the library names the host that was asked, as it was asked
                more[name] = absolute(urlsplit(context[name]).path)
        return super().render_mail(template_prefix, email, context | more, headers)


def told_of(request: HttpRequest, back: TakenBack) -> None:
    """Tell all who listen that an address was taken back, and whoever reads the one meanwhile."""
    ends = {"from_email_address": EmailAddress(user=back.user, email=back.meanwhile)}
    ends["to_email_address"] = EmailAddress(user=back.user, email=back.address)
    email_changed.send(EmailAddress, request=request, user=back.user, **ends)
    returning.taken_back(back.user.pk, back.address)  # after that it changed, or it counted less
    password_reset.send(User, request=request, user=back.user)
    if not back.meanwhile.endswith(returning.NOWHERE):
        get_adapter().send_notification_mail(
            "account/email/email_taken_back", back.user, email=back.meanwhile
        )


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
