"""Forms of the officer's casework: a form for each step, with the fields that the step asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.platform import languages
from plainview.privacy.consent import questions
from plainview.privacy.policies import in_force
from plainview.privacy.requests import answers, clock, disputing, identity, minors, numbers, wording
from plainview.privacy.requests.models import LONGEST, Ground, Outcome, Proof

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STEPS: dict[str, tuple[StrOrPromise, tuple[str, ...]]] = {
    "acknowledge": (gettext_lazy("Say that it came"), ()),
    "sort": (gettext_lazy("Say what they ask for"), ("kind", "account", "child", "disputed")),
    "assign": (gettext_lazy("Give it to somebody"), ("officer",)),
    "ask-identity": (gettext_lazy("Ask who they are"), ("said",)),
    "begin": (gettext_lazy("Begin the work"), ("proof", "account", "note")),
    "ask": (gettext_lazy("Ask them something"), ("said",)),
    "resume": (gettext_lazy("Go on: they answered"), ("note",)),
    "extend": (gettext_lazy("Take longer, with a reason"), ("said",)),
    "by-hand": (gettext_lazy("Keep it from being done by itself"), ("note",)),
    "answer": (gettext_lazy("Answer it"), ("outcome", "ground", "said")),
    "refuse": (gettext_lazy("Refuse it"), ("ground", "said")),
    "appeal": (gettext_lazy("Enter their appeal"), ("said",)),
    "settle": (gettext_lazy("Decide the appeal"), ("outcome", "said")),
    "withdraw": (gettext_lazy("They take it back"), ("note",)),
    "close": (gettext_lazy("They take it back"), ("note",)),
    "join": (gettext_lazy("Join it to another"), ("other",)),
    "hear": (gettext_lazy("Enter what they said"), ("said",)),
    "write": (gettext_lazy("Write to them"), ("said",)),
    "note": (gettext_lazy("Note something"), ("note",)),
}
"""What an officer's step is called, and what its form asks for; from where, the table says."""
OUTGOING = frozenset({"ask-identity", "ask", "extend", "answer", "refuse", "settle", "write"})
"""The steps whose words are mailed to whoever asked."""
NEEDED = frozenset({"sort", "assign", "extend", "refuse", "settle", "ask", "hear", "write", "note"})
"""The steps that are nothing without what they ask for."""


UNSAID = gettext_lazy("Write what they read: an answer says what was done.")
ENDS = ("answer", "settle")
"""The steps by which what is said to be wrong is put right."""
OPENS, STAYS = "opens", "stays"
"""What becomes of the suspended account of who complains."""
FACT, REMOVE = "fact-", "remove"
"""How the fields of a disputed fact begin, and the box that lets its entry go."""


class Fact(NamedTuple):
    """A disputed fact as a form has it: a field for each column, and whether its row may go.

    `whole` is one that names a kind and no entry: of that, all may go.
    """

    fields: dict[str, forms.Field]
    removable: bool
    whole: bool = False


class StepForm(forms.Form):
    """One step of one request. `seq` is how many steps the officer has seen."""

    use_required_attribute = False
    seq = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        step: str,
        kind: str,
        language: str,
        colleagues: list[tuple[int, str]],
        proved: bool,
        member: bool,
        says_itself: bool = False,
        whole: bool = False,
        suspended: bool = False,
        fact: Fact | None = None,
        disputable: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.fact = fact if step in ENDS else None
        fields: dict[str, Any] = self._every(kind, language, colleagues)
        fields["disputed"] = forms.ChoiceField(
            label=_("What they say is wrong, if they ask to correct it"),
            choices=[("", "–"), *(disputable or [])],
            required=False,
        )
        needless = {
            "proof": proved,
            "account": member or (step == "sort" and not proved),
            "child": kind != minors.MINOR,
            "disputed": not disputable,
        }
        for name in STEPS[step][1]:
            if not needless.get(name):
                self.fields[name] = fields[name]
        if step == "answer" and not says_itself:
            self.fields["said"].required = True
            self.fields["said"].error_messages["required"] = UNSAID
        unfit = {Outcome.PARTLY} if step == "answer" and whole else set()
        unfit |= {Outcome.NOTHING} if member else set()  # their account is something
        offered = [each for each in fields["outcome"].choices if each[0] not in unfit]
        fields["outcome"].choices = offered
        if step == "refuse":
            self.fields["ground"].required = True
            if identity.needless(kind):
                refusals = [each for each in Ground.choices if each[0] != Ground.UNPROVED]
                fields["ground"].choices = [("", "–"), *refusals]
        if suspended and step in ENDS:
            self.fields["suspended"] = forms.ChoiceField(
                label=_("Their suspended account"),
                choices=[
                    ("", _("Choose one")),
                    (OPENS, _("Open it again with this answer")),
                    (STAYS, _("It stays suspended")),
                ],
                required=False,
            )
        if self.fact is not None:
            self.fields |= {f"{FACT}{name}": field for name, field in self.fact.fields.items()}
            if self.fact.removable:
                goes = _("Delete all of it") if self.fact.whole else _("Delete the entry instead")
                self.fields[REMOVE] = forms.BooleanField(label=goes, required=False)

    def _every(
        self, kind: str, language: str, colleagues: list[tuple[int, str]]
    ) -> dict[str, forms.Field]:
        choose = ("", _("Choose one"))
        area = {"rows": 9, "lang": language, "dir": languages.direction(language)}
        outgoing = self.step in OUTGOING
        return {
            "kind": forms.ChoiceField(
                label=_("What they ask for"), choices=[choose, *rights()], initial=kind
            ),
            "officer": forms.TypedChoiceField(
                label=_("Who"), coerce=int, choices=[choose, *colleagues]
            ),
            "proof": forms.ChoiceField(
                label=_("How they showed who they are"), choices=[choose, *_witnessed(kind)]
            ),
            "account": forms.CharField(
                label=_("Address or number of their account, if they have one"),
                max_length=254,
                required=False,
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            ),
            "child": forms.CharField(
                label=_("Address or number of the account that is a child’s"),
                help_text=_("It is closed to use at once. A colleague decides on erasing it."),
                max_length=254,
                required=False,
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            ),
            "outcome": forms.ChoiceField(
                label=_("What was decided"),
                choices=[choose, *(Outcome.choices if self.step == "settle" else _GIVEN)],
            ),
            "ground": forms.ChoiceField(
                label=_("Why not, or not all"),
                choices=[("", "–"), *Ground.choices],
                required=False,
            ),
            "said": forms.CharField(
                label=_("What they read") if outgoing else _("What they said"),
                max_length=LONGEST,
                required=self.step in NEEDED,
                widget=forms.Textarea(attrs=area),
            ),
            "note": forms.CharField(
                label=_("A note for the desk alone"),
                max_length=LONGEST,
                required=self.step in NEEDED,
                widget=forms.Textarea(attrs={"rows": 4}),
            ),
            "other": forms.CharField(
                label=_("The number of the other request"),
                max_length=40,
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            ),
        }

    def change(self) -> disputing.Change | None:
        """What is done with the disputed fact; None where the step decides about none."""
        if self.fact is None:
            return None
        values = {
            name.removeprefix(FACT): value
            for name, value in self.cleaned_data.items()
            if name.startswith(FACT) and name in self.changed_data
        }
        return disputing.Change(values, bool(self.cleaned_data.get(REMOVE)))

    def begin(self, template: str) -> None:
        """Go on in the text of a template, by its key, with the decision that it speaks of."""
        self.fields["said"].widget.attrs["autofocus"] = True
        if template == Outcome.NOTHING and "outcome" in self.fields:
            self.initial["outcome"] = template

    def typed(self, name: str) -> str:
        """What stands in a field now; "" where this step has none of that name."""
        return self[name].value() or "" if name in self.fields else ""

    def seen_again(self, seq: int) -> None:
        """Let what was typed be sent once more, by somebody who has seen so many steps."""
        typed = QueryDict(mutable=True)
        for name in self.data:
            typed[name] = self.data[name]
        typed["seq"] = str(seq)
        self.data = typed

    def clean_said(self) -> str:
        """What is mailed has nothing left to be filled in."""
        said: str = self.cleaned_data["said"]
        left = answers.unfilled(said) if self.step in OUTGOING else []
        if left:
            raise forms.ValidationError(
                _("This is still to be filled in: %(left)s") % {"left": questions.in_a_row(left)}
            )
        return said

    def clean_other(self) -> str:
        """A number as somebody typed it."""
        number = numbers.read(self.cleaned_data["other"])
        if not number:
            raise forms.ValidationError(_("No request has this number. Look for a slip in it."))
        return number

    def clean(self) -> dict[str, Any]:
        """What is done only in part says why not all of it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        partly = values.get("outcome") == Outcome.PARTLY and self.step == "answer"
        if partly and not values.get("ground"):
            self.add_error("ground", _("Say why the rest is not done."))
        granted = values.get("outcome") == Outcome.GRANTED
        if "suspended" in self.fields and granted and not values.get("suspended"):
            unsaid = _("Say what becomes of their account, so that “done as asked” is true.")
            self.add_error("suspended", unsaid)
        if values.get("suspended") == OPENS and values.get("outcome") == Outcome.REFUSED:
            self.add_error("suspended", _("What is refused opens no account."))
        return values


def _witnessed(kind: str) -> list[tuple[str, StrOrPromise]]:
    """The proofs that an officer can speak for; who signed in or opened a link the service saw."""
    needless = [Proof.NEEDLESS] if not kind or identity.needless(kind) else []
    return [(each.value, each.label) for each in (*needless, Proof.FACTS, Proof.SEEN)]


_GIVEN = [each for each in Outcome.choices if each[0] != Outcome.REFUSED]


def rights() -> list[tuple[str, str]]:
    """The rights that somebody can ask for, in words; an appeal is of a decision."""
    return [(id_, wording.kind(id_)) for id_ in in_force().rights if id_ != clock.APPEAL]


class RedactForm(forms.Form):
    """A text that is sent on, and the words that are to go from it."""

    text = forms.CharField(
        label=gettext_lazy("The text"), max_length=LONGEST, widget=forms.Textarea({"rows": 9})
    )
    words = forms.CharField(
        label=gettext_lazy("Names and words that are to go"),
        help_text=gettext_lazy("One a line. Addresses, numbers and links go by themselves."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )


class FindRequestForm(forms.Form):
    """A request by its number, or the open ones of a person by their exact address."""

    what = forms.CharField(
        label=gettext_lazy("Number of a request, or an email address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "accesskey": "f"}),
    )
