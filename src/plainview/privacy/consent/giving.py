"""Taking an answer, whichever door it came by: a form of the site, or the API of an app.

An answer brings the key of the words it answered. `asked` finds the question that those words are,
and reads the answer; `keep` records it. What a door shows before and after is its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import NamedTuple

from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from plainview.engine import Standing as Facts
from plainview.privacy import permissions
from plainview.privacy.changes import asking, telling
from plainview.privacy.consent import (
    answering,
    banner,
    cookie,
    news,
    opting_out,
    queries,
    questions,
    services,
    tallying,
    wordings,
)
from plainview.privacy.consent.answering import Given, Unanswered
from plainview.privacy.consent.cookie import Remembered
from plainview.privacy.consent.drawing import as_shown
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.recording import DEVICE
from plainview.privacy.permissions import RECOGNITION
from plainview.privacy.versions import fence
from plainview.privacy.visitors import GPC, Visitor, visitor_of

ABOUT_CHANGES = ("change", "changed")
"""The forms about a change of the policy: they don't put off the day on which all is asked anew."""

BEGUN = "signup"
"""The form of a new account, by which the noes of the device become the account's."""

BEFORE = "before"
"""Said on a device before its person was known there: an opt-out, which holds for the account."""


class Changed(ValueError):
    """The words that were answered are not those of now: nothing was recorded."""


Reader = Callable[["Posted"], tuple[Question, Given]]


class Posted(NamedTuple):
    """An answer that came in, who sent it, and the facts that it changes.

    `receipt` is the number that its receipt will have, if it is recorded.
    """

    visitor: Visitor
    form: QueryDict
    facts: Facts
    for_account: bool
    receipt: str

    @property
    def via(self) -> str:
        """Which of our forms it answers."""
        return str(self.form.get("via", ""))


def posted(visitor: Visitor, form: QueryDict) -> Posted:
    """An answer; it is for the account where somebody is signed in, unless it says otherwise.

    At a shared computer it always is: nothing may stay with the device.
    """
    own = form.get("scope") != DEVICE or visitor.shared
    for_account = visitor.account is not None and own
    facts = visitor.facts if for_account else visitor.device_facts
    return Posted(visitor, form, facts, for_account, str(uuid.uuid4()))


def often(request: HttpRequest) -> bool:
    """Whether so many answers came from there within a minute that this one has to wait.

    Each leaves rows that are kept for years, and a stranger needs no account to send one. Strangers
    are counted by network, a member by themselves: no neighbour keeps them from a no. A device that
    answered before is counted both ways, the network far more generously: devices cost nothing.
    """
    visitor = visitor_of(request)
    if visitor.account is not None:
        action, known = "answer_member", str(visitor.account)
    elif visitor.device is not None:
        action, known = "answer_device", str(visitor.device)
    else:
        action, known = "answer", None
    return not ratelimit.consume(request, action=action, key=known)


def put_off(request: HttpRequest) -> HttpResponse:
    """The page for who answers too often: that nothing was changed, and when to come back."""
    page: HttpResponse = ratelimit.respond_429(request)
    return page


def asked(said: Posted) -> tuple[Question, Given]:
    """The question that was answered, and what was said to it.

    Raises Unanswered for an answer that nobody offered, Changed where the words are no longer
    those that were answered: a page left open, another policy, another place.
    """
    reader = _READERS.get(said.via)
    if reader is None:
        raise Unanswered("via")
    question, given = reader(said)
    answered = question.as_answered(str(said.form.get("shown", "")))
    if answered is None:
        raise Changed(said.via)
    return answered, given


def _of_banner(said: Posted) -> tuple[Question, Given]:
    """The banner in the wording that was answered, which may be that of the hour before."""
    worded = [banner.first(said.visitor, each) for each in wordings.offered()]
    key = str(said.form.get("shown", ""))
    put = next((each for each in worded if each.question.as_answered(key)), worded[0])
    answer = said.form.get("answer", "")
    if answer not in {each.answer for each in put.buttons}:
        raise Unanswered(answer)
    return put.question, answering.to_all(said.facts, answer, told=False)


def _of_again(said: Posted) -> tuple[Question, Given]:
    """A signal closed what had been allowed: it stays so, or is allowed in a second step."""
    put, closed = banner.again(said.visitor), opting_out.overruled(said.facts)
    answer = said.form.get("answer", "")
    if put is None or answer not in ("yes", "no"):
        raise Unanswered(answer)
    ids = tuple(each.id for each in closed)
    given = Given({}, ids) if answer == "yes" else Given(dict.fromkeys(ids, "denied"))
    return put.question, given


def _of_change(said: Posted) -> tuple[Question, Given]:
    """The policy changed: all that is asked about it is answered at once."""
    put = banner.change(said.visitor)
    if put is None:
        raise Unanswered("change")
    matters = asking.asked(said.visitor)
    return put.question, asking.given(said.visitor, matters, said.form.get("answer", ""))


def _of_changed(said: Posted) -> tuple[Question, Given]:
    """One thing that changed, answered by itself on the page of changes."""
    about = said.form.get("about", "")
    matter = next((each for each in asking.asked(said.visitor) if each.name == about), None)
    if matter is None:
        raise Unanswered("changed")
    answer = said.form.get("answer", "")
    return asking.of_one(said.visitor, matter), asking.given(said.visitor, [matter], answer)


def _of_centre(said: Posted) -> tuple[Question, Given]:
    question = questions.of_centre(said.visitor, questions.groups(said.visitor))
    answer = said.form.get("answer", "")
    if answer == "save":
        return question, answering.to_each(said.facts, said.form)
    if answer not in ("accept", "reject"):
        raise Unanswered(answer)
    return question, answering.to_all(said.facts, answer)


def _of_why(said: Posted) -> tuple[Question, Given]:
    purpose, answer = said.form.get("purpose", ""), said.form.get("answer", "")
    if purpose not in {each.id for each in questions.topics(said.facts)}:
        raise Unanswered(purpose)
    asked = questions.ask(said.visitor, purpose)
    given = answering.to_one(said.facts, purpose, answer, also=asked.also_needed)
    return questions.of_why(said.visitor, asked, answer), given


def _of_affirm(said: Posted) -> tuple[Question, Given]:
    given = answering.to_confirm(said.facts, said.form.getlist("affirm"))
    asks = [questions.ask_again(said.visitor, id_) for id_ in given.answers]
    return questions.of_affirm(said.visitor, asks), given


def _of_difference(said: Posted) -> tuple[Question, Given]:
    """The account's answers hold here, the device's are given for the account, or neither.

    A yes of the device about which a change waits is older than the change, so it is no answer to
    it and is not carried over (P11e). One that takes two steps takes them here, too.
    """
    answer, remembered = said.form.get("answer", ""), said.visitor.remembered
    if remembered is None or not said.for_account or answer not in ("follow", "adopt", "apart"):
        raise Unanswered(answer)
    carried = _of_today(said.visitor.device_facts) if answer == "adopt" else {}
    given = answering.of_device(said.facts, carried)
    return questions.of_difference(said.visitor), given


def _of_today(facts: Facts) -> dict[str, str]:
    """The answers that are to the policy of now: all but a yes about which a change waits."""
    waits = {each.partition("/")[0] for each in facts.pending or ()}
    said = (facts.choices or {}).items()
    return {id_: word for id_, word in said if word == "denied" or id_ not in waits}


def _of_news(said: Posted) -> tuple[Question, Given]:
    return news.question(said.visitor), news.read(said.facts, said.form)


_READERS: dict[str, Reader] = {
    "banner": _of_banner,
    "again": _of_again,
    "change": _of_change,
    "changed": _of_changed,
    "centre": _of_centre,
    "why": _of_why,
    "affirm": _of_affirm,
    "difference": _of_difference,
    "news": _of_news,
}


def reads(via: str, reader: Reader) -> None:
    """Let `reader` read the answers of a form that a room above shows."""
    _READERS[via] = reader


def begin(account: int, visitor: Visitor, shown: str) -> None:
    """Let what was refused on this device be refused for the account that is being made on it.

    `shown` is the key of the sentence that the form said it by; one that said nothing, since the
    refusal came later in another window, carries nothing over. Nothing is allowed by it: a yes that
    was given here holds here until it is given for the account. Belongs into the transaction that
    makes the account.
    """
    said = questions.of_beginning(visitor)
    if said is not None and (question := said.as_answered(shown)):
        refused = visitor.refused_here
        question = as_shown(question, visitor, BEGUN, refused)
        services.answer_for_account(account, None, refused, question, via=BEGUN)


def known_on(account: int, visitor: Visitor) -> tuple[str, ...]:
    """Let an opt-out of this device hold for the account that is known on it from now on.

    Who opted out of sale or sharing did so as a person, wherever they are known: what leaves by the
    account, on no device at all, goes by it too (11 CCR 7025(c)(1), 7026). It is a no to what an
    opt-out signal closes, unless the account said yes to that later. Return what was closed. A
    signal that the device sent goes along: an app that speaks for an account need not say any more
    which device it is. Promises: P5.1.3b, P5.2.2.2b, P5.2.3.1a.
    """
    if signals := visitor.device_facts.signals:
        carried = visitor.remembered
        services.arrived(account, visitor.jurisdiction, signals, carried, stays=carried is not None)
    found = permissions.read(account)
    if visitor.device is None or not visitor.refused_here or found is None:
        return ()
    facts = found[0]
    topics = (*questions.topics(facts), *questions.topics(visitor.device_facts))
    closed = {each.id for each in topics if each.closed_by_signal}
    here, there = queries.latest(visitor.device), queries.latest(account)
    noes = {
        name: word
        for name, word in visitor.refused_here.items()
        if name.partition("/")[0] in closed
        and (facts.choices or {}).get(name) != word
        and not (name in there and (name not in here or there[name].at > here[name].at))
    }
    if noes:
        names = dict.fromkeys(name.partition("/")[0] for name in noes)
        told = (questions.say(f"purposes.{name}.name") for name in names)
        question = questions.put(visitor, [opted_out_before(), *told])
        first = permissions.answered_on(account) is None
        with transaction.atomic():
            services.answer_for_account(account, None, noes, question, via=BEFORE, renews=first)
    return tuple(noes)


def opted_out_before() -> str:
    """That an opt-out of this device holds for the account too."""
    return _("You opted out on this device. That holds for your account too now.")


def hear(request: HttpRequest, signal: str = GPC) -> Remembered | None:
    """Hear an opt-out signal that the request itself did not carry (P5.2.2.2c).

    Return what the browser is to carry.
    """
    request.COOKIES[cookie.SIGNAL] = signal
    visitor = Visitor(request)
    request.visitor = visitor  # type: ignore[attr-defined]
    visitor.listen()
    visitor.permits(RECOGNITION)  # looks at the account too, whose row is the truth
    return visitor.remembered


def opt_out(said: Posted, *, via: str, surface: str = "") -> Remembered | None:
    """Close what an opt-out signal closes, at once (P5.2.3.1a).

    `via` is `foot`, the button of every page, or `opt-out`. Return as `keep` does.
    """
    given = answering.to_all(said.facts, "optout")
    ask = opting_out.of_foot if via == "foot" else opting_out.of_opt_out
    return keep(said, given.answers, ask(said.visitor), via=via, surface=surface)


def keeps_nothing(said: Posted) -> bool:
    """Whether it is no answer to record: that account and device are to stay unlike."""
    return said.via == "difference" and said.form.get("answer") == "apart"


def keep(
    said: Posted, answers: Mapping[str, str], question: Question, *, via: str, surface: str = ""
) -> Remembered | None:
    """Record the answers, and count them; return what the browser is to carry, maybe what it does.

    `surface` is where they were given, if not where the form `via` stands: `api`, `tv`.

    An answer to what was in force no longer is not recorded: raises fence.Superseded.

    A notice read and not answered is the browser's affair, whoever is signed in.
    """
    visitor = said.visitor
    if keeps_nothing(said):
        if visitor.account is not None and visitor.device is not None:
            services.keep_apart(visitor.account, visitor.device)
        return visitor.remembered
    question = as_shown(question, visitor, via, answers, surface)
    with transaction.atomic():
        fence.refuse_superseded()
        tallying.count(visitor, question, answers, via=via)
        if answers or via != "banner" or visitor.shared:
            account = visitor.account if said.for_account else None
        else:
            account = None
        renews = via not in ABOUT_CHANGES
        if account is None:
            return services.answer_for_device(
                visitor.device,
                answers,
                question,
                facts=visitor.device_facts,
                via=via,
                account=visitor.account,
                sitting=visitor.sitting,
                receipt=said.receipt,
                on=None if renews else visitor.answered_on,
            )
        device = None if visitor.shared else visitor.device
        facts = services.answer_for_account(
            account,
            device,
            answers,
            question,
            via=via,
            sitting=visitor.sitting,
            receipt=said.receipt,
            renews=renews,
        )
        if not renews:
            telling.seen(account)
        if "affirmed" in answers.values() and not visitor.shared:
            return services.stands_by(
                account, visitor.remembered, facts, visitor.heard, sitting=visitor.sitting
            )
        return visitor.remembered
