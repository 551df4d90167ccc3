"""Forms of the register of breaches: what is known, what was done, and what people are told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.staff.forms.holds import Family, families
from plainview.domains.staff.forms.licensing import LOCAL, Local
from plainview.domains.staff.forms.shared import SharedForm
from plainview.platform import languages
from plainview.privacy.breaches import due, wording
from plainview.privacy.breaches.said import (
    Closed,
    Letter,
    Noted,
    Opened,
    Said,
    Spared,
    Stated,
    Told,
)
from plainview.privacy.breaches.services import Unfounded
from plainview.privacy.consent.questions import called
from plainview.privacy.policies import in_force
from plainview.privacy.rights import wording as kinds

LONGEST = 10_000
NOBODY = gettext_lazy("Name nobody here: no name, no address, no number of an account.")
_MANY = 10**12


class Moment(forms.DateTimeField):
    """A moment by the clock that the page names; of an hour that comes twice, the first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=Local(), **options)

    def to_python(self, value: Any) -> dt.datetime | None:
        """Raises ValidationError for what is no moment."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value
        for form in (LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"):
            try:
                read = dt.datetime.strptime(str(value).strip(), form)
            except ValueError:
                continue
            return read.replace(tzinfo=timezone.get_current_timezone())
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


def text(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = True) -> Any:
    """A text of some sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST, widget=area
    )


def _boxes(label: Any, help_text: Any = "") -> Any:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


def _place_in(region: str, box: dict[str, Any]) -> tuple[bool, str]:
    """Where the box of a jurisdiction stands among those of its region."""
    return box["value"] != region, languages.alphabetical(str(box["label"]))


def law_families(bound: BoundField) -> list[Family]:
    """The boxes of jurisdictions by name: of the Union, of the United States, and the others.

    What stands for the whole of a region comes first.
    """
    groups = dict[str, list[Any]]()
    for box in bound.subwidgets:
        groups.setdefault(wording.region(box.data["value"]), []).append(box)
    return [
        Family(
            wording.regional(head),
            sorted(mine, key=lambda each: _place_in(head, each.data)),
            any(each.data["selected"] for each in mine),
        )
        for head, mine in groups.items()
    ]


class FactsForm(SharedForm):
    """All that is known of a breach."""

    aware = Moment(
        label=gettext_lazy("When somebody here became aware"),
        help_text=gettext_lazy("The clocks run from this moment, also where it is long past."),
    )
    what = text(gettext_lazy("What happened"), NOBODY)
    begun = Moment(label=gettext_lazy("It began"), required=False)
    ended = Moment(label=gettext_lazy("It ended"), required=False)
    categories = _boxes(gettext_lazy("Which kinds of data"))
    places = _boxes(
        gettext_lazy("Where those concerned live"),
        gettext_lazy("None where nobody knows: then the strictest clock of all laws runs."),
    )
    people = forms.IntegerField(
        label=gettext_lazy("People concerned, at most"),
        help_text=gettext_lazy("Empty where nobody knows."),
        required=False,
        min_value=0,
        max_value=_MANY,
    )
    records = forms.IntegerField(
        label=gettext_lazy("Records concerned, at most"),
        required=False,
        min_value=0,
        max_value=_MANY,
    )
    recipients = _boxes(gettext_lazy("Recipients and processors"))
    effects = text(gettext_lazy("Likely consequences"), NOBODY, required=False)
    measures = text(gettext_lazy("What was done and is meant"), NOBODY, required=False)
    risk = forms.ChoiceField(
        label=gettext_lazy("The risk to people"), required=False, widget=forms.RadioSelect
    )
    reasons = text(
        gettext_lazy("Reasons"),
        gettext_lazy("Needed once it is weighed, above all where it is unlikely."),
        rows=3,
        required=False,
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        policy, said = in_force(), options.get("initial") or {}
        choices: dict[str, list[tuple[str, str]]] = {
            "categories": [(each, kinds.category(each)) for each in policy.categories],
            "places": [(each, wording.place(each)) for each in policy.jurisdictions],
            "recipients": [(each, called(each)) for each in policy.recipients],
            "risk": list(wording.risks().items()),
        }
        for name, offered in choices.items():
            known = {key for key, _words in offered}
            gone = [each for each in said.get(name) or () if name != "risk" and each not in known]
            both = [*offered, *((each, each) for each in gone if name != "places")]
            self.fields[name].choices = both  # type: ignore[attr-defined]

    def families(self) -> list[Family]:
        """The boxes of kinds of data."""
        return families(self["categories"])

    def laws(self) -> list[Family]:
        """The boxes of places."""
        return law_families(self["places"])

    def stated(self) -> Stated:
        """What a valid form says."""
        values: dict[str, Any] = dict(self.cleaned_data)
        values.pop("was")
        for name in ("aware", "begun", "ended"):
            values[name] = self.moment(name)
        for name in ("categories", "places", "recipients"):
            values[name] = tuple(values[name])
        return Stated(**values)


def initial(facts: Stated) -> dict[str, Any]:
    """What a form shows at first of what is known."""
    said = msgspec.structs.asdict(facts)
    return {key: list(e) if isinstance(e, tuple) else e for key, e in said.items()}


class ActForm(forms.Form):
    """One act on a breach; `said` is its entry."""

    def said(self) -> Said:
        """The entry of a valid form."""
        raise NotImplementedError


class ToldForm(ActForm):
    """A duty was done, in whole or in a further part."""

    duty = forms.CharField(widget=forms.HiddenInput)
    at = Moment(label=gettext_lazy("When it was told"))
    reference = forms.CharField(
        label=gettext_lazy("Their reference"),
        help_text=gettext_lazy("The number by which the authority calls it."),
        required=False,
        max_length=200,
    )
    words = text(gettext_lazy("What was told"), NOBODY, rows=3, required=False)
    late = text(
        gettext_lazy("Why it is late"),
        gettext_lazy("Needed after the moment has gone (Article 33(1) GDPR)."),
        rows=3,
        required=False,
    )

    def said(self) -> Said:
        """As `ActForm`."""
        return Told(**self.cleaned_data)


class SparedForm(ActForm):
    """A duty does not hold."""

    duty = forms.CharField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(label=gettext_lazy("On which ground"), widget=forms.RadioSelect)
    why = text(gettext_lazy("Why"), NOBODY)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        may, words = due.grounds(self.data.get("duty") or self.initial["duty"]), wording.grounds()
        self.fields["ground"].choices = [(each, words[each]) for each in may]  # type: ignore[attr-defined]

    def said(self) -> Said:
        """As `ActForm`."""
        return Spared(**self.cleaned_data)


class WordsForm(ActForm):
    """A word, and nothing else."""

    kind: type[Noted | Closed | Opened] = Noted
    words = text(gettext_lazy("In your words"), NOBODY)

    def said(self) -> Said:
        """As `ActForm`."""
        return self.kind(**self.cleaned_data)


class ClosedForm(WordsForm):
    """Nothing is left to do."""

    kind = Closed
    words = text(gettext_lazy("What came of it, and what was learned"), NOBODY)


class OpenedForm(WordsForm):
    """It is taken up again."""

    kind = Opened
    words = text(gettext_lazy("Why it is taken up again"), NOBODY)


class LettersForm(forms.Form):
    """What people are told, in each language that somebody wrote it in; the first is needed."""

    places = _boxes(
        gettext_lazy("Who is written to"),
        gettext_lazy(
            "None for every member. Else whoever lives under one of these laws, and everybody of"
            " whom nobody knows where they live."
        ),
    )
    late = text(
        gettext_lazy("Why it is late"),
        gettext_lazy("Needed after the moment has gone (Article 33(1) GDPR)."),
        rows=3,
        required=False,
    )
    PARTS = ("nature", "effects", "measures", "advice")

    def __init__(self, *given: Any, places: bool = True, **options: Any) -> None:
        super().__init__(*given, **options)
        labels = {
            "nature": _("What happened"),
            "effects": _("What it may lead to for you"),
            "measures": _("What we did and do"),
            "advice": _("What you can do"),
        }
        self.tongues = languages.offered()
        for tag in self.tongues:
            for part in self.PARTS:
                needed = tag == self.tongues[0] and part != "advice"
                made = text(labels[part], rows=3, required=needed)
                made.widget.attrs |= {"lang": tag, "dir": languages.direction(tag)}
                self.fields[f"{part}:{tag}"] = made
        if places:
            self.fields["places"].choices = [  # type: ignore[attr-defined]
                (each, wording.place(each)) for each in in_force().jurisdictions
            ]
        else:
            del self.fields["places"]

    def laws(self) -> list[Family]:
        """The boxes of places."""
        return law_families(self["places"])

    def by_language(self) -> list[tuple[str, str, list[BoundField], bool]]:
        """The fields of each language: its tag, its own name, they, and if something is in them."""
        found = []
        for tag in self.tongues:
            mine = [self[f"{part}:{tag}"] for part in self.PARTS]
            opened = tag == self.tongues[0] or any(e.value() or e.errors for e in mine)
            found.append((tag, languages.own_name(tag), mine, opened))
        return found

    def clean(self) -> dict[str, Any]:
        """A language is written in whole, or not at all."""
        values = super().clean() or self.cleaned_data
        for tag in self.tongues[1:]:
            said = {part: values.get(f"{part}:{tag}") for part in self.PARTS}
            if any(said.values()):
                for part in self.PARTS[:3]:
                    if not said[part]:
                        self.add_error(f"{part}:{tag}", _("Write this in this language too."))
        return values

    def texts(self) -> dict[str, Letter]:
        """The words of a valid form, by language, the first language first."""
        values = self.cleaned_data
        return {
            tag: Letter(**{part: values[f"{part}:{tag}"] for part in self.PARTS})
            for tag in self.tongues
            if values[f"nature:{tag}"]
        }


def refused(form: forms.Form, error: Unfounded) -> None:
    """Say at its field what can't stand in the register."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
