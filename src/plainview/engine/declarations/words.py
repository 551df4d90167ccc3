"""What all declarations share: bases, lists of ids, and facts with their provenance."""

from typing import Literal

import msgspec

Basis = Literal[
    "contract",
    "legal-duty",
    "legitimate-interest",
    "notice-and-opt-out",
    "legal-obligation",
    "public-interest",
    "vital-interests",
    "legal-claims",
    "consent",
]
# From the least to the most demanding: of two bases that both permit, the later one is reported.
BASES: tuple[Basis, ...] = Basis.__args__  # type: ignore[attr-defined]
# These carry a use only inside an open case, whatever the rule says.
CASE_BASES = frozenset({"legal-obligation", "public-interest", "vital-interests", "legal-claims"})
# Nobody can refuse what rests on these.
STEADY_BASES = frozenset({"contract", "legal-duty"})

PromiseKind = Literal[
    "tell",
    "limit",
    "collect",
    "use",
    "basis",
    "share",
    "choice",
    "right",
    "transfer",
    "keep",
    "duty",
]
SafeguardKind = Literal["adequacy", "clauses", "binding-rules", "consent"]

# What people and laws call kinds of data; which of them may go to others, `recipients.toml` says.
Heading = Literal[
    "identifiers",
    "financial",
    "demographics",
    "commercial",
    "contributions",
    "activity",
    "location",
    "device",
    "cookies",
    "inferences",
    "credentials",
    "age",
    "requests",
    "choices",
    "security",
    "messages",
    "others",
]

# Why there is no place to change or to delete something by itself.
Reason = Literal[
    "in-place",
    "observed",
    "derived",
    "record",
    "needed",
    "law",
    "safety",
    "short-lived",
    "elsewhere",
    "to-come",
]

# What protects people where we rest on our interest: each is a switch that `policy check` looks at.
Guard = Literal[
    "off-switch",
    "objection-at-once",
    "objection-weighed",
    "no-minors",
    "no-identifiers",
    "no-sensitive",
    "no-free-text",
    "no-export",
    "processors-only",
    "fewer-columns",
    "threshold",
    "short-lived",
    "removable",
    "read-for-nothing-else",
    "case-only",
    "explained",
    "a-person-decides",
]

# Ways in which one version differs from another (`differing`); which are material, rules.toml says.
ChangeKind = Literal[
    "purpose", "purpose-gone", "category", "category-gone", "kind", "traits", "needs", "asks-each",
    "threshold", "weaker", "stronger", "basis", "data", "data-gone", "data-marks", "source",
    "sensitive", "decision", "decision-gone", "decision-terms", "kept-longer", "kept-shorter",
    "kept-otherwise", "must-keep", "keeping", "programme", "programme-gone", "measure",
    "measure-gone", "minors", "controller", "signal", "signal-gone", "language", "messages",
    "more-news", "less-news", "country", "country-gone", "recipient", "recipient-gone", "receives",
    "receives-gone", "handed", "handed-less", "role", "seat", "by-name", "not-by-name",
    "recipient-rules", "safeguard", "deleted-after", "embed", "key", "key-longer", "key-terms",
    "key-gone", "right", "right-gone", "right-terms", "clock", "law", "law-gone", "place",
    "authority", "settlement", "ages", "consent-terms", "signal-terms", "breach-terms",
    "transfers", "articles", "words", "document",
]  # fmt: skip

Ids = tuple[str, ...]


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """What all declarations share: nothing but being frozen and written by keyword."""


class Carrier(Declaration, frozen=True, kw_only=True):
    """What carries promises of the notice: their ids, as in `promises.csv`."""

    promises: Ids = ()


class Provenance(Carrier, frozen=True, kw_only=True):
    """Where a fact comes from: `sourced`, `unverified`, `product rule`, ... and what was read."""

    provenance: str = ""
    source: str = ""
