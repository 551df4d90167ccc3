"""The forms by which somebody asks: in the account, without one, and for the staff who enter it.

No field but the ones that say who and where is asked for; what is left open is asked by a person.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.platform import languages
from plainview.privacy.places.territories import territories
from plainview.privacy.policies import in_force
from plainview.privacy.requests import acting, carrying, disputing, objecting, wording
from plainview.privacy.requests.clock import AMERICA
from plainview.privacy.requests.models import LONGEST, RESTRICT, Restricts


def kinds() -> list[tuple[str, str]]:
    """What can be asked for, in the policy's words and order, and whatever else there is."""
    rights = in_force().rights
    asked = [
        id_
        for id_, right in rights.items()
        if id_ != "appeal" and (right.means == "desk" or id_ in (*carrying.ACTS, "correct"))
    ]
    return [("", _("Something else, or I am not sure"))] + [
        (id_, wording.kind(id_)) for id_ in asked
    ]


def _states_first(choices: tuple[Any, ...]) -> list[Any]:
    """The places of a list with those of the United States before the others."""
    american = [each for each in choices if _is_american(each)]
    return american + [each for each in choices if each not in american]


def _is_american(choice: Any) -> bool:
    _key, inner = choice
    return not isinstance(inner, str) and inner[0][0].startswith(f"{AMERICA}-")


class AskForm(forms.Form):
    """What somebody signed in asks for."""

    use_required_attribute = False
    goes_with: ClassVar = {
        "restricts": RESTRICT,
        "objects": objecting.OBJECT,
        "wrong": disputing.CORRECT,
        "mandate": "agent",
        "file": "agent",
    }
    field_order: tuple[str, ...] = ("kind", "restricts", "objects", "wrong", "words")
    kind = forms.ChoiceField(label=gettext_lazy("What do you want?"), required=False)
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy(
            "Only what we need to find it: no password, no copy of a passport. Nobody asks you for"
            " these."
        ),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    restricts = forms.ChoiceField(
        label=gettext_lazy("If we are to set your data aside: why?"),
        help_text=gettext_lazy("You may leave it open; a person asks then."),
        choices=[("", gettext_lazy("Not said")), *Restricts.choices],
        required=False,
    )
    objects = forms.ChoiceField(
        label=gettext_lazy("If you object: to what?"),
        help_text=gettext_lazy("What rests on your yes you can refuse under Your choices."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]
        some = [(id_, wording.purpose(id_)) for id_ in objecting.on_interest()]
        self.fields["objects"].choices = [("", _("Everything that rests on our interest")), *some]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Its `purposes` are what an objection is to, none for all of it.

        Raises ValidationError where nothing at all was asked.
        """
        given: dict[str, Any] = super().clean() or {}
        if not given.get("kind") and not given.get("words", "").strip() and not self.errors:
            raise forms.ValidationError(_("Choose what you want, or say it in your own words."))
        if given.get("kind") != RESTRICT:
            given["restricts"] = ""
        named = given.get("objects") if given.get("kind") == objecting.OBJECT else ""
        given["purposes"] = (named,) if named else ()
        return given


class Proof(forms.FileField):
    """A file that shows that somebody may act; cleans to its bytes, of a type that they say."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("The paper itself, if you have it as a file"),
            help_text=gettext_lazy(
                "PDF, JPEG or PNG, 5 MB at most. It lies encrypted, is read by whoever works on the"
                " request alone, and goes soon after the decision."
            ),
            required=False,
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Raises ValidationError for what is too large, or none of these."""
        file = super().clean(data, initial)
        if not file:
            return b""
        try:
            content: bytes = file.read(acting.LARGEST + 1)
            acting.media_of(content)
        except acting.Unfit:
            raise forms.ValidationError(
                _("This is no PDF, JPEG or PNG of at most 5 MB. Choose another file.")
            ) from None
        return content


class ShowForm(forms.Form):
    """What shows that somebody may act, sent after they asked: words, a file, or both."""

    mandate = forms.CharField(
        label=gettext_lazy("What shows that you may act for them"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = Proof()


class MemberForm(AskForm):
    """What somebody signed in asks for; to correct something, of which kind it is."""

    wrong = forms.ChoiceField(
        label=gettext_lazy("What is wrong, if you ask to correct it"),
        help_text=gettext_lazy(
            "It is set aside until a person has decided. Say it of one entry at the entry itself,"
            " under Your privacy; what you gave yourself you can change there too."
        ),
        required=False,
    )

    def __init__(self, *args: Any, held: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wrong"].choices = [("", _("I am not sure")), *held]  # type: ignore[attr-defined]


class PublicForm(AskForm):
    """What somebody asks without an account, for themselves or for another."""

    contact = forms.EmailField(
        label=gettext_lazy("Your email address"),
        help_text=gettext_lazy(
            "The answer goes there. Without one, the page that comes next is the only way to it."
        ),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    residence = forms.ChoiceField(
        label=gettext_lazy("Where you live"),
        help_text=gettext_lazy("It tells which law and which days hold. You may leave it open."),
        required=False,
    )
    agent = forms.EmailField(
        label=gettext_lazy("Your own address, if you ask for somebody else"),
        help_text=gettext_lazy("Then the address above is theirs."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr", "placeholder": " "}),
    )
    mandate = forms.CharField(
        label=gettext_lazy("What shows that you may act for them"),
        help_text=gettext_lazy(
            "The words of their signed permission, or the power of attorney and its date."
        ),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    file = Proof()

    def __init__(self, *args: Any, american: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = territories()
        chosen = _states_first(places) if american else list(places)
        self.fields["residence"].choices = [("", _("Not said")), *chosen]  # type: ignore[attr-defined]


class SayForm(forms.Form):
    """What somebody adds to their request, or says in an appeal."""

    words = forms.CharField(max_length=LONGEST, required=False)


def language() -> str:
    """The language in which whoever asks gets the answer: that of the page."""
    return languages.current()
