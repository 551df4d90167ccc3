"""What can be asked of the ledger: by a person about themselves, by the officer about all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plainview.platform.languages import dates
from plainview.privacy.consent.questions import called, say
from plainview.privacy.declarations import told
from plainview.privacy.disclosures.models import Disclosure, Recall
from plainview.privacy.disclosures.recalls import OPEN, can_go, known
from plainview.privacy.disclosures.receiving import as_then, declared
from plainview.privacy.gate.duties import duty
from plainview.privacy.policies import in_force
from plainview.privacy.rights.person import laws

State = Disclosure.State
COUNTING_PROCESSORS = frozenset({"gdpr", "uk-gdpr"})
"""Where the law counts whoever works on instruction among recipients (GDPR Art. 4(9))."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What left for one purpose: kinds of data, on which basis, how often, from when to when."""

    purpose: str
    categories: str
    basis: str
    count: int
    first: dt.datetime
    last: dt.datetime
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Called:
    """What the recipient was asked to do, and how far it is, in words."""

    act: str
    state: str
    kind: str
    at: dt.datetime


@dataclass(slots=True)
class Received:
    """One recipient by name: who it is, where, protected how, what it got, what was called back."""

    id: str
    name: str
    does: str
    country: str
    safeguard: str
    notice_url: str
    processor: bool = False
    lines: list[Line] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)

    def speaks_of(self, words: Sequence[str]) -> bool:
        """Whether all of `words` stand somewhere in what is said of it."""
        said = [self.name, self.does, self.country, self.safeguard]
        said += [text for each in self.lines for text in (each.purpose, each.categories)]
        text = " ".join(said).casefold()
        return all(word in text for word in words)


def received(subject: int, search: str = "") -> list[Received]:
    """Who got what about a person, the latest first (P5.2.1.1b, GDPR Art. 15(1)(c)).

    Third parties by name for everybody; whoever works on instruction where the law counts them.
    """
    with duty("export"):
        theirs = Disclosure.objects.filter(told(), subject=subject)
        rows = list(theirs.order_by("-queued_at"))
        called = list(Recall.objects.filter(subject=subject).order_by("-asked_at"))
        counts_all = any(law.regime in COUNTING_PROCESSORS for law in laws(subject))
    found: dict[str, Received] = {}
    for id_, host in dict.fromkeys((row.recipient, row.named) for row in rows):
        mine = [row for row in rows if (row.recipient, row.named) == (id_, host)]
        found[f"{id_} {host}"] = each = _recipient(
            next((row for row in mine if row.safeguard), mine[0])
        )
        each.lines = list(_lines(mine))
        each.processor = _for_us(mine)
        each.called = [called_words(call) for call in called if call.recipient == id_]
    words = search.casefold().split()
    return [
        each
        for each in found.values()
        if (counts_all or not each.processor) and each.speaks_of(words)
    ]


def _for_us(rows: Iterable[Disclosure]) -> bool:
    """Whether somebody got all of it to work for us: by the role of then, which may have changed.

    What was named by the person is nobody's who works for us.
    """
    each = {(row.policy, row.named): row for row in rows}.values()
    found = [as_then(row) for row in each if not row.named or row.state == State.CASE]
    return bool(found) and all(who is not None and who.role == "processor" for who in found)


def _recipient(row: Disclosure) -> Received:
    policy = in_force()
    now, then = policy.recipients.get(row.recipient), declared(row.recipient, [row])
    if row.named and row.state != State.CASE:
        return Received(
            id=row.recipient,
            name=recipient_name(row),
            does=_("got what you had sent there yourself; ask it what it does with it"),
            country=_("A country that we don’t know"),
            safeguard="",
            notice_url="",
        )
    return Received(
        id=row.recipient,
        name=recipient_name(row),
        does=say(f"recipients.{row.recipient}") if now else "",
        country=str(capfirst(country(row.country))),
        safeguard=say(f"safeguards.{row.safeguard}") if row.safeguard else "",
        notice_url=then.notice_url if then else "",
    )


def recipient_name(row: Disclosure) -> str:
    """Who got it, by name; a service that the person named by its host."""
    if row.named and row.state == State.CASE:
        return row.named
    if row.named:
        return _("The service you named (%(host)s)") % {"host": row.named}
    then = declared(row.recipient, [row]) if row.recipient not in in_force().recipients else None
    return then.name if then is not None else called(row.recipient)


def country(code: str) -> str:
    """A country in words; its code where the policy, which has those of now, lacks it."""
    sentences = in_force().words[in_force().head.languages[0]].sentences
    key = f"countries.{code}"
    return say(key) if key in sentences else code


def _lines(rows: Iterable[Disclosure]) -> Iterator[Line]:
    groups: dict[tuple[str, str, str, str], list[Disclosure]] = {}
    for row in rows:
        groups.setdefault((row.purpose, row.categories, row.basis, state_of(row)), []).append(row)
    for (purpose, categories, basis, state), mine in groups.items():
        times = sorted(row.sent_at or row.tried_at or row.queued_at for row in mine)
        words, kind = states()[state]
        yield Line(
            purpose=purpose_words(purpose),
            categories=categories_words(categories),
            basis=say(f"bases.{basis}") if basis else "",
            count=len(mine),
            first=times[0],
            last=times[-1],
            state=words,
            kind=kind,
        )


def state_of(row: Disclosure) -> str:
    """What became of a disclosure; of one that failed, whether it came back or may have arrived."""
    if row.state == State.FAILED:
        if row.trouble == "returned":
            return "returned"
        return "unsure" if row.tried_at else "failed"
    return row.state


def states() -> dict[str, tuple[str, str]]:
    """What a state is called, and of which colour its tag is."""
    tags = {State.QUEUED: "busy", State.SENDING: "busy", State.SENT: "", State.BROWSER: ""}
    return {each: (str(each.label), tags.get(each, "good")) for each in State} | {
        "unsure": (_("May have arrived"), "busy"),
        "returned": (_("Came back"), "busy"),
    }


def purpose_words(purpose: str) -> str:
    """What a purpose is called; one that the policy has no more, by its id."""
    return say(f"purposes.{purpose}.name") if purpose in in_force().purposes else purpose


def categories_words(categories: str) -> str:
    """Kinds of data in words, parted by semicolons."""
    known_ = in_force().categories
    return "; ".join(say(f"categories.{e}") if e in known_ else e for e in categories.split())


def called_words(row: Recall) -> Called:
    """A recall in words: what was asked of the recipient, and what became of that."""
    words, kind = called_states(row)
    return Called(str(Recall.Act(row.act).label), words, kind, row.asked_at)


def called_states(row: Recall) -> tuple[str, str]:
    """How far a recall is, in words and as a colour."""
    if row.state == Recall.State.LAPSES:
        day = dates.written(row.due_at, "DATE_FORMAT")
        return _("Erased there by %(day)s at the latest") % {"day": day}, "good"
    state = Recall.State(row.state)
    return str(state.label), "good" if state == Recall.State.CONFIRMED else "busy"


@dataclass(frozen=True, slots=True)
class Asked:
    """A recipient in the report of an erasure."""

    name: str
    state: str
    kind: str


def asked_by(erasure: int) -> list[Asked]:
    """Which recipients were asked to erase, and which have confirmed (GDPR Art. 19)."""
    with duty("export"):
        rows = list(Recall.objects.filter(erasure=erasure).order_by("recipient"))
    return [Asked(called(row.recipient), *called_states(row)) for row in rows]


# --- for the officer: rows without persons ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dead:
    """A dead letter: nothing in it says whom it is about."""

    key: str
    recipient: str
    purpose: str
    trouble: str
    since: dt.datetime
    tried: bool
    can_go: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A recall that nobody has confirmed; `by` is how the recipient knows the person.

    `trouble` says why the last try did not arrive; empty where it did, or there was none. `can_go`
    is whether a connection can tell them now.
    """

    key: str
    recipient: str
    act: str
    since: dt.datetime
    due: dt.datetime
    state: str
    late: bool
    reminded: int
    by: tuple[str, ...]
    trouble: str
    can_go: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """How much went to one recipient for one purpose, by state."""

    recipient: str
    purpose: str
    state: str
    count: int
    oldest: dt.datetime


class First(NamedTuple):
    """The first `MOST` of what is to be done, and how many come after them."""

    rows: Sequence[Dead | Open]
    more: int


def dead() -> First:
    """The dead letters, the latest first. Needs a door of record-keeping for everyone."""
    rows = _dead()
    found = [
        Dead(
            row.key,
            called(row.recipient),
            purpose_words(row.purpose),
            trouble_words(row.trouble),
            row.tried_at or row.queued_at,
            row.tried_at is not None,
            bool(row.sealed or not _carries(row.recipient)),
        )
        for row in rows.order_by("-queued_at")[:MOST]
    ]
    return First(found, rows.count() - MOST if len(found) == MOST else 0)


def unconfirmed() -> First:
    """The recalls that are open, those that are late first. Needs the same door."""
    rows = Recall.objects.filter(state__in=OPEN).order_by("-escalated", "due_at")
    found = []
    for row in rows[:MOST]:
        by_hand = row.state == Recall.State.BY_HAND
        by = known(row) if by_hand else None
        found.append(
            Open(
                row.key,
                called(row.recipient),
                called_words(row).act,
                row.asked_at,
                row.due_at,
                called_states(row)[0],
                row.escalated,
                row.reminded,
                (*by.addresses, *by.references) if by else (),
                trouble_words(row.trouble) if row.trouble else "",
                can_go(row),
            )
        )
    return First(found, rows.count() - MOST if len(found) == MOST else 0)


def stuck() -> int:
    """How many dead letters there are, and recalls that did not arrive or that nobody confirmed in
    time. Needs the same door."""
    recalls = Recall.objects.filter(state__in=OPEN)
    failed = ~Q(trouble="") | Q(escalated=True) | Q(state=Recall.State.BY_HAND)
    return _dead().count() + recalls.filter(failed).count()


def _dead() -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(state=State.FAILED).exclude(trouble="returned")


def flows() -> list[Flow]:
    """What went where, counted. Needs the same door."""
    rows = (
        Disclosure.objects.values_list("recipient", "purpose", "state")
        .annotate(number=Count("pk"), oldest=Min("queued_at"))
        .order_by("recipient", "purpose", "state")
    )
    words = states() | {State.FAILED: (_("Dead letters"), "bad")}
    return [
        Flow(called(recipient), purpose_words(purpose), words[state][0], number, oldest)
        for recipient, purpose, state, number, oldest in rows
    ]


def _carries(recipient: str) -> bool:
    found = in_force().recipients.get(recipient)
    return found is not None and bool(found.carries)


def trouble_words(code: str) -> str:
    """What went wrong, in words."""
    words = {
        "too-much": _("The payload held more than the policy lets them have. Nothing was sent."),
        "unreadable": _("None of the encryption keys opens the letter."),
        "denied": _("No longer permitted after it was tried."),
        "not-connected": _("Nothing says how they are reached."),
        "forbidden": _("The address leads into a network that is not for the outside."),
        "redirect": _("They point elsewhere. No redirect is followed."),
        "unreachable": _("Nobody answers at their address."),
        "refused": _("They refused it."),
        "garbled": _("Their answer can’t be read."),
        "slow": _("They took too long."),
        "long": _("Their answer does not end."),
        "tls": _("No encrypted connection to them."),
        "receivers": _("The address was refused."),
        "credentials": _("They do not accept our name and password."),
        "unresolved": _("Their name leads nowhere."),
    }
    return words.get(code, _("They did not take it (%(code)s).") % {"code": code or "?"})
