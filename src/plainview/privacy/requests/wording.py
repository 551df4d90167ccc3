"""A request in words, for whoever asks: what it is, what happened, what is next and by when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.engine import Settlement
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.languages import numbers
from plainview.privacy import permissions
from plainview.privacy.consent import questions
from plainview.privacy.places import applying
from plainview.privacy.policies import in_force
from plainview.privacy.requests import clock, deciders, disputing, machine, minors
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import REFUSES, Event, Ground, Outcome, Request

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STEPS: dict[str, StrOrPromise] = {
    "file": gettext_lazy("Your request came in"),
    "acknowledge": gettext_lazy("We confirmed that we have it"),
    "sort": gettext_lazy("We read which right you mean"),
    "ask-identity": gettext_lazy("We asked you to show that it is you"),
    "begin": gettext_lazy("We began to work on it"),
    "ask": gettext_lazy("We asked you something"),
    "resume": gettext_lazy("We went on with it"),
    "extend": gettext_lazy("It takes longer, and we told you why"),
    "act": gettext_lazy("It took effect"),
    "answer": gettext_lazy("We answered"),
    "refuse": gettext_lazy("We refused, and told you why"),
    "appeal": gettext_lazy("You appealed"),
    "settle": gettext_lazy("Another person decided the appeal"),
    "withdraw": gettext_lazy("You took it back"),
    "join": gettext_lazy("We joined it to another request of yours"),
    "close": gettext_lazy("It is closed"),
    "hear": gettext_lazy("You wrote to us"),
    "write": gettext_lazy("We wrote to you"),
}
"""What a person sees of a timeline; the other steps are the desk's own."""


class Entry(NamedTuple):
    """One line of the timeline as whoever asks reads it."""

    words: str
    at: dt.datetime
    said: str
    until: dt.date | None
    mine: bool


class Next(NamedTuple):
    """What comes next: in words, and the day by which it does."""

    words: str
    by: dt.date | None


class Where(NamedTuple):
    """Where to complain: by name, at which address, and whether one writes to us `first`.

    `within` is how long after our answer one may, in words; empty where no law says.
    """

    name: str
    url: str
    first: bool
    within: str = ""


def kind(right: str) -> str:
    """What is asked, in a sentence of the policy."""
    if not right or right not in in_force().rights:
        return _("Something about your data")
    if right == deciders.COMPLAINT:  # to us; to an authority one goes by oneself
        return _("Complain about what we did with your data or your account")
    return in_force().text(f"rights.{right}", languages.current())


def purpose(id_: str) -> str:
    """What a purpose is called in the language of the page; its id once none is declared."""
    policy = in_force()
    return (
        policy.text(f"purposes.{id_}.name", languages.current()) if id_ in policy.purposes else id_
    )


def named(row: Request) -> list[str]:
    """What a request is about alone, where it names some purposes."""
    return [purpose(id_) for id_ in row.purposes.split()]


def timeline(row: Request, events: list[Event]) -> list[Entry]:
    """The timeline of a request without what is the desk's own; it begins when the request came."""
    return [
        Entry(
            words=str(STEPS["withdraw" if _taken_back(each) else each.step]),
            at=row.received_at if each is events[0] else each.at,
            said=each.said,
            until=each.until,
            mine=each.by == Event.By.PERSON,
        )
        for each in events
        if each.step in STEPS
    ]


def _taken_back(event: Event) -> bool:
    """Whether it was for the person to close a request (`Request.rests`), and they did."""
    return event.step == "close" and event.by != Event.By.SERVICE


def following(row: Request) -> Next:
    """What happens next, and by when."""
    match row.state:
        case State.RECEIVED:
            return Next(_("Somebody looks at it and begins."), row.due_on)
        case State.IDENTIFYING:
            words = _("We wait until you show that it is you. Then we go on.")
            if row.member or "@" in row.contact:
                words = _(
                    "We wait until you open the link in our letter and say that it is you. Then we"
                    " go on."
                )
            return Next(words, row.due_on)
        case State.WORKING if row.erasure is not None:
            words = _("It is complete when nothing is left here and everybody has confirmed.")
            return Next(words, row.due_on)
        case State.WORKING:
            return Next(_("We answer you."), row.due_on)
        case State.PAUSED:
            return Next(_("We wait for your answer to our question. Then we go on."), row.due_on)
        case State.ANSWERED | State.REFUSED if may_appeal(row):
            return Next(
                _("If you don’t agree, you can appeal: another person decides then."),
                row.appeal_until,
            )
        case State.APPEALED:
            return Next(appealed(row), row.due_on)
        case State.JOINED:
            return Next(_("It goes on under the number of the other request."), None)
        case _:
            return Next(_("Nothing more happens here. You can ask anew at any time."), None)


def appealed(row: Request) -> str:
    """Who decides an appeal, and what else the law offers where nobody here can."""
    if not deciders.finds_nobody(row):
        return _("Another person looks at it and decides.")
    return _(
        "Nobody else here can decide it yet, so we have to find somebody. You need not wait for"
        " us: an authority takes your complaint at any time."
    )


def decided(row: Request) -> tuple[str, str]:
    """The outcome and the ground of a decision in words, each empty if there is none.

    Where no account of a child was found, the ground says so, and what finds one (P10d).
    """
    outcome = str(Outcome(row.outcome).label) if row.outcome else ""
    if row.ground == Ground.NOTHING and minors.unfound(row):
        return outcome, _(
            "We found no account of a child by what you wrote, so none was closed. If there is one,"
            " tell us what finds it, in an answer to our letter or on the page of your request: the"
            " address that it signs in with, the name that it shows, or the address of its page."
        )
    return outcome, str(Ground(row.ground).label) if row.ground else ""


def authorities(row: Request) -> list[Where]:
    """Where to complain, by where the person is and lives (P5.2.1.10a).

    Where the policy names nobody for that place, the page where one chooses another.
    """
    policy, day = in_force(), clock.today()
    found = applying.authorities(policy, policy.own(*_places(row)))
    if not found:
        page = link("legal-place")
        return [Where(_("The authority of the place where you live"), page, False)]
    return [
        Where(
            each.name,
            each.complain or each.url,
            each.controller_first is not None and each.controller_first <= day,
            numbers.lasting(each.within, languages.current()) if each.within else "",
        )
        for each in found
    ]


def courts(row: Request) -> str:
    """The articles that let the person go to court, by where they are and live; "" for none.

    Whoever refuses has to say it (GDPR and UK GDPR Art. 12(4)).
    """
    laws = in_force().laws(*_places(row))
    return languages.listed(list(dict.fromkeys(law.court for law in laws if law.court)))


def settlers(row: Request) -> tuple[Settlement, ...]:
    """Who outside settles what a complaint is about without a court, by where the person is."""
    if row.kind != deciders.COMPLAINT:
        return ()
    return applying.settlers(in_force().laws(*_places(row)))


def _places(row: Request) -> tuple[str | None, str | None]:
    """Where a person is and where they live, the one for the other where one is not known."""
    return row.place or row.residence or None, row.residence or row.place or None


def outside(row: Request) -> dict[str, object]:
    """Whom else they can turn to, and what else they can have, as letters and pages show it."""
    return {
        "authorities": authorities(row),
        "courts": courts(row),
        "settlers": settlers(row),
        "opt_out": opt_out(row),
        "deleting": deleting(row),
    }


def deleting(row: Request) -> str:
    """Where whoever is refused a correction can have it deleted instead; "" where nobody can.

    They are told so, and how (11 CCR 7023(f)): entry by entry from their account, else by asking.
    """
    if row.kind != disputing.CORRECT or row.outcome not in REFUSES:
        return ""
    matter = disputing.of(row) if row.member else None
    if matter is not None and not disputing.removable(matter, row.subject):
        return ""
    return link("privacy-overview") if row.member else f"{link('privacy-request')}?kind=delete"


def opt_out(row: Request) -> tuple[str, str]:
    """Where whoever is refused a deletion can at least say no to a sale, with the words of the law.

    They are asked whether they want that, where the law lets a sale run until a no (11 CCR
    7022(g)). Empty elsewhere, and for an account that said no to all of it.
    """
    policy = in_force()
    presence, residence = _places(row)
    if row.kind != "delete" or row.outcome not in REFUSES:
        return "", ""
    ended = applying.ended_by_opt_out(policy, presence, residence)
    sells = policy.rights.get("optout-sale-sharing")
    ends = set(ended).intersection(sells.closes if sells is not None else ())
    found = permissions.read(row.subject) if row.member else None
    said = (found[0].choices or {}) if found else {}
    runs = policy.opt_out_law(presence, residence).model == "opt-out"
    if not runs or all(said.get(id_) == "denied" for id_ in ends):
        return "", ""
    key = applying.opt_out_key(policy, presence, residence)
    return link("privacy-opt-out"), questions.say(key)


def lifts_on(row: Request) -> dt.date | None:
    """From which day what was set aside is used again, once it is decided; None until then.

    Of what rests until the person takes it back there is none.
    """
    if row.rests:
        return None
    if row.state in (State.ANSWERED, State.REFUSED) and row.appeal_until is not None:
        return row.appeal_until + dt.timedelta(days=1)
    if row.state == State.SETTLED and row.settled_at is not None:
        return (row.settled_at + clock.PATIENCE).date() + dt.timedelta(days=1)
    return None


def may_appeal(row: Request) -> bool:
    """Whether a decision can still be appealed today."""
    decided_by_now = row.state in machine.STEPS["appeal"].sources
    return decided_by_now and row.appeal_until is not None and clock.today() <= row.appeal_until
