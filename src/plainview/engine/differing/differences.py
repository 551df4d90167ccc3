"""All that sets two versions apart, weighed by the rules of what is material."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from plainview.engine.differing.comparing import decided_otherwise
from plainview.engine.differing.declared import said_otherwise
from plainview.engine.differing.found import Found
from plainview.engine.differing.laws import of_laws
from plainview.engine.differing.recipients import of_recipients, reached
from plainview.engine.differing.words import of_words
from plainview.engine.policy import Policy
from plainview.engine.proving import Prover

__all__ = ["Difference", "Triggers", "differences", "reached", "unadmitted"]

Triggers = Literal["consent", "notice", "nothing"]


class Difference(Found, frozen=True, kw_only=True):
    """One thing that is different under the new version, and what follows from it.

    `of` names what: a purpose, `purpose/recipient`, a recipient, a category (or several, with
    spaces between), a country, `recipient/key`, `language/file`. `before` and `after` are ids or
    terms of the policy, as far as they differ. `jurisdictions` are the laws under which it is so,
    and the places (ISO 3166) of which none has a law any more; empty for all of them. `touches`
    are the purposes, or `purpose/recipient`, whose old permission does not stretch to it, as
    `[[change]]` names them and `Standing.pending` keeps them. `someone` is the smallest person
    who is decided otherwise, `since` a day ahead from which it is so, `rule` the words of the
    rule by which it is material or told. It `triggers` `consent` where people whom it touches can
    refuse, else `notice` if it is material or to be told.
    """

    material: bool
    rule: str = ""
    triggers: Triggers = "nothing"
    since: dt.date | None = None


def differences(old: Policy, new: Policy) -> list[Difference]:
    """Return all that is different under `new`, what is material first (P7a, P11e).

    Both are held against each other as the law stands on the day on which `new` takes effect, and
    on each later day on which a law changes. A kind is material if either version has it so: a
    version can't rule out its own matter. Raises TooManyPeople.
    """
    found: list[Difference] = []
    seen: set[tuple[object, ...]] = set()
    provers = Prover(old), Prover(new)
    for since, was, now in _eras(old, new):
        before, after = (each.under(era) for each, era in zip(provers, (was, now), strict=True))
        for each in _found(before, after):
            key = (each.kind, each.of, each.before, each.after, each.jurisdictions)
            if key not in seen:
                seen.add(key)
                found.append(weighed(each, since, was, now))
    order = {"consent": 0, "notice": 1, "nothing": 2}
    return sorted(found, key=lambda each: (not each.material, order[each.triggers]))


def _found(before: Prover, after: Prover) -> Iterator[Found]:
    old, new = before.policy, after.policy
    if old.fingerprint == new.fingerprint:
        return
    yield from decided_otherwise(before, after)
    yield from said_otherwise(old, new)
    yield from of_recipients(old, new)
    yield from of_laws(old, new)
    yield from of_words(old, new)


def _eras(old: Policy, new: Policy) -> Iterator[tuple[dt.date | None, Policy, Policy]]:
    """Yield both as of the day the new one takes effect, then whenever the law of one changes."""
    day, since = new.head.effective, None
    while True:
        was, now = old.on(day), new.on(day)
        yield since, was, now
        since = day = min(was.until, now.until)
        if day == dt.date.max:
            return


def weighed(found: Found, since: dt.date | None, old: Policy, new: Policy) -> Difference:
    """Return a difference with its weight by the rules of both versions."""
    rule = new.material.get(found.kind) or old.material.get(found.kind)
    told = rule or new.notified.get(found.kind) or old.notified.get(found.kind)
    triggers: Triggers = "nothing"
    if told is not None:
        triggers = "consent" if rule and refusable(found.touches, new) else "notice"
    return Difference(
        **{name: getattr(found, name) for name in Found.__struct_fields__},
        material=rule is not None,
        rule="" if told is None else told.name,
        triggers=triggers,
        since=since,
    )


def refusable(touches: tuple[str, ...], policy: Policy) -> bool:
    """Whether an unanswered change closes any of what is touched, somewhere."""
    mask = policy.mask(each.partition("/")[0] for each in touches)
    return any(
        term.mask & mask and any(atom.fact == "pending" for atom in term.when)
        for book in policy.laws_apart
        for term in book.denies
    )


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
