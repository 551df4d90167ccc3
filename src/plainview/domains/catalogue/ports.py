"""What the catalogue needs from rooms above it; `wiring.py` joins them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from django.utils.translation import gettext_lazy as _

FREE = "free"


class Tier(NamedTuple):
    """A plan that people can be on: its id, as licences name it, and its name for people."""

    id: str
    name: str


class Plans(Protocol):
    """Knows the plans and who is on which; billing fills it."""

    def tiers(self) -> tuple[Tier, ...]:
        """Every plan, the smallest first; the first one is everybody's who has no other."""

    def tier_of(self, account: int) -> str:
        """The id of the plan that an account is on now; asked under the purpose `playback`."""


class OnePlan:
    """Until somebody joins billing, everybody is on the free plan."""

    def tiers(self) -> tuple[Tier, ...]:
        return (Tier(FREE, str(_("Free"))),)

    def tier_of(self, account: int) -> str:
        return FREE


class HeldDown(Protocol):
    """Knows whether somebody's claim keeps a title out of the programme."""

    def __call__(self, *, title: int) -> bool:
        """Whether a title must not be shown now."""


def _nobody_claims(*, title: int) -> bool:
    return False


class Ports:
    """The joined rooms; until `wiring` has run, nothing is held down."""

    plans: Plans = OnePlan()
    held_down: HeldDown = staticmethod(_nobody_claims)
