"""What entries of the register say: one struct for each kind, as it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import msgspec

from plainview.platform import languages

Risk = Literal["", "any", "risk", "high"]
"""Not weighed yet; unlikely to result in a risk; a risk; a high one."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """One entry. `kind` stands in the row too."""


class Stated(Said, frozen=True, kw_only=True, tag="stated"):
    """What is known of the breach, whole: the latest of these holds.

    Moments know their zone. `categories`, `recipients` and `places` are ids of the policy; no place
    is all of them. `people` and `records` are how many at most, None where nobody knows.
    """

    aware: dt.datetime
    what: str
    begun: dt.datetime | None = None
    ended: dt.datetime | None = None
    categories: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    people: int | None = None
    records: int | None = None
    effects: str = ""
    measures: str = ""
    risk: Risk = ""
    reasons: str = ""


class Told(Said, frozen=True, kw_only=True, tag="told"):
    """A duty was done, or added to (33(4)): when, under which number of theirs, why so late."""

    duty: str
    at: dt.datetime
    reference: str = ""
    late: str = ""
    words: str = ""


Ground = Literal["unreadable", "averted", "public", "law"]


class Spared(Said, frozen=True, kw_only=True, tag="spared"):
    """A duty does not hold, by which ground (34(3), or another law's own), and why."""

    duty: str
    ground: Ground
    why: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What people are told (34(2)), in one language."""

    nature: str
    effects: str
    measures: str
    advice: str = ""


class Written(Said, frozen=True, kw_only=True, tag="written"):
    """Letters were begun, to so many people; `places` are laws they live under, none for all."""

    texts: dict[str, Letter]
    places: tuple[str, ...] = ()
    people: int = 0
    late: str = ""


class Sent(Said, frozen=True, kw_only=True, tag="sent"):
    """The letters that an entry began are out: to how many, and how many no address reaches."""

    of: int
    people: int
    unreached: int


class Missed(Said, frozen=True, kw_only=True, tag="missed"):
    """Of the letters that an entry began, so many reached nobody by now: no address took them, or
    they came back, or nobody knows."""

    of: int
    people: int


class Shown(Said, frozen=True, kw_only=True, tag="shown"):
    """A public communication (34(3)(c)): on the site from now on."""

    texts: dict[str, Letter]
    late: str = ""


class Hidden(Said, frozen=True, kw_only=True, tag="hidden"):
    """The public communication is off the site again."""

    why: str


class Reminded(Said, frozen=True, kw_only=True, tag="reminded"):
    """Somebody was written to, since these duties are near their moment, or past it."""

    stage: str
    duties: tuple[str, ...]


class Noted(Said, frozen=True, kw_only=True, tag="noted"):
    """A word for the register."""

    words: str


class Closed(Said, frozen=True, kw_only=True, tag="closed"):
    """Nothing is left to do: what came of it, and what was learned."""

    words: str


class Opened(Said, frozen=True, kw_only=True, tag="opened"):
    """It is taken up again, and why."""

    words: str


Any = (
    Stated | Told | Spared | Written | Sent | Missed | Shown | Hidden | Reminded | Noted
    | Closed | Opened
)  # fmt: skip
_decoder: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Any)


def kind(said: Said) -> str:
    """The word of a kind, as a row has it."""
    return str(said.__struct_config__.tag)


def written(said: Said) -> str:
    """The form in which an entry is kept, and by which its digest is made."""
    return msgspec.json.encode(said, order="deterministic").decode()


def read(text: str) -> Said:
    """What a row says. Raises msgspec.ValidationError for what is no entry."""
    return _decoder.decode(text)


def in_language(texts: Mapping[str, Letter], tag: str) -> tuple[str, Letter]:
    """The words for whoever reads a language, and the language that they are in: else the first."""
    for each in (tag, *languages.offered()):
        if each in texts:
            return each, texts[each]
    raise LookupError("nobody wrote what people are told")
