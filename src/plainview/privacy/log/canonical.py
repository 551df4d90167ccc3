"""Canonical JSON: the bytes that are hashed, which anybody can write again from the same value.

RFC 8785 of a small part of JSON: objects with ASCII keys, arrays, strings without lone surrogates,
whole numbers below 2**53, true and false. For these Python's own writer gives the same bytes as the
RFC's rules (its order of keys and its form of fractions are where the two would part).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

WHOLE = 2**53


class NotCanonical(ValueError):
    """The value has no one canonical form; the text says where and why, never what it holds."""


def canonical(value: Any) -> bytes:
    """`value` as canonical JSON in UTF-8. Raises NotCanonical."""
    _judge(value, "the value")
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("a string holds half a character (a lone surrogate)") from None


def _judge(value: Any, where: str) -> None:
    if isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -WHOLE < value < WHOLE:
            raise NotCanonical(f"{where} is a number beyond 2**53; write it as a string")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(f"{where} has a key that is not ASCII text")
            _judge(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            _judge(inner, f"{where}[{number}]")
    else:
        raise NotCanonical(f"{where} is a {type(value).__name__}; it has to be text or a number")
