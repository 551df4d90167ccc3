"""Whether a letter comes from whom it says, by what our own mail server found (RFC 8601).

Only headers of a server that the operator names are heard. That server must take away those that
strangers put under its name (RFC 8601, section 5); where two of its headers disagree, the worse
holds. Nothing is looked up: without a named server every letter is unproved.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

_RESULT = re.compile(r"\s*([a-z][a-z0-9-]*)(?:/\d+)?\s*=\s*([a-z]+)(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(
    r'(?<![a-z])([a-z]+)\.([a-z0-9_-]+)\s*=\s*(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE
)


class Verdict(StrEnum):
    """What is known of the sender."""

    PROVED = "proved"
    UNPROVED = "unproved"
    FORGED = "forged"


class Result(NamedTuple):
    """One finding: `dkim`, `pass`, `{"header.d": "lantern.example"}`."""

    method: str
    result: str
    properties: dict[str, str]


def parsed(value: str) -> tuple[str, list[Result]]:
    """The server's name and its findings; an empty name if the header is none of RFC 8601."""
    named, *findings = _without_comments(value).split(";")
    words = named.strip().strip('"').split()
    if not words or not re.fullmatch(r"[\w.:-]+", words[0]):
        return "", []
    found = []
    for each in findings:
        if matched := _RESULT.fullmatch(each):
            properties = {
                f"{kind}.{name}".lower(): (quoted or plain_).lower()
                for kind, name, quoted, plain_ in _PROPERTY.findall(matched[3])
            }
            found.append(Result(matched[1].lower(), matched[2].lower(), properties))
    return words[0].lower().rstrip("."), found


def _without_comments(value: str) -> str:
    """A header without what stands in brackets, which hold others (RFC 5322, 3.2.2), in one pass.

    A bracket that nothing closes stays.
    """
    kept: list[str] = []
    opened: list[int] = []
    at = 0
    while at < len(value):
        size = 2 if value[at] == "\\" and opened else 1  # the letter after it means nothing
        kept.append(value[at : at + size])
        if kept[-1] == "(":
            opened.append(len(kept) - 1)
        elif kept[-1] == ")" and opened:
            kept[opened.pop() :] = [" "]
        at += size
    return "".join(kept)


def verdict(judged: Sequence[str], sender: str, servers: Collection[str]) -> Verdict:
    """What the operator's own servers found of `sender`, an address.

    Proved is an aligned pass of DMARC, DKIM or SPF in the uppermost of their headers; forged is a
    fail of DMARC in any, and of SPF where nothing else speaks for the letter.
    """
    domain = sender.rpartition("@")[2].lower().rstrip(".")
    trusted = {each.lower().rstrip(".") for each in servers}
    ours = [found for name, found in map(parsed, judged) if name in trusted]
    if not domain or not ours:
        return Verdict.UNPROVED
    everything = [each for found in ours for each in found]
    if any(each.method == "dmarc" and each.result == "fail" for each in everything):
        return Verdict.FORGED
    if any(_speaks_for(each, domain) for each in ours[0]):
        return Verdict.PROVED
    if any(each.method == "spf" and each.result == "fail" for each in everything):
        return Verdict.FORGED
    return Verdict.UNPROVED


def _speaks_for(found: Result, domain: str) -> bool:
    if found.result != "pass":
        return False
    if found.method == "dmarc":
        return found.properties.get("header.from", "").rpartition("@")[2].rstrip(".") == domain
    if found.method == "dkim":
        claimed = found.properties.get("header.d") or found.properties.get("header.i", "")
    elif found.method == "spf":
        claimed = found.properties.get("smtp.mailfrom", "")
    else:
        return False
    signer = claimed.rpartition("@")[2].rstrip(".")
    # A domain may speak for what is under it (relaxed alignment), never for what is above.
    return "." in signer and (domain == signer or domain.endswith(f".{signer}"))
