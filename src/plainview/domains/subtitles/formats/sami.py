"""SAMI: a page of moments, each of which lasts until the next, in several languages at once.

Read as its players read it, not as HTML: tags stay open, moments come in any order. Each class of
paragraphs is a language, and of one file one class is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from plainview.domains.subtitles.formats import markup, timing
from plainview.domains.subtitles.formats.cues import LAST_MS, Cue, Draft
from plainview.domains.subtitles.formats.markup import Run

_PART = re.compile(r"<(sync|p)\b([^<>]*)>?", re.IGNORECASE)
_SAYS = re.compile(
    r"""\b(start|end|class|id)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_MOMENT = re.compile(r"(-?)(\d{1,12})(?:\.\d{0,9})?(?:ms)?", re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]{1,40})\s{0,50}\{([^{}]{0,2000})\}")
_LANGUAGE = re.compile(
    r"\blang\s{0,9}:\s{0,9}([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3})", re.IGNORECASE
)
_NAMED = re.compile(r"([a-z]{2})(?:[a-z]{2})?cc\d?", re.IGNORECASE)
_COUNTRIES = {"kr": "ko", "eg": "en", "us": "en", "jp": "ja", "cn": "zh", "ch": "zh", "tw": "zh-TW"}
"""Languages of classes such as KRCC, which many name after a country, and EGCC."""
_TEMPLATES = {"ko-KR": "ko", "en-US": "en", "ja-JP": "ja"}
"""What every program writes for these languages, wherever their words are from."""
_BLANKS = re.compile(r"[ \t\n]+")
_BREAK = re.compile(r" ?<br\b[^<>]*>? ?", re.IGNORECASE)
_BRACKETS = re.compile(r"<rp\b[^<>]*>[^<]*(?:</rp>)?", re.IGNORECASE)
_UNKNOWN = re.compile(r"</?(?!(?:b|i|u|em|strong|font|ruby|rt)\b)[A-Za-z][^<>]*>?", re.IGNORECASE)
_NO_BREAK = re.compile(r"&nbsp;?", re.IGNORECASE)
_STATED = re.compile(rb"\blang\s{0,9}:\s{0,9}([A-Za-z]{2})")
_BEGINS = re.compile(rb"<sami\b|<sync\b", re.IGNORECASE)
_HEAD = 100_000
SEVERAL = "several languages in one file:"
"""How the note begins that says which of them was taken."""
_MOST = 20
"""Languages of a file among which one is chosen."""
"""How long the last words stand if nothing takes them off."""


class _Moment(NamedTuple):
    """What a class shows from a moment on: words, or none."""

    start_ms: int
    end_ms: int | None
    line: int
    runs: list[Run]


def hint(data: bytes, language: str | None) -> str | None:
    """The language by whose letters the encoding of a file is recognised.

    Of a SAMI file it is one that the file states, since it holds more than what is asked for, else
    Korean, whose people write SAMI.
    """
    if not _BEGINS.search(data[:4000]):
        return language
    stated = (found.decode().lower() for found in _STATED.findall(data[:_HEAD]))
    return next((each for each in stated if each != "en"), language or "ko")


def parse(text: str, draft: Draft) -> None:
    """Add the cues of one class of a SAMI file: of the language asked for, or of the main one."""
    languages = _languages(text)
    said: dict[str, list[_Moment]] = {}
    for name, moment in _moments(_uncommented(text), draft):
        said.setdefault(name, []).append(moment)
    name = _chosen(said, languages, draft)
    draft.language = languages.get(name) or _language_of(name) or None
    everybodys = said.get("", []) if name else []
    _add(sorted([*said.get(name, []), *everybodys], key=lambda each: each.start_ms), draft)


def _add(moments: Iterable[_Moment], draft: Draft) -> None:
    """Add what stands from each moment to the next; what comes at one moment stands together."""
    shown = [_together(list(each)) for _, each in groupby(moments, key=lambda each: each.start_ms)]
    for at, each in enumerate(shown):
        words = draft.words(each.runs, each.line)
        if not words:
            continue
        end = each.end_ms
        if at + 1 < len(shown):
            end = min(shown[at + 1].start_ms, end or shown[at + 1].start_ms)
        elif end is None:
            end = each.start_ms + LAST_MS
            draft.note(f"line {each.line}: nothing takes these words off; five seconds given")
        draft.add(Cue(each.start_ms, end, words), each.line)


def _together(moments: list[_Moment]) -> _Moment:
    first, *others = [each for each in moments if markup.compose(each.runs)] or moments[:1]
    runs = list(first.runs)
    for each in others:
        runs += [((), "\n"), *each.runs]
    return first._replace(runs=runs)


def _moments(text: str, draft: Draft) -> Iterator[tuple[str, _Moment]]:
    """Each class of each moment that a file has, in its order."""
    parts = list(_PART.finditer(text))
    times: tuple[int, int | None] | None = None
    line, counted, speaker, silent = 1, 0, "", True
    for at, part in enumerate(parts):
        line, counted = line + text.count("\n", counted, part.start()), part.start()
        says = {
            found[1].lower(): found[2] or found[3] or found[4] for found in _SAYS.finditer(part[2])
        }
        until = parts[at + 1] if at + 1 < len(parts) else None
        words = text[part.end() : until.start() if until else len(text)]
        if part[1].lower() == "sync":
            start = _time(says.get("start"))
            if start is None:
                draft.note(f"line {line}: the times can’t be read; left out")
            times = None if start is None else (start, _time(says.get("end")))
            silent = until is None or until[1].lower() == "sync"
        if times is None or (part[1].lower() == "sync" and not silent and not _runs(words)):
            continue
        name = (says.get("class") or "").casefold()
        if (says.get("id") or "").casefold() == "source":
            speaker = "".join(piece for _, piece in _runs(words)).strip()
            continue
        yield name, _Moment(*times, line, markup.voiced(_runs(words), speaker))


def _time(said: str | None) -> int | None:
    """Milliseconds, as SAMI counts; also what some tools write as a time of day."""
    if found := _MOMENT.fullmatch((said or "").strip()):
        return 0 if found[1] else int(found[2])
    return timing.parse_time(said) if said else None


def _runs(words: str) -> list[Run]:
    """Words of a paragraph; those of a line have no blanks around them, which only clear it."""
    words = _BREAK.sub("\n", _BLANKS.sub(" ", _BRACKETS.sub("", words)))
    words = _NO_BREAK.sub("\xa0", _UNKNOWN.sub("", words))
    bare = "\n".join(line.strip(" \xa0") for line in words.split("\n"))
    return markup.parse(bare, html_like=True) if bare.strip() else []


def _uncommented(text: str) -> str:
    """Text without its comments, their line ends left; one without an end hides nothing."""
    kept, at = list[str](), 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin)
        if end < 0:
            break
        kept += [text[at:begin], "\n" * text.count("\n", begin, end)]
        at = end + 3
    return "".join([*kept, text[at:]])


def _languages(text: str) -> dict[str, str]:
    """The language of each class, as the style sheet states it."""
    return {
        rule[1].casefold(): _TEMPLATES.get(tag := found[1].replace("_", "-"), tag)
        for rule in _RULE.finditer(text[:_HEAD])
        if (found := _LANGUAGE.search(rule[2]))
    }


def _language_of(name: str) -> str:
    """The language that the name of a class says (`ENUSCC`), if it says one."""
    from langcodes import tag_is_valid  # noqa: PLC0415 - a twentieth of a second, for SAMI alone

    found = _NAMED.fullmatch(name)
    tag = _COUNTRIES.get(found[1], found[1]) if found else ""
    return tag if tag and tag_is_valid(tag) else ""


def _chosen(said: dict[str, list[_Moment]], languages: dict[str, str], draft: Draft) -> str:
    """The class to take: that of the language asked for, else the first of those that say much."""
    from langcodes import closest_match, tag_is_valid  # noqa: PLC0415

    counts = {
        name: sum(bool(each.runs) for each in moments) for name, moments in said.items() if name
    }
    full = [name for name, count in counts.items() if count][:_MOST]
    if not full:
        return ""
    most = max(counts[name] for name in full)
    chosen = next(name for name in full if counts[name] * 2 >= most)
    if len(full) > 1:
        known = {name: languages.get(name) or _language_of(name) for name in full}
        tags = [tag for tag in known.values() if tag and tag_is_valid(tag)]
        if draft.asked and tag_is_valid(draft.asked):
            match, _ = closest_match(draft.asked, tags)
            chosen = next((name for name in full if known[name] == match), chosen)
        draft.tongues = tuple(
            dict.fromkeys(
                tag
                for name, tag in known.items()
                if tag and tag_is_valid(tag) and counts[name] * 2 >= most
            )
        )
        tags = list(known.values())
        called = {
            name: tag if tag and tags.count(tag) == 1 else name for name, tag in known.items()
        }
        names = ", ".join(called.values())
        draft.note(f"{SEVERAL} {names}; taken: {called[chosen]}")
    return chosen
