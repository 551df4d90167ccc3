"""What a mail says, read within bounds from bytes that anybody may have sent (RFC 5322, RFC 2045).

Pure: no Django, no disk, no network; `confined.py` runs it in a process of its own. Attachments are
named and counted, never decoded. Nothing raises: what can't be read is said in `flaws`, and the
bytes themselves go to a person.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any

import msgspec
from charset_normalizer import from_bytes

LONGEST = 30_000_000
"""So many bytes of a letter are taken; of a longer one, its beginning."""
HEAD = 65_536
START = 262_144
"""So much is read of a letter that is built to be costly: far more than anybody types."""
MOST_BOUNDARIES, DEEPEST, MOST_PARTS = 1_000, 20, 200
MOST_TEXT, MOST_LINE, MOST_NAMED, MOST_HEADERS = 20_000, 998, 50, 400
_SAMPLE = 32_768
MOST_PARAMETERS = 8_192
"""Characters of a header that has parameters: the longest name of a file in the longest writing."""
# They are quadratic, or no writing of people.
_NO_WRITING = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
_BROKEN = (RecursionError, MemoryError, ValueError, LookupError, AssertionError, TypeError)
# What the parsers of Python's library raise at what no honest program writes.
_HIDDEN = {"script", "style", "head", "title", "template", "noscript", "svg"}
_BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"}
_ADDRESS = re.compile(
    r"[^\s@<>(),:;\"\\\[\]\x00-\x1f\x7f]{1,64}@(?=[^@]{3,189})"
    r"(?:[^\s@<>(),:;.\"\\\[\]\x00-\x1f]{1,63}\.)+[^\s@<>(),:;.\"\\\[\]\x00-\x1f]{2,63}"
)
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f]{1,250}>")
_FOREVER = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]")


class _Bounded(policy.Compat32):
    """The library's own, which reads parameters over and over, each time longer by their square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        bounded = name.lower() in ("content-type", "content-disposition")
        return name, value[:MOST_PARAMETERS] if bounded else value


_BUILT = _Bounded(raise_on_defect=False)


class Part(msgspec.Struct, frozen=True):
    """An attachment by what its sender calls it: `size` is in bytes as they were sent."""

    name: str
    kind: str
    size: int


class Letter(msgspec.Struct, frozen=True):
    """A mail, read. Everything in it is what its sender claims.

    `senders` are the addresses of From (one, in an honest letter). `automatic` says in a word why
    no program may answer it (RFC 3834), `judged` are the values of Authentication-Results in their
    order (RFC 8601). `flaws` are words for what could not be read.
    """

    senders: tuple[str, ...] = ()
    name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    automatic: str = ""
    judged: tuple[str, ...] = ()
    attachments: tuple[Part, ...] = ()
    flaws: tuple[str, ...] = ()

    @property
    def sender(self) -> str:
        """The one address that it says it comes from; empty if it names none, or several."""
        return self.senders[0] if len(self.senders) == 1 else ""


def read(raw: bytes) -> Letter:
    """What the letter says. Never raises; see `flaws`."""
    flaws: list[str] = []
    if len(raw) > LONGEST:
        flaws.append("long")
    letter = Letter()
    try:
        headers = message_from_bytes(_head(raw), policy=_BUILT)
        if not headers.keys():
            return Letter(flaws=(*flaws, "no-headers"))
        letter = _headed(headers)
        letter = msgspec.structs.replace(letter, **_body(raw[:LONGEST], flaws))
    except _BROKEN:
        flaws.append("broken")
    return msgspec.structs.replace(letter, flaws=tuple(dict.fromkeys(flaws)))


def _head(raw: bytes) -> bytes:
    """The block of headers, cut where it is longer than any honest one."""
    ends = [at for at in (raw.find(b"\r\n\r\n", 0, HEAD), raw.find(b"\n\n", 0, HEAD)) if at >= 0]
    return raw[: min(ends, default=HEAD)] + b"\r\n\r\n"


def _headed(message: Message) -> Letter:
    senders = _addresses(message, "From")
    names = _line(message, "From")
    return Letter(
        senders=tuple(address for _, address in senders),
        name=senders[0][0] if senders else ("" if _ADDRESS.search(names) else names[:200]),
        reply_to=next((address for _, address in _addresses(message, "Reply-To")), ""),
        subject=_line(message, "Subject"),
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        references=tuple(
            dict.fromkeys((*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))))
        )[:MOST_NAMED],
        automatic=_automatic(message),
        judged=tuple(_values(message, "Authentication-Results")[:10]),
    )


def _values(message: Message, name: str) -> list[str]:
    """The values of a header as they came, unfolded, cut to what a line of mail may be long."""
    found = [
        str(value) for key, value in message.items()[:MOST_HEADERS] if key.lower() == name.lower()
    ]
    return [re.sub(r"[\r\n]+\s*", " ", each)[: 4 * MOST_LINE] for each in found]


def _line(message: Message, name: str) -> str:
    """A header in words (RFC 2047), on one line, without what turns the direction of others."""
    return cleaned(_worded(next(iter(_values(message, name)), "")), line=True)[:MOST_LINE]


def _worded(value: str) -> str:
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return value
    said = [
        _written(piece, charset or "") if isinstance(piece, bytes) else piece
        for piece, charset in pieces
    ]
    return "".join(said)


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Each (name, address) of a header; two headers of From count as two senders.

    Where parsers could differ on which address is meant, there is none.
    """
    values = [each[:MOST_LINE] for each in _values(message, name)[:5]]
    found: dict[str, str] = {}
    for shown, address in getaddresses(values)[:10]:
        plain = address.strip().lower()
        if _ADDRESS.fullmatch(plain):
            found.setdefault(plain, cleaned(_worded(shown), line=True)[:200])
    bare = _ASIDE.sub(" ", " ".join(values))
    if set(_ADDRESS.findall(bare.lower())) != set(found) or bare.count("@") < len(found):
        return []
    return [(shown, address) for address, shown in found.items()]


def _ids(message: Message, name: str) -> list[str]:
    return [each for value in _values(message, name)[:1] for each in _ID.findall(value)]


def _automatic(message: Message) -> str:
    """Why no program may answer it, in a word; empty if one may (RFC 3834, section 2)."""

    def said(name: str) -> str:
        return " ".join(_values(message, name)).strip().lower()

    submitted = said("Auto-Submitted")
    if message.get_content_type() == "multipart/report":
        return "report"
    if said("Return-Path") == "<>":
        return "no-return"
    if submitted and submitted.partition(";")[0].strip() != "no":
        return "auto-submitted"
    if said("X-Autoreply") or said("X-Autorespond") or said("X-Auto-Response-Suppress"):
        return "auto-reply"
    if said("List-Id") or said("List-Unsubscribe") or said("List-Post"):
        return "list"
    if said("Precedence") in ("bulk", "junk", "list", "auto_reply"):
        return "bulk"
    return ""


def _body(raw: bytes, flaws: list[str]) -> dict[str, Any]:
    endless = not re.search(rb"\r?\n\r?\n", raw[:HEAD]) and len(raw) > HEAD
    many = raw.count(b"\n--") > MOST_BOUNDARIES or raw.lower().count(b"boundary=") > MOST_PARTS
    if endless or many:
        flaws.append("bomb")
        raw = raw[:START]
    message = message_from_bytes(raw, policy=_BUILT)
    plain: list[str] = []
    rich: list[str] = []
    attached: list[Part] = []
    parts = 0
    waiting: list[tuple[Message, int]] = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if depth > DEEPEST or parts > MOST_PARTS:
            flaws.append("bomb")
            break
        charset = str(part.get_content_charset("") or "")
        part.del_param("charset")  # by which the library would read it as it stands, or fail to
        content: Any = part.get_payload()
        if isinstance(content, list) and part.get_content_maintype() == "multipart":
            waiting.extend((each, depth + 1) for each in reversed(content))
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in (
            "text/plain",
            "text/html",
        ):
            attached.append(_named(part, kind, content))
        else:
            (plain if kind == "text/plain" else rich).append(_text(part, charset, flaws))
    text = "\n\n".join(each for each in plain if each.strip())
    if not text.strip() and rich:
        text = "\n\n".join(_without_marks(each) for each in rich)
    if len(text) > MOST_TEXT:
        flaws.append("cut")
    return {
        "text": cleaned(text[: 2 * MOST_TEXT])[:MOST_TEXT].strip(),
        "attachments": tuple(attached[:MOST_NAMED]),
    }


def _named(part: Message, kind: str, content: Any) -> Part:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, HeaderParseError):
        name = ""
    size = len(content) if isinstance(content, str) else 0
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        size = size * 3 // 4
    last = re.split(r"[\\/]", cleaned(_worded(str(name)), line=True))[-1]
    return Part(last[:200], cleaned(kind, line=True)[:100], size)


def _text(part: Message, charset: str, flaws: list[str]) -> str:
    content: Any = part.get_payload(decode=True)
    data = content[: 8 * MOST_TEXT] if isinstance(content, bytes) else b""
    if _claimed(data, charset) is None:
        flaws.append("charset")
    return _written(data, charset)


def _claimed(data: bytes, charset: str) -> str | None:
    """Bytes by the charset that is claimed, or UTF-8; None where neither fits."""
    for name in (charset, "utf-8"):
        found = _decoded(data, name)
        if found is not None:
            return found
    return None


def _written(data: bytes, charset: str) -> str:
    """Bytes as writing: by the charset that is claimed, if it fits; else by the likeliest one."""
    found = _claimed(data, charset)
    guess = from_bytes(data[:_SAMPLE]).best() if found is None else None
    if guess is not None:
        found = _decoded(data, guess.encoding)
    return found if found is not None else data.decode("utf-8", "replace")


def _decoded(data: bytes, charset: str) -> str | None:
    try:
        codec = codecs.lookup(charset.strip("\"' ") or "us-ascii")
        if codec.name in _NO_WRITING or not codec._is_text_encoding:
            return None
        cut = data
        for _ in range(4):  # what was cut in the middle of a letter
            try:
                text = cut.decode(codec.name)
                break
            except UnicodeDecodeError as error:
                if error.start < len(cut) - 4:
                    return None
                cut = cut[: error.start]
        else:
            return None
    except (LookupError, ValueError, TypeError):
        return None
    strange = sum(
        unicodedata.category(each) == "Cc" and each not in "\r\n\t" for each in text[:2000]
    )
    return None if strange > len(text[:2000]) // 20 else text


class _Reader(HTMLParser):
    """The words of a page, a line for each block; nothing of it is fetched or run.

    What it quotes stands behind `>`, as in a letter of plain text.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden = self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in _HIDDEN
        self.quoted += tag == "blockquote"
        self._turn(tag)

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in _HIDDEN))
        self.quoted = max(0, self.quoted - (tag == "blockquote"))
        self._turn(tag)

    def _turn(self, tag: str) -> None:
        if tag in _BREAKS:
            self.said.append("\n> " if self.quoted else "\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(re.sub(r"\s+", " ", data))


def _without_marks(page: str) -> str:
    reader = _Reader()
    reader.feed(page[: 8 * MOST_TEXT])
    said = re.sub(r"[ \t\xa0]+", " ", "".join(reader.said))
    return re.sub(r"\n\s*\n\s*", "\n\n", re.sub(r"(?m)^ +|^>\s*$", "", said))


def cleaned(text: str, *, line: bool = False) -> str:
    """Text that neither breaks a line of a header nor turns the direction of what is beside it."""
    plain = _FOREVER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        each
        for each in plain
        if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs", "Cn", "Co")
    )
    return re.sub(r"\s+", " ", kept).strip() if line else kept
