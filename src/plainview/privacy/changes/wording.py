"""Differences in words, for whoever they touch: in the language of the page, letter or message.

What several differences say in one sentence is said once, and what follows from another goes
without saying: that a recipient sits elsewhere, if data goes to a country for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plainview.engine import Difference
from plainview.privacy.consent.questions import say
from plainview.privacy.policies import in_force

_TERMS = frozenset({"role", "recipient-rules", "not-by-name", "seat", "safeguard"})
_BROWSER = frozenset({"embed", "key", "key-longer", "key-terms"})
_HELD = frozenset({"data", "source", "sensitive"})
_RIGHTS = frozenset({"right-gone", "right-terms", "clock"})


def sentences(differences: Iterable[Difference]) -> list[str]:
    """Each once, in the order of the list."""
    found = list(differences)
    named = {
        each.partition("/")[2]
        for one in found
        if one.kind in ("country", "recipient")
        for each in one.touches
    }
    told = (one for one in found if not (one.kind in _TERMS and one.of in named))
    return list(dict.fromkeys(_sentence(each) for each in told))


def thing(name: str) -> str:
    """What waits, by name: a purpose, or a recipient of one."""
    purpose, _slash, recipient = name.partition("/")
    said = _purpose(purpose)
    return f"{said}: {_recipient(recipient)}" if recipient else said


def _sentence(one: Difference) -> str:
    kind, of = one.kind, one.of
    if kind == "country":
        names = _listed(_recipient(each) for each in one.recipients)
        return _("Data now also goes to {country}, to {names}.").format(
            country=_said(f"countries.{of}", of), names=names
        )
    if kind in ("recipient", "receives"):
        return _("{name} now also receives data, for this: {purposes}.").format(
            name=_recipient(of), purposes=_listed(_purpose(each) for each in one.after)
        )
    if kind == "handed":
        purpose, _slash, recipient = of.partition("/")
        return _("{name} now also receives this: {things}. It is for: {purposes}.").format(
            name=_recipient(recipient), things=_data(one.after), purposes=_purpose(purpose)
        )
    if kind in _TERMS:
        return _("{name} now receives data on other terms.").format(name=_recipient(of))
    if kind in _BROWSER:
        return _("{name} now keeps or loads something else in your browser.").format(
            name=_recipient(of.partition("/")[0])
        )
    return _about_purposes(one) or _about_data(one) or _about_all(one)


def _about_purposes(one: Difference) -> str:
    if one.kind == "purpose":
        return _("Data is now also used for this: {purpose}.").format(purpose=_purpose(one.of))
    if one.kind == "category":
        return _("This now also uses {things}: {purpose}.").format(
            purpose=_purpose(one.of), things=_data(one.after)
        )
    if one.kind == "weaker":
        return _("This now asks less of you than before: {purpose}.").format(
            purpose=_purpose(one.of)
        )
    if one.kind in ("basis", "stronger"):
        return _("This now rests on another ground: {purpose}.").format(purpose=_purpose(one.of))
    return ""


def _about_data(one: Difference) -> str:
    things = _data(one.of.split())
    if one.kind == "kept-longer":
        return _("This is now kept longer: {things}.").format(things=things)
    if one.kind == "kept-otherwise":
        return _("This is now kept by another rule: {things}.").format(things=things)
    if one.kind in _HELD:
        return _("What we hold about you has changed: {things}.").format(things=things)
    return ""


def _about_all(one: Difference) -> str:
    if one.kind in ("decision", "decision-terms"):
        return _("A program now decides something otherwise about you.")
    if one.kind == "controller":
        return _("Who answers for this service has changed, or how to reach them.")
    if one.kind in _RIGHTS:
        return _("Your rights, or the time in which we answer, have changed.")
    return _("Something else in the notice has changed that we have to tell you.")


def _purpose(id_: str) -> str:
    return _said(f"purposes.{id_}.name", id_)


def _recipient(id_: str) -> str:
    known = in_force().recipients
    return known[id_].name if id_ in known else id_


def _data(ids: Iterable[str]) -> str:
    return _listed(_said(f"categories.{each}", each) for each in ids)


def _said(key: str, otherwise: str) -> str:
    """The policy's words; of what it has no longer, the id."""
    try:
        return say(key)
    except KeyError:
        return otherwise


def _listed(words: Iterable[str]) -> str:
    return say("notice.comma").join(words)
