"""The policy's words for people: dotted keys to sentences, in each shipped language."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from plainview.engine.declarations import Declaration
from plainview.engine.parsing import parse
from plainview.engine.positions import Path as Place
from plainview.engine.reading import Reader

Standing = Callable[[str], Mapping[str, str]]
"""Sentences by key, of a language, that stand in for those a policy lacks; none for others."""
REVIEWED = "reviewed_by"
_BLANK = re.compile(r"\{(\w+)\}")


class Review(Declaration, frozen=True, kw_only=True):
    """`reviewed_by` of a text: which lawyer read it, when, and the mark of what was read then."""

    name: str
    on: dt.date
    text: str = ""


class Words(msgspec.Struct, frozen=True):
    """One language's sentences by key, `purposes.recommend.name`, and where each stands.

    `reviews` and `marks` go by file, `purposes`: who reviewed it, and the mark of its sentences.
    `filled` has the names of the `{facts}` of each sentence that has any. `ours` are the keys of
    those that stand in: the folder lacks them.
    """

    sentences: dict[str, str]
    places: dict[str, tuple[str, Place]]
    filled: dict[str, frozenset[str]]
    reviews: dict[str, Review] = {}
    marks: dict[str, str] = {}
    ours: frozenset[str] = frozenset()

    def unreviewed(self) -> list[str]:
        """Return the files that no lawyer has reviewed as they stand now."""
        return [
            stem
            for stem, mark in self.marks.items()
            if stem not in self.reviews or self.reviews[stem].text not in ("", mark)
        ]

    def blanks(self, key: str) -> frozenset[str]:
        """Return the names of the `{facts}` that the sentence fills in."""
        return self.filled.get(key, frozenset())

    def say(self, key: str, facts: Mapping[str, str]) -> str:
        """Return the sentence with `{fact}` filled in. Raises KeyError for an unknown key."""
        return _BLANK.sub(lambda match: facts.get(match[1], match[0]), self.sentences[key])


def read_words(reader: Reader, language: str) -> Words:
    """Read `texts/<language>/*.toml`; a file's name is the first part of its keys."""
    words = Words({}, {}, {}, {}, {})
    for file in reader.names(f"texts/{language}/*.toml"):
        stem = file.rsplit("/", 1)[-1].removesuffix(".toml")
        table = reader.table(file) or {}
        if REVIEWED in table:
            words.reviews[stem] = reader.part(file, (REVIEWED,), table[REVIEWED], Review)
            # A review changes nothing that the policy says.
            reader.raw[file] = {key: said for key, said in table.items() if key != REVIEWED}
        said = _said(file, stem, reader.texts.get(file, ""))
        words.marks[stem] = said.mark
        words.sentences.update(said.sentences)
        words.places.update(said.places)
        words.filled.update(said.filled)
        for path in said.unfit:
            remedy = "write the sentence in quotes"
            reader.add(file, path, "expected text in quotes", remedy)
    return words


def sentences_of(folder: Path, language: str, files: Iterable[str]) -> dict[str, str]:
    """Return what some files of a sound folder say in a language, by key.

    `files` are their names without `.toml`; one that is not there says nothing.
    """
    found: dict[str, str] = {}
    for stem in files:
        file = f"texts/{language}/{stem}.toml"
        if (folder / file).exists():
            found |= _said(file, stem, (folder / file).read_text("utf-8")).sentences
    return found


def completed(words: Mapping[str, Words], first: str, standing: Standing) -> dict[str, Words]:
    """Return the words of languages with those that stand in for what the `first` of them lacks.

    What is written in the first alone is left to it: words of ours are none for a sentence of
    somebody's own.
    """
    lacking = (standing(first) or standing("en")).keys() - words[first].sentences.keys()
    return {
        language: _joined(
            said,
            language,
            standing(language) or (standing("en") if language == first else {}),
            lacking,
        )
        for language, said in words.items()
    }


def _joined(words: Words, language: str, own: Mapping[str, str], lacking: Set[str]) -> Words:
    ours = {key: own[key] for key in own if key in lacking and key not in words.sentences}
    found = Words(
        ours | words.sentences, dict(words.places), dict(words.filled), words.reviews, words.marks,
        frozenset(ours),
    )  # fmt: skip
    for key, said in ours.items():
        file, *path = key.split(".")
        found.places[key] = (f"texts/{language}/{file}.toml", tuple(path))
        if blanks := frozenset(_BLANK.findall(said)):
            found.filled[key] = blanks
    return found


class _Said(NamedTuple):
    """What one file says; `unfit` are the places of what is no text."""

    sentences: dict[str, str]
    places: dict[str, tuple[str, Place]]
    filled: dict[str, frozenset[str]]
    mark: str
    unfit: tuple[Place, ...]


@lru_cache(maxsize=1024)
def _said(file: str, stem: str, text: str) -> _Said:
    """Return what a text says, which is read once a process, as `parse` has it."""
    table = {key: value for key, value in parse(text).value.items() if key != REVIEWED}
    found, unfit = _Said({}, {}, {}, mark_of(table), ()), []
    for path, value in _leaves((), table):
        key = ".".join((stem, *path))
        if not isinstance(value, str):
            unfit.append(path)
            continue
        found.sentences[key] = value
        found.places[key] = (file, path)
        if blanks := frozenset(_BLANK.findall(value)):
            found.filled[key] = blanks
    return found._replace(unfit=tuple(unfit))


def mark_of(table: dict[str, Any]) -> str:
    """Return the mark of a file's words, which a review names."""
    return hashlib.sha256(msgspec.json.encode(table, order="sorted")).hexdigest()[:12]


def _leaves(path: tuple[str, ...], value: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _leaves((*path, key), inner)
        else:
            yield (*path, key), inner
