"""Where a letter goes: to a request, as a new one, or to a person. Decides, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from plainview.privacy.disclosures.letters import bare
from plainview.privacy.disclosures.post import whose
from plainview.privacy.policies import controller, in_force
from plainview.privacy.post import letters, quoting, understanding
from plainview.privacy.post.judging import Verdict, verdict
from plainview.privacy.post.models import Letter
from plainview.privacy.requests import clock, machine, minors, numbers
from plainview.privacy.requests.models import Request

Why = Letter.Why
A_DAY_EACH, A_DAY_UNPROVED, AN_HOUR_ALL = 20, 5, 500
"""So many letters of one sender in a day, and of all in an hour, are worked by a program.

Who is not proved may be somebody whose address another wrote: they get the fewer answers.
"""
LANGUAGE = "en"
"""In which whoever writes none of the eight languages is answered."""
_DEAD = {"long", "no-headers", "broken", "costly"}
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+.-].*)?@"
)


class Place(NamedTuple):
    """What becomes of a letter.

    `act` is `file`, `hear` (its words go to `request`), `appeal`, `automatic` or `person`; `kind`
    is the right that a new request is for, "" where a person sorts it. `answers` says that it
    refers to a letter of ours about `request`, which only its address got.
    """

    act: str
    verdict: Verdict = Verdict.UNPROVED
    account: int | None = None
    language: str = ""
    request: Request | None = None
    kind: str = ""
    why: str = ""
    answers: bool = False


def place(letter: letters.Letter) -> Place:
    """Where a letter goes. Runs behind the door that took it in."""
    sender = letter.sender
    if letter.automatic or _of_a_machine(sender):
        return Place("automatic", request=_named(letter)[0])
    if _DEAD & set(letter.flaws):
        return Place("person", why=Why.UNREAD)
    if not sender:
        return Place("person", why=Why.SENDER)
    found = verdict(letter.judged, sender, settings.POST_SERVERS)
    own = quoting.own_words(letter.text)
    mail = in_force().mail
    meaning = understanding.understood(letter.subject, own, mail.appeal if mail else "")
    known = Place(
        "",
        found,
        whose(sender, confirmed=True) if found is Verdict.PROVED else None,
        meaning.language,
    )
    child = minors.told(f"{letter.subject}\n{own}", known.account)
    if found is Verdict.FORGED:
        return known._replace(act="person", why=Why.CHILD if child else Why.FORGED)
    if _too_many(sender, A_DAY_EACH if found is Verdict.PROVED else A_DAY_UNPROVED):
        return known._replace(act="person", why=Why.CHILD if child else Why.MANY)
    request, answers = _named(letter)
    known = known._replace(answers=answers)
    if request is not None and not _belongs(request, sender):
        if child:  # of the request of somebody else it says nothing, and of its writer enough
            return known._replace(act="file", kind=minors.MINOR)
        return known._replace(act="person", why=Why.STRANGER, request=request)
    while request is not None and request.joined_to is not None:
        request = request.joined_to
    if meaning.kind == understanding.APPEAL:
        appealed = _appealed(known, request, sender)
        unheard = child and appealed.act == "person"
        return known._replace(act="file", kind=minors.MINOR) if unheard else appealed
    if request is not None:
        return known._replace(act="hear", request=request)
    if not (meaning.kind or child or clock.names_a_state(f"{letter.subject}\n{own}")):
        return known._replace(act="person", why=Why.UNCLEAR)
    kind = meaning.kind if meaning.kind in in_force().rights else ""
    return known._replace(act="file", kind=kind)


def _of_a_machine(sender: str) -> bool:
    ours = {controller().email.lower(), bare(settings.DEFAULT_FROM_EMAIL).lower()}
    returns = settings.MAIL_RETURNS.lower()
    return bool(sender) and (sender in ours | {returns} or bool(_MACHINES.match(sender)))


def _named(letter: letters.Letter) -> tuple[Request | None, bool]:
    """The request that a letter is about, and whether it answers a letter of ours about it.

    Else it is known by the number in it, which others may have read, or by the letters before it.
    """
    ours, proves = numbers.of_thread(letter.references)
    if ours and (row := Request.objects.filter(number=ours).first()):
        return row, proves
    for text in (letter.subject, letter.text):
        for number in numbers.found_in(text):
            if row := Request.objects.filter(number=number).first():
                return row, False
    before = Letter.objects.filter(message_id__in=letter.references, request__isnull=False)
    earlier = before.select_related("request").order_by("-arrived_at").first()
    return (None if earlier is None else earlier.request), False


def _belongs(request: Request, sender: str) -> bool:
    """Whether somebody of that address may add to a request: it is theirs, or they act for them."""
    theirs = {request.contact.lower(), request.agent.lower()} - {""}
    return sender in theirs or (request.member and request.subject == whose(sender, confirmed=True))


def _of_sender(known: Place, sender: str, states: Collection[str]) -> list[Request]:
    rows = list(Request.objects.filter(contact=sender, state__in=states)[:10])
    if known.account is not None:
        mine = Request.objects.filter(subject=known.account, member=True, state__in=states)
        rows += [row for row in mine[:10] if row not in rows]
    return rows


def _appealed(known: Place, request: Request | None, sender: str) -> Place:
    """An appeal of the named request, else of the sender's only one that can be appealed.

    There is one for each decision, so nobody else may spend it: who is neither proved nor answers a
    letter of ours is shown how to appeal, and a person reads what they wrote.
    """
    if request is None:
        decided = machine.STEPS["appeal"].sources
        rows = _of_sender(known, sender, decided)
        request = rows[0] if len(rows) == 1 else None
    if request is None or not (known.verdict is Verdict.PROVED or known.answers):
        return known._replace(act="person", why=Why.APPEAL, request=request)
    return known._replace(act="appeal", request=request)


def _too_many(sender: str, most: int) -> bool:
    now = timezone.now()
    lately = Letter.objects.filter(arrived_at__gt=now - timedelta(days=1), sender=sender)
    all_of_them = Letter.objects.filter(arrived_at__gt=now - timedelta(hours=1))
    return lately.count() >= most or all_of_them.count() >= AN_HOUR_ALL
