"""A decision of a program, looked at by a person: what was decided, by what, and by whose rule.

The request keeps what was looked at and the rule as they were when it was asked. Whoever released
the version of then does not review what it decided, unless nobody else is there to. Changed, the
decision holds no longer, at once, where the room that makes it asks (`decisions.register`).
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from plainview.platform.languages import speaking
from plainview.privacy.consent import questions
from plainview.privacy.decisions import register
from plainview.privacy.decisions.register import REVIEW, Made
from plainview.privacy.gate.scope import Opened
from plainview.privacy.notice.speaking import Speaker
from plainview.privacy.policies import in_force
from plainview.privacy.requests import disputing, machine
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Matter, Outcome, Request
from plainview.privacy.versions import queries as versions

DECISION = Matter.About.DECISION
_OF_THE_ADDRESS = frozenset({"device.address", "location.country"})


class Unsaid(ValueError):
    """No program asks about the decision again, so words have to say what was done instead."""


class Explained(NamedTuple):
    """A decision of the policy in words, and each one that stands about a person now.

    Each comes with the number of the request by which a person looks at it, "" if nobody does. Of
    one that is `nobodys` nothing can be told to one person.
    """

    id: str
    name: str
    logic: str
    effect: str
    purpose: str
    switch: bool
    nobodys: bool
    made: list[tuple[Made, str]]


def explained(subject: int | None) -> list[Explained]:
    """Everything that a program decides here, for one person.

    Of a stranger that is what goes by the address alone, such as a film that is not shown there.
    """
    shown = {
        id_: each
        for id_, each in in_force().decisions.items()
        if register.is_made(id_)
        and (subject is not None or _OF_THE_ADDRESS.issuperset(each.inputs))
    }
    looked_at: dict[tuple[str, str], str] = {}
    made: dict[str, list[Made]] = {}
    if subject is not None:
        looked_at = _under_review(subject)
        told = (id_ for id_ in shown if not register.leads_to_nobody(id_))
        made = register.made(subject, *told)
    speaker = _speaker()
    return [
        Explained(
            id_,
            *speaker.decision(id_),
            each.purpose,
            each.undone_by == "switch",
            register.leads_to_nobody(id_),
            [(it, looked_at.get((id_, it.ref), "")) for it in made.get(id_, ())],
        )
        for id_, each in shown.items()
    ]


def _under_review(subject: int) -> dict[tuple[str, str], str]:
    """The numbers of the requests by which somebody looks at decisions, by decision and which."""
    with Opened(DOOR):
        running = Matter.objects.filter(
            about=DECISION, request__subject=subject, request__state__in=machine.RUNNING
        )
        rows = running.filter(request__member=True).values_list("name", "entry", "request__number")
        return {(name, entry): number for name, entry, number in rows}


def allowed_and_not_made() -> list[str]:
    """What the policy lets a program decide, and none does, by name."""
    speaker = _speaker()
    made = register.is_made
    return [speaker.decision(id_).name for id_ in in_force().decisions if not made(id_)]


def about(subject: int, decision: str, ref: str) -> disputing.About:
    """One decision as it stands now, for a request. Raises LookupError if it stands no more."""
    if decision not in in_force().decisions:
        raise LookupError(decision)
    for each in register.made(subject, decision)[decision]:
        if each.ref == ref:
            rule = _("%(logic)s (version %(version)s)") % {
                "logic": _speaker().decision(decision).logic,
                "version": versions.name(),
            }
            shown = ((_("Main reason"), each.reason), *each.inputs, (_("Rule"), rule))
            return disputing.About(DECISION, decision, ref, shown)
    raise LookupError(ref)


def _speaker() -> Speaker:
    """The policy in the language of the page, with the lengths of time that a decision goes by."""
    return Speaker(in_force(), questions.language())


def reviewed(row: Request) -> Matter | None:
    """The decision that a request is about, if it is about one."""
    matter = disputing.of(row) if row.kind == REVIEW and row.member else None
    return matter if matter is not None and matter.about == DECISION else None


def owners(row: Request) -> frozenset[int]:
    """Who released the rule by which was decided: the version of when it was asked."""
    version = versions.at(row.received_at) if reviewed(row) is not None else None
    return frozenset() if version is None else frozenset(versions.releasers(version))


def by_own_rule(row: Request) -> str:
    """What the person reads where whoever released the rule had to review it, in their language."""
    with speaking(row.language):
        return _(
            "Whoever looked at it also released the rule by which it was decided: nobody else here"
            " could."
        )


def carry_out(row: Request) -> None:
    """A person decided otherwise than the program: from now on that holds, where it is asked."""
    matter = reviewed(row)
    if matter is None or row.outcome != Outcome.GRANTED:
        return
    if register.changes(matter.name):
        register.overrule(matter.name, matter.entry, row.subject)


def becomes(row: Request) -> str:
    """What becomes of the decision if it is changed, for the desk; "" if it is about none."""
    matter = reviewed(row)
    if matter is None:
        return ""
    if register.changes(matter.name):
        return _("If you change it, the decision does not hold for them from that moment.")
    return _("If you change it, say in your words what you did: no program asks about this one.")


def words(row: Request, said: str) -> str:
    """What the person reads of a decision that was changed, in their language; else nothing.

    Where no program asks about it again, they read so, and `said` tells what was done. Raises
    Unsaid if it does not.
    """
    matter = reviewed(row)
    if matter is None:
        return ""
    with speaking(row.language):
        if register.changes(matter.name):
            return _("What the program decided does not hold any more.")
        if not said.strip():
            raise Unsaid(matter.name)
        return _("The program itself goes on as before: what we did for you stands above.")
