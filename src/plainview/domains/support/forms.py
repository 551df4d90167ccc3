"""Forms that anybody can send: a question, a copyright notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from plainview.privacy.consent import questions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HONEST = _("Without this the notice can’t be taken.")


class Topic(models.TextChoices):
    """What a question is about."""

    WATCHING = "watching", _("Watching")
    ACCOUNT = "account", _("My account")
    REFUND = "refund", _("A payment or refund")
    PRIVACY = "privacy", _("My data")
    ACCESS = "access", _("Something I can’t use or read")
    OTHER = "other", _("Something else")


class Plain(forms.Form):
    """A form whose own words say what is missing, and whose email is typed by somebody else too."""

    use_required_attribute = False


def _email(why: StrOrPromise, without: StrOrPromise) -> forms.EmailField:
    return forms.EmailField(
        label=_("Your email address"),
        help_text=why,
        max_length=254,
        error_messages={"required": without},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


def _text(
    label: StrOrPromise,
    help_text: StrOrPromise,
    without: StrOrPromise,
    rows: int,
    longest: int,
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        error_messages={"required": without},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class QuestionForm(Plain):
    """A question to the help desk."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("Choose one")), *Topic.choices],
        error_messages={"required": _("Choose one, so that the right person reads it.")},
    )
    text = _text(
        _("Your question"),
        _("Leave out passwords and card numbers: nobody here will ask for them."),
        _("Write what you want to know."),
        6,
        4000,
    )
    email = _email(
        _("The answer goes there. It is used for nothing else."),
        _("Without an address nobody can answer you."),
    )


class NoticeForm(Plain):
    """A notice that a work is here without leave."""

    work = _text(
        _("Which work is yours?"),
        _("Its title and what it is. Several works can stand in one notice."),
        _("Without the work nobody can tell what it is about."),
        3,
        2000,
    )
    where = _text(
        _("Where is it here?"),
        _("The address of the page, and the minute in the film if it is a part."),
        _("Without the place nobody can find it."),
        3,
        2000,
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Yours, or that of whom you act for; it counts as your signature."),
        max_length=200,
        error_messages={"required": _("Without a name it is no notice.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = _email(
        _("The receipt and the decision go there. Whoever put the work here does not see it."),
        _("Without an address nobody can tell you what was decided."),
    )
    address = forms.CharField(
        label=_("Your postal address"),
        help_text=_("Left empty, we write by email alone."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )
    faith = forms.BooleanField(
        label=_("I believe in good faith that neither the owner nor the law allows this use."),
        error_messages={"required": HONEST},
    )
    accurate = forms.BooleanField(
        label=_("What I say is true, and I am the owner or may act for them."),
        error_messages={"required": HONEST},
    )

    def letter(self) -> dict[str, Any]:
        """What is kept of a valid notice; the two statements are what makes it one."""
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in ("faith", "accurate")
        }


class CounterForm(Plain):
    """A counter-notice: what 17 U.S.C. §512(g)(3) asks of one, in the words of the policy."""

    material = _text(
        _("What was taken down, and where was it?"),
        _("Its name, and the address at which it was before."),
        _("Without it nobody can tell what you answer for."),
        2,
        2000,
    )
    mistake = _text(
        _("Why was that a mistake?"),
        _("Whoever sent the notice reads this, with your name, address and telephone number."),
        _("Without your reason the counter-notice can’t be taken."),
        4,
        2000,
    )
    name = forms.CharField(
        label=_("Your full name"),
        help_text=_("It counts as your signature."),
        max_length=200,
        error_messages={"required": _("Without a name it is no counter-notice.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = forms.CharField(
        label=_("Your postal address"),
        max_length=500,
        error_messages={"required": _("The law asks for an address at which you can be reached.")},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        error_messages={"required": _("The law asks for a telephone number.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "dir": "ltr"}),
    )
    sworn = forms.BooleanField(error_messages={"required": HONEST})
    court = forms.BooleanField(error_messages={"required": HONEST})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for statement in ("sworn", "court"):
            said = questions.say(f"copyright.clauses.{statement}")
            self.fields[statement].label = said.replace("\n", " ")

    def letter(self) -> dict[str, str]:
        """What is kept of a valid counter-notice; the two statements are what makes it one."""
        return {
            key: value for key, value in self.cleaned_data.items() if key not in ("sworn", "court")
        }


class CourtForm(Plain):
    """The claimant says that they went to court."""

    case = forms.CharField(
        label=_("Which court, and under which number?"),
        help_text=_("Whoever put it on reads that you went to court."),
        max_length=300,
        error_messages={"required": _("Name the court and the number of the case.")},
    )
