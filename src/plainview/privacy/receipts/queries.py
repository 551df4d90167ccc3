"""What can be asked of the ledger: everything that somebody was asked and said, and one of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from plainview.privacy.consent import news
from plainview.privacy.consent.models import Answer, Shown
from plainview.privacy.consent.questions import called, say
from plainview.privacy.consent.recording import KIND, SURFACES
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log.models import Entry, Head
from plainview.privacy.policies import in_force
from plainview.privacy.receipts import documents

_DOOR = Door("plainview.privacy.receipts", "privacy-choices", source="use")
WHERE = {
    "banner": _("In the question at the foot of a page"),
    "centre": _("On the page of choices"),
    "page": _("At a switch of a page"),
    "mail": _("By a link in a mail"),
    "staff": _("By our staff, who wrote down what you told them"),
    "api": _("In an app"),
    "tv": _("On a television"),
}
UNDRAWN = {
    "mail": _(
        "No page of ours was seen: it was said in a mail program, by what the letter offers there."
    ),
    "staff": _(
        "Nothing was shown on a screen. This is what our staff wrote down of what they were told."
    ),
    "api": _("An app put these words before them, in a look of its own that we do not have."),
    "tv": _("A television put these words before them, in a look of its own that we do not have."),
    "page": _("These words were shown; the page around them is not kept."),
}
"""Why there is no page to look at, by where it was asked; of our own pages the last."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to one purpose, in words; `kind` is good for a yes."""

    id: str
    name: str
    word: str

    @property
    def kind(self) -> str:
        """How it looks beside others."""
        return "good" if self.word != "denied" else "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger: what was asked where, and what was said."""

    key: str
    at: dt.datetime
    via: str
    scope: str
    surface: str
    answers: tuple[Said, ...]
    signals: tuple[str, ...]
    language: str
    jurisdiction: str
    policy: str
    shown: str
    corrects: str
    receipt: bool
    drawn: bool
    """Whether the page that showed it is kept, not its words alone."""
    righted: str = ""
    """The entry that puts this one right."""

    @property
    def undrawn(self) -> str:
        """Why no page is kept, in words."""
        return str(UNDRAWN.get(self.surface, UNDRAWN["page"]))

    @property
    def where(self) -> str:
        """Where it was asked, in words."""
        return str(WHERE.get(self.surface, WHERE["page"]))

    @property
    def law(self) -> str:
        """By which law it was asked, in words."""
        return say(f"jurisdictions.{self.jurisdiction}")

    @property
    def yes(self) -> int:
        """How many answers were yes."""
        return sum(each.word != "denied" for each in self.answers)

    @property
    def no(self) -> int:
        """How many were no."""
        return len(self.answers) - self.yes


@dataclass(frozen=True, slots=True)
class About:
    """A purpose as it was told to who was asked: why, data, footing, recipients, time kept."""

    name: str
    why: str
    data: str
    basis: str
    who: str
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry with the document that proves it."""

    line: Line
    document: dict[str, Any]
    shown: Shown

    @property
    def page(self) -> str:
        """The HTML that was shown; empty if its words alone are kept."""
        return self.shown.page

    @property
    def file(self) -> bytes:
        """The document as it is handed over."""
        return documents.to_file(self.document)

    @property
    def file_text(self) -> str:
        """The same as text."""
        return self.file.decode()

    @property
    def service(self) -> str:
        """Who asked."""
        return str(self.document["dpv:hasNotice"]["dpv:hasDataController"]["dpv:hasName"])

    @property
    def place(self) -> int:
        """Which entry of the log it is, counted from one."""
        return int(self.document["pv:proof"]["index"]) + 1

    @property
    def size(self) -> int:
        """Of how many under the head that it leads to."""
        return int(self.document["pv:proof"]["head"].split("\n")[1])

    @property
    def asked(self) -> list[About]:
        """What each question was about, in the words of then."""
        notice = self.document["dpv:hasNotice"]
        return [_about(each) for each in notice["dpv:hasProcess"]]

    @property
    def text(self) -> list[str]:
        """The words that were shown, line by line."""
        lines: list[str] = self.document["dpv:hasNotice"]["pv:text"]
        return lines


def history(subject: int) -> list[Line]:
    """Every entry about a person, the latest first."""
    with Opened(_DOOR, lambda: subject):
        return lines(subject)


def lines(subject: int, *, until: dt.datetime | None = None) -> list[Line]:
    """The same within a door that may read them; of those given before `until`."""
    rows = _answers(subject)
    if until is not None:
        rows = rows.filter(given_at__lt=until)
    rows = rows.defer("shown__page", "shown__document", "shown__text")  # pages are long
    known = provable(subject)
    found = [_line(row, known) for row in rows.order_by("-given_at", "-pk")]
    right = {each.corrects: each.key for each in found if each.corrects}
    return [replace(each, righted=right.get(each.key, "")) for each in found]


def receipt(subject: int, key: str) -> Receipt | None:
    """The receipt of one entry about a person; None where there is none of theirs."""
    with Opened(_DOOR, lambda: subject):
        return written(subject, key)


def written(subject: int, key: str) -> Receipt | None:
    """The same within a door that may read it."""
    return next(every(subject, [key]), None)


def every(
    subject: int, keys: Iterable[str] | None = None, *, head: Head | None = None
) -> Iterator[Receipt]:
    """Those of `keys` about a person, or all, that the log proves under `head` or the latest one.

    One after the other, since each holds its page; within a door that may read them.
    """
    known = provable(subject)
    for key in known if keys is None else keys:
        row = _answers(subject).filter(key=key).first()
        if row is None or key not in known:
            continue
        document = documents.write(known[key], row.shown, head=head)
        right = _answers(subject).filter(corrects=key).values_list("key", flat=True).first()
        line = replace(_line(row, known), righted=right or "")
        yield Receipt(line, document, row.shown)


def shown(subject: int, key: str) -> Shown | None:
    """What was shown for one entry about a person."""
    with Opened(_DOOR, lambda: subject):
        return shown_for(subject, key)


def shown_for(subject: int, key: str) -> Shown | None:
    """The same within a door that may read it."""
    row = _answers(subject).filter(key=key).first()
    return row.shown if row is not None else None


def whose(key: str) -> int | None:
    """Whom an entry is about, within a door that may see everyone."""
    return Answer.objects.filter(key=key).values_list("subject", flat=True).first()


def _answers(subject: int) -> QuerySet[Answer]:
    return Answer.objects.filter(subject=subject).select_related("shown")


def held(key: str) -> dict[str, Any] | None:
    """The record of an entry as we hold it, within a door that may see everyone."""
    subject = whose(key)
    found = provable(subject).get(key) if subject is not None else None
    return documents.body_of(found) if found is not None else None


def known(subject: int) -> bool:
    """Whether anything stands in the ledger about somebody of this number."""
    return Answer.objects.filter(subject=subject).exists()


def provable(subject: int) -> dict[str, Entry]:
    """What opens the log's leaves about a person, by the number of the receipt."""
    rows = Entry.objects.filter(subject=subject, kind=KIND)
    return {documents.body_of(row)["dct:identifier"]: row for row in rows}


def _line(row: Answer, provable: Mapping[str, Entry]) -> Line:
    key = row.key or ""
    logged = documents.body_of(provable[key]) if key in provable else {}
    return Line(
        key=key,
        at=row.given_at,
        via=row.via,
        scope=row.scope,
        surface=row.surface or logged.get("pv:surface") or SURFACES.get(row.via, "page"),
        answers=tuple(in_words(json.loads(row.answers))),
        signals=tuple(row.signals.split()),
        language=row.shown.language,
        jurisdiction=row.shown.jurisdiction,
        policy=row.shown.policy,
        shown=row.shown_id,
        corrects=row.corrects,
        receipt=key in provable,
        drawn=row.shown.style_id is not None,
    )


def _about(process: dict[str, Any]) -> About:
    def joined(key: str, inner: str) -> str:
        return "; ".join(each[inner] for each in process[key] if inner in each)

    article = process.get("pv:article", "")
    return About(
        name=process["dct:title"],
        why=process["dct:description"],
        data=joined("dpv:hasPersonalData", "dct:title"),
        basis=process.get("pv:basis", "") + (f" ({article})" if article else ""),
        who="; ".join(
            f"{each['dpv:hasName']} ({', '.join(each['dpv:hasLocation'])})"
            for each in process["dpv:hasRecipient"]
        ),
        kept=tuple(
            each["dct:title"] for each in process["dpv:hasStorageCondition"] if "dct:title" in each
        ),
    )


def line_of(body: Mapping[str, Any], shown: Shown) -> Line:
    """An entry as its record says it, where whose it is is not looked at."""
    states = body["dpv:hasConsentStatus"]
    answers = {id_: state["pv:answer"] for state in states for id_ in state["dpv:hasPurpose"]}
    return Line(
        key=body["dct:identifier"],
        at=dt.datetime.fromisoformat(states[0]["dpv:isIndicatedAtTime"]),
        via=body["pv:form"],
        scope=body["pv:scope"],
        surface=body["pv:surface"],
        answers=tuple(in_words(answers)),
        signals=tuple(body["pv:signals"]),
        language=shown.language,
        jurisdiction=shown.jurisdiction,
        policy=shown.policy,
        shown=shown.pk,
        corrects=body.get("pv:corrects", ""),
        receipt=True,
        drawn=shown.style_id is not None,
    )


def in_words(answers: Mapping[str, str]) -> list[Said]:
    """Answers by the names that what they are about has now; of what is gone, its own.

    They stand in the order of the page of choices, as whoever answered read them.
    """
    policy = in_force()
    kinds = {kind: place for place, kind in enumerate(policy.kinds)}

    def place(id_: str) -> tuple[int, int, str]:
        purpose = policy.purposes.get(id_.partition("/")[0])
        return (kinds[purpose.kind], purpose.bit, id_) if purpose else (len(kinds), 0, id_)

    return [Said(id_, _named(id_), answers[id_]) for id_ in sorted(answers, key=place)]


def _named(id_: str) -> str:
    """A purpose, one recipient of it, or a topic of news, in words."""
    policy = in_force()
    purpose, _slash, finer = id_.partition("/")
    if purpose == news.PREFIX.strip("/") and finer in policy.messages.topic:
        return say(f"messages.topic.{finer}")
    if purpose not in policy.purposes or (finer and finer not in policy.recipients):
        return id_
    name = say(f"purposes.{purpose}.name")
    return f"{name}: {called(finer)}" if finer else name
