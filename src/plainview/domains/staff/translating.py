"""What translators work on: the strings of pages and the sentences of the policy, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from babel.numbers import format_percent
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.platform import languages
from plainview.platform.languages import catalogues, glossary, placeholders, plurals
from plainview.privacy import translations

PAGES, POLICY = "pages", "policy"
MISSING, STALE, DRAFT, REVIEWED = "missing", "stale", "draft", "reviewed"
FILES = {
    "accessibility": gettext_lazy("The accessibility statement"),
    "answers": gettext_lazy("How letters to people begin"),
    "bases": gettext_lazy("Legal bases"),
    "because": gettext_lazy("Why a decision is as it is"),
    "called": gettext_lazy("Recipients without a name of their own"),
    "categories": gettext_lazy("Kinds of data"),
    "changes": gettext_lazy("When a change is told"),
    "choices": gettext_lazy("The questions and the choices"),
    "cookies": gettext_lazy("The cookies policy"),
    "copyright": gettext_lazy("The copyright policy"),
    "countries": gettext_lazy("Countries"),
    "decisions": gettext_lazy("What programs decide"),
    "duties": gettext_lazy("What is done as a duty"),
    "guards": gettext_lazy("What protects people where our interest counts"),
    "headings": gettext_lazy("Headings for kinds of data"),
    "held": gettext_lazy("Columns, as people read them"),
    "help": gettext_lazy("Help"),
    "imprint": gettext_lazy("The imprint"),
    "jurisdictions": gettext_lazy("Places and their laws"),
    "local": gettext_lazy("What places call their opt-out"),
    "measures": gettext_lazy("Measures that protect data"),
    "messages": gettext_lazy("News and messages"),
    "notice": gettext_lazy("Words around the lists of the notice"),
    "officer": gettext_lazy("Why, in words for the officer"),
    "privacy": gettext_lazy("The privacy notice"),
    "programmes": gettext_lazy("Rewards"),
    "purposes": gettext_lazy("Purposes"),
    "reasons": gettext_lazy("Why something can’t be changed or deleted"),
    "recipients": gettext_lazy("Recipients"),
    "retention": gettext_lazy("How long data is kept"),
    "rights": gettext_lazy("Rights"),
    "safeguards": gettext_lazy("What protects data abroad"),
    "sensitive": gettext_lazy("Sensitive kinds of data"),
    "sources": gettext_lazy("Where data comes from"),
    "terms": gettext_lazy("The terms of use"),
    "theirs": gettext_lazy("Kinds of data, said of somebody else"),
}
"""What the files of the policy are about."""


class Field(NamedTuple):
    """One form to type: its name in the posted form, the numbers that take it, what stands there.

    Without numbers it is the only one.
    """

    name: str
    numbers: str
    text: str


@dataclass
class Row:
    """A text beside its original. `was` names what is shown, so that nobody overwrites unseen."""

    key: str
    source: tuple[str, ...]
    said: tuple[str, ...]
    state: str
    context: str = ""
    before: str = ""
    reviewed: str = ""
    waits: bool = False
    typed: tuple[str, ...] = ()
    error: str = ""
    fields: list[Field] = field(default_factory=list)
    terms: list[tuple[glossary.Term, bool]] = field(default_factory=list)
    beside: str = ""

    @property
    def about(self) -> str:
        """What the file is about that it stands in."""
        return in_words(self.key.partition(".")[0])

    @property
    def was(self) -> str:
        """The mark of what is said now."""
        return catalogues.mark(self.source, self.said)

    def matches(self, query: str) -> bool:
        """Whether the original, the translation or the key holds what somebody looks for."""
        wanted = query.casefold()
        texts = (self.key, self.context, *self.source, *self.said)
        return any(wanted in text.casefold() for text in texts)


class Standing(NamedTuple):
    """How far a part is in a language: texts, and how many are missing, stale and drafts."""

    part: str
    all: int
    missing: int
    stale: int
    draft: int

    @property
    def per_cent(self) -> str:
        """How much is translated from its original as it stands, rounded down, in words."""
        whole = 100 * (self.all - self.missing - self.stale) // max(self.all, 1)
        return format_percent(whole / 100, locale=languages.spoken())


def tongues() -> list[str]:
    """The tags of the languages that are translated into: those begun, finished or not."""
    known = {*catalogues.begun(), *languages.offered()} - languages.PSEUDO.keys()
    return sorted(known - {translations.first_language()})


def original(part: str) -> str:
    """The language that a part is translated from."""
    return languages.FINISHED[0] if part == PAGES else translations.first_language()


def rows(language: str, part: str) -> list[Row]:
    """Every text of a part in a language."""
    if part == PAGES:
        return [_of_pages(each) for each in catalogues.phrases(language).values()]
    return [_of_policy(each) for each in translations.sentences(language)]


def files(found: Iterable[Row]) -> list[str]:
    """The files of the policy's words that rows stand in."""
    return list(dict.fromkeys(each.key.partition(".")[0] for each in found))


def named(stems: Iterable[str]) -> list[tuple[str, str]]:
    """Files of the policy with what each is about, by its words."""
    found = ((stem, in_words(stem)) for stem in stems)
    return sorted(found, key=lambda each: languages.alphabetical(each[1]))


def in_words(path: str) -> str:
    """What a file of the policy is about, and in which language; of another than ours its name."""
    first, *rest = path.removesuffix(".toml").split("/")
    if first == "texts" and len(rest) > 1:
        return f"{in_words(rest[1])} · {languages.own_name(rest[0])}"
    said = str(FILES.get(first, first))
    return said + languages.aside("/".join(rest)) if rest else said


def standing(language: str) -> list[Standing]:
    """How far each part is."""
    found = []
    phrases = catalogues.phrases(language).values()
    every = {
        PAGES: [_state_of_phrase(each) for each in phrases],
        POLICY: [_state_of_sentence(each) for each in translations.sentences(language)],
    }
    for part, states in every.items():
        counted = [states.count(each) for each in (MISSING, STALE, DRAFT)]
        found.append(Standing(part, len(states), *counted))
    return found


def furnish(row: Row, language: str, other: str, beside: Mapping[str, Row]) -> Row:
    """Give a row what its page shows: fields, terms of the glossary, another language's words."""
    now = row.typed or row.said
    shown = tuple(map(_shown_in(language), now))
    if len(row.source) > 1:
        kinds = plurals.forms(language)
        row.fields = [
            Field(
                f"said:{row.key}:{place}",
                _numbers(form.examples) if len(kinds) > 1 else "",
                shown[place] if place < len(shown) else "",
            )
            for place, form in enumerate(kinds)
        ]
    else:
        row.fields = [Field(f"said:{row.key}:0", "", shown[0])]
    text = " ".join(now)
    source = " ".join(row.source)
    row.terms = [(term, not text or term.used(text)) for term in glossary.of(language, source)]
    if other and row.key in beside:
        said = map(_shown_in(other), dict.fromkeys(beside[row.key].said))
        row.beside = " · ".join(filter(None, said))
    return row


def _numbers(examples: Iterable[int | float]) -> str:
    said = [str(each) for each in examples]
    return ", ".join(said) + ("…" if len(said) > 2 else "")


def _shown_in(language: str) -> Callable[[str], str]:
    """How a text is shown: right to left with its blanks apart, else as it is."""
    return placeholders.isolated if languages.direction(language) == "rtl" else str


def take(
    language: str, part: str, shown: Iterable[Row], posted: Mapping[str, str]
) -> tuple[list[Row], list[Row]]:
    """Save what was typed for the rows shown; returns those saved and those that can't be.

    A row that can't be saved keeps what was typed and says why; the others are saved all the same.
    """
    good: list[Row] = []
    bad: list[Row] = []
    for row in shown:
        typed = _typed(row, language, posted)
        if typed is None or typed == row.said:
            continue
        row.typed = typed
        row.error = _fault(row, language, typed, posted.get(f"was:{row.key}", ""))
        (bad if row.error else good).append(row)
    if good and part == PAGES:
        catalogues.save(language, {row.key: row.typed for row in good})
    elif good:
        translations.put_down(language, {row.key: row.typed[0] for row in good})
    return good, bad


def sign(language: str, keys: list[str], name: str, on: date) -> None:
    """Note who read these strings of pages as they stand."""
    catalogues.review(language, keys, name, on)


def sign_file(language: str, file: str, name: str, on: date) -> None:
    """Note who read a file of the policy's words as it stands."""
    translations.sign(language, file, name, on)


def _typed(row: Row, language: str, posted: Mapping[str, str]) -> tuple[str, ...] | None:
    count = len(plurals.forms(language)) if len(row.source) > 1 else 1
    names = [f"said:{row.key}:{place}" for place in range(count)]
    if not all(name in posted for name in names):
        return None
    texts = (placeholders.bare(posted[name]) for name in names)
    typed = tuple(text.replace("\r\n", "\n").strip() for text in texts)
    return row.said if not any(typed) and not any(row.said) else typed


def _fault(row: Row, language: str, typed: tuple[str, ...], was: str) -> str:
    if was != row.was:
        now = " · ".join(row.said)
        return _("Somebody changed it meanwhile. Now it says: %(text)s") % {"text": now}
    if not all(typed):
        return _("Say something in every form.")
    lost, invented = placeholders.faults(language, row.source, typed)
    if lost:
        return _("It leaves out %(blanks)s. The original has it.") % {"blanks": _row(lost)}
    if invented:
        return _("Nothing fills in %(blanks)s. The original does not have it.") % {
            "blanks": _row(invented)
        }
    return ""


def _row(blanks: set[str]) -> str:
    return ", ".join(sorted(blanks))


def _state_of_phrase(phrase: catalogues.Phrase) -> str:
    if not any(phrase.said):
        return MISSING
    return STALE if phrase.stale else REVIEWED if phrase.reviewed else DRAFT


def _state_of_sentence(sentence: translations.Sentence) -> str:
    if not sentence.said:
        return MISSING
    return STALE if sentence.stale else REVIEWED if sentence.reviewed else DRAFT


def _of_pages(phrase: catalogues.Phrase) -> Row:
    return Row(
        phrase.key,
        phrase.source,
        phrase.said,
        _state_of_phrase(phrase),
        phrase.context,
        phrase.before,
        phrase.review.name if phrase.review is not None and phrase.reviewed else "",
    )


def _of_policy(sentence: translations.Sentence) -> Row:
    return Row(
        sentence.key,
        (sentence.source,),
        (sentence.said,),
        _state_of_sentence(sentence),
        reviewed=sentence.reviewed,
        waits=sentence.waits,
    )
