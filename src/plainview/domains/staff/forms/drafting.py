"""Forms that write the files of a draft of the policy: what changes most, in fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plainview.domains.staff.forms import Day
from plainview.domains.staff.forms.shared import SharedForm
from plainview.platform import languages
from plainview.privacy.consent.questions import language
from plainview.privacy.notice.speaking import capital
from plainview.privacy.versions.drafts import BASES, Policy, Problem, Schedule
from plainview.privacy.versions.editing import RETENTION, Edit

_BLANK = re.compile(r"\{(\w+)\}")
_LENGTH = re.compile(r"P(\d+)([DMY])")
UNITS = [("D", gettext_lazy("days")), ("M", gettext_lazy("months")), ("Y", gettext_lazy("years"))]
AFTERS = [
    ("collection", gettext_lazy("it came in")),
    ("last-use", gettext_lazy("it was last used")),
    ("purpose-end", gettext_lazy("its purpose ended")),
    ("account-closed", gettext_lazy("the account was closed")),
    ("case-closed", gettext_lazy("the case was closed")),
]
ENDS = [
    ("delete", gettext_lazy("It is deleted")),
    ("anonymise", gettext_lazy("It stays without the person")),
    ("cut", gettext_lazy("It is cut to what names nobody")),
]


ALIKE = 90
"""So many characters of a sentence tell it apart from others."""
TIMES = ("count", "unit", "after", "then")
"""The fields that say how long something is kept."""


class DraftForm(SharedForm):
    """A form over files of a draft.

    `places` says for each field which file and key it writes, so that what the policy's check
    finds stands at its field.
    """

    def __init__(self, *given: Any, policy: Policy, **options: Any) -> None:
        super().__init__(*given, **options)
        self.policy = policy
        self.places: dict[str, tuple[str, str]] = {}

    def blame(self, problems: Iterable[Problem]) -> None:
        """Show each problem at the field that wrote what it is about; if at none, above all."""
        above = []
        for each in problems:
            fits = [
                (len(key), name)
                for name, (file, key) in self.places.items()
                if file == each.file and _speaks_of(each, key)
            ]
            if fits:
                self.add_error(max(fits)[1], _as_written(f"{each.problem}; {each.remedy}"))
            else:
                above.append(_as_written(str(each)))
        if not self.errors:  # else they follow from what stands at a field
            self.add_error(None, [_("The policy’s own check says, in English:"), *above])

    def apply(self, edit: Edit) -> None:
        """Write what was typed."""
        raise NotImplementedError

    def _words(self, file: str, key: str, label: str) -> None:
        """A field for a sentence in each language of the policy."""
        for tag in self.policy.head.languages:
            name = f"words-{tag}"
            attributes = {"rows": 2, "lang": tag, "dir": languages.direction(tag)}
            self.fields[name] = forms.CharField(
                label=f"{label} · {languages.own_name(tag)}",
                required=tag == self.policy.head.languages[0]
                or not self.policy.head.is_first_language_only(f"{file}.{key}"),
                max_length=2000,
                widget=forms.Textarea(attrs=attributes),
            )
            self.places[name] = (f"texts/{tag}/{file}.toml", key)

    def _said(self, key: str) -> dict[str, str]:
        return {
            f"words-{tag}": self.policy.words[tag].sentences.get(key, "")
            for tag in self.policy.head.languages
        }

    def _say(self, edit: Edit, file: str, key: str) -> None:
        for tag in self.policy.head.languages:
            edit.say(f"texts/{tag}/{file}.toml", [key], _clean(self.cleaned_data[f"words-{tag}"]))


class KeepForm(DraftForm):
    """How long a category is kept, from when on, and what becomes of it then."""

    count = forms.IntegerField(label=gettext_lazy("Kept for"), min_value=1, max_value=999)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNITS)
    after = forms.ChoiceField(label=gettext_lazy("Counted from when"), choices=AFTERS)
    then = forms.ChoiceField(label=pgettext_lazy("of keeping", "Then"), choices=ENDS)
    why = forms.CharField(
        label=gettext_lazy("Why so long"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    stays = forms.BooleanField(label=gettext_lazy("The words below are still true"), required=False)

    def __init__(self, *given: Any, category: str, **options: Any) -> None:
        super().__init__(*given, **options)
        self.category = category
        self.schedule: Schedule = self.policy.schedule(category)
        self.others = [each for each in self.schedule.categories if each != category]
        if self.others:
            self.fields["own"] = forms.BooleanField(
                label=_("For this alone, not for what is kept as long as it"), required=False
            )
        self._words("retention", self.schedule.id, _("In words"))
        length = _LENGTH.fullmatch(self.schedule.keep)
        count, unit = (int(length[1]), length[2]) if length else (None, "D")
        self.initial = {
            "count": count,
            "unit": unit,
            **{key: getattr(self.schedule, key) for key in ("after", "then", "why")},
            **self._said(f"retention.{self.schedule.id}"),
        }
        self._place(self.schedule.id)

    def clean(self) -> dict[str, Any]:
        """Refuses another time of which the notice would go on saying the old one."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("stays") or all(values.get(key) == self.initial[key] for key in TIMES):
            return values
        for name, text in self.initial.items():
            if name.startswith("words-") and text.strip() == _clean(values.get(name, "")):
                self.add_error(
                    name,
                    _("The time changes: say it here too, or tick that the words are still true."),
                )
        return values

    def _place(self, schedule: str) -> None:
        table = f"schedule.{schedule}"
        fields = {"count": "keep", "after": "after", "then": "then", "why": "why"}
        self.places |= {name: (RETENTION, f"{table}.{key}") for name, key in fields.items()}
        for tag in self.policy.head.languages:
            self.places[f"words-{tag}"] = (f"texts/{tag}/retention.toml", schedule)

    def apply(self, edit: Edit) -> None:
        """Write the schedule and its words; one of its own is named after the category."""
        said = self.cleaned_data
        own = self.category.replace(".", "-") if said.get("own") else ""
        while own in self.policy.retention.schedule:  # what is kept as long may have that name
            own += "-alone"
        values = {"keep": f"P{said['count']}{said['unit']}"}
        values |= {key: _clean(said[key]) for key in ("after", "then", "why")}
        schedule = edit.keep(self.category, self.schedule.id, values, own=own)
        self._place(schedule)
        self._say(edit, "retention", schedule)


class BasisForm(DraftForm):
    """On which basis each kind of purposes rests under a law; left empty, as its parent says."""

    def __init__(self, *given: Any, law: str, own: Mapping[str, str], **options: Any) -> None:
        super().__init__(*given, **options)
        self.law, there = law, self.policy.jurisdictions[law]
        parent = self.policy.jurisdictions.get(there.parent)
        said = self.policy.text
        words = [(each, capital(said(f"bases.{each}", language()))) for each in BASES]
        named: dict[str, str] = dict(words)
        used = {each.kind for each in self.policy.purposes.values()}
        self.kinds = [each for each in self.policy.kinds if each in used and each != "case"]
        for kind in self.kinds:
            above = parent.kinds.get(kind, "") if parent else ""
            same = named.get(above, "–")
            names = [
                self.policy.text(f"purposes.{id_}.name", language())
                for id_, each in self.policy.purposes.items()
                if each.kind == kind
            ]
            empty = _("As in the law above it: %(basis)s") % {"basis": same}
            self.fields[kind] = forms.ChoiceField(
                label=said(f"notice.kinds.{kind}", language()),
                help_text=languages.listed(names),
                choices=[("", empty), *words],
                required=False,
            )
            self.places[kind] = (f"jurisdictions/{law}.toml", f"kinds.{kind}")
        self.initial = {kind: own.get(kind, "") for kind in self.kinds}

    def apply(self, edit: Edit) -> None:
        """Write what the law's own file says."""
        edit.rests(self.law, {kind: self.cleaned_data[kind] for kind in self.kinds})


class TextsForm(DraftForm):
    """Sentences of the policy in a language, by key, under their words in the first language."""

    def __init__(self, *given: Any, tag: str, sentences: Mapping[str, str], **options: Any) -> None:
        super().__init__(*given, **options)
        self.tag, self.sentences = tag, dict(sentences)
        first = self.policy.head.languages[0]
        way = languages.direction(first)
        files = {key.partition(".")[0] for key in sentences}
        whole = (
            key for key in self.policy.words[first].sentences if key.partition(".")[0] in files
        )
        alike = Counter(map(self._begun, whole))
        for key, text in sentences.items():
            rows = min(12, 2 + len(text) // 90)
            file, begun = self._begun(key)
            named = format_html('<bdi lang="{}" dir="{}">{}</bdi>', first, way, begun)
            if alike[file, begun] > 1:  # which it is of those, its key alone says
                named = format_html("{} <code>{}</code>", named, key.partition(".")[2])
            self.fields[key] = forms.CharField(
                label=named,
                required=bool(text.strip()),
                max_length=20_000,
                widget=forms.Textarea(
                    attrs={"rows": rows, "lang": tag, "dir": languages.direction(tag)}
                ),
            )
            file, path = self.policy.words[tag].places[key]
            self.places[key] = (file, ".".join(map(str, path)))
        self.initial = self.sentences

    def _begun(self, key: str) -> tuple[str, str]:
        """The file of a sentence, and how it begins in the first language."""
        said = self.policy.text(key, self.policy.head.languages[0])
        return key.partition(".")[0], Truncator(said).chars(ALIKE)

    def clean(self) -> dict[str, Any]:
        """Refuses a sentence that fills in something else than it did: no language could follow."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for key, before in self.sentences.items():
            if key in values and {*_BLANK.findall(values[key])} != {*_BLANK.findall(before)}:
                kept = ", ".join(f"{{{each}}}" for each in sorted({*_BLANK.findall(before)}))
                self.add_error(
                    key,
                    _("Keep exactly what is filled in here: %(facts)s") % {"facts": kept or "–"},
                )
        return values

    def apply(self, edit: Edit) -> None:
        """Write what reads differently, each at its place."""
        for key, before in self.sentences.items():
            text = _clean(self.cleaned_data[key])
            if text != before.strip():
                file, path = self.policy.words[self.tag].places[key]
                edit.say(file, map(str, path), text)


class ProposeForm(forms.Form):
    """The name of a version, its day, and what changes with it, in a sentence."""

    name = forms.RegexField(
        r"^[\w.-]+$",
        label=gettext_lazy("Name of the version"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    effective = Day(label=gettext_lazy("In force from"))
    summary = forms.CharField(
        label=gettext_lazy("What changes"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _speaks_of(problem: Problem, key: str) -> bool:
    """Whether a problem is about a key: it stands there, or its remedy asks for the key."""
    table, _dot, name = key.rpartition(".")
    asked = problem.key == table and re.search(rf"`(\[\[)?([\w-]+\.)*{name}\b", problem.remedy)
    return f"{problem.key}.".startswith(f"{key}.") or bool(asked)


def _as_written(said: str) -> str:
    """What the check says, in English whatever the page speaks."""
    return format_html('<bdi lang="en" dir="ltr">{}</bdi>', said)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
