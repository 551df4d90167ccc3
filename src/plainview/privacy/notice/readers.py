"""What applies where the reader is: which law, what is on or off, which rights, which authority."""

import msgspec

from plainview.engine import Jurisdiction, Policy
from plainview.privacy.notice.blocks import Link
from plainview.privacy.notice.speaking import Speaker
from plainview.privacy.places import applying

SHOWN_AUTHORITIES = 3
"""A place with more (each state of Germany has one) names them in the full text alone."""


class Reader(msgspec.Struct, frozen=True):
    """What a place means for who reads the notice there.

    `places` are the laws that bind them, in words; `asked` what they may say yes or no to, in few
    words, empty if there is nothing; `opt_in` whether one of them asks first;
    `opt_out` the link's words where one of them lets things run until somebody says no.
    """

    places: tuple[str, ...]
    asked: str
    opt_in: bool
    opt_out: str
    rights: tuple[str, ...]
    authorities: tuple[Link, ...]
    age: int


def reader(
    policy: Policy,
    language: str = "en",
    *,
    presence: str | None = None,
    residence: str | None = None,
) -> Reader:
    """Return what applies to a reader present and resident there (ISO codes or ids of laws)."""
    speaker = Speaker(policy, language)
    own = policy.own(presence, residence)
    laws = policy.laws(presence, residence)
    named = policy.opt_out_law(presence, residence)
    key = applying.opt_out_key(policy, presence, residence)
    return Reader(
        places=tuple(
            dict.fromkeys(speaker.say(f"jurisdictions.{policy.law_of(law.id)}") for law in own)
        ),
        asked=speaker.asked(policy.asks(presence, residence)),
        opt_in="opt-in" in policy.models(presence, residence),
        opt_out=speaker.say(key) if named.model == "opt-out" else "",
        rights=tuple(speaker.say(f"rights.{id_}") for id_ in policy.rights if _given(id_, laws)),
        authorities=tuple(_authorities(speaker, own)),
        age=policy.age_of_majority(residence or presence),
    )


def _given(right: str, laws: list[Jurisdiction]) -> bool:
    """Whether one of the laws gives the right; rights are the union of both places (P3.1b)."""
    return any(right in law.rights for law in laws)


def _authorities(speaker: Speaker, laws: list[Jurisdiction]) -> list[Link]:
    """Whom to complain to, of both places (P12d); none where there are too many to be of use."""
    found = applying.authorities(speaker.policy, laws)
    if len(found) > SHOWN_AUTHORITIES * len(laws):
        return []
    return [
        Link(speaker.flagged(speaker.apart(each.name), each), each.complain or each.url)
        for each in found
    ]
