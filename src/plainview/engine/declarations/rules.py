"""Rules: conditions on facts, and what they permit or deny."""

from typing import Literal

import msgspec

from plainview.engine.declarations.words import Basis, Carrier, ChangeKind, Declaration, Ids


class When(Declaration, frozen=True, kw_only=True, omit_defaults=True):
    """Conditions that must all be met; a list is met by any of its members."""

    regime: Ids = ()
    place: Ids = ()
    model: tuple[Literal["opt-in", "opt-out"], ...] = ()
    choice: tuple[Literal["granted", "affirmed", "denied", "unset"], ...] = ()
    objection: tuple[Literal["pending", "upheld"], ...] = ()
    restricted: bool = False
    pending: bool = False
    signal: Ids = ()
    age: tuple[Literal["certified-adult", "minor", "uncertified"], ...] = ()
    plan: Ids = ()
    feature: Ids = ()
    case: Ids = ()


class Scope(Declaration, frozen=True, kw_only=True):
    """The purposes a shared rule is for: all that meet every line given."""

    purposes: Ids = ()
    kinds: Ids = ()
    traits: Ids = ()
    without: Ids = ()
    bases: tuple[Basis, ...] = ()


class Rule(Carrier, frozen=True, kw_only=True):
    """A permission on a basis, or a denial. `local` means the basis the jurisdiction names.

    `rights` are those that a denial carries out; the officer is told the article of the first that
    the law of the place gives.
    """

    id: str
    allow: Basis | Literal["local", ""] = ""
    deny: bool = False
    when: When = When()
    unless: When | None = None
    applies: Scope = msgspec.field(default=Scope(), name="for")
    why: str = ""
    rights: Ids = ()


class Named(Carrier, frozen=True, kw_only=True):
    """A trait or a ground that rules speak of."""

    name: str


class Signal(Named, frozen=True, kw_only=True):
    """A signal of a browser, heard where one of the request `headers` says `1` and nothing else."""

    headers: Ids = ()


class Kind(Named, frozen=True, kw_only=True):
    """A kind of purpose. What `profiles` people reads nothing that may hold anything at all."""

    profiles: bool = False


class Footing(Carrier, frozen=True, kw_only=True):
    """A legal basis, as the Data Privacy Vocabulary calls it."""

    dpv: str


class RuleBook(Declaration, frozen=True, kw_only=True):
    """rules.toml: the kinds and traits of purposes, and the rules that many purposes share.

    `material` are the kinds of changes that are material by rule: whom they touch is asked anew.
    Of those that are `notified` people are told; nothing waits for their answer.
    """

    kind: dict[str, Kind]
    trait: dict[str, Named]
    signal: dict[str, Signal]
    rule: tuple[Rule, ...]
    case: dict[str, Named] = {}
    basis: dict[str, Footing] = {}
    material: dict[ChangeKind, Named] = {}
    notified: dict[ChangeKind, Named] = {}
