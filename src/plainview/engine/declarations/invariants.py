"""Invariants: sentences of the law that must hold for everybody, whatever the rules say."""

from typing import Literal, get_args

import msgspec

from plainview.engine.declarations.rules import Scope
from plainview.engine.declarations.words import Basis, Carrier, Declaration, Ids

YesNo = Literal["yes", "no", "unknown"]
Fact = Literal[
    "choice", "objection", "restricted", "pending", "signal", "age", "plan", "feature", "case"
]
FACTS: tuple[Fact, ...] = get_args(Fact)


class Given(Declaration, frozen=True, kw_only=True):
    """What is known of somebody: all lines hold, a line by any of its words.

    `unknown` means that nobody knows, `none` that there is none. A fact left out may be anything,
    unknown too. As in rules, `granted` means a yes of either kind.
    """

    choice: tuple[Literal["granted", "affirmed", "denied", "unset", "unknown"], ...] = ()
    objection: tuple[Literal["none", "pending", "upheld", "unknown"], ...] = ()
    restricted: tuple[YesNo, ...] = ()
    pending: tuple[YesNo, ...] = ()
    signal: Ids = ()
    age: tuple[Literal["certified-adult", "minor", "uncertified", "unknown"], ...] = ()
    plan: Ids = ()
    feature: Ids = ()
    case: Ids = ()


class Concern(Scope, frozen=True, kw_only=True):
    """The purposes an invariant is about, and where: those that meet every line given.

    `bases` are purposes that rest on one of them there. Somebody whom two laws bind is meant by a
    denial when either law is, by a permission when both are.
    """

    regime: Ids = ()
    place: Ids = ()
    model: tuple[Literal["opt-in", "opt-out"], ...] = ()


class Invariant(Carrier, frozen=True, kw_only=True):
    """One sentence, its source, and a form that can be checked for everybody.

    `then` says what must hold for all who are `given`:

    - `permitted`, `denied`: each purpose of `for` is;
    - `only-with`: it is permitted only for those known to meet `with`;
    - `rests-on`: it is permitted on one of the bases of `on`, or not at all;
    - `permits-no-more`, `permits-no-less`: `compare` makes a second person of the first, who is
      permitted no more (no less) than the first. `firmer` refuses more in one of `facts`,
      `unknown` forgets one of `facts`, `second-place` lives elsewhere too, `unknown-place` is
      where nobody knows.
    """

    id: str
    sentence: str
    source: str
    applies: Concern = msgspec.field(default=Concern(), name="for")
    given: Given = Given()
    then: Literal[
        "permitted", "denied", "only-with", "rests-on", "permits-no-more", "permits-no-less"
    ]
    with_: Given | None = msgspec.field(default=None, name="with")
    on: tuple[Basis, ...] = ()
    compare: Literal["firmer", "unknown", "second-place", "unknown-place", ""] = ""
    facts: tuple[Fact, ...] = ()


class InvariantFile(Declaration, frozen=True, kw_only=True):
    """invariants.toml."""

    invariant: tuple[Invariant, ...] = ()
