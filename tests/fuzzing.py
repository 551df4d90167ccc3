"""Spoiled inputs for a parser: what it makes of them is an answer or its own refusal, in time.

Inputs are made of valid ones by changes that programs and enemies make. One that ends in a way not
seen before, or reaches lines of ours not reached before, is changed further. Everything follows
from a printed seed; an input that fails is written down and named.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import re
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

KEPT = Path(__file__).resolve().parent.parent / "var" / "fuzzing"
LARGEST, LONG = 400_000, 20_000
"""Bytes of an input at most, and of one that is changed further."""
CPU, WALL = 5.0, 120.0
"""Seconds that one input may take: of this process, and in all."""
QUICK = 0.02
"""Seconds that inputs take on average where lines are looked at, which takes many times as long."""
MEMORY = 600 << 10
"""KiB by which one input may raise the most that this process ever held."""
CORPUS = 400

NUMBERS = (
    b"0", b"-1", b"1", b"127", b"128", b"255", b"256", b"65535", b"65536", b"2147483647",
    b"2147483648", b"4294967296", b"9223372036854775807", b"9223372036854775808",
    b"18446744073709551616", b"99999999999999999999999999", b"1e999", b"-1e-999", b"0x7f",
    b"1_000", b"00", b"1" * 5000, b"NaN", b"Infinity", "١٢".encode(), "²".encode(),
    b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"2026-02-30",
)  # fmt: skip
TRICKS = (
    b"\0", b"\r", b"\n", b"\r\n\r\n", b"\x1a", b"\x7f", b"\xff", b"\xfe\xff", b"\xc0\x80",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\ud800", b"\\u0000", "\u2028\x85".encode(),
    "\u202e\u2066\u200f".encode(), "\ufeff".encode(), "e\u0301\u0302".encode() * 40,
    "ﷺİßŉ".encode(), "👩‍👩‍👧‍👦".encode(), "\U0010ffff\uffff".encode(), "灯".encode("cp932"),
    b"%00", b"%", b"%s%n{0}{x}", b"../../etc/passwd", b"'\"`--;", b"<script>", b"&#0;&#x110000;",
    b"=?utf-8?b?", b"\x1b[2J", b"${a}", b"xn--", b"::", b"[", b"%eth0",
)  # fmt: skip
NESTS = (
    (b"[", b"]"), (b'{"a":', b"}"), (b"(", b")"), (b"<b>", b"</b>"), (b"<div>", b"</div>"),
    (b"{", b"}"), (b'"', b'"'), (b"<!--", b"-->"), (b"--", b""), (b"a.", b""), (b"{\\an8", b""),
    (b"[[", b"]]"), (b" ", b""), (b"\t", b""), (b"\\", b""), (b"&amp;", b""), (b",", b""),
    (b";", b""), (b"=", b""), (b"\n", b""),
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**31, 2**63, 2**64, 10**30, "", "\0", "\ud800", "x" * 3000, [], {},
    [[]], {"": ""}, "2026-13-01", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00",
)  # fmt: skip
_TOKEN = re.compile(rb"[\w.+-]+|\s+|[^\w\s]")
_NUMBER = re.compile(rb"\d+")


class Parser(NamedTuple):
    """A reader of what others send.

    `read` takes bytes; what it returns tells answers apart, roughly. `refuses` are the errors that
    it is documented to raise, and it raises no others. `words` are what its language is made of;
    `few` is how many inputs the suite itself gives it.
    """

    name: str
    read: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    refuses: tuple[type[Exception], ...] = ()
    words: tuple[bytes, ...] = ()
    few: int = 8


class Slow(BaseException):
    """An input takes longer than it may."""


class Found(AssertionError):
    """An input that a parser does not take as it should; the text names its file."""


def changed(
    data: bytes, others: Sequence[bytes], words: Sequence[bytes], by: random.Random
) -> bytes:
    """An input made of another by one to eight changes."""
    ways = (*_BY_BYTES, *_BY_TEXT)
    for _ in range(by.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        roll = by.random()
        if data[:2] == b"PK" and roll < 0.5:
            data = _in_zip(data, others, words, by)
        elif data[:1] in (b"{", b"[") and roll < 0.5:
            data = _in_json(data, by)
        elif words and roll > 0.85:
            at = by.randrange(len(data) + 1)
            data = data[:at] + by.choice(words) + data[at:]
        elif roll > 0.8:
            data = _spliced(data, by.choice(others), by)
        else:
            data = by.choice(ways)(data, by)
        data = data[:LARGEST]
    return data


def _flipped(data: bytes, by: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(by.choice((1, 1, 2, 8))):
        if result:
            result[by.randrange(len(result))] ^= 1 << by.randrange(8)
    return bytes(result)


def _overwritten(data: bytes, by: random.Random) -> bytes:
    at, width = by.randrange(len(data) + 1), by.choice((1, 2, 4, 8))
    value = by.choice((b"\0" * 8, b"\xff" * 8, b"\x7f" + b"\xff" * 7, by.randbytes(8)))[:width]
    return data[:at] + value + data[at + width :]


def _cut(data: bytes, by: random.Random) -> bytes:
    return data[: by.randrange(len(data) + 1)]


def _dropped(data: bytes, by: random.Random) -> bytes:
    at = by.randrange(len(data) + 1)
    return data[:at] + data[at + by.choice((1, 2, 4, 16, 64, 1024)) :]


def _repeated(data: bytes, by: random.Random) -> bytes:
    at, length = by.randrange(len(data) + 1), by.choice((1, 2, 8, 40, 400))
    return data[:at] + data[at : at + length] * _many(by, (2, 3, 20, 500), 20_000) + data[at:]


def _many(by: random.Random, usual: Sequence[int], most: int) -> int:
    """How often: once in a while so often that what grows with its square is felt."""
    return most if by.random() < 0.02 else by.choice(usual)


def _tricked(data: bytes, by: random.Random) -> bytes:
    at = by.randrange(len(data) + 1)
    return data[:at] + by.choice(TRICKS) + data[at + by.choice((0, 0, 1, 5)) :]


def _nested(data: bytes, by: random.Random) -> bytes:
    at, (before, after) = by.randrange(len(data) + 1), by.choice(NESTS)
    deep = _many(by, (3, 40, 1100), 30_000)
    till = min(len(data), at + by.choice((0, 4, 60)))
    closing = after * by.choice((0, deep))
    return data[:at] + before * deep + data[at:till] + closing + data[till:]


def _of_numbers(data: bytes, by: random.Random) -> bytes:
    spans = [found.span() for found in _NUMBER.finditer(data[:100_000])]
    if not spans:
        return data + by.choice(NUMBERS)
    start, end = by.choice(spans)
    return data[:start] + by.choice(NUMBERS) + data[end:]


def _of_lines(data: bytes, by: random.Random) -> bytes:
    lines = data.split(b"\n")
    a, b = by.randrange(len(lines)), by.randrange(len(lines))
    match by.randrange(4):
        case 0:
            lines[a], lines[b] = lines[b], lines[a]
        case 1:
            lines.insert(a, lines[b])
        case 2:
            del lines[a]
        case _:
            lines[a] = lines[a] * by.choice((2, 50))
    return by.choice((b"\n", b"\n", b"\n", b"\r\n", b"\r")).join(lines)


def _of_tokens(data: bytes, by: random.Random) -> bytes:
    at = by.randrange(max(1, len(data) - 2000)) if len(data) > 2000 else 0
    tokens = _TOKEN.findall(data[at : at + 2000])
    if not tokens:
        return data
    a, b = by.randrange(len(tokens)), by.randrange(len(tokens))
    match by.randrange(4):
        case 0:
            tokens[a], tokens[b] = tokens[b], tokens[a]
        case 1:
            tokens[a] = tokens[b]
        case 2:
            tokens[a] = tokens[a].swapcase()
        case _:
            tokens[a] = b""
    return data[:at] + b"".join(tokens) + data[at + 2000 :]


_BY_BYTES = (_flipped, _overwritten, _cut, _dropped, _repeated)
_BY_TEXT = (_tricked, _nested, _of_numbers, _of_lines, _of_tokens, _of_tokens)


def _spliced(data: bytes, other: bytes, by: random.Random) -> bytes:
    a, b = by.randrange(len(data) + 1), by.randrange(len(other) + 1)
    return data[:a] + other[b : b + by.choice((10, 100, 10_000))] + data[a:]


def _in_zip(
    data: bytes, others: Sequence[bytes], words: Sequence[bytes], by: random.Random
) -> bytes:
    """A whole zip with another content: what checks of its bytes alone would hide."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipped:
            if sum(each.file_size for each in zipped.infolist()) > LARGEST:
                return data
            files = [(name, zipped.read(name)) for name in zipped.namelist()]
    except Exception:  # it is spoiled already
        return data
    if not files:
        return data
    at = by.randrange(len(files))
    name, content = files[at]
    match by.randrange(5):
        case 0:
            del files[at]
        case 1:
            files.insert(at, (by.choice(files)[0], content))
        case _:
            plain = [each for _, each in files]
            files[at] = (name, changed(content, plain, words, by) if content[:2] != b"PK" else b"")
    how = by.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, 12, 14))
    out = io.BytesIO()
    with suppress(UserWarning, ValueError), zipfile.ZipFile(out, "w", how) as made:
        for name, content in files:
            made.writestr(name, content)
    return out.getvalue()


def _in_json(data: bytes, by: random.Random) -> bytes:
    """The same document with another value, a member less, or one twice."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return data
    places: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        each = waiting.pop()
        members = each.items() if isinstance(each, dict) else enumerate(each)
        for key, value in members:
            places.append((each, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    if not places:
        return json.dumps(by.choice(ODD)).encode()
    holder, key = by.choice(places)
    other_holder, other = by.choice(places)
    value: Any = by.choice(ODD)
    match by.randrange(6):
        case 0:
            del holder[key]
        case 1 if other in (other_holder if isinstance(other_holder, dict) else ()):
            value = other_holder[other]
            holder[key] = json.loads(json.dumps(value))
        case 2 if isinstance(holder, dict):
            holder[by.choice((f"{key}x", "", "__proto__", "a" * 300))] = value
        case 3 if isinstance(holder, list):
            holder.extend([holder[key]] * by.choice((1, 30)))
        case _:
            holder[key] = value
    return json.dumps(document, ensure_ascii=by.random() < 0.7).encode("utf-8", "surrogatepass")


@contextmanager
def _in_time() -> Iterator[None]:
    """Raises Slow where the work takes longer than it may."""

    def stop(number: int, frame: object) -> None:
        raise Slow(f"it took longer than {CPU if number == signal.SIGPROF else WALL:.0f} s")

    before = {each: signal.signal(each, stop) for each in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, CPU)
    signal.setitimer(signal.ITIMER_REAL, WALL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for each, old in before.items():
            signal.signal(each, old)


class _Lines:
    """The lines of ours that are reached, and whether there were new ones."""

    def __init__(self) -> None:
        self.seen: set[tuple[object, int]] = set()
        self.fresh = False

    def __call__(self, frame: Any, event: str, _: object) -> Any:
        return self._line if "/plainview/" in frame.f_code.co_filename else None

    def _line(self, frame: Any, event: str, _: object) -> Any:
        place = (frame.f_code, frame.f_lineno)
        if place not in self.seen:
            self.seen.add(place)
            self.fresh = True
        return self._line


def outcome(parser: Parser, data: bytes) -> str:
    """In which way the parser took an input, in a word. Raises whatever it should not."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with _in_time():
        try:
            said = f"took {parser.read(data)}"
        except parser.refuses as refusal:
            words = re.sub(r"[\d'\"`“”].*", "", str(refusal))
            said = f"{type(refusal).__name__} {words[:60]}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    assert grown < MEMORY, f"it took {grown >> 10} MiB"
    return said[:200]


def _spent() -> float:
    """Seconds of the processor, of this process and of those that it waited for."""
    return sum(os.times()[:4])


def tried(parser: Parser, *, seconds: float = 0, inputs: int = 0, seed: int) -> tuple[int, int]:
    """Try a parser for so many seconds of the processor, or inputs; how many, and ways they ended.

    Raises Found with the name of the file that holds an input which fails.
    """
    by = random.Random(f"{parser.name} {seed}")
    known = [bytes(each) for each in parser.seeds()]
    first, ends, lines = len(known), dict[str, int](), _Lines()
    began, until = time.process_time(), _spent() + seconds
    count, before = 0, sys.gettrace()
    while count < inputs if inputs else _spent() < until:
        fresh = count < (1 if inputs else first)
        data = known[count] if fresh else changed(by.choice(known), known, parser.words, by)
        count += 1
        quick = time.process_time() - began < QUICK * count
        looks = not inputs and quick and count % 4 == 0 and len(data) < LONG
        lines.fresh = False
        try:
            if looks:
                sys.settrace(lines)
            said = outcome(parser, data)
        except (Exception, Slow) as error:
            sys.settrace(before)
            raise Found(_told(parser, data, error, seed, count)) from error
        finally:
            if looks:
                sys.settrace(before)
        ends[said] = ends.get(said, 0) + 1
        if not fresh and (ends[said] == 1 or lines.fresh) and len(data) < LONG:
            if len(known) >= first + CORPUS:
                known.pop(by.randrange(first, len(known)))
            known.append(data)
    return count, len(ends)


def _told(parser: Parser, data: bytes, error: BaseException, seed: int, count: int) -> str:
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{parser.name}-{hashlib.sha256(data).hexdigest()[:12]}"
    file.write_bytes(data)
    return (
        f"{parser.name}: {type(error).__name__}: {str(error)[:300]}\n"
        f"  the input is {file} ({len(data)} bytes; FUZZ_SEED={seed}, number {count});\n"
        f"  again: FUZZ_INPUT={file} pytest tests/house/test_fuzzing.py -k {parser.name}"
        " -m 'not soak'"
    )
