"""The strings of pages: what ships, what translators changed here, and who reviewed which.

What ships lies in the package, `locale/pt_BR/LC_MESSAGES/django.po`. What translators change lies
below the data folder in files of the same form, stands before it, and is heard by every process at
its next request. `reviewed.json` beside each says who read a string, as it stood; a string that
nobody read as it stands is a draft.
"""

from __future__ import annotations

import fcntl
import gettext
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser, write_po
from django.conf import settings
from django.utils.translation import trans_real

from plainview.platform.languages import FINISHED

_MARK = 12
_PLURALS = 6
"""Forms of a word that a language has at most (Arabic, Welsh)."""
_SPOILED = (PoFileError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What the library raises for a file that is none of translations."""
WAS = "was: "
"""Begins the comment of a stale string that holds the original it was made from."""


class Review(NamedTuple):
    """Who read a string, when, and the mark of what was read."""

    name: str
    on: str
    text: str


class Phrase(NamedTuple):
    """A string of pages. `source` has its singular and, if it has one, its plural.

    `said` has a form for each of the language's plurals, or one; empty where nothing is said yet.
    `before` is the original that a stale translation was made from.
    """

    key: str
    context: str
    source: tuple[str, ...]
    said: tuple[str, ...]
    stale: bool
    before: str
    review: Review | None

    @property
    def reviewed(self) -> bool:
        """Whether somebody read it as it stands."""
        return self.review is not None and self.review.text == mark(self.source, self.said)


class Unreadable(ValueError):
    """A file that is no file of translations; the text names it."""


def key_of(context: str, source: str) -> str:
    """The name of a string in addresses and files: a hash of its context and singular."""
    return hashlib.sha256(f"{context}\x04{source}".encode()).hexdigest()[:_MARK]


def mark(source: tuple[str, ...], said: tuple[str, ...]) -> str:
    """The mark of what somebody reads who reviews a string: original and translation."""
    return hashlib.sha256(json.dumps([source, said]).encode()).hexdigest()[:_MARK]


def begun() -> list[str]:
    """The tags of the languages that have strings, the first without its own left out."""
    found = {path.parent.parent.name for path in _package().glob("*/LC_MESSAGES/django.po")}
    tags = sorted(name.replace("_", "-") for name in found)
    return [tag for tag in tags if tag != FINISHED[0]]


def phrases(language: str) -> dict[str, Phrase]:
    """Every string in a language, by key, in the order of its original."""
    return _phrases(
        language, *(_stamp(path) for root in _roots() for path in _files(root, language))
    )


@lru_cache(maxsize=16)
def _phrases(language: str, *stamps: int) -> dict[str, Phrase]:
    shipped, changed = (_read(root, language) for root in reversed(_roots()))
    reviews = _reviews(_package(), language) | _reviews(overlay(), language)
    found = {}
    for message in shipped:
        if not message.id:
            continue
        source = _forms(message.id)
        context = message.context or ""
        key = key_of(context, source[0])
        here = changed.get(message.id, message.context)
        given = here if here is not None and any(_forms(here.string)) else message
        stale = given is message and message.fuzzy
        was = [each.removeprefix(WAS) for each in message.user_comments if each.startswith(WAS)]
        before = was[0] if stale and was else ""
        said = _forms(given.string)
        found[key] = Phrase(key, context, source, said, stale, before, reviews.get(key))
    return found


def save(language: str, said: dict[str, tuple[str, ...]]) -> None:
    """Put these forms, by key, in the place of what was said.

    Raises KeyError for no such string.
    """
    known = phrases(language)
    with alone():
        catalog = _read(overlay(), language)
        for key, forms in said.items():
            phrase = known[key]
            plural = len(phrase.source) > 1
            catalog.add(
                phrase.source if plural else phrase.source[0],
                forms if plural else forms[0],
                context=phrase.context or None,
            )
        _write(overlay(), language, catalog)


def review(language: str, keys: list[str], name: str, on: date) -> None:
    """Note that `name` read these strings as they stand now. Raises KeyError for no such string."""
    known = phrases(language)
    with alone():
        reviews = _reviews(overlay(), language)
        for key in keys:
            marked = mark(known[key].source, known[key].said)
            reviews[key] = Review(name, on.isoformat(), marked)
        path = _folder(overlay(), language) / "reviewed.json"
        _put(path, _reviewed(reviews))


def export(language: str, folder: Path) -> Path:
    """Write the strings and reviews of a language as they stand; returns the file of strings."""
    catalog = _read(_package(), language)
    found = phrases(language)
    for message in catalog:
        if message.id:
            phrase = found[key_of(message.context or "", _forms(message.id)[0])]
            message.string = phrase.said if len(phrase.source) > 1 else phrase.said[0]
            if message.fuzzy and not phrase.stale:
                message.flags.discard("fuzzy")
                message.user_comments = []
    into = _folder(folder, language)
    into.mkdir(parents=True, exist_ok=True)
    with (into / "django.po").open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, sort_output=True)
    reviews = {key: each.review for key, each in found.items() if each.review is not None}
    if reviews:
        _put(into / "reviewed.json", _reviewed(reviews))
    return into / "django.po"


class _Heard:
    """The stamp of the changes that this process speaks by."""

    stamp = 0


def refresh() -> None:
    """Speak by what translators changed since, in whichever process; one look at a file's time."""
    stamp = _stamp(f"{settings.TRANSLATIONS}/locale/changed")
    if stamp != _Heard.stamp:
        _Heard.stamp = stamp
        loaded: Any = trans_real
        opened: Any = gettext
        opened._translations, loaded._translations, loaded._default = {}, {}, None


def overlay() -> Path:
    """The folder of what is changed here."""
    return Path(settings.TRANSLATIONS) / "locale"


def _package() -> Path:
    return Path(settings.LOCALE_PATHS[-1])


def _roots() -> tuple[Path, Path]:
    return overlay(), _package()


def _folder(root: Path, language: str) -> Path:
    return root / language.replace("-", "_") / "LC_MESSAGES"


def _files(root: Path, language: str) -> Iterator[Path]:
    folder = _folder(root, language)
    yield from (folder / "django.po", folder / "reviewed.json")


def _stamp(path: Path | str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


class _Bounded(Catalog):
    """Strings whose head may say any number of plurals: each takes room for that many."""

    @property
    def num_plurals(self) -> int:
        return min(super().num_plurals, _PLURALS)


def _read(root: Path, language: str) -> Catalog:
    locale = language.replace("-", "_")
    path = _folder(root, language) / "django.po"
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", fuzzy=False)
    try:
        with path.open("rb") as file:
            found = _Bounded(locale=locale, charset="utf-8")
            PoFileParser(found, abort_invalid=True).parse(file)
            return found
    except _SPOILED as error:
        raise Unreadable(f"{path} is no file of translations") from error


def _write(root: Path, language: str, catalog: Catalog) -> None:
    folder = _folder(root, language)
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in (("django.po", write_po), ("django.mo", write_mo)):
        fresh = folder / f".{name}"
        with fresh.open("wb") as file:
            write(file, catalog)
        os.replace(fresh, folder / name)
    (root / "changed").touch()
    refresh()


def _reviews(root: Path, language: str) -> dict[str, Review]:
    try:
        text = (_folder(root, language) / "reviewed.json").read_text("utf-8")
    except OSError:
        return {}
    return {key: Review(*values) for key, values in json.loads(text).items()}


def _reviewed(reviews: dict[str, Review]) -> str:
    lines = (f"{json.dumps(key)}: {_line(reviews[key])}" for key in sorted(reviews))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(review: Review) -> str:
    return json.dumps(list(review), ensure_ascii=False)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    fresh.write_text(text, "utf-8")
    os.replace(fresh, path)


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time writes."""
    overlay().mkdir(parents=True, exist_ok=True)
    with (overlay() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _forms(string: object) -> tuple[str, ...]:
    if isinstance(string, tuple | list):
        return tuple(str(each or "") for each in string)
    return (str(string or ""),)
