"""What sets two versions of a policy apart: where data goes. The rest of it comes with publishing.

Which kinds of difference are material is data (`[material]` in rules.toml), and so is what the new
version admits to (`[[change]]` in policy.toml); here the two are held against each other.
"""

from typing import Literal

import msgspec

from plainview.engine.policy import Policy

Kind = Literal["country"]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A difference: data goes to a `country` by these recipients; whom it touches must be asked.

    `touches` are `purpose/recipient`, as `[[change]]` names them and `Standing.pending` keeps them.
    """

    kind: Kind
    country: str
    recipients: tuple[str, ...]
    touches: tuple[str, ...]
    material: bool
    jurisdictions: tuple[str, ...] = ()
    triggers: Literal["consent", "notice", "nothing"] = "consent"


def reached(policy: Policy) -> dict[str, list[str]]:
    """The countries from which recipients reach data, with the ids of those who do.

    Whoever is nobody in particular (courts) is left out.
    """
    found: dict[str, list[str]] = {}
    for recipient in policy.recipients.values():
        if recipient.role != "authority":
            for country in recipient.countries:
                found.setdefault(country, []).append(recipient.id)
    return found


def differences(old: Policy, new: Policy) -> list[Difference]:
    """The countries that data goes to under `new` and did not under `old` (P7a).

    Material if either version has it so: a version can't rule out its own matter.
    """
    before = reached(old)
    return [
        Difference(
            kind="country",
            country=country,
            recipients=tuple(ids),
            touches=tuple(
                f"{purpose}/{id_}" for id_ in ids for purpose in new.recipients[id_].receives
            ),
            material="country" in old.material | new.material,
        )
        for country, ids in sorted(reached(new).items())
        if country not in before
    ]


def unadmitted(difference: Difference, new: Policy) -> list[str]:
    """What a material difference touches and no material change of the new version names."""
    if not difference.material:
        return []
    named = {each for change in new.head.change if change.material for each in change.touches}
    return [
        each
        for each in difference.touches
        if each not in named and each.partition("/")[0] not in named
    ]
