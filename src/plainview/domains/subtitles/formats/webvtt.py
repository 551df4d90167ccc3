"""WebVTT in and out: read by the specification's algorithm (W3C WebVTT, section 6).

What the algorithm drops and a person would still read is mended, with a note, unless one asks for
the algorithm alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from plainview.domains.subtitles.formats import cue_text, decoding, direction, markup, timing
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.placing import canonical_settings

_LANGUAGE = re.compile(r"Language:[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6})[ \t]*")
_KIND = re.compile(r"Kind:[ \t]*[a-z]{1,20}[ \t]*")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACKETS = re.compile("[<>]")
_OPENING = re.compile(r"<([A-Za-z/.]|[0-9]{1,9}:)?")
_NEWLINE = re.compile(r"\r\n?")
_TIMESTAMP = re.compile(r"(?:([0-9]+):)?([0-9]{2}):([0-9]{2})\.([0-9]{3})(?![0-9])")
_SPOKEN = re.compile(r"<[0-9:.]{9,12}><c[.>]")
"""Where in a line a word is said: the mark of captions that nobody wrote."""
_WHITE = "\t\n\f\r "
_REGION_HEAD = "REGION"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a file: its first line (from 1), and what it says of a cue if it is one."""

    line: int
    lines: tuple[str, ...]
    identifier: str = ""
    times: tuple[int, int, str] | None = None
    text: str = ""
    timed: bool = False
    late: bool = False
    """Whether it stands after a cue, where style sheets and regions count no more."""


@dataclass(slots=True)
class File:
    """A file as the algorithm reads it, before anything is mended."""

    header: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    """The names of those that have one."""


def prepared(text: str) -> str:
    """Text as the algorithm begins with it: NUL replaced, every line ended by LF."""
    return _NEWLINE.sub("\n", text.replace("\x00", "\ufffd"))


def signed(text: str) -> bool:
    """Whether text begins as a WebVTT file does."""
    return text[:6] == "WEBVTT" and text[6:7] in ("", " ", "\t", "\n")


def blocks(text: str) -> File:
    """The blocks of prepared text that is `signed`, by the parser algorithm (section 6.1)."""
    lines = text.split("\n")
    found, at = File(), 1
    if at < len(lines) and lines[at]:
        at = _header(lines, at, found)
    seen_cue = False
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        block, at = _block(lines, at)
        block = replace(block, late=seen_cue)
        if block.times is not None:
            seen_cue = True
        elif not seen_cue and len(block.lines) > 1 and _is(block.lines[0], _REGION_HEAD):
            found.regions += filter(None, [region(" ".join(block.lines[1:]))])
        found.blocks.append(block)
    return found


def _is(line: str, keyword: str) -> bool:
    return line.startswith(keyword) and not line[len(keyword) :].strip(_WHITE)


def _header(lines: list[str], at: int, found: File) -> int:
    while at < len(lines) and lines[at] and "-->" not in lines[at]:
        found.header.append(lines[at])
        at += 1
    return at


def _block(lines: list[str], at: int) -> tuple[Block, int]:
    """The block that begins at a line, and where the next one may."""
    first, identifier, held = at, "", list[str]()
    times: tuple[int, int, str] | None = None
    arrow = False
    while at < len(lines) and lines[at]:
        line, number = lines[at], at - first
        if "-->" in line:
            if number > 1 or (number == 1 and arrow):
                break
            arrow = True
            times = timings(line)
            if times is not None:
                identifier, held = "\n".join(held), []
        else:
            held.append(line)
        at += 1
    text = "\n".join(held) if times is not None else ""
    return Block(first + 1, tuple(lines[first:at]), identifier, times, text, arrow), at


def timings(line: str) -> tuple[int, int, str] | None:
    """Start and end in ms and what follows, as `collect WebVTT cue timings and settings` has it."""
    start = _stamp(line, _skip(line, 0))
    if start is None:
        return None
    at = _skip(line, start[1])
    if line[at : at + 3] != "-->":
        return None
    end = _stamp(line, _skip(line, at + 3))
    return None if end is None else (start[0], end[0], line[end[1] :])


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in _WHITE:
        at += 1
    return at


def _stamp(line: str, at: int) -> tuple[int, int] | None:
    found = _TIMESTAMP.match(line, at)
    if not found or len(found[1] or "") > 15:
        return None
    hours, minutes, seconds = (int(found[n] or 0) for n in (1, 2, 3))
    if minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(found[4]), found.end()


def region(settings: str) -> str:
    """What a region is called by its settings, "" for nothing (section 6.2)."""
    words = re.split(f"[{_WHITE}]+", settings)
    names = [word.removeprefix("id:") for word in words if word.startswith("id:")]
    return next(filter(None, reversed(names)), "")


def parse(text: str, draft: Draft, *, mend: bool = True) -> None:
    """Add the cues of a WebVTT file; style sheets, regions and comments are kept as its head."""
    text = prepared(text)
    file = blocks(text)
    names = frozenset(file.regions)
    for line in file.header:
        if found := _LANGUAGE.fullmatch(line):
            draft.language = found[1]
    head = [text.partition("\n")[0] or "WEBVTT", *file.header]
    for block in _folded(file.blocks) if mend else file.blocks:
        times, said, name = block.times, block.text, block.identifier
        if times is None and mend and block.timed:
            times, said, name = _mended(block, draft)
        if times is None:
            head += _beside(block, draft)
            continue
        shown = _words_kept(said) if mend else said
        if shown != said:
            draft.note(f"line {block.line}: a bracket < that begins no tag; mended")
        words = draft.words(cue_text.runs(shown), block.line)
        settings = canonical_settings(times[2], names)
        if words:
            cue = Cue(*times[:2], words, settings, canonical_identifier(name), said)
            draft.add(cue, block.line)
    if mend and _SPOKEN.search(text):
        whole = _unrolled(draft.cues)
        if len(whole) < len(draft.cues):
            draft.note(f"copies of the same line merged: {len(draft.cues) - len(whole)}")
            draft.cues[:] = whole
    draft.head = "\n".join(head)


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Cues of captions that roll up, as YouTube makes them by itself, each line once.

    There each cue shows the line before once more above its own; one of a moment stands between.
    """
    whole: list[Cue] = []
    last = ""
    for cue in cues:
        lines = cue.text.split("\n")
        new = lines[1:] if lines[0] == last and "<" not in cue.text else lines
        if new:
            text = "\n".join(new)
            whole.append(cue if new == lines else replace(cue, text=text, original=""))
        else:
            whole[-1] = replace(whole[-1], end_ms=max(whole[-1].end_ms, cue.end_ms))
        last = lines[-1]
    return whole


def _folded(found: Iterable[Block]) -> list[Block]:
    """Blocks, those that only an arrow within somebody's words had cut off joined again."""
    whole: list[Block] = []
    for block in found:
        before = whole[-1] if whole else None
        if (
            before is not None
            and before.times is not None
            and block.timed
            and block.times is None
            and before.line + len(before.lines) == block.line
            and not any(timing.parse_timing(line) for line in block.lines)
        ):
            text = "\n".join([*([before.text] if before.text else []), *block.lines])
            whole[-1] = replace(before, lines=before.lines + block.lines, text=text)
        else:
            whole.append(block)
    return whole


def _mended(block: Block, draft: Draft) -> tuple[tuple[int, int, str] | None, str, str]:
    at = next(n for n, line in enumerate(block.lines) if "-->" in line)
    times = timing.parse_timing(block.lines[at])
    if times is None:
        draft.note(f"line {block.line + at}: the times can’t be read; left out")
        return None, "", ""
    draft.note(f"line {block.line + at}: times written otherwise than WebVTT does; mended")
    return times, "\n".join(block.lines[at + 1 :]), block.lines[0] if at else ""


def _words_kept(said: str) -> str:
    """Cue text in which a bracket that begins no tag, as in `I <3 you`, takes no words with it."""
    end = said.rfind(">")
    return _OPENING.sub(
        lambda found: found[0] if found[1] and found.start() < end else f"&lt;{found[1] or ''}",
        said,
    )


def _beside(block: Block, draft: Draft) -> list[str]:
    """What of the head a block without times is; words that have lost their time are told."""
    first = block.lines[0]
    sheet = any(_is(first, word) for word in ("STYLE", _REGION_HEAD))
    if (sheet and not block.late) or re.match(r"NOTE(?:[ \t]|$)", first):
        return ["", *block.lines]
    if sheet:
        draft.note(f"line {block.line}: {first.strip()} after a cue counts for nothing; left out")
    elif not block.timed:
        draft.note(f"line {block.line}: words without a time; left out")
    return []


def write_webvtt(cues: Iterable[Cue], language: str = "", *, head: str = "") -> str:
    """Cues as a WebVTT file, in the order of time; always valid, whatever the cues hold.

    Text is made canonical on the way; a cue without visible text or with senseless times is left
    out. In a language written from right to left, a line that players would take for a line from
    left to right is marked. With the `head` of a WebVTT file, its style sheets, regions and
    comments stand before the cues, and a cue whose words are its file's keeps them as they were.
    """
    stated = _LANGUAGE.fullmatch(f"Language:{language}")
    parts = list(_head_blocks(head)) or ["WEBVTT"]
    if stated and not any(_LANGUAGE.fullmatch(line) for line in parts[0].split("\n")):
        parts[0] += f"\nLanguage: {language}"
    parts[0] += "\n"
    names = frozenset(blocks("\n".join(parts)).regions)
    for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)):
        words = direction.mark(markup.canonical(cue.text), language)
        if not words or not 0 <= cue.start_ms < cue.end_ms:
            continue
        if head and cue.original and _same(cue):
            words = markup.clean(cue.original)
        name = canonical_identifier(cue.identifier)
        times = f"{timing.format_time(cue.start_ms)} --> {timing.format_time(cue.end_ms)}"
        settings = canonical_settings(cue.settings, names)
        first = f"{name}\n" if name else ""
        parts.append(f"{first}{times}{' ' if settings else ''}{settings}\n{words}\n")
    return decoding.unmistakable("\n".join(parts))


def _same(cue: Cue) -> bool:
    """Whether the words that the file had are still what the cue says, and safe to write again."""
    kept = markup.clean(cue.original)
    return (
        "-->" not in kept
        and all(kept.split("\n"))
        and markup.compose(cue_text.runs(kept)) == cue.text
    )


def _head_blocks(head: str) -> Iterator[str]:
    """The header and the style sheets, regions and comments of a kept head, nothing else."""
    if not signed(head):
        return
    first, *others = re.split(r"\n\n+", markup.clean(head))
    yield "\n".join(line for line in first.split("\n") if "-->" not in line)
    for each in others:
        if re.match(r"(?:STYLE|REGION|NOTE)\b", each) and "-->" not in each:
            yield each.rstrip("\n") + "\n"


def look(head: str) -> str:
    """The style sheets and regions of a kept head, without comments: nobody is named there."""
    first, *others = list(_head_blocks(head)) or ["WEBVTT"]
    said = (
        each for each in first.split("\n") if _LANGUAGE.fullmatch(each) or _KIND.fullmatch(each)
    )
    sheets = [
        "\n".join(filter(str.strip, _COMMENT.sub("", each).split("\n")))
        for each in others
        if not each.startswith("NOTE")
    ]
    return "\n\n".join(["\n".join(["WEBVTT", *said]), *sheets])


def canonical_identifier(text: str) -> str:
    """A cue's identifier on one line, at most 100 characters, without angle brackets."""
    return " ".join(_BRACKETS.sub("", markup.clean(text)).split())[:100].strip()
