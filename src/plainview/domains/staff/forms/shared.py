"""Forms over what several people change: whatever somebody else wrote is seen before it is lost.

A form carries a mark of each field as it was opened. What only one of two people changed is kept
of both; where both changed the same, nothing is saved until somebody has seen the two. What is
sent at once is taken `in_turn`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial, wraps
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.choices import BaseChoiceIterator, flatten_choices
from django.utils.translation import gettext as _

from plainview.domains.staff.languages import language_groups
from plainview.platform import languages
from plainview.platform.languages import dates
from plainview.privacy.consent import questions

OFFERED = 100
"""So many rows are offered to choose from at once; a search finds the others."""
FILMS = 20
"""So many films of a title are on a page, each with its form."""
View = Callable[..., HttpResponse]
M = TypeVar("M", bound=Model)
_MARK = 8
UNPROCESSABLE = 422


def sought(request: HttpRequest) -> str:
    """What somebody looks for in a long list (`?q=`)."""
    return request.GET.get("q", "").replace("\0", "").strip()


def offered(found: QuerySet[M]) -> tuple[list[M], int]:
    """The first rows to choose from, and how many they are if there are others; else 0."""
    rows = list(found[: OFFERED + 1])
    return rows[:OFFERED], OFFERED if len(rows) > OFFERED else 0


def in_turn(view: View) -> View:
    """Lets what is sent to a shared form be read, compared and written before the next one is.

    The view reads its row as `held`; in SQLite the transaction alone keeps others waiting.
    """

    @wraps(view)
    def taken(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *given, **named)
        with transaction.atomic():
            return view(request, *given, **named)

    return taken


def held(request: HttpRequest, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows of what a form changes; whoever sends it has them alone until it is written."""
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a `form`: 422 where what was sent could not be taken."""
    form = context["form"]
    refused = form.is_bound and not form.is_valid()
    return render(request, template, context, status=UNPROCESSABLE if refused else 200)


class Languages(BaseChoiceIterator):
    """The languages to choose from, asked for once by all the lists that share them."""

    def __init__(self, *more: str, first: Any = None) -> None:
        self._more, self._first = more, first
        self._found: list[tuple[str, Any]] | None = None

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        if self._found is None:
            self._found = language_groups(*self._more)
            if self._first is not None:
                self._found[0] = ("", self._first)
        return iter(self._found)


class LanguageField(forms.ChoiceField):
    """A choice among all languages, named in the page's own; `more` are tags beside them.

    `first` says what it means that none is chosen, where that is not that nobody knows it.
    """

    def __init__(self, *more: str, first: Any = None, **options: Any) -> None:
        self._listed = partial(Languages, *more, first=first)
        super().__init__(choices=self._listed(), **options)

    def __deepcopy__(self, memo: Any) -> LanguageField:
        copied: LanguageField = super().__deepcopy__(memo)
        copied.choices = self._listed()
        return copied


class Clash(NamedTuple):
    """A field that two people changed: name, label, id, what now stands there, its language."""

    name: str
    label: str
    at: str
    theirs: str
    tongue: str = ""


class SharedForm(forms.Form):
    """A form whose `initial` is what stands there now, also when it is sent.

    `clashes` are the fields that somebody else changed since, and otherwise. What was typed stays,
    and is written by sending it once more; `theirs` names the fields that give way.
    """

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.clashes: list[Clash] = []

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What stands in a field at first; of `was`, the marks of all others."""
        if field_name != "was":
            return super().get_initial_for_field(field, field_name)
        return json.dumps({name: _mark(self._now(name)) for name in self._asked()})

    def full_clean(self) -> None:
        """Brings both people's changes together before what was typed is judged."""
        if self.is_bound and (was := _marks(self.data.get(self.add_prefix("was")))):
            self._meet(was)
        super().full_clean()

    def is_valid(self) -> bool:
        """Whether it can be saved: without a fault, and without a clash nobody has seen."""
        return super().is_valid() and not self.clashes

    def moment(self, name: str) -> datetime | None:
        """What a form says of a moment that it could read: to the second, if untouched."""
        field, stands = self.fields[name], self.initial.get(name)
        same = _control(field, stands) == _control(field, self[name].data)
        moment: datetime | None = stands if same else self.cleaned_data.get(name)
        return moment

    def _asked(self) -> list[str]:
        return [name for name in self.fields if name != "was"]

    def _now(self, name: str) -> list[str]:
        field = self.fields[name]
        return _control(field, self.get_initial_for_field(field, name))

    def _clash(self, name: str, theirs: str) -> Clash:
        field = self.fields[name]
        label, tongue = str(field.label), field.widget.attrs.get("lang", "")
        if ":" in name:
            label += languages.aside(languages.name(tongue))
        return Clash(name, label, str(self[name].auto_id), theirs, tongue)

    def _meet(self, was: Mapping[str, str]) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # what came is a QueryDict
        given_way = set(data.getlist(self.add_prefix("theirs")))
        for name in self._asked():
            field, at = self.fields[name], self.add_prefix(name)
            value = self.get_initial_for_field(field, name)
            now = _control(field, value)
            mine = _control(field, field.widget.value_from_datadict(data, self.files, at))
            opened = was.get(name, _mark([]))
            if name in given_way or (mine != now and opened == _mark(mine)):
                data.setlist(at, now)
            elif mine != now and opened != _mark(now):
                self.clashes.append(self._clash(name, _in_words(field, value, now)))
        data[self.add_prefix("was")] = self.get_initial_for_field(self.fields["was"], "was")
        self.data = data


class SharedRows(BaseFormSet):
    """Rows that are shared as a whole: `now` are those that stand there; `label` calls them all."""

    label: Any = ""

    def __init__(self, data: Any = None, *, now: list[dict[str, str]], **options: Any) -> None:
        super().__init__(data, initial=None if data else now, **options)
        self.clashes: list[Clash] = []
        rows = [self._row(each) for each in now]
        self.was = _mark(rows)
        opened = data.get(f"{self.prefix}-was") if data else None
        if opened is None:
            return
        mine = self._typed()
        if self.prefix in data.getlist("theirs") or (mine != rows and opened == _mark(mine)):
            self._give_way(rows)
        elif mine != rows and opened != self.was:
            theirs = "\n".join(self._said(each) for each in now)
            self.clashes.append(
                Clash(self.prefix or "", str(self.label), f"{self.prefix}s", theirs)
            )

    def is_valid(self) -> bool:
        """Whether they can be saved, as `SharedForm`."""
        return super().is_valid() and not self.clashes

    def _give_way(self, rows: list[tuple[str, ...]]) -> None:
        data: Any = self.data
        self.data = data = data.copy()
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(rows) + self.extra)
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(rows))
        for number, row in enumerate([*rows, *([self._row({})] * self.extra)]):
            for name, text in zip(self.form.base_fields, row, strict=True):
                data[f"{self.prefix}-{number}-{name}"] = text
            data.pop(f"{self.prefix}-{number}-DELETE", None)
        del self.management_form  # it was read before

    def _row(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        asked = self.form.base_fields
        stand = {name: values.get(name, field.initial) for name, field in asked.items()}
        return tuple(" ".join(_control(asked[name], value)) for name, value in stand.items())

    def _said(self, values: Mapping[str, Any]) -> str:
        """A row in words: what stands in each control that has something, as the page shows it."""
        asked = self.form.base_fields
        stand = zip(asked.values(), self._row(values), strict=True)
        return " · ".join(_in_words(field, None, [each]) for field, each in stand if each)

    def _typed(self) -> list[tuple[str, ...]]:
        """What came, without the rows that are taken out and those left empty."""
        empty, rows = self._row({}), []
        for number in range(self.total_form_count()):
            at = f"{self.prefix}-{number}-"
            row = self._row({name: self.data.get(at + name) for name in self.form.base_fields})
            if row != empty and not self.data.get(f"{at}DELETE"):
                rows.append(row)
        return rows


def _control(field: forms.Field, value: Any) -> list[str]:
    """What stands in the control of a field for a value, whether stored or sent."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    shown: Any = widget.format_value(field.prepare_value(value))
    texts = shown if isinstance(shown, list) else ["" if shown is None else shown]
    said = [str(each).replace("\r\n", "\n").strip() for each in texts]
    if (labels := _labels(field)) is not None:
        said = sorted(each for each in said if each in labels)
    return [each for each in said if each]


def _labels(field: forms.Field) -> dict[str, str] | None:
    if (choices := getattr(field, "choices", None)) is None:
        return None
    flat: Any = flatten_choices(choices)
    return {str(key): str(label) for key, label in flat}


def _in_words(field: forms.Field, value: Any, shown: list[str]) -> str:
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Yes") if shown else _("No")
    if isinstance(value, datetime):
        return dates.written(timezone.localtime(value), "DATETIME_FORMAT")
    labels = _labels(field)
    if labels is None:  # a control of codes shows them by name
        shown = [str(_drawn(field, each)) for each in shown]
    return questions.in_a_row((labels or {}).get(each, each) for each in shown) or "–"


def _drawn(field: forms.Field, value: str) -> Any:
    """What a page shows in the control of a field."""
    return field.widget.get_context("", value, {})["widget"]["value"]


def _mark(shown: list[Any]) -> str:
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:_MARK]


def _marks(said: str | None) -> dict[str, str]:
    """The marks that a form came with; none from what is no such thing."""
    try:
        found = json.loads(said or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
