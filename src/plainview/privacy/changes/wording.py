"""Differences in words, for whoever they touch: in the language of the page, letter or message.

What follows from another goes without saying: that a recipient sits elsewhere, if data goes to a
country for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from plainview.engine import Difference, Policy
from plainview.platform import languages
from plainview.privacy.changes.since import Saying
from plainview.privacy.consent.questions import called, language, say
from plainview.privacy.policies import in_force
from plainview.privacy.versions.wording import said

_FOLLOWS = frozenset({"role", "recipient-rules", "not-by-name", "seat", "safeguard"})
_FIRST = "en"


def spoken(differences: Sequence[Difference], old: Policy, new: Policy) -> bytes:
    """A sentence for each difference in every language, as JSON: kept with the publication."""
    words = {}
    for tag in languages.offered():
        with languages.speaking(tag):
            words[tag] = [said(each, old, new, tag).told for each in differences]
    return msgspec.json.encode(words)


def sentences(sayings: Iterable[Saying]) -> list[str]:
    """Each once, in the order of the list."""
    found = list(sayings)
    named = {
        each.partition("/")[2]
        for one, _words in found
        if one.kind in ("country", "recipient")
        for each in one.touches
    }
    here = language()
    return list(
        dict.fromkeys(
            words.get(here) or words[_FIRST]
            for one, words in found
            if not (one.kind in _FOLLOWS and one.of in named)
        )
    )


def thing(name: str) -> str:
    """What waits, by name: a purpose, or a recipient of one; what is no more by its id."""
    known = in_force()
    purpose, _slash, recipient = name.partition("/")
    words = say(f"purposes.{purpose}.name") if purpose in known.purposes else purpose
    if not recipient:
        return words
    return f"{words}: {called(recipient)}"
