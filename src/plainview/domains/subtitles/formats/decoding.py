"""Bytes to text: which encoding a subtitle file is in, and how sure that is.

A byte order mark, UTF-16's zeros and well-formed UTF-8 decide by themselves. The older encodings
can't be told apart by rule, only by what the text would then say: each candidate is decoded and
its characters scored against those its languages use most; a second opinion breaks near ties.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes

from plainview.domains.subtitles.formats.cues import Reading, SubtitleError
from plainview.domains.subtitles.formats.markup import clean
from plainview.domains.subtitles.formats.scripts import LEGACY, Profile

ENCODINGS: tuple[str, ...] = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
    *dict.fromkeys(profile.encoding for profile in LEGACY),
    "iso8859-1", "iso8859-5", "iso8859-15", "iso2022_jp", "koi8-u", "mac-roman",
)  # fmt: skip
"""Encodings a person may name, in Python's spelling."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHIFTS = (b"\x1b$B", b"\x1b$@")
"""By these old Japanese mail begins its characters (ISO-2022-JP, RFC 1468)."""
_NO_CHANCE = 2
_SAMPLE = 60_000
_NEAR = 0.06
_CONTROL = bytes(range(9)) + bytes(range(14, 32))
_LEFT_OVER = (b"\0", b"\n", b"\r", b"\x1a", b" ")
_ASCII = bytes(range(128))
_SHOWN, _MOST_OTHERS = 80, 5
_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_WIDER = {
    "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "tis-620": "cp874", "iso8859-11": "cp874",
    "iso8859-7": "cp1253", "iso8859-9": "cp1254",
}  # fmt: skip
"""Encodings read as one that holds all of theirs, and what people add to them."""
_ENOUGH_WORDS = 5
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_AFTER_WORDS = frozenset("\xa0…’”»›–—®™")
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_RUN = re.compile(r"[^\x00-@\[-`{-\x7f]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and a note for people if that was guessed or mended.

    `others` are the likeliest other readings of a file that is not in Unicode.
    """

    text: str
    encoding: str
    note: str | None = None
    others: tuple[Reading, ...] = ()


def decode(data: bytes, *, encoding: str | None = None, language: str | None = None) -> Decoded:
    """The text of a subtitle file.

    `encoding` is obeyed if given; `language` (a BCP 47 tag) tips the balance between candidates.
    Raises SubtitleError: unknown-encoding, bad-encoding, binary.
    """
    if encoding:
        told = _as_told(data, encoding)
        return replace(told, others=_others(data, told.encoding, _root(language)))
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _leniently(data[len(mark) :], name)
    if silent := _silent_utf16(data):
        return _leniently(data, silent)
    if data.isascii() and any(shift in data for shift in _SHIFTS):
        return _leniently(data, "iso2022_jp")
    if len(data.translate(None, _CONTROL)) < 0.94 * len(data):
        raise SubtitleError(
            "binary",
            "This is not a text file.",
            "Choose the subtitle file itself: SRT, WebVTT or ASS.",
        )
    whole = _whole(data)
    try:
        text = whole.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        once = _encoded_once(text)
        note = "letters that had been encoded twice were mended" if once else None
        if whole != data:
            note = "characters that had been encoded in two halves were mended"
        return Decoded(once or text, "utf-8", note)
    if mended := _almost_utf8(whole):
        return mended
    if declared := _declared(data):
        return declared
    return _by_lines(data, _root(language)) or _guess(data, _root(language))


def _root(language: str | None) -> str:
    return (language or "").partition("-")[0].lower()


def _as_told(data: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    name = _WIDER.get(name, name)
    data = _whole(data) if name == "utf-8" else data
    if name not in {codecs.lookup(known).name for known in ENCODINGS}:
        raise SubtitleError(
            "unknown-encoding",
            f"The encoding {encoding[:40]!r} is not one that subtitles come in.",
            "Leave it out to have it recognised, or convert the file to UTF-8.",
        )
    try:
        return Decoded(data.decode(name).removeprefix("\ufeff"), name)
    except UnicodeDecodeError as error:
        raise SubtitleError(
            "bad-encoding",
            f"The file is not in {name}.",
            "Leave the encoding out to have it recognised, or name another.",
            data.count(b"\n", 0, error.start) + 1,
        ) from error


def _leniently(data: bytes, name: str) -> Decoded:
    if name.startswith("utf-16") and len(data) % 2 and data[-1:] in _LEFT_OVER:
        data = data[:-1]  # half a character: the end of a file that was cut or joined
    data = _whole(data) if name == "utf-8" else data
    try:
        return Decoded(data.decode(name), name)
    except UnicodeDecodeError:
        return Decoded(data.decode(name, "replace"), name, "damaged characters were replaced by �")


def _declared(data: bytes) -> Decoded | None:
    """The text of an XML document in the older encoding that its declaration names, if it is."""
    found = _DECLARATION.match(data)
    if found is None:
        return None
    name = found[1].decode("ascii")
    try:  # as browsers do: what calls itself Latin-1 is Windows-1252
        return _as_told(data, "cp1252" if name.lower() == "iso-8859-1" else name)
    except SubtitleError:
        return None


def _silent_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: times, digits and line ends put zeros in every second place."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if half >= 8 and odd > 0.15 * half and odd > 4 * even:
        return "utf-16-le"
    if half >= 8 and even > 0.15 * half and even > 4 * odd:
        return "utf-16-be"
    return None


def _whole(data: bytes) -> bytes:
    """UTF-8 in which the halves that UTF-16 has of a character such as an emoji are joined.

    Databases and programs in Java write them apart (CESU-8, Unicode Technical Report 26).
    """
    return _HALVES.sub(lambda found: _joined(found[0]), data) if b"\xed" in data else data


def _joined(halves: bytes) -> bytes:
    pair = halves.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
    return pair.decode("utf-16").encode()


def _encoded_once(text: str) -> str:
    """What UTF-8 said before somebody took it for a Latin encoding and encoded it again, or "".

    All of the text has to be such, with two letters at least: words that are right as they are
    don't make UTF-8. They may by chance where a letter meets what follows a word, as in `JOSÉ…`
    or in `LIBERTÉ !` with its no-break space; so one letter has to be more than that.
    """
    if text.isascii():
        return ""
    for taken in ("cp1252", "latin-1"):
        try:
            once = text.encode(taken).decode("utf-8")
        except UnicodeError:
            continue
        if _is_no_chance(once, taken):
            return once
    return ""


def unmistakable(text: str) -> str:
    """Text that `decode` reads from UTF-8 as it is: signed, if it looks as if encoded twice."""
    return f"\ufeff{text}" if _encoded_once(text) else text


def _is_no_chance(text: str, taken: str) -> bool:
    """Whether what UTF-8 says of bytes can't be what words say by chance in a Latin encoding."""
    letters = [found for found in _FOREIGN.finditer(text) if found[0].isalpha()]
    return len(letters) >= _NO_CHANCE and not all(_may_end_a_word(each, taken) for each in letters)


def _may_end_a_word(letter: re.Match[str], taken: str) -> bool:
    """Whether what stands for this letter reads as a word's last letter and a sign after it."""
    read = letter[0].encode().decode(taken, "replace")
    last, signs = read[0], read[1:]
    before = letter.string[letter.start() - 1 : letter.start()]
    return _AFTER_WORDS.issuperset(signs) and not (last.isupper() and before.islower())


def _almost_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken characters: far too many good sequences to be anything else."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - broken
    if good < 20 * broken:
        return None
    return Decoded(text, "utf-8", "damaged characters were replaced by �")


def _by_lines(data: bytes, language: str) -> Decoded | None:
    """What two files say that were joined into one, of which one is in UTF-8 and one in Latin.

    In other encodings a short line is UTF-8 by chance: in Chinese, the word for `what` is.
    """
    lines = data.split(b"\n")
    said = [_utf8_or_nothing(line) for line in lines]
    if not _is_no_chance("\n".join(filter(None, said)), "cp1252"):
        return None
    rest = b"\n".join(line for line, text in zip(lines, said, strict=True) if text is None)
    latin = _guess(rest, language)
    if latin.encoding != "cp1252":
        return None
    others = iter(latin.text.split("\n"))
    text = "\n".join(next(others) if text is None else text for text in said)
    return Decoded(text, "cp1252", "lines in two encodings, UTF-8 and Windows-1252", latin.others)


def _utf8_or_nothing(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _guess(data: bytes, language: str) -> Decoded:
    sample = data[: _last_line_end(data)]
    ranked = _ranked(sample, language)
    best, place = ranked[0]
    if best <= 0:
        text = data.decode("cp1252", "replace")
        others = _others(data, "cp1252", language)
        return Decoded(text, "cp1252", "encoding not recognised: read as cp1252", others)
    near = [LEGACY[-place].encoding for value, place in ranked if value > best - _NEAR]
    encoding = LEGACY[-place].encoding
    if len(near) > 1 and not language and not _plainly_hebrew(sample, encoding, best):
        encoding = next((name for name in _second_opinion(sample) if name in near), encoding)
    found = _leniently(data, encoding)
    note = f"encoding guessed: {public_name(encoding)}"
    return Decoded(found.text, encoding, note, _others(data, encoding, language))


def _plainly_hebrew(sample: bytes, encoding: str, fit: float) -> bool:
    """Whether there is no doubt: letters that Hebrew has at the end of words alone stand there.

    Its bytes are small Cyrillic letters too, which in Russian would stand anywhere.
    """
    words = _RUN.findall(sample.decode(encoding, "replace")) if encoding == "cp1255" else []
    return fit >= 1 and len(words) >= _ENOUGH_WORDS


def _ranked(sample: bytes, language: str) -> list[tuple[float, int]]:
    """How well each profile fits, and minus its place, the best first."""
    fits = ((score(sample, profile, language), -place) for place, profile in enumerate(LEGACY))
    return sorted(fits, reverse=True)


def _others(data: bytes, encoding: str, language: str) -> tuple[Reading, ...]:
    """What one line of the bytes says in the likeliest other encodings, each saying another."""
    if all(byte < 0x80 for byte in data[:_SAMPLE]) or _is_unicode(data):
        return ()
    sample = data[: _last_line_end(data)]
    line = max(sample.split(b"\n"), key=lambda each: len(each.translate(None, _ASCII))).strip()
    seen = {_leniently(line, encoding).text}
    found: list[Reading] = []
    for _fit, place in _ranked(sample, language):
        name = LEGACY[-place].encoding
        text = line.decode(name, "ignore")
        if text in seen or "\ufffd" in line.decode(name, "replace"):
            continue
        seen.add(text)
        found.append(Reading(name, public_name(name), clean(text)[:_SHOWN]))
    return tuple(found[:_MOST_OTHERS])


def _is_unicode(data: bytes) -> bool:
    if any(data.startswith(mark) for mark, _name in _MARKS) or _silent_utf16(data):
        return True
    try:
        _whole(data).decode("utf-8")
    except UnicodeDecodeError:
        return _almost_utf8(_whole(data)) is not None
    return True


def _last_line_end(data: bytes) -> int:
    """Where to cut a sample so that no character is halved."""
    if len(data) <= _SAMPLE:
        return len(data)
    return data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE


def _second_opinion(sample: bytes) -> list[str]:
    """The encodings charset-normalizer holds for likely, the likeliest first."""
    return [match.encoding for match in from_bytes(sample)]


def score(sample: bytes, profile: Profile, language: str) -> float:
    """How much the sample reads like a language of this encoding, from -1 to 1 (and a hint's tip).

    Bytes that the encoding doesn't know score -1 for each (a few are forgiven).
    """
    text = sample.decode(profile.encoding, "replace")
    foreign = [character for character in text if character > "\x7f"]
    if not foreign:
        return -1.0
    points = 0.0
    for character in foreign:
        if character in profile.common:
            points += 1
        elif profile.first <= character <= profile.last:
            points += profile.other
        elif character in "–—‘’“”…«»¿¡":
            points += 0.3
        else:
            points -= 1
    words = _RUN.findall(text)
    odd = sum(profile.odd_word(word) for word in words if not word.isascii())
    whole = sum(not word.isascii() for word in words) or 1
    tip = 0.35 if language in profile.languages else 0.0
    return points / len(foreign) - odd / whole + tip


def public_name(encoding: str) -> str:
    """The name of an encoding as people know it: EUC-KR for cp949."""
    return _PUBLIC.get(encoding, encoding.replace("cp125", "windows-125").upper())


_PUBLIC = {"cp949": "EUC-KR", "cp932": "Shift_JIS", "gb18030": "GB18030", "big5hkscs": "Big5",
           "cp874": "TIS-620", "iso2022_jp": "ISO-2022-JP"} | {
           f"cp125{n}": f"Windows-125{n}" for n in range(9)}  # fmt: skip
