"""The ledger: what was shown and what was answered, stored apart and bound together (P1.1.5g).

Everything that is to be proved of an answer stands in its record, which the log commits to in the
transaction of the choice (P2.11e). The form of records: docs/receipts.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from plainview.platform.identifiers import keyed
from plainview.privacy import log
from plainview.privacy.consent import layouts, notices
from plainview.privacy.consent.layouts import UNKNOWN, Question
from plainview.privacy.consent.models import Answer, Shown, Style
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log.canonical import canonical

_DOOR = Door("plainview.privacy.consent.recording", "privacy-choices", source="form")
KIND = "consent"
"""The ledger's name in the log."""
ACCOUNT, DEVICE = "account", "device"
BY_HAND = ("phone", "letter", "email", "person")
"""How that came which the staff wrote down."""
RESTORED = "restored"
"""Said before, and written down again since a restored copy of the database had lost it."""
SURFACES = {
    "banner": "banner",
    "again": "banner",
    "change": "banner",
    "centre": "centre",
    "affirm": "centre",
    "difference": "centre",
    "mail": "mail",
    **dict.fromkeys((*BY_HAND, RESTORED), "staff"),
}
"""Where a form is; what is not here stands on a page."""
_STATES = {
    "granted": "dpv:ConsentGiven",
    "affirmed": "dpv:ConsentGiven",
    "denied": "dpv:ConsentRefused",
}


def record(
    subject: int,
    answers: Mapping[str, str],
    question: Question,
    *,
    via: str,
    scope: str,
    signals: Iterable[str],
    corrects: str = "",
    said_at: dt.datetime | None = None,
    receipt: str = "",
) -> str:
    """Add an answer to the ledger and the log; return the number of its receipt, a UUID.

    That is `receipt`, where whoever asks for it has drawn one already. Belongs into the transaction
    of the choice. `scope` says whether it is an account's or a device's, `signals` which signals
    had been heard, `corrects` which entry it puts right. What was said before it is recorded counts
    from `said_at`; the record has both.
    """
    key, heard = receipt or str(uuid.uuid4()), sorted(signals)
    surface = question.surface or SURFACES.get(via, "page")
    with Opened(_DOOR, lambda: subject):
        at = _now(subject)
        shown = _shown(question, answers)
        Answer.objects.create(
            key=key,
            subject=subject,
            shown=shown,
            answers=json.dumps(dict(sorted(answers.items()))),
            given_at=said_at or at,
            via=via,
            scope=scope,
            surface=surface,
            signals=" ".join(heard),
            corrects=corrects,
        )
    body = _body(key, subject, shown.digest, list(statuses(answers, at, via)))
    body |= {
        "pv:scope": scope,
        "pv:form": via,
        "pv:surface": surface,
    }
    body |= {"pv:said": f"{said_at:%Y-%m-%d}"} if said_at else {}
    body |= {"pv:signals": heard} | ({"pv:corrects": corrects} if corrects else {})
    log.append(KIND, body, subject=subject)
    return key


def _now(subject: int) -> dt.datetime:
    """This moment, which is later than all that somebody answered, also by a clock put back."""
    now, step = timezone.now(), dt.timedelta.resolution
    given = Answer.objects.filter(subject=subject).order_by("-given_at")
    last = next(iter(given.values_list("given_at", flat=True)[:1]), None)
    return now if last is None else max(now, last + step)


def _body(key: str, subject: int, notice: str, states: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@id": f"urn:uuid:{key}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#record",
        "dct:identifier": key,
        "pv:version": 1,
        "dpv:hasDataSubject": principal(salts(key)[0], subject),
        "dpv:hasNotice": f"urn:sha256:{notice}",
        "dpv:hasConsentStatus": states,
    }


def statuses(answers: Mapping[str, str], at: dt.datetime, via: str) -> Iterator[dict[str, Any]]:
    """One state for each word that was said; a notice that was read only was asked, and no more."""
    by_us = via in (*BY_HAND, RESTORED)
    indicated = {
        "dpv:isIndicatedAtTime": f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "dpv:isIndicatedBy": "dpv:DataController" if by_us else "dpv:DataSubject",
    }
    for word, state in _STATES.items():
        purposes = sorted(id_ for id_, said in answers.items() if said == word)
        if purposes:
            yield {
                "@type": state,
                "pv:answer": word,
                "dpv:hasPurpose": purposes,
                **indicated,
            }
    if not answers:
        yield {
            "@type": "dpv:ConsentRequested",
            "pv:answer": "read",
            "dpv:hasPurpose": [],
            **indicated,
        }


def salts(key: str) -> list[bytes]:
    """The salts under which a record may name its person, the one of now first (32 bytes each).

    They are not the salt of the log: a record can be shown without saying whose it is.
    """
    return [bytes.fromhex(each) for each in keyed("plainview.privacy.principal", key)]


def principal(salt: bytes, subject: int) -> str:
    """How a record names its person: by a salted hash of their number."""
    return f"urn:sha256:{hashlib.sha256(salt + str(subject).encode()).hexdigest()}"


def _shown(question: Question, answers: Mapping[str, str]) -> Shown:
    """The row of a question; the first who answers it leaves it there.

    The same words in an app are another row: it is not our page that was looked at there.
    """
    place = f".{question.surface}" if question.surface else ""
    key = hashlib.sha256(f"{question.key}{place}".encode()).hexdigest()
    known = next(iter(Shown.objects.filter(pk=key).only("digest")), None)  # pages are long
    if known is not None:
        return known
    if question.layout not in ("", UNKNOWN):  # it is not ours any more, and nobody had answered it
        return _shown(replace(question, layout=UNKNOWN), answers)
    page = question.draw() if question.draw is not None else ""
    style = _style() if page else None
    asked = question if question.purposes else replace(question, purposes=layouts.about(answers))
    document = canonical(notices.compose(asked, digest(page), style.pk if style else "")).decode()
    shown, _ = Shown.objects.get_or_create(
        pk=key,
        defaults={
            "language": question.language,
            "jurisdiction": question.jurisdiction,
            "policy": json.loads(document)["pv:policy"]["fingerprint"],
            "text": question.text,
            "page": page,
            "style": style,
            "document": document,
            "digest": hashlib.sha256(document.encode()).hexdigest(),
        },
    )
    return shown


def _style() -> Style:
    text = layouts.style_sheet()
    found, _ = Style.objects.get_or_create(pk=digest(text), defaults={"text": text})
    return found


def digest(text: str) -> str:
    """SHA-256 in hex; nothing for nothing."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
