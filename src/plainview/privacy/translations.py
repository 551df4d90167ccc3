"""The policy's sentences in another language: what the folder says, and what translators put down.

A sentence of the policy is what somebody agrees to. So what a translator writes waits below the
data folder until an officer takes it into the policy's folder with `plainview translations
export`; from there it takes effect with a version, as every other word does.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from plainview.engine import Words, mark, mark_of, marks, read_language, write_marks
from plainview.platform.languages.catalogues import alone
from plainview.platform.storage.whole import put_whole
from plainview.privacy.policies import in_force

REVIEWED = "reviewed_by"
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of the policy: its key, original, translation, and how it stands.

    `waits` says that the translation is not yet in the folder; `reviewed` names who read its file
    as it stands, or nobody.
    """

    key: str
    source: str
    said: str
    stale: bool
    waits: bool
    reviewed: str


class Waiting(msgspec.Struct):
    """What was put down in a language: by key the original's mark and the words; who read which."""

    said: dict[str, tuple[str, str]] = {}
    reviews: dict[str, tuple[str, str, str]] = {}


def first_language() -> str:
    """The language that leads: the others are translated from it."""
    return in_force().head.languages[0]


def sentences(language: str) -> list[Sentence]:
    """Every sentence of the policy's folder in a language, in the order of the original."""
    folder, lead = _folder(), first_language()
    written = [*_stamps(folder, lead), *_stamps(folder, language), _kept_at(language)]
    return list(_sentences(folder, lead, language, *written))


@lru_cache(maxsize=16)
def _sentences(folder: Path, first: str, language: str, *stamps: object) -> tuple[Sentence, ...]:
    lead, here = _words(folder, first), _words(folder, language)
    made_from = marks(folder, language)
    waiting = _waiting(language)
    unread = {*here.unreviewed(), *(_file(key) for key in waiting.said)}
    reviewed = {file: each.name for file, each in here.reviews.items() if file not in unread}
    for file, (name, _on, marked) in waiting.reviews.items():
        if marked == _mark_of(file, lead, here, waiting):
            reviewed[file] = name
    found = []
    for key, original in lead.sentences.items():
        said, stale, waits = here.sentences.get(key, ""), False, False
        before = made_from.get(key)
        if key in waiting.said:
            made, said = waiting.said[key]
            stale, waits = made != mark(original), True
        elif said and before is not None:
            stale = before[1] == mark(said) and before[0] != mark(original)
        found.append(Sentence(key, original, said, stale, waits, reviewed.get(_file(key), "")))
    return tuple(found)


def put_down(language: str, said: dict[str, str]) -> None:
    """Keep these translations, by key, until they are taken into the folder."""
    source = read_language(_folder(), first_language()).sentences
    with alone():
        waiting = _waiting(language)
        for key, text in said.items():
            waiting.said[key] = (mark(source[key]), text)
        _keep(language, waiting)


def sign(language: str, file: str, name: str, on: date) -> None:
    """Note that `name` read a file of words as it stands, with what waits."""
    with alone():
        waiting = _waiting(language)
        marked = _mark_of(file, *_read(_folder(), language), waiting)
        waiting.reviews[file] = (name, on.isoformat(), marked)
        _keep(language, waiting)


def export(language: str, folder: Path) -> list[str]:
    """Write what waits into a policy folder; returns the files written, empty if nothing waits.

    The folder must have the words of the first language.
    """
    waiting, written = _waiting(language), []
    lead, here = _read(folder, language)
    for file in sorted({*map(_file, waiting.said), *waiting.reviews}):
        tree = _tree(file, lead, here, waiting)
        path = folder / "texts" / language / f"{file}.toml"
        head = _head(path) or _head(folder / "texts" / first_language() / f"{file}.toml")
        name, on, marked = waiting.reviews.get(file, ("", "", ""))
        if marked == mark_of(tree):
            text = json.dumps(name, ensure_ascii=False)
            head += f'{REVIEWED} = {{ name = {text}, on = {on}, text = "{marked}" }}\n'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + toml(tree), "utf-8")
        written.append(f"texts/{language}/{file}.toml")
    if written:
        holds = [key for key, (made, _) in waiting.said.items() if made == _now(lead, key)]
        write_marks(folder, [first_language(), language], holds)
    return written


def _now(lead: Words, key: str) -> str:
    return mark(lead.sentences.get(key, ""))


def _read(folder: Path, language: str) -> tuple[Words, Words]:
    return _words(folder, first_language()), _words(folder, language)


def _words(folder: Path, language: str) -> Words:
    return _read_once(folder, language, *_stamps(folder, language))


def _stamps(folder: Path, language: str) -> list[tuple[str, int]]:
    """The files of a language's words and marks, each with when it was written last."""
    where = folder / "texts" / language
    if not where.is_dir():
        return []
    with os.scandir(where) as files:
        return sorted((each.name, each.stat().st_mtime_ns) for each in files)


@lru_cache(maxsize=16)
def _read_once(folder: Path, language: str, *stamps: tuple[str, int]) -> Words:
    return read_language(folder, language)


def _folder() -> Path:
    return Path(settings.POLICY_DIR)


def _file(key: str) -> str:
    return key.partition(".")[0]


def _mark_of(file: str, lead: Words, here: Words, waiting: Waiting) -> str:
    """The mark that the folder will give the file once it has what waits."""
    return mark_of(_tree(file, lead, here, waiting))


def _tree(file: str, lead: Words, here: Words, waiting: Waiting) -> dict[str, Any]:
    """A file's words with what waits, nested as the first language's, in its order."""
    tree: dict[str, Any] = {}
    for key, (_name, path) in lead.places.items():
        said = waiting.said[key][1] if key in waiting.said else here.sentences.get(key, "")
        if _file(key) != file or not said:
            continue
        *tables, last = map(str, path)
        table = tree
        for each in tables:
            table = table.setdefault(each, {})
        table[last] = said
    return tree


def toml(tree: dict[str, Any], path: tuple[str, ...] = ()) -> str:
    """A file of words: sentences by key, in tables."""
    plain = {key: value for key, value in tree.items() if isinstance(value, str)}
    text = f"\n[{'.'.join(map(_key, path))}]\n" if path and plain else ""
    for key, value in plain.items():
        text += f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}\n"
    for key, value in tree.items():
        if isinstance(value, dict):
            text += toml(value, (*path, key))
    return text


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _head(path: Path) -> str:
    """The comment at the head of a file, with the empty line after it."""
    if not path.exists():
        return ""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    comment = []
    for line in lines:
        if not line.startswith("#"):
            break
        comment.append(line)
    return "".join(comment) + ("\n" if comment else "")


def _waiting(language: str) -> Waiting:
    try:
        return msgspec.json.decode(_kept(language).read_bytes(), type=Waiting)
    except OSError:
        return Waiting()


def _keep(language: str, waiting: Waiting) -> None:
    path = _kept(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    put_whole(path, msgspec.json.format(msgspec.json.encode(waiting), indent=1), mode=0o666)


def _kept_at(language: str) -> int:
    path = _kept(language)
    return path.stat().st_mtime_ns if path.exists() else 0


def _kept(language: str) -> Path:
    return Path(settings.TRANSLATIONS) / "policy" / f"{language}.json"
