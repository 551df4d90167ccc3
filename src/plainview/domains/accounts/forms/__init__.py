"""Forms of the account, where ours say more than django-allauth's."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.accounts.models import User
from plainview.domains.accounts.queries import changing
from plainview.domains.accounts.services import addresses
from plainview.domains.accounts.services.addresses import carried
from plainview.privacy.backups import returning
from plainview.privacy.consent.questions import of_beginning
from plainview.privacy.places.territories import territories, territory_name
from plainview.privacy.policies import in_force
from plainview.privacy.sessions import SHARED

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ADDRESS = gettext_lazy("Email address")
NO_ADDRESS = gettext_lazy("Without an address there is no account: you sign in with it.")
NO_PASSWORD = gettext_lazy("Without a password there is no account: it keeps others out.")
NO_TERRITORY = gettext_lazy(
    "Without the place you live in there is no account: your rights and your age depend on it."
)
NO_CERTIFICATE = gettext_lazy(
    "Without this there is no account. Nothing of what you typed has been kept."
)
NO_MOVE = gettext_lazy("Without this the place stays as it was.")
NO_SIGN_IN = gettext_lazy("Without this nobody can be signed in.")
NO_LINK = gettext_lazy("Without an address there is nowhere to send the link.")
NO_NEW_ADDRESS = gettext_lazy("Without a new address the old one stays.")
NO_NEW_PASSWORD = gettext_lazy("Without a new password the old one stays.")
NO_PROOF = gettext_lazy("Without your password this does not go on: it shows that it is you.")
ADVICE = gettext_lazy(
    "10 characters or more, and used nowhere else. A sentence is good, a password manager better."
)
UNKNOWN_PASSKEY = gettext_lazy(
    "No passkey of an account here was used. If you removed it here, sign in with your password."
)


class Certifying(forms.Form):
    """Where somebody lives, and that they are of age there.

    The age stands in the sentence that is ticked. Script changes the sentence with the place;
    without it, or if the two do not fit, the form comes back with the right one, unticked (P10a).
    """

    territory = forms.ChoiceField(
        label=gettext_lazy("Where you live"),
        help_text=gettext_lazy("It decides which rights you have. Where you are now is not kept."),
        error_messages={"required": NO_TERRITORY},
        widget=forms.Select(attrs={"autocomplete": "country", "data-territory": ""}),
    )
    age = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-age": ""}))
    certified = forms.BooleanField(error_messages={"required": NO_CERTIFICATE})

    use_required_attribute = False  # the service's own words say what is missing (P3.1.1b)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("Choose a place")), *territories()]
        self.fields["territory"].choices = offered  # type: ignore[attr-defined]
        codes = {code for code, _name in _flat(offered)}
        if self.initial.get("territory") not in codes:
            self.initial["territory"] = ""
        self._show(str(self["territory"].value() or ""))

    def _show(self, territory: str) -> None:
        """Put the sentence for a territory before the reader."""
        self.fields["certified"].label = sentence(territory)
        if not self.is_bound:
            self.initial["age"] = _age(territory)

    @property
    def spoken(self) -> dict[str, Any]:
        """What script needs to change the sentence with the place."""
        ages = {code: in_force().age_of_majority(code) for code, _name in _flat(territories())}
        adult = min(ages.values())
        return {
            "sentence": _sentence("{age}", "{place}"),
            "unknown": sentence(""),
            "adult": adult,
            "ages": {code: age for code, age in ages.items() if age != adult},
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        territory = values.get("territory") or ""
        due = _age(territory)
        if territory and values.get("certified") and values.get("age") != due:
            said = {"place": territory_name(territory), "age": due}
            self.add_error(
                "certified",
                _("In %(place)s the age is %(age)s. Read the sentence again, then tick it.") % said,
            )
        if self.errors:
            again = {**self.data.dict(), "age": str(due or "")}  # type: ignore[attr-defined]
            if "certified" in self.errors:
                again.pop("certified", None)
            self.data = again
        return values


def sentence(territory: str) -> str:
    """What somebody who lives in a territory certifies; "" is a place not chosen yet."""
    if not territory:
        return _("I am 18 or older, and of age where I live.")
    return _sentence(str(_age(territory)), territory_name(territory))


def _sentence(age: str, place: str) -> str:
    words = _("I am 18 or older, and of age where I live: at least %(age)s in %(place)s.")
    return words % {"age": age, "place": place}


def _age(territory: str) -> int | None:
    return in_force().age_of_majority(territory) if territory else None


def _flat(choices: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for value, name in choices:
        found += [(value, name)] if isinstance(name, str) else name
    return found


class Telling(forms.Form):
    """A form that says what will not work without a field, in place of the browser (P3.1.1b)."""

    without: ClassVar[dict[str, StrOrPromise]] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.without.items():
            self.fields[name].error_messages["required"] = words


class AtSharedComputer(forms.Form):
    """Whether many people sit at this computer (P5.1.3b)."""

    shared = forms.BooleanField(
        required=False,
        label=gettext_lazy("This computer is shared"),
        help_text=gettext_lazy(
            "Nothing of you stays on it, and you are signed out when its browser closes."
        ),
    )


class RegistrationForm(Telling, Certifying, AtSharedComputer, allauth.SignupForm):
    """The least that makes an account: an address, a password, a place and a certificate.

    Promises: P2.1.1a, P10c.
    """

    without = {"email": NO_ADDRESS, "password1": NO_PASSWORD}
    field_order = ["email", "password1", "territory", "certified", "age", "shared"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        visitor = context.request.visitor
        initial = {"territory": visitor.presence or ""} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        self.refused = of_beginning(visitor)
        email, password = self.fields["email"], self.fields["password1"]
        email.label = ADDRESS
        email.help_text = gettext_lazy("We write to it when something about your account matters.")
        password.help_text = ADVICE

    account_already_exists: bool

    def clean_email(self) -> str:
        """The address; one that changed since a restored copy is its account's again."""
        returning.address_shown(self.cleaned_data["email"])
        address: str = super().clean_email()
        self.account_already_exists = changing.taken(address)
        return address

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The account, or the answer that a taken address gets: the same page, as much work."""
        if self.cleaned_data["shared"]:  # until the mail is answered too, and from then on
            request.session[SHARED] = True
            request.session.set_expiry(0)
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:  # somebody was faster with this very address
                self.account_already_exists = True
        make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class PlaceForm(Certifying):
    """Moving: the new place, certified anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("territory", "certified"):
            self.fields[field].error_messages["required"] = NO_MOVE


class LoginForm(Telling, AtSharedComputer, allauth.LoginForm):
    """Signing in."""

    without = {"login": NO_SIGN_IN, "password": NO_SIGN_IN}
    field_order = ["login", "password", "shared"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADDRESS
        self.fields["login"].widget.attrs["autocomplete"] = "username"  # for who keeps passwords
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        """The address; one that changed since a restored copy is its account's again."""
        address: str = super().clean_login()
        with suppress(forms.ValidationError):  # then nobody has it, which is said as ever
            address = carried(address)
        returning.address_shown(address)
        return address

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, or say why not; whoever can't come in leaves without a session."""
        shared = self.cleaned_data["shared"]
        if shared:
            request.session[SHARED] = True
        response: HttpResponse = super().login(request, redirect_url)
        if not self.user.is_active:
            request.session.flush()
        elif shared:
            request.session.set_expiry(0)  # which allauth has just set otherwise
        return response


class AddressForm(Telling, allauth.AddEmailForm):
    """A new address, which takes the place of the old one when it is confirmed (P1.1.1b)."""

    without = {"email": NO_NEW_ADDRESS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = gettext_lazy("New address")

    def save(self, request: HttpRequest) -> EmailAddress:
        """The new address, which waits for its proof from now on.

        Of two ways to change it the one at hand counts: what was to replace a lost one is stopped.
        """
        if (waiting := changing.replacing(self.user.pk)) is not None:
            addresses.stop(waiting)
        made: EmailAddress = super().save(request)
        addresses.wait(made)
        return made


class ResetForm(Telling, allauth.ResetPasswordForm):
    """Asking for a link that sets a new password."""

    without = {"email": NO_LINK}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS

    def clean_email(self) -> str:
        """A suspended account has its password too; only signing in says that it is suspended."""
        returning.address_shown(self.cleaned_data["email"].lower())
        email = carried(super().clean_email())
        found = filter_users_by_email(email, prefer_verified=True)
        # Not of whoever has typed it as their new one, and not proved it: who reads it is another.
        self.users = [each for each in found if each.email.lower() == email.lower()]
        return email


class NewPassword(Telling):
    """A new password is typed once, and seen if one likes; browsers have a button for it."""

    without = {"password1": NO_NEW_PASSWORD}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].label = gettext_lazy("New password")
        self.fields["password1"].help_text = ADVICE


class ChangePasswordForm(NewPassword, allauth.ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    without = {"oldpassword": NO_PROOF, "password1": NO_NEW_PASSWORD}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = gettext_lazy("Current password")
        self.fields["oldpassword"].help_text = ""


class ResetPasswordKeyForm(NewPassword, allauth.ResetPasswordKeyForm):
    """A new password for somebody whom the mailed link led here."""


class ReauthenticateForm(Telling, allauth.ReauthenticateForm):
    """The password once more."""

    without = {"password": NO_PROOF}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, or a key that only comes after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label = gettext_lazy("What you call it")
        name.widget.attrs["maxlength"] = 60
        alone.label = gettext_lazy("Sign in with it alone, without the password")
        alone.help_text = gettext_lazy("It then asks for your finger, your face or its PIN.")
        alone.initial = True


class PasskeyLoginForm(LoginWebAuthnForm):
    """Signing in with a passkey alone; one that was removed here may still be on its device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages["required"] = UNKNOWN_PASSKEY

    def clean_credential(self) -> Authenticator:
        """The key that was used. Raises ValidationError, in words about a key, not about a code."""
        try:
            found: Authenticator = super().clean_credential()
        except (forms.ValidationError, KeyError, TypeError, ValueError) as refused:
            # What is no answer of a key breaks the library's reading of it.
            raise forms.ValidationError(UNKNOWN_PASSKEY, code="unknown") from refused
        return found
