"""What somebody had objected to and had set aside at a moment, as their requests tell."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import msgspec

from plainview.engine import Policy, Restriction
from plainview.engine import Standing as Facts
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import RESTRICT, Event, Outcome, Request
from plainview.privacy.requests.objecting import COMPELLING, OBJECT


class _Acted(NamedTuple):
    """A request that acted at the gate: on which purposes (none: all), from when until when."""

    purposes: frozenset[str]
    since: dt.datetime
    until: dt.datetime | None
    decided: dt.datetime | None
    upheld: bool

    @property
    def ended(self) -> dt.datetime | None:
        """When a person had weighed it, or it was taken back."""
        return self.decided or self.until

    def covers(self, purpose: str) -> bool:
        return not self.purposes or purpose in self.purposes


def then(
    policy: Policy, now: Facts, subject: int, end: dt.datetime
) -> tuple[Facts, frozenset[str]]:
    """Return `now` with the objections and restrictions of the moment before `end`.

    Beside it the names of those facts of which no request tells: they are those of now.
    """
    objected, aside = _acted(subject, OBJECT), _acted(subject, RESTRICT)
    objections, unknown = {}, set()
    for purpose, said in (now.objections or {}).items():
        if purpose not in policy.purposes:
            continue  # the policy of then had no such purpose yet
        covering = [each for each in objected if each.covers(purpose)]
        if not covering:
            unknown.add("objections")
            objections[purpose] = said
        elif began := [each for each in covering if each.since < end]:
            if COMPELLING not in policy.purposes[purpose].traits:
                objections[purpose] = said
            elif any(each.upheld and each.ended and each.ended < end for each in began):
                objections[purpose] = "upheld"
            elif any(each.ended is None or each.ended >= end for each in began):
                objections[purpose] = "pending"
    for each in objected:  # what was refused or taken back later still waited then
        if each.since < end and each.ended and each.ended >= end and not each.upheld:
            for id_, it in policy.purposes.items():
                if COMPELLING in it.traits and each.covers(id_):
                    objections.setdefault(id_, "pending")
    asked = {_rests(policy, each) for each in aside}
    others = [each for each in now.restrictions or () if each.purposes not in asked]
    if others:
        unknown.add("restrictions")
    held = [
        Restriction(ground="accuracy-disputed", purposes=_rests(policy, each))
        for each in aside
        if each.since < end and (each.until is None or each.until >= end)
    ]
    restrictions = (*others, *held)
    facts = msgspec.structs.replace(now, objections=objections, restrictions=restrictions)
    return facts, frozenset(unknown)


def _rests(policy: Policy, acted: _Acted) -> frozenset[str]:
    resting = (id_ for id_ in policy.purposes if not policy.survives_restriction(id_))
    return frozenset(id_ for id_ in resting if acted.covers(id_))


def _acted(subject: int, kind: str) -> list[_Acted]:
    with Opened(DOOR):
        mine = Request.objects.filter(subject=subject, member=True, kind=kind)
        rows = {row.pk: row for row in mine}
        acts = Event.objects.filter(request__in=rows, step="act").order_by("at")
        began = {each.request_id: each.at for each in acts.reverse()}
    return [
        _Acted(
            frozenset(rows[pk].purposes.split()),
            at,
            rows[pk].closed_at,
            rows[pk].decided_at,
            rows[pk].outcome == Outcome.GRANTED,
        )
        for pk, at in began.items()
    ]
