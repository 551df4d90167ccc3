"""Takes tables, keys and list elements out of a TOML text, and leaves every other byte as it is."""

import re
from collections.abc import Iterable

from plainview.engine import Span, spans

Path = tuple[str | int, ...]

_REMARK = re.compile(r"(?:^[ \t]*#(?!:)[^\n]*\n)+\Z", re.MULTILINE)
_SCHEMA = re.compile(r"^#:[^\n]*\n\Z", re.MULTILINE)
_ENDS = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_COMMA_BEFORE = re.compile(r",\s*\Z")
_SHUT = re.compile(r"\s*[\]}]")


def cut(text: str, paths: Iterable[Path]) -> str:
    """Return a valid TOML text without what stands at `paths`, as `("category", "history")`.

    A remark that stands right above a table goes with it, one above a key if no other key follows
    right below. Paths that the text does not have are passed over.
    """
    found = spans(text)
    taken: list[Span] = []
    for span in sorted({span for path in paths for span in found.get(path, ())}):
        if not taken or span.start >= taken[-1].end:
            taken.append(span)
    for span in reversed(taken):
        text = (_from_list if span.inside else _statement)(text, span)
    return text


def _statement(text: str, span: Span) -> str:
    ended = _ENDS.match(text, span.end)
    before, after = text[: span.start], text[ended.end() if ended else span.end :]
    followed = after[:1].strip() and after[0] not in "#["
    if text[span.start] == "[" or not followed:
        before = _REMARK.sub("", before)
    if not before or before.endswith("\n\n") or _SCHEMA.search(before):
        after = after.lstrip("\n")
    if not after:
        before = before.rstrip("\n") + "\n" if before.strip() else ""
    return before + after


def _from_list(text: str, span: Span) -> str:
    before, after = text[: span.start], text[span.end :]
    if comma := _COMMA.match(after):
        after = after[comma.end() :]
    elif _SHUT.match(after):
        before = _COMMA_BEFORE.sub("", before)
        if after.startswith(" }"):
            return before + after
    if after.startswith("\n") and not before.rpartition("\n")[2].strip():
        before, after = before.rpartition("\n")[0], after
    return before.rstrip(" ") + after if after.startswith("\n") else before + after
