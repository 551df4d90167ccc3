"""The policy's words for people: dotted keys to sentences, in each shipped language."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from plainview.engine.positions import Path
from plainview.engine.reading import Reader

_BLANK = re.compile(r"\{(\w+)\}")


class Words(msgspec.Struct, frozen=True):
    """One language's sentences by key, `purposes.recommend.name`, and where each stands."""

    sentences: dict[str, str]
    places: dict[str, tuple[str, Path]]

    def blanks(self, key: str) -> frozenset[str]:
        """Return the names of the `{facts}` that the sentence fills in."""
        return frozenset(_BLANK.findall(self.sentences[key]))

    def say(self, key: str, facts: Mapping[str, str]) -> str:
        """Return the sentence with `{fact}` filled in. Raises KeyError for an unknown key."""
        return _BLANK.sub(lambda match: facts.get(match[1], match[0]), self.sentences[key])


def read_words(reader: Reader, language: str) -> Words:
    """Read `texts/<language>/*.toml`; a file's name is the first part of its keys."""
    sentences: dict[str, str] = {}
    places: dict[str, tuple[str, Path]] = {}
    for file in reader.names(f"texts/{language}/*.toml"):
        stem = file.rsplit("/", 1)[-1].removesuffix(".toml")
        for path, value in _leaves((), reader.table(file) or {}):
            key = ".".join((stem, *path))
            if isinstance(value, str):
                sentences[key] = value
                places[key] = (file, path)
            else:
                remedy = "write the sentence in quotes"
                reader.add(file, path, "expected text in quotes", remedy)
    return Words(sentences, places)


def _leaves(path: tuple[str, ...], value: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _leaves((*path, key), inner)
        else:
            yield (*path, key), inner
