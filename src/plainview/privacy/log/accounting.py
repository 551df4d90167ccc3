"""What the service answers for: heard of at the gate, below everyone's code, and recorded.

Duties are recorded as they open, before they do anything; an access of the staff when a warrant
lets the first statement through. Both join the transaction that is under way. A policy is recorded
when a service first runs on it, a change of the database's shape when it was made.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.apps import apps
from django.db import transaction
from django.http import HttpRequest

from plainview.privacy import schema
from plainview.privacy.gate import duties, looks, warrants
from plainview.privacy.gate.scope import Door, current
from plainview.privacy.log.models import Deed
from plainview.privacy.log.services import act, deed
from plainview.privacy.policies import in_force
from plainview.privacy.requests import queries as requests

DUTY, ACCESS, DESK, POLICY = "duty", "access", "desk", "policy"
PURPOSES = "pv:purposes"
_RECORDED = frozenset({"erasure", "export", "correction", "backup", "audit"})
_LOOKS_AT_NOBODY = frozenset({"plainview.privacy.checks.check_database_objects"})
"""Places that open a duty to read how the database is made, and no row."""


def join() -> None:
    """Hear of every duty and every warrant from now on."""
    duties.witnessed_by(duty_opens)
    warrants.witnessed_by(staff_sees)


def duty_opens(name: str, place: str) -> None:
    """Record a duty, but for what people do at their own doors with what is theirs.

    `migrate` is recorded when it has changed something (`migrated`): to look whether it would is
    what every start does. What opens within it is part of it: the log's tables may not be there
    yet. The duty of tests is none of the service's.
    """
    outer = current()
    again = outer is not None and outer.duty in (name, "migrate")
    own = outer is not None and not outer.everyone and not outer.life.door.about
    ours = place.startswith("plainview.") and name in _RECORDED
    if ours and not again and not (own and name == "export") and place not in _LOOKS_AT_NOBODY:
        deed(DUTY, **{"pv:duty": name, "pv:place": place})


def staff_sees(request: HttpRequest, door: Door, person: int, case: str) -> None:
    """Record that a member of the staff looks at a person: by which door, for what, in which case.

    What the door shows of people is free from here on until the request is over.
    """
    said = {"pv:door": door.name, "pv:purpose": door.purpose, "pv:case": case}
    untold = warrants.untold(case, person)
    _done(ACCESS, int(request.user.pk or 0), person, untold, said)
    looks.opened(person, case)


def looked(person: int, case: str) -> None:
    """Record that whoever sits at the machine looks at a person by a command, in which case."""
    said = {"pv:door": "plainview privacy trace", "pv:case": case}
    _done(ACCESS, None, person, warrants.untold(case, person), said)


def desk_acts(
    staff: int | None,
    door: Door,
    method: str,
    person: int | None,
    untold: dt.date | None,
) -> None:
    """Record what is done at the desk, before it is: a form sent, or a list of people opened.

    `staff` is None for whoever sits at the machine. `untold` is the day on which the person may be
    told of it, where a law forbids that before.
    """
    said = {"pv:door": door.name, "pv:method": method}
    _done(DESK, staff, person, untold, said)


def _done(
    what: str, staff: int | None, person: int | None, untold: dt.date | None, said: dict[str, str]
) -> None:
    """Commit to an act, which names whom it is about; not whoever has left.

    What they asked for may stay, and be dealt with while their erasure is under way or later: an
    act would lead to them anew. The standing goes before their acts do, so that none comes behind.
    """
    with transaction.atomic(savepoint=False):
        if person is not None and requests.has_left(person):
            person = untold = None
        act(what, staff=staff, person=person, untold=untold, **said)


def policy_runs(archive: str = "", *, name: str = "") -> None:
    """Record the policy in force with its purposes, if it is another than the last one that was.

    `archive` is the SHA-256 of its bytes, which anybody can have at its address (P11b); `name` the
    one under which it stands there, where its files say another.
    """
    policy = in_force()
    last = Deed.objects.filter(what=POLICY).values_list("body", flat=True).first()
    said = {
        "pv:fingerprint": policy.fingerprint,
        PURPOSES: " ".join(sorted(policy.purposes)),
    }
    said |= {"pv:archive": archive} if archive else {}
    said |= {"pv:version": name} if name else {}
    if last is None or not said.items() <= json.loads(last).items():
        deed(POLICY, **{"pv:version": policy.version, **said})


def migrated(app_config: Any = None, plan: Any = (), **kwargs: Any) -> None:
    """Record that the database was given another shape, once a migration; `carried` does later."""
    last = [each for each in apps.get_app_configs() if each.models_module][-1]
    if app_config is last and plan and not schema.is_carried():
        made = " ".join(f"{each.app_label}.{each.name}" for each, _back in plan)
        deed(DUTY, **{"pv:duty": "migrate", "pv:place": made})


def carried(place: str) -> None:
    """Record that all that the database holds was carried over into it, at a place in the code."""
    deed(DUTY, **{"pv:duty": "migrate", "pv:place": place})
