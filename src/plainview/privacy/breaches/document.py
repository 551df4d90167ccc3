"""The notice to an authority, as its forms ask for it (GDPR 33(3), (4)), and what 33(5) records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from plainview.privacy.breaches import wording
from plainview.privacy.breaches.due import AUTHORITY, PEOPLE, Deadline
from plainview.privacy.breaches.queries import Case
from plainview.privacy.policies import in_force
from plainview.privacy.record.blocks import Entry, Field, Sheet, field


def notice(found: Case) -> Sheet:
    """All that is known, in the language of the page. Names nobody."""
    facts, policy = found.facts, in_force()
    head = policy.controller
    number = found.breach.number
    entries = (
        Entry("who", _("Who tells it"), (
            field(_("Controller"), (head.name, head.address)),
            field(
                _("Contact for questions"),
                (head.officer_name, head.officer_phone, head.officer or head.email, head.url),
            ),
        )),
        Entry("when", _("When"), (
            field(_("Known to us since"), _moment(facts.aware)),
            field(_("It began"), _moment(facts.begun)),
            field(_("It ended"), _moment(facts.ended)),
        )),
        Entry("what", _("Nature of the breach"), (
            field(_("What happened"), facts.what),
            field(_("Categories of data"), wording.categories(facts)),
            field(_("People concerned, at most"), wording.many(facts.people)),
            field(_("Records concerned, at most"), wording.many(facts.records)),
            field(_("Where they live"), wording.places(facts)),
            field(_("Recipients and processors"), wording.recipients(facts)),
        )),
        Entry("effects", _("Likely consequences"), (
            field(_("Likely consequences"), facts.effects),
            field(_("Risk"), wording.risks()[facts.risk]),
            field(_("Reasons"), facts.reasons),
        )),
        Entry("measures", _("Measures"), (
            field(_("What was done and is meant"), facts.measures),
            *(_told(each) for each in found.deadlines if each.clock.duty == PEOPLE),
        )),
        Entry("authority", _("What was told"), tuple(
            _told(each) for each in found.deadlines if each.clock.duty != PEOPLE
        )),
    )  # fmt: skip
    lead = _("As it is known on %(when)s. What is not known yet follows (Article 33(4) GDPR).")
    return Sheet(
        name=number,
        title=_("Notice of a personal data breach, %(number)s") % {"number": number},
        lead=lead % {"when": _moment(found.now)},
        facts=tuple(_addressed(found)),
        entries=entries,
    )


def _addressed(found: Case) -> Iterator[Field]:
    for each in found.deadlines:
        if each.clock.duty == AUTHORITY:
            names = (f"{one.name} {one.url}".strip() for one in each.authorities)
            yield field(wording.place(each.law), names)


def _told(each: Deadline) -> Field:
    name = wording.duty_of(each.key)
    if each.told:
        lines = []
        for told in each.told:
            lines += [_moment(told.at), told.reference, told.words]
            lines += [_("Why it is late: %(why)s") % {"why": told.late}] if told.late else []
        return field(name, lines)
    if each.spared:
        return field(name, (wording.spared(each.spared), each.spared.why))
    return field(name, wording.states()[each.state][0])


def _moment(at: dt.datetime | None) -> str:
    return wording.moment(at) or _("Not known")
