"""A plan or report in words: what becomes of each kind of data, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plainview.platform import languages
from plainview.platform.languages import dates
from plainview.privacy.consent.questions import say
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.rights import holds, tables, undeclared, wording
from plainview.privacy.rights.planning import Line

COPIES = "backups"
"""The ground of what stays in backups until the last of them goes."""
KINDS = {"removed": "good", "anonymised": "", "kept": "busy", "failed": "bad", "waiting": "busy"}


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of one kind of data, with the columns behind it.

    `remove` is where one may still delete what would stay without its author; else empty.
    """

    what: str
    outcome: str
    kind: str
    why: str
    fields: tuple[str, ...]
    rows: int
    remove: str = ""

    @property
    def named(self) -> str:
        """The columns in one line."""
        return languages.listed(self.fields)


def told(lines: Iterable[Line], *, planned: bool = False) -> list[Told]:
    """The lines by category and outcome, in the order of the policy. `planned`: nothing is yet."""
    groups: dict[tuple[str, str, str, str], list[Line]] = {}
    for line in lines:
        waits = line.state == "waiting" and line.outcome == "removed"
        state = line.state if not planned and (waits or line.state == "failed") else line.outcome
        groups.setdefault((line.category, state, line.until, line.because), []).append(line)
    order = {id_: n for n, id_ in enumerate(in_force().categories)}
    return [
        Told(
            what=_what(mine[0]),
            outcome=_outcome(
                state, until, planned=planned or any(line.state == "waiting" for line in mine)
            ),
            kind=KINDS[state],
            why=why(state, because),
            fields=tuple(_fields(mine)),
            rows=sum(line.rows for line in mine),
            remove=_remove(category) if planned and state == "anonymised" else "",
        )
        for (category, state, until, because), mine in sorted(
            groups.items(), key=lambda each: order.get(each[0][0], -1)
        )
    ]


def _remove(category: str) -> str:
    declared = in_force().categories.get(category)
    return declared.remove if declared else ""


def _what(line: Line) -> str:
    if line.because == COPIES:
        return _("Encrypted emergency copies")
    if line.holding == undeclared.Undeclared.name:
        return _("What nobody has declared yet")
    known = line.category in in_force().categories
    return wording.category(line.category) if known else line.holding


def _outcome(state: str, until: str, *, planned: bool) -> str:
    if state == "kept":
        day = dates.written(dt.date.fromisoformat(until), "DATE_FORMAT")
        return (_("Stays until %(day)s") if planned else _("Kept until %(day)s")) % {"day": day}
    return {
        "removed": _("Will be removed") if planned else _("Removed"),
        "anonymised": _("Stays without you") if planned else _("Kept without you"),
        "failed": _("Not removed yet"),
        "waiting": _("Being removed"),
    }[state]


def why(state: str, because: str) -> str:
    """The reason of an outcome in a sentence; "" where it needs none."""
    if state == "failed":
        return _("A step failed. It is tried again, and the privacy officer sees it.")
    if state == "anonymised":
        return _("Nothing in it leads to you any more.")
    if because == COPIES:
        return _(
            "Nobody is taken out of them, since they can’t be opened here. Should one be brought"
            " back, you are erased from it before anything is shown."
        )
    if because == holds.GROUND:
        return _(
            "It is needed for a legal claim or by an order, so it may not be erased yet. It goes on"
            " that day, or sooner if the need ends."
        )
    retention = in_force().retention
    if because in retention.must_keep:
        law = retention.must_keep[because].law
        return _("The law makes us keep it: %(law)s.") % {"law": law}
    return say(f"retention.{because}") if because else ""


def _fields(lines: Iterable[Line]) -> Iterable[str]:
    """The columns of the lines by name, each once."""
    found: dict[str, None] = {}
    for line in lines:
        table = registry().tables.get(line.holding)
        by_column = tables.fields(table) if table else {}
        for column in line.columns:
            if column in by_column:
                found[wording.label(line.holding, by_column[column])] = None
    return found


def named_by_oneself(hosts: Iterable[str]) -> str:
    """Where somebody had their data sent, and that only they can ask there; "" for nowhere."""
    listed = languages.listed(hosts)
    return listed and _(
        "You had your data sent to %(services)s yourself. We can’t call it back: ask there to have"
        " it erased."
    ) % {"services": listed}


def notes(ids: Iterable[str], hosts: Iterable[str] = ()) -> list[str]:
    """What must be known besides, in words; `hosts` as of `named_by_oneself`."""
    words = {
        "dead-rows": _(
            "The database marks removed rows as free and has been told to clear them. Copies in its"
            " log are overwritten as it goes on."
        ),
        "busy-log": _("The log of the database was in use; it empties at the next quiet moment."),
        "not-cleaned": _("Freed space in the database is cleared at the next quiet moment."),
        "given-anew": _(
            "An address of yours belongs to an account that is here now. What stands under it is of"
            " that account; it was not touched and is not counted here."
        ),
        "claimed": _(
            "Somebody who did not show who they are wrote to us and named an address of yours. We"
            " can’t know who it was, so it stays as what they wrote: until it is answered, and then"
            " as long as we must be able to show how we answered."
        ),
        "hash-stays": _(
            "A keyed hash of your address stays, by which we know it if it is shown to us, and send"
            " no news to it. Nobody gets the address out of it."
        ),
        "number-stays": _(
            "What is kept stands under a random number. Nothing else here leads from it to you."
        ),
    }
    sent = named_by_oneself(hosts)
    return [*([sent] if sent else []), *(words[each] for each in ids if each in words)]
