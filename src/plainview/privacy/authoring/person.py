"""The person that the options of `plainview policy explain` describe.

A slip of the pen is no newcomer: what nobody declared ends the command.
"""

from collections.abc import Collection, Iterator
from typing import Any

import click

from plainview.engine import (
    A_PLACE,
    PLACE,
    Policy,
    Restriction,
    Standing,
    UnknownPurpose,
    nearest,
)


def described(found: Policy, facts: dict[str, Any]) -> Standing:
    """Return the standing of the person. Raises ClickException for a name nobody declared."""
    for named in ("allow", "affirm", "deny", "objects", "upheld", "unanswered"):
        for word in facts[named]:
            _known(found, word)
    _declared("signal", facts["signal"], found.signals)
    _declared("case", facts["cases"], found.cases)
    restricted = frozenset(facts["restrict"])
    unknown = restricted - found.purposes.keys() - found.categories.keys()
    if unknown:
        raise click.ClickException(f"neither purpose nor category: `{min(unknown)}`")
    restriction = Restriction(
        ground="unlawful",
        purposes=restricted & found.purposes.keys(),
        categories=restricted & found.categories.keys(),
    )
    for fact in facts["unknown"]:
        if fact not in Standing.__struct_fields__:
            known = ", ".join(f"`{name}`" for name in Standing.__struct_fields__)
            raise click.ClickException(f"no fact `{fact}`; name one of {known}")
    described: dict[str, Any] = {
        "presence": facts["presence"],
        "residence": facts["residence"],
        "choices": {
            **dict.fromkeys(facts["allow"], "granted"),
            **dict.fromkeys(facts["affirm"], "affirmed"),
            **dict.fromkeys(facts["deny"], "denied"),
        },
        "objections": {
            **dict.fromkeys(facts["objects"], "pending"),
            **dict.fromkeys(facts["upheld"], "upheld"),
        },
        "pending": frozenset(facts["unanswered"]),
        "restrictions": (restriction,) if restricted else (),
        "signals": frozenset(facts["signal"]),
        "age": facts["age"],
        "plan": facts["plan"],
        "features": frozenset(facts["feature"]),
        "cases": frozenset(facts["cases"]),
    }
    return Standing.newcomer(**described | dict.fromkeys(facts["unknown"]))


def idle(found: Policy, facts: dict[str, Any]) -> Iterator[str]:
    """What is said of the person and decides nothing, since nothing in the policy speaks of it."""
    countries = {code.partition("-")[0] for code in found.places}
    for code in (facts["presence"], facts["residence"]):
        if code and not PLACE.fullmatch(code):
            raise click.ClickException(f"`{code}` is no code of a place; {A_PLACE}")
        if code and code.partition("-")[0] not in countries:
            yield f"the policy names no place `{code}`, so it counts as unknown"
    rules = [rule for recipient in found.recipients.values() for rule in recipient.rule]
    for book in found.laws_apart:
        rules += [term.rule for term in (*book.allows, *book.denies)]
    for fact, words in (("plan", {facts["plan"]} - {"none"}), ("feature", facts["feature"])):
        conditions = [each for rule in rules for each in (rule.when, rule.unless) if each]
        named = {word for each in conditions for word in getattr(each, fact)}
        for word in words:
            if word not in named:
                yield f"no rule speaks of the {fact} `{word}`, so it decides nothing"


def _known(found: Policy, purpose: str) -> None:
    try:
        found.purpose(purpose.partition("/")[0])
    except UnknownPurpose as error:
        raise click.ClickException(str(error.args[0])) from None


def _declared(what: str, words: Collection[str], known: Collection[str]) -> None:
    """End the command if one of the words is not declared in `rules.toml`."""
    listed = ", ".join(f"`{name}`" for name in known)
    for word in words:
        if word not in known:
            remedy = nearest(word, known, f"the policy knows {listed}")
            raise click.ClickException(f"no {what} `{word}` in the policy; {remedy}")
