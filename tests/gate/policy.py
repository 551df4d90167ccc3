"""A policy of a few purposes, in the shape that the gate asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace


@dataclass(frozen=True)
class SmallPolicy:
    """Purposes with what they use; a closed one can be refused."""

    table: dict[str, tuple[frozenset[str], bool]]
    fingerprint: str = "cinema"
    extra: frozenset[str] = frozenset()
    sensitive: dict[str, str] = field(default_factory=dict)

    @property
    def purposes(self) -> dict[str, object]:
        return {name: SimpleNamespace(id=name) for name in self.table}

    @property
    def categories(self) -> dict[str, object]:
        known = set(self.extra).union(*(self.uses(name) for name in self.table))
        return {
            name: SimpleNamespace(id=name, sensitive=self.sensitive.get(name, "")) for name in known
        }

    @property
    def permitted_by_default(self) -> int:
        return sum(1 << self.bit(name) for name in self.table if not self.refusable(name))

    def bit(self, purpose: str, /) -> int:
        return list(self.table).index(purpose)

    def uses(self, purpose: str, /) -> frozenset[str]:
        kinds = self.table[purpose][0]
        return kinds | {kind.split(".")[0] for kind in kinds}

    def withholdable(self, purpose: str, /) -> frozenset[str]:
        return self.uses(purpose) if self.refusable(purpose) else frozenset()

    def disputable(self, purpose: str, /) -> frozenset[str]:
        return self.withholdable(purpose)

    def refusable(self, purpose: str, /) -> bool:
        return self.table[purpose][1]


CINEMA = SmallPolicy(
    {
        "playback": (frozenset({"viewing.history", "account.state"}), False),
        "recommend": (frozenset({"viewing.history", "ratings.stars"}), True),
        "service": (frozenset({"contact.email", "account.state", "profile.name"}), False),
        "community": (
            frozenset(
                {"reviews.text", "messages.text", "profile.name", "party.seat", "account.state"}
            ),
            False,
        ),
        "digest": (frozenset({"messages.text", "reviews.text", "contact.email"}), True),
        "authentication": (
            frozenset({"credentials.session", "device.family", "account.state", "contact.email"}),
            False,
        ),
        "everything": (
            frozenset(
                {
                    "viewing.history",
                    "account.state",
                    "ratings.stars",
                    "contact.email",
                    "profile.name",
                    "reviews.text",
                    "messages.text",
                    "party.seat",
                    "consent.choices",
                    "consent.proof",
                    "consent.signals",
                    "consent.handover",
                    "consent.stopped",
                    "access.looks",
                    "device.id",
                    "device.family",
                    "device.push",
                    "credentials.session",
                    "requests.copy",
                    "requests.evidence",
                    "requests.letters",
                    "requests.rights",
                    "post.received",
                    "disclosures.ledger",
                    "disclosures.parcel",
                    "messages.service",
                    "partner.feed",
                    "security.attempts",
                }
            ),
            False,
        ),
    }
)
