"""The registers: what decides by itself, and what protects data."""

from typing import Literal

from plainview.engine.declarations.words import Carrier, Declaration, Ids

Effect = Literal[
    "order",
    "message",
    "advertisement",
    "discount",
    "extra-proof",
    "access",
    "legal",
    "similarly-significant",
]
# No program may do these to anybody, so `policy check` refuses them.
SIGNIFICANT: frozenset[Effect] = frozenset({"legal", "similarly-significant"})


class AutomatedDecision(Carrier, frozen=True, kw_only=True):
    """What a program decides about a person: from which categories, how, and with what effect.

    Of `moments` only when the last of them came about is looked at, nothing else.
    `model` says whether it learned its rule. A discount stays within `band`, in percent of the
    list price. `undone_by` is what a person does about it: turn the purpose off, or ask a human.
    Its logic in words stands in `texts/<language>/decisions.toml`.
    """

    id: str = ""
    name: str
    clause: str
    purpose: str
    inputs: Ids
    moments: Ids = ()
    effect: Effect
    model: bool
    band: tuple[int, int] | None = None
    undone_by: Literal["switch", "person"]


class DecisionFile(Declaration, frozen=True, kw_only=True):
    """decisions.toml (may be missing)."""

    decision: dict[str, AutomatedDecision] = {}


class Measure(Carrier, frozen=True, kw_only=True):
    """A technical or organisational measure that protects data."""

    id: str = ""
    name: str
    clause: str
    kind: Literal["technical", "organisational"]
    dpv: str = ""


class MeasureFile(Declaration, frozen=True, kw_only=True):
    """measures.toml (may be missing)."""

    measure: dict[str, Measure] = {}
