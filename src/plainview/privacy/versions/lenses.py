"""A version through somebody's eyes: a person who is described, and what changes for them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from plainview.engine import Policy, explain
from plainview.engine import Standing as Facts
from plainview.privacy.consent.questions import language, say
from plainview.privacy.policies import in_force


class Lens(NamedTuple):
    """Somebody in a place who answered everything one way, or nothing."""

    presence: str | None = None
    said: str = ""
    signal: bool = False
    minor: bool = False

    def facts(self, policy: Policy) -> Facts:
        """Their facts."""
        answers = dict.fromkeys(policy.purposes, self.said) if self.said else {}
        return Facts.newcomer(
            presence=self.presence,
            choices=answers,
            signals=frozenset({"gpc"} if self.signal else ()),
            age="minor" if self.minor else "uncertified",
        )


class Turn(NamedTuple):
    """A purpose that is decided otherwise for somebody, and why, before and after."""

    purpose: str
    was: bool
    is_: bool
    before: str
    after: str


def places() -> list[tuple[str, str]]:
    """Every law, by its name, and nowhere known."""
    known = [(id_, say(f"jurisdictions.{id_}")) for id_ in in_force().jurisdictions]
    return [("", _("nobody knows")), *sorted(known, key=lambda each: each[1])]


def turns(old: Policy, new: Policy, lens: Lens) -> list[Turn]:
    """What is decided otherwise for somebody under the new version."""
    found = []
    for purpose in dict.fromkeys((*new.purposes, *old.purposes)):
        ends = [
            explain(policy, lens.facts(policy), purpose, language=language())
            if purpose in policy.purposes
            else None
            for policy in (old, new)
        ]
        was, is_ = (bool(each) for each in ends)
        if was != is_:
            named = new if purpose in new.purposes else old
            name = named.text(f"purposes.{purpose}.name", language())
            because = [each.because if each else "" for each in ends]
            found.append(Turn(name, was, is_, *because))
    return found
