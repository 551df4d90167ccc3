"""The first run: makes the first staff account and tries the mail, behind the printed token."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plainview.domains.accounts import services
from plainview.domains.accounts.forms import NO_ADDRESS, NO_PASSWORD, Certifying, Telling
from plainview.domains.accounts.models import User
from plainview.privacy.disclosures import connections, post
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import controller
from plainview.privacy.visitors import Visitor
from plainview.web.errors import first_run_closed
from plainview.web.firstrun import token_valid


class FirstStaff(Telling, Certifying):
    """The first staff account: address, password, and the certificate that every account has."""

    without = {"email": NO_ADDRESS, "password": NO_PASSWORD}
    field_order = ("email", "password", "territory", "certified", "age")

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        help_text=gettext_lazy("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("10 characters or more; a sentence is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean(self) -> dict[str, object]:
        """Judges the password beside the address, as later changes of it are judged."""
        values = super().clean() or {}
        if password := values.get("password"):
            try:
                validate_password(password, User(email=values.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return values


class MailTest(forms.Form):
    """Where to send the test mail."""

    to = forms.EmailField(
        label=gettext_lazy("Send a test mail to"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="nobody has an account yet; it asks whether anybody is staff",
)
@sensitive_post_parameters()
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """The first-run page; 404 without the right token, and for everyone once there is staff."""
    token = request.POST.get("token") or request.GET.get("token", "")
    if not token_valid(token):
        return first_run_closed(request)
    testing = "test-mail" in request.POST
    making = request.method == "POST" and not testing
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    start = {"territory": visitor.presence or ""}
    staff = FirstStaff(request.POST if making else None, initial=start)
    mail = MailTest(request.POST if testing else None)
    outcome = None
    if making and staff.is_valid() and (user := _make(staff, visitor)):
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        record_authentication(request, user, "password", reauthenticated=True)
        return redirect("desk")
    if testing and mail.is_valid():
        outcome = _send_test(mail.cleaned_data["to"])
        staff = FirstStaff(initial={**start, "email": mail.cleaned_data["to"]})
    return render(
        request,
        "pages/setup.html",
        {
            "token": token,
            "staff": staff,
            "mail": mail,
            "outcome": outcome,
            "file": "policy.toml",
        },
        status=422 if staff.errors or mail.errors else 200,
    )


def _make(form: FirstStaff, visitor: Visitor) -> User | None:
    """The account, or None with the reason in the form."""
    try:
        return services.create_first_staff(
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            territory=form.cleaned_data["territory"],
            presence=visitor.presence,
            heard=visitor.heard,
        )
    except services.AlreadySetUp:
        form.add_error(None, _("Somebody was faster: there is a staff account. Sign in with it."))
    except ValidationError as error:
        form.add_error("email", " ".join(error.messages))
    return None


def _send_test(to: str) -> tuple[str, str]:
    """(kind, words): how sending a mail to `to` went."""
    if settings.MAIL_SERVER and connections.carrier() is None:
        return "bad", _(
            "The policy names nobody who carries mail, so no letter leaves. Give the one who does"
            " %(line)s in recipients.toml, and start again."
        ) % {"line": 'carries = "mail"'}
    if reason := post.trouble():
        return "bad", _(
            "The mail could not be sent: %(reason)s. Check PLAINVIEW_EMAIL_URL; the service runs"
            " without mail, but nobody can reset a password."
        ) % {"reason": reason}
    send_mail(
        subject=_("%(name)s can send mail") % {"name": controller().name},
        message=_("This is the test mail of your first run. Nothing else needs doing."),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[to],
    )
    if not settings.MAIL_SERVER:
        return "", _(
            "No mail server is set, so the mail was kept in %(folder)s. Set PLAINVIEW_EMAIL_URL to"
            " send it for real."
        ) % {"folder": settings.EMAIL_FILE_PATH}
    return "good", _(
        "The mail server took it. If it does not arrive within minutes, look among the spam."
    )
