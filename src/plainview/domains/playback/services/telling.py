"""What became of a film that was taken in, in the language of whoever reads it.

A row keeps codes and facts; the sentence is made when it is shown. Beside its code a verdict keeps
its words in English too, for logs, the watch folder and the command line. Rows of an earlier
version have notes that are English sentences, and stay as they are.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypedDict

from babel.numbers import format_decimal
from django.utils.translation import gettext, gettext_noop

from plainview.domains.playback.models import Ingest
from plainview.domains.playback.ports import Ports
from plainview.platform import languages
from plainview.platform.media import VERDICTS

Facts = dict[str, str | float]


class Note(TypedDict):
    """Something an uploader should know, as `Ingest.notes` keeps it: a code of `NOTES` or of
    `VERDICTS`, and what fills its sentence."""

    code: str
    facts: Facts


class Said(NamedTuple):
    """A sentence and the tag of the language it is in."""

    words: str
    language: str


MACHINE: Final = (
    gettext_noop("The service tried several times and could not finish preparing this film."),
    gettext_noop("Try again later; if it fails again, ask the people who run the service."),
)
BUCKET: Final = (
    gettext_noop("The film is prepared, but the place where films are kept can’t be reached."),
    gettext_noop("Nothing is lost, and nothing needs doing: it is tried again every minute."),
)
WAITS: Final = "bucket"
"""The code of a film that waits for that place."""
UPDATING: Final = "updating"
"""The verdict on a film that waits until a worker runs the code that is there."""
NOTES: Final[dict[str, str]] = {
    "subtitles-are-pictures": gettext_noop(
        "Subtitles that are pictures, not text, were left out: %(language)s."
    ),
    "subtitles-unknown": gettext_noop(
        "Subtitles of a kind that can’t be read were left out: %(language)s."
    ),
    "subtitles-twice": gettext_noop(
        "A film has one set of subtitles for each language, and the fullest was kept. "
        "Left out: %(name)s (%(language)s)."
    ),
    "subtitles-unreadable": gettext_noop("Subtitles left out: %(file)s. %(why)s"),
    "shorter-than-declared": gettext_noop(
        "The file ends earlier than it says; what is there was kept."
    ),
    "sound-dropped": gettext_noop("A sound track could not be read and was left out."),
    "silence-dropped": gettext_noop("A sound track in which nothing is to be heard was left out."),
    "more-audio-than-kept": gettext_noop(
        "The film has more sound tracks than are kept; the first ones were."
    ),
    "other-programmes": gettext_noop(
        "The file holds several programmes; the one with the largest picture was kept."
    ),
    "levelled": gettext_noop(
        "The loudness of the sound was changed from %(before)s to %(after)s LUFS: %(name)s."
    ),
}
KINDS: Final[dict[str | float, str]] = {
    "forced": gettext_noop("only what is foreign in the film"),
    "described": gettext_noop("for people who are deaf or hard of hearing"),
    "commented": gettext_noop("about the film"),
}
"""What subtitles say that don't say all."""
_ENDINGS: Final = {**VERDICTS, "machine": MACHINE, WAITS: BUCKET}
_SENTENCES: Final = {code: problem for code, (problem, _remedy) in VERDICTS.items()} | NOTES


def note(code: str, **facts: str | float) -> Note:
    """A note to keep. Raises KeyError for a code without a sentence."""
    if code not in _SENTENCES:
        raise KeyError(code)
    return Note(code=code, facts=facts)


def verdict(ingest: Ingest) -> list[Said]:
    """Why an ingest failed or waits, and what to do; in its row's English for an unknown code."""
    if ingest.problem_code in _ENDINGS:
        return [Said(gettext(each), languages.current()) for each in _ENDINGS[ingest.problem_code]]
    return [Said(each, "en") for each in (ingest.problem, ingest.remedy) if each]


def waits(ingest: Ingest) -> bool:
    """Whether a film on its way waits for something that is no fault of its own."""
    return ingest.problem_code in (WAITS, UPDATING)


def notes(ingest: Ingest) -> list[Said]:
    """What the uploader of a film should know."""
    return [_noted(each) for each in ingest.notes]


def _noted(kept: Note | str) -> Said:
    if isinstance(kept, str):
        return Said(kept, "en")
    facts = {name: _apart(_shown(name, fact)) for name, fact in kept["facts"].items()}
    if kept["facts"].get("kind"):
        facts["language"] += f" · {facts['kind']}"
    sentence = gettext(_SENTENCES[kept["code"]])
    return Said(sentence % facts if facts else sentence, languages.current())


def _shown(name: str, fact: str | float) -> str:
    """A fact as the language being spoken writes it."""
    if isinstance(fact, int | float):
        return format_decimal(fact, format="0.0", locale=languages.spoken())
    if name == "language":
        return languages.name(fact)
    if name == "kind":
        return gettext(KINDS[fact]) if fact in KINDS else ""
    return Ports.said_of_subtitles(fact) if name == "why" else fact


def _apart(words: str) -> str:
    """Names and numbers keep their order in a sentence from right to left (UAX 9: FSI, PDI)."""
    rightward = languages.direction(languages.current()) == "ltr"
    return words if rightward else f"\u2068{words}\u2069"
