"""Who is beneath a purpose, what they keep, and what is given for a yes to it.

Each recipient can be refused by itself (P4.1.2a). An answer about one is kept under
`purpose/recipient`, as the engine reads it. A no to the purpose is a no to all of them; whoever is
not answered goes with the purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from plainview.engine import Policy
from plainview.engine import Standing as Facts
from plainview.platform import languages
from plainview.platform.languages import numbers
from plainview.privacy.consent import storage
from plainview.privacy.policies import in_force

Say = Callable[..., str]
FIELD = "recipient-"


class Receiver(NamedTuple):
    """One recipient of a purpose, in words; `answer` is yes, no, or nothing."""

    id: str  # purpose/recipient
    name: str
    country: str
    gets: str
    apart: bool  # whether it can be refused by itself: who works for us is us
    named: bool  # receives only from those who named it
    answer: str

    @property
    def words(self) -> tuple[str, ...]:
        """What is told, without what was answered."""
        return (self.name, self.country, self.gets)


def of(purpose: str, facts: Facts, say: Say) -> tuple[Receiver, ...]:
    """Who may receive something for a purpose, as the policy lists them."""
    said = facts.choices or {}
    words = {"denied": "no", "granted": "yes", "affirmed": "yes"}
    return tuple(
        Receiver(
            f"{purpose}/{each.id}",
            in_force().called(each.id, languages.current()),
            say(f"countries.{each.country}"),
            languages.listed(say(f"categories.{name}") for name in each.receives[purpose]),
            each.role != "processor",
            each.by_name,
            words.get(said.get(f"{purpose}/{each.id}", ""), ""),
        )
        for each in in_force().recipients.values()
        if purpose in each.receives
    )


def kept(purpose: str) -> tuple[storage.Key, ...]:
    """What a browser may be asked to keep for a purpose, ours and theirs."""
    return tuple(each for each in (*storage.keys(), *storage.partners()) if each.purpose == purpose)


def rewards(purpose: str) -> list[str]:
    """The programmes that reward a yes to a purpose, by their ids."""
    programmes = in_force().programmes.items()
    return [id_ for id_, each in programmes if each.purpose == purpose]


def terms(policy: Policy, programme: str, say: Say, data: str, language: str) -> str:
    """What a reward asks and gives, its worth to us and how that was reckoned (P5.2.2.4a).

    `data` are the kinds of data it uses, in words of `language`.
    """
    estimate = policy.programmes[programme].estimate
    told = {
        name: say(f"programmes.{programme}.{name}")
        for name in ("name", "terms", "method", "leaving")
    }
    value = numbers.written(estimate.value / 100, language, places=2)
    return say("notice.programmes_line", **told, data=data, value=value, currency=estimate.currency)


def read(posted: Mapping[str, str], asked: frozenset[str]) -> dict[str, str]:
    """What a form says of single recipients: their names to yes, no or nothing.

    Names of others, and of purposes that nobody asked about, are passed over.
    """
    known = {
        f"{purpose}/{each.id}"
        for each in in_force().recipients.values()
        for purpose in each.receives
        if purpose in asked and each.role != "processor"
    }
    said = {name.removeprefix(FIELD): value for name, value in posted.items() if FIELD in name}
    return {name: value for name, value in said.items() if name in known}
