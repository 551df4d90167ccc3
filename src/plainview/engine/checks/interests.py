"""Checks that the safeguards of an assessment are on: each is a switch, found in the policy itself.

A safeguard is named, never described: what it means is what its check looks for here.
"""

import re
from collections.abc import Callable, Iterable

from plainview.engine.compiling import atoms_of, basis_there
from plainview.engine.declarations import Category, Guard, Purpose, Recipient, Rule
from plainview.engine.folder import Folder
from plainview.engine.reading import Reader

LONGEST_MONTHS = 13
LEAST_THRESHOLD = 5
_MONTHS = {"Y": 12.0, "M": 1.0, "W": 7 / 30, "D": 1 / 30}


def check_interests(folder: Folder, reader: Reader) -> None:
    """Every safeguard that an assessment names is on; one that is not says what would put it on."""
    for purpose in folder.purposes.values():
        if purpose.assessment is None:
            continue
        for n, guard in enumerate(purpose.assessment.safeguards):
            switch, remedy = SWITCHES[guard]
            if not switch(folder, purpose):
                path = ("purpose", purpose.id, "assessment", "safeguards", n)
                problem = f"safeguard `{guard}` is named, and off"
                reader.add(f"purposes/{purpose.id}.toml", path, problem, remedy)


def _closed_by(folder: Folder, purpose: Purpose, fact: str, value: str, *, at_once: bool) -> bool:
    """Whether a denial falls on `value` wherever the purpose rests on our interest."""
    return all(
        any(_closes(rule, fact, value, at_once=at_once) for rule in rules)
        for rules in _where_interest(folder, purpose)
    )


def _where_interest(folder: Folder, purpose: Purpose) -> Iterable[list[Rule]]:
    for place, *_ in folder.laws_alike:
        rules = folder.rulings.of(purpose, place)
        if any(basis_there(rule, purpose, place) == "legitimate-interest" for rule in rules):
            yield rules


def _closes(rule: Rule, fact: str, value: str, *, at_once: bool) -> bool:
    atoms = atoms_of(rule.when)
    return (
        rule.deny
        and (rule.unless is None or not at_once)
        and [atom.fact for atom in atoms] == [fact]
        and value in atoms[0].values
    )


def _used(folder: Folder, purpose: Purpose) -> list[Category]:
    return [folder.category[id_] for id_ in purpose.uses if id_ in folder.category]


def _noted(folder: Folder, purpose: Purpose) -> list[Category]:
    """The categories it uses that come of people's use of the service, not from what they gave."""
    sources = folder.categories.source
    return [
        category
        for category in _used(folder, purpose)
        if any(sources[it].from_ == "use" for it in category.sources if it in sources)
    ]


def _receivers(folder: Folder, purpose: Purpose) -> list[Recipient]:
    return [one for one in folder.recipients.values() if purpose.id in one.receives]


def _short_lived(folder: Folder, purpose: Purpose) -> bool:
    kept = folder.kept()
    return all(
        category.id in kept and months(kept[category.id].keep) <= LONGEST_MONTHS
        for category in _noted(folder, purpose)
    )


def months(duration: str) -> float:
    """Return an ISO 8601 duration of days and longer in months of thirty days."""
    return sum(int(n) * _MONTHS[unit] for n, unit in re.findall(r"(\d+)([YMWD])", duration))


def _removable(folder: Folder, purpose: Purpose) -> bool:
    kept = folder.kept()
    noted = _noted(folder, purpose)
    return all(category.id in kept and kept[category.id].removable for category in noted)


def _explained(folder: Folder, purpose: Purpose) -> bool:
    return any(decision.purpose == purpose.id for decision in folder.decisions.values())


def _undone_by_people(folder: Folder, purpose: Purpose) -> bool:
    mine = [each for each in folder.decisions.values() if each.purpose == purpose.id]
    return bool(mine) and all(each.undone_by == "person" for each in mine)


def _reads_for_nothing_else(folder: Folder, purpose: Purpose) -> bool:
    return any(category.only == (purpose.id,) for category in _used(folder, purpose))


def _case_only(folder: Folder, purpose: Purpose) -> bool:
    return any(rule.deny and rule.unless and rule.unless.case for rule in purpose.rule)


SWITCHES: dict[Guard, tuple[Callable[[Folder, Purpose], bool], str]] = {
    "off-switch": (
        lambda folder, it: _closed_by(folder, it, "choice", "denied", at_once=True),
        "remove it, or let a shared rule deny the purpose when the choice is `denied`",
    ),
    "objection-at-once": (
        lambda folder, it: _closed_by(folder, it, "objection", "pending", at_once=True),
        "remove it, or let a shared rule deny the purpose when an objection is `pending`",
    ),
    "objection-weighed": (
        lambda folder, it: _closed_by(folder, it, "objection", "upheld", at_once=False),
        "remove it, or let a shared rule deny the purpose when an objection is `upheld`",
    ),
    "no-minors": (
        lambda folder, it: _closed_by(folder, it, "age", "minor", at_once=True),
        "remove it, or take the trait from the purpose that lets it go on for minors",
    ),
    "no-identifiers": (
        lambda folder, it: not any(category.identifies for category in _used(folder, it)),
        "remove it, or take what `identifies` a person out of `uses`",
    ),
    "no-sensitive": (
        lambda folder, it: not any(category.sensitive for category in _used(folder, it)),
        "remove it, or take what is `sensitive` out of `uses`",
    ),
    "no-free-text": (
        lambda folder, it: not any(category.free_text for category in _used(folder, it)),
        "remove it, or take what is `free_text` out of `uses`",
    ),
    "no-export": (
        lambda folder, it: not _receivers(folder, it),
        "remove it, or let no recipient receive anything for the purpose",
    ),
    "processors-only": (
        lambda folder, it: all(one.role == "processor" for one in _receivers(folder, it)),
        "remove it, or let only processors receive something for the purpose",
    ),
    "fewer-columns": (
        lambda folder, it: all(
            len(one.receives[it.id]) < len(it.uses) for one in _receivers(folder, it)
        ),
        "remove it, or let each recipient get less than the purpose uses",
    ),
    "threshold": (
        lambda _, it: it.threshold >= LEAST_THRESHOLD,
        f"remove it, or set `threshold` of the purpose to {LEAST_THRESHOLD} people or more",
    ),
    "short-lived": (
        _short_lived,
        f"remove it, or keep what comes of use no longer than {LONGEST_MONTHS} months",
    ),
    "removable": (
        _removable,
        "remove it, or let the schedules of what comes of use say `removable = true`",
    ),
    "read-for-nothing-else": (
        _reads_for_nothing_else,
        "remove it, or give a category that it uses `only` this purpose",
    ),
    "case-only": (
        _case_only,
        "remove it, or give the purpose a rule that denies `unless` a case is open",
    ),
    "explained": (
        _explained,
        "remove it, or enter what it decides in `decisions.toml`",
    ),
    "a-person-decides": (
        _undone_by_people,
        'remove it, or enter what it decides in `decisions.toml` with `undone_by = "person"`',
    ),
}
