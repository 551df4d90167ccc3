"""The register in words, for the desk, the document for an authority, and letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plainview.engine import Calendar, Clock, Jurisdiction, clocks
from plainview.platform import languages
from plainview.platform.languages import dates
from plainview.privacy.breaches.due import AUTHORITY, PEOPLE, State
from plainview.privacy.breaches.said import (
    Closed,
    Hidden,
    Letter,
    Missed,
    Noted,
    Opened,
    Reminded,
    Risk,
    Said,
    Sent,
    Shown,
    Spared,
    Stated,
    Told,
    Written,
)
from plainview.privacy.consent.questions import called, say
from plainview.privacy.places.territories import territory_name
from plainview.privacy.policies import in_force


def risks() -> dict[Risk, str]:
    """How grave it may be for people, from not weighed to high."""
    return {
        "": _("Not weighed yet: the clocks run as for a high risk"),
        "any": _("Unlikely to result in a risk"),
        "risk": _("A risk"),
        "high": _("A high risk"),
    }


def grounds() -> dict[str, str]:
    """Why a duty does not hold."""
    return {
        "unreadable": _("Whoever has the data can’t read it, such as encrypted data (34(3)(a))"),
        "averted": _("What we did since keeps the high risk from coming true (34(3)(b))"),
        "public": _("Writing to each would be too much, and it is said in public (34(3)(c))"),
        "law": _("The law there does not ask for it in this case"),
    }


def states() -> dict[State, tuple[str, str]]:
    """How a duty stands, and the kind of its tag."""
    return {
        "running": (_("To be done"), ""),
        "soon": (_("Soon"), "busy"),
        "late": (_("Late"), "bad"),
        "waiting": (_("Begins later"), ""),
        "done": (_("Done"), "good"),
        "spared": (_("Not needed"), ""),
        "needless": (_("Not needed at this risk"), ""),
    }


def duty(name: str) -> str:
    """What is to be done."""
    if name == AUTHORITY:
        return _("Tell the authority")
    return _("Tell the people") if name == PEOPLE else _("Tell the authority the rest")


def duty_of(key: str) -> str:
    """A duty by its key, with the law that it is of; also where the policy has it no more."""
    name, _at, law = key.partition("@")
    return duty(name) + languages.aside(place(law))


def place(id_: str) -> str:
    """A jurisdiction; its id where the policy has it no more."""
    return say(f"jurisdictions.{id_}") if id_ in in_force().jurisdictions else id_


def region(id_: str) -> str:
    """The law that a jurisdiction is listed under: `eu`, `us`, or "" for none of these."""
    law = in_force().jurisdictions[id_]
    if law.id == "eu" or "eu" in law.parents:
        return "eu"
    return "us" if law.id.startswith("us") else ""


def regional(head: str) -> str:
    """What the laws of a region are listed under."""
    if head == "us":
        return str(territory_name("US"))
    return place(head) if head else _("Elsewhere")


def places(facts: Stated) -> str:
    """Where those concerned live."""
    return languages.listed([place(each) for each in facts.places]) or _("Not known")


def categories(facts: Stated) -> str:
    """Which kinds of data."""
    known = in_force().categories
    words = [say(f"categories.{e}") if e in known else e for e in facts.categories]
    return languages.listed(words)


def recipients(facts: Stated) -> str:
    """Which recipients are concerned."""
    known = in_force().recipients
    return languages.listed([called(e) if e in known else e for e in facts.recipients])


def many(number: int | None) -> str:
    """A number that may not be known."""
    return _("Not known") if number is None else format_decimal(number, locale=languages.spoken())


class Rule(NamedTuple):
    """What is to be done after a breach under some laws: by when and from which risk on, by whose
    will. `duty` is its id."""

    duty: str
    name: str
    when: str
    law: str


def rules(laws: Sequence[Jurisdiction], now: dt.datetime) -> list[Rule]:
    """What these laws ask for after a breach, each duty with the time that binds first."""
    begun = dict.fromkeys(("aware", PEOPLE, AUTHORITY), now)
    found = clocks(laws, begun, [Calendar()])
    return [Rule(each.duty, duty(each.duty), _when(each), law_of(each)) for each in found]


def own_rules(law: str, now: dt.datetime) -> list[Rule]:
    """What a law asks for after a breach; nothing where it is as its parent has it."""
    policy = in_force()
    place = policy.jurisdictions[law]
    parent = policy.jurisdictions.get(place.parent)
    same = parent is not None and parent.breach == place.breach
    return [] if same else rules(policy.laws(law, law), now)


def _when(clock: Clock) -> str:
    """`within 30 days · at any risk · where it is more than 500 people`."""
    number, unit = clock.within.split(" ", 1)
    count, shown = int(number), {"number": many(int(number))}
    if unit.startswith("hour"):
        time = ngettext("within %(number)s hour", "within %(number)s hours", count) % shown
    elif unit.startswith("day"):
        time = ngettext("within %(number)s day", "within %(number)s days", count) % shown
    else:
        time = ngettext(
            "within %(number)s working day", "within %(number)s working days", count
        ) % shown  # fmt: skip
    begins = {PEOPLE: _("once the people are told"), AUTHORITY: _("once the authority is told")}
    risk = {"any": _("at any risk"), "risk": _("at a risk"), "high": _("at a high risk")}
    over = _("where it is more than %(number)s people") % {"number": many(clock.over)}
    parts = (time, begins.get(clock.telling.after), risk[clock.risk], over if clock.over else "")
    return " · ".join(each for each in parts if each)


def law_of(clock: Clock) -> str:
    """By which article, and whose time it is."""
    telling = clock.telling
    ours = "" if telling.by == "law" else _("the time is ours, since the law names none")
    doubt = _("nobody has verified this") if telling.unverified else ""
    article = f"\N{FIRST STRONG ISOLATE}{telling.article}\N{POP DIRECTIONAL ISOLATE}"
    said = (article if telling.article else "", ours, doubt)
    return " · ".join(each for each in said if each)


def spared(said: Spared) -> str:
    """The ground on which a duty does not hold."""
    return grounds()[said.ground]


def entry(said: Said) -> list[tuple[str, str]]:
    """What an entry says: labels, empty where none is needed, and words."""
    lines: list[tuple[str, str]] = []
    if isinstance(said, Stated):
        lines = known(said)
    elif isinstance(said, Told):
        lines = [
            ("", duty_of(said.duty)),
            (_("When"), moment(said.at)),
            (_("Their reference"), said.reference),
            (_("What was told"), said.words),
            (_("Why it is late"), said.late),
        ]
    elif isinstance(said, Spared):
        lines = [("", duty_of(said.duty)), ("", spared(said)), (_("Why"), said.why)]
    elif isinstance(said, Written):
        names = languages.listed([place(each) for each in said.places])
        lines = [
            (_("Who is written to"), names or _("Every member")),
            (pgettext("how many", "People"), many(said.people)),
            *_letters(said.texts),
            (_("Why it is late"), said.late),
        ]
    elif isinstance(said, Sent):
        lines = [(_("Written to"), many(said.people)), (_("Not reached"), many(said.unreached))]
    elif isinstance(said, Missed):
        lines = [(_("Not reached"), many(said.people))]
    elif isinstance(said, Shown):
        lines = [*_letters(said.texts), (_("Why it is late"), said.late)]
    elif isinstance(said, Reminded):
        lines = [("", duty_of(each)) for each in said.duties]
    elif isinstance(said, Hidden):
        lines = [("", said.why)]
    elif isinstance(said, Noted | Closed | Opened):
        lines = [("", said.words)]
    return [(label, words) for label, words in lines if words]


def known(facts: Stated) -> list[tuple[str, str]]:
    """All that a statement says."""
    return [
        (_("Known to us since"), moment(facts.aware)),
        (_("What happened"), facts.what),
        (_("It began"), moment(facts.begun)),
        (_("It ended"), moment(facts.ended)),
        (_("Categories of data"), categories(facts)),
        (_("Where they live"), places(facts)),
        (_("People concerned, at most"), many(facts.people)),
        (_("Records concerned, at most"), many(facts.records)),
        (_("Recipients and processors"), recipients(facts)),
        (_("Likely consequences"), facts.effects),
        (_("Measures"), facts.measures),
        (_("Risk"), risks()[facts.risk]),
        (_("Reasons"), facts.reasons),
    ]


def moment(at: dt.datetime | None) -> str:
    """A moment by the clock that the page goes by, with its zone; empty where nobody knows."""
    return dates.written(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def _letters(texts: Mapping[str, Letter]) -> list[tuple[str, str]]:
    return [
        (languages.own_name(tag), "\n\n".join(filter(None, msgspec.structs.astuple(each))))
        for tag, each in texts.items()
    ]
