"""Which translations of a folder still say what the first language says.

Beside the words of a language lies `texts/<language>/made_from.json`: for each sentence the mark of
the original it was made from, and its own. Where the original has another mark by now and the
translation is the same as then, it is stale; where it was changed since, it was made anew. The file
is written by a program and is no part of the fingerprint.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from plainview.engine.reading import Reader
from plainview.engine.words import Words, read_words

MARKS = "made_from.json"
_LENGTH = 8


class Translation(msgspec.Struct, frozen=True):
    """How a language of a folder stands against the first, by the keys of its sentences.

    `missing` has none, `stale` was made from another original, `unmarked` does not say from which.
    `drafts` are the files that nobody has reviewed as they stand.
    """

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    unmarked: tuple[str, ...]
    drafts: tuple[str, ...]


def mark(sentence: str) -> str:
    """Return a short hash of a sentence."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:_LENGTH]


def translations(folder: Path, languages: Iterable[str]) -> dict[str, Translation]:
    """Return how each language but the first stands in `folder`."""
    first, *others = languages
    reader = Reader(folder)
    source = read_words(reader, first)
    return {
        language: _compared(source, read_words(reader, language), marks(folder, language))
        for language in others
    }


def _compared(source: Words, words: Words, made_from: Mapping[str, tuple[str, str]]) -> Translation:
    missing, stale, unmarked = [], [], []
    for key, original in source.sentences.items():
        said = words.sentences.get(key, "")
        before = made_from.get(key)
        if not said.strip():
            missing.append(key)
        elif before == (mark(original), mark(said)):
            continue
        elif before is not None and before[1] == mark(said):
            stale.append(key)
        else:
            unmarked.append(key)
    return Translation(tuple(missing), tuple(stale), tuple(unmarked), tuple(words.unreviewed()))


def read_language(folder: Path, language: str) -> Words:
    """Return a language's words of a folder, whether or not the folder ships it."""
    return read_words(Reader(folder), language)


def marks(folder: Path, language: str) -> dict[str, tuple[str, str]]:
    """Return what the file of marks says: by key the marks of the original and of the words.

    One that can't be read says nothing.
    """
    try:
        text = (folder / "texts" / language / MARKS).read_bytes()
        return msgspec.json.decode(text, type=dict[str, tuple[str, str]])
    except (OSError, msgspec.MsgspecError):
        return {}


def write_marks(folder: Path, languages: Iterable[str], settled: Iterable[str]) -> None:
    """Mark what was translated since, and forget what is gone; what is stale stays so.

    `settled` are keys whose words still hold although their original was changed.
    """
    first, *others = languages
    reader = Reader(folder)
    source, holds = read_words(reader, first), frozenset(settled)
    for language in others:
        words, before = read_words(reader, language), marks(folder, language)
        stale = frozenset(_compared(source, words, before).stale) - holds
        made = {
            key: before[key] if key in stale else (mark(source.sentences[key]), mark(said))
            for key, said in words.sentences.items()
            if key in source.sentences
        }
        lines = (f"{json.dumps(key)}: {json.dumps(made[key])}" for key in sorted(made))
        path = folder / "texts" / language / MARKS
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
