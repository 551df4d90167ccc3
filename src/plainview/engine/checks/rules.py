"""Checks of rules, shared and own: known words, and none by which a refusal opens a door."""

import re

from plainview.engine.declarations import CASE_BASES, Rule, Scope, When
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader
from plainview.engine.standing import YES

FILE = "rules.toml"
_CLOSING = ("objection", "restricted", "pending", "signal")
_FIRMNESS = {
    "choice": ("granted", "unset", "denied"),
    "objection": ("pending", "upheld"),
}
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def check_rules(folder: Folder, reader: Reader) -> None:
    """Check the shared rules; `check_list` does the same for a purpose's or a recipient's own."""
    check_list(folder, reader, FILE, ("rule",), folder.rules.rule)
    for id_, signal in folder.rules.signal.items():
        for n, header in enumerate(signal.headers):
            if not _HEADER.fullmatch(header):
                remedy = 'name a request header, as `"Sec-GPC"`'
                at: Path = ("signal", id_, "headers", n)
                reader.add(FILE, at, f"`{header}` is no header", remedy)
    for n, rule in enumerate(folder.rules.rule):
        _check_scope(folder, reader, (*("rule", n), "for"), rule.applies)


def check_list(
    folder: Folder, reader: Reader, file: str, path: Path, rules: tuple[Rule, ...]
) -> None:
    """Note what is wrong with rules that stand in a list at `path` of `file`."""
    seen: set[str] = set()
    for n, rule in enumerate(rules):
        at = (*path, n)
        if rule.id in seen:
            remedy = "give each rule of the list its own `id`"
            reader.add(file, (*at, "id"), f"two rules are called `{rule.id}`", remedy)
        seen.add(rule.id)
        if bool(rule.allow) == rule.deny:
            said = "both allows and denies" if rule.deny else "neither allows nor denies"
            remedy = 'write either `allow = "<basis>"` or `deny = true`'
            reader.add(file, at, f"rule `{rule.id}` {said}", remedy)
        if file != FILE and rule.applies != Scope():
            remedy = "remove `for`; a rule in a purpose's own file is for that purpose"
            reader.add(file, (*at, "for"), "`for` belongs to shared rules", remedy)
        for m, right in enumerate(rule.rights):
            if right not in folder.rights and "rights.toml" not in reader.lost:
                remedy = nearest(right, folder.rights, "remove it, or declare it first")
                reader.add(file, (*at, "rights", m), f"no right is called `{right}`", remedy)
        _check_words(folder, reader, file, (*at, "when"), rule.when)
        if rule.unless is not None:
            _check_words(folder, reader, file, (*at, "unless"), rule.unless)
        if rule.allow:
            _check_permission(reader, file, at, rule)
        elif rule.unless is not None:
            _check_exception(reader, file, (*at, "unless"), rule.unless)
        if rule.deny:
            _check_denial(reader, file, (*at, "when"), rule.when)


def _check_permission(reader: Reader, file: str, at: Path, rule: Rule) -> None:
    """A permission may rest on a yes, a plan, a feature, an age or a case; never on a refusal.

    Promises: P3.2a.
    """
    if rule.unless is not None:
        remedy = "write the exception as a rule of its own with `deny = true`"
        reader.add(file, (*at, "unless"), "a permission has no exceptions", remedy)
    for fact in _CLOSING:
        if getattr(rule.when, fact):
            remedy = f"remove it; use `{fact}` in a rule with `deny = true`"
            reader.add(file, (*at, "when", fact), f"`{fact}` can't open a door", remedy)
    for n, choice in enumerate(rule.when.choice):
        if choice not in YES:
            remedy = 'only `"granted"` and `"affirmed"` open; leave `choice` out to need no answer'
            reader.add(file, (*at, "when", "choice", n), f"`{choice}` can't open a door", remedy)
    if rule.allow in CASE_BASES and not rule.when.case:
        remedy = 'name the grounds, as `when = { case = ["court-order"] }`'
        reader.add(file, at, f"basis `{rule.allow}` carries a use only inside a case", remedy)


def _check_denial(reader: Reader, file: str, at: Path, when: When) -> None:
    """A denial that falls on one answer falls on every firmer refusal too (P3.1.3h, P5.2.1.5a)."""
    for fact, firmness in _FIRMNESS.items():
        answers = {"granted" if answer == "affirmed" else answer for answer in getattr(when, fact)}
        gentlest = min(map(firmness.index, answers), default=len(firmness))
        for firmer in firmness[gentlest:]:
            if firmer not in answers:
                remedy = f'add `"{firmer}"`, so that a firmer no closes at least as much'
                problem = f"`{firmer}` would open what `{firmness[gentlest]}` closes"
                reader.add(file, (*at, fact), problem, remedy)


def _check_exception(reader: Reader, file: str, at: Path, unless: When) -> None:
    for fact in _CLOSING:
        if getattr(unless, fact):
            remedy = "write it as a denial of its own"
            reader.add(file, (*at, fact), f"`{fact}` can't lift a denial", remedy)
    for n, choice in enumerate(unless.choice):
        if choice not in YES:
            remedy = 'only `"granted"` and `"affirmed"` lift a denial'
            reader.add(file, (*at, "choice", n), f"`{choice}` can't lift a denial", remedy)
    if unless == When():
        remedy = "remove the empty `unless`, or say when the rule is held back"
        reader.add(file, at, "the exception always holds, so the rule never acts", remedy)


def _check_words(folder: Folder, reader: Reader, file: str, at: Path, when: When) -> None:
    places = {id_: place for id_, place in folder.jurisdictions.items() if not place.strictest_of}
    regimes = {place.regime for place in places.values()}
    for fact, known, remedy in (
        ("regime", regimes, "name the `regime` of a file in `jurisdictions/`"),
        ("place", places, "name a file in `jurisdictions/` that has rules of its own"),
        ("signal", folder.rules.signal, "declare it in `rules.toml`"),
        ("case", folder.rules.case, "declare it in `rules.toml`"),
    ):
        for n, word in enumerate(getattr(when, fact)):
            if word not in known:
                help_ = nearest(word, known, remedy)
                reader.add(file, (*at, fact, n), f"unknown {fact} `{word}`", help_)


def _check_scope(folder: Folder, reader: Reader, at: Path, scope: Scope) -> None:
    for key, known, what in (
        ("purposes", folder.purposes, "purpose"),
        ("kinds", folder.rules.kind, "kind"),
        ("traits", folder.rules.trait, "trait"),
        ("without", folder.rules.trait, "trait"),
    ):
        for n, word in enumerate(getattr(scope, key)):
            if word not in known:
                remedy = nearest(word, known, f"declare the {what} first")
                reader.add(FILE, (*at, key, n), f"unknown {what} `{word}`", remedy)
