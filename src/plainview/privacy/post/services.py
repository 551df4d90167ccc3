"""Taking letters in, and what a person does with those that no program should decide (P12a).

A letter is taken once, however often it is delivered. Whatever happens, it is kept: what can't be
read or decided waits for a person, with the bytes as they came.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.platform.identifiers import keyed, new_id
from plainview.platform.jobs import queue
from plainview.platform.languages import speaking
from plainview.platform.media.errors import MediaError
from plainview.privacy.disclosures import feedback, post
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.post import letters, quoting, sorting
from plainview.privacy.post.confined import read_confined
from plainview.privacy.post.judging import Verdict
from plainview.privacy.post.models import Letter, quarantine
from plainview.privacy.post.sorting import Place
from plainview.privacy.requests import acting
from plainview.privacy.requests import services as requests
from plainview.privacy.requests.machine import Impossible
from plainview.privacy.requests.models import Channel, Proof, Request

DOOR = Door(
    "plainview.privacy.post",
    "rights",
    source="mail",
    everyone="whom a letter is about is found out by reading it",
)
State, Why = Letter.State, Letter.Why
HEADERS = 65_536
ORPHANED = timedelta(hours=6)
TEMPLATE = "privacy/mail/letter_in"
_log = logging.getLogger(__name__)


class Handled(Exception):
    """Somebody has dealt with this letter meanwhile."""


def take(raw: bytes, *, whole: bool = True) -> bool:
    """Take a letter in; False if it was taken before.

    It stands in the database, and its bytes in quarantine, when this returns. Raises queue.NotNow
    where the code was replaced below this process, so that nothing can be read of it.
    """
    try:
        letter = read_confined(raw)
    except MediaError:
        raise queue.NotNow(queue.REPLACED) from None
    if not whole:
        letter = msgspec.structs.replace(letter, flaws=(*letter.flaws, "long"))
    digests = digests_of(letter, raw)
    with Opened(DOOR):
        if Letter.objects.filter(digest__in=digests).exists():
            return False
        row = _row(letter, digests[0])
        row.file.save(f"{row.key}.eml", ContentFile(raw), save=False)
        try:
            with transaction.atomic(), post.answering(letter.message_id):
                _settle(row, letter, raw)
        except IntegrityError:
            if Letter.objects.filter(digest__in=digests).exists():
                row.file.delete(save=False)  # another worker was quicker
                return False
            _keep_for_a_person(row)
        except Exception as error:
            _log.error("a letter could not be taken in: %s", type(error).__name__)
            _keep_for_a_person(row)
    return True


def digests_of(letter: letters.Letter, raw: bytes) -> list[str]:
    """Knows a letter again by its Message-ID and what it says, not by the way that it came.

    One for each of our secret keys, that of now first.

    The Message-ID alone would let anybody keep a letter of somebody else's away, by sending another
    under its id first.
    """
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    date = re.search(rb"(?im)^date:[^\n]*", head[:HEADERS])
    said = (letter.message_id, " ".join(letter.senders), letter.subject, str(date and date[0]))
    if "no-headers" in letter.flaws or "costly" in letter.flaws:
        body = raw
    body_digest = hashlib.sha256(body).hexdigest()
    return keyed("plainview.privacy.post.letter", "\0".join((*said, body_digest)))


def _row(letter: letters.Letter, digest: str) -> Letter:
    return Letter(
        subject=new_id(),
        digest=digest,
        state=State.WAITING,
        proved=Verdict.UNPROVED,
        arrived_at=timezone.now(),
        sender=letter.sender[:254],
        name=letter.name,
        title=letter.subject,
        text=letter.text,
        message_id=letter.message_id,
        attachments=msgspec.json.encode(letter.attachments).decode(),
    )


def _keep_for_a_person(row: Letter) -> None:
    row.state, row.why, row.request, row.closed_at = State.WAITING, Why.FAILED, None, None
    with transaction.atomic():
        row.save(force_insert=True)


def _settle(row: Letter, letter: letters.Letter, raw: bytes) -> None:
    """Do what `sorting.place` says, and keep the letter."""
    place = sorting.place(letter)
    row.proved, row.language = place.verdict, place.language
    row.request, row.why = place.request, place.why
    if place.account is not None:
        row.subject = place.account
    if place.act == "file":
        row.request = _file(place, letter)
    elif place.act == "hear" and place.request is not None:
        row.request, row.why = _hear(place, place.request, letter)
    elif place.act == "appeal" and place.request is not None:
        row.request, row.why = _appeal(place.request, letter)
    elif place.why == Why.APPEAL and place.request is not None:
        requests.show_appeal(place.request.pk)
    if place.act == "automatic":
        row.state, row.closed_at = State.AUTOMATIC, row.arrived_at
        _report(raw[: letters.LONGEST])
    elif not row.why:
        row.state = State.REQUEST
    elif place.verdict is Verdict.PROVED and row.why == Why.UNCLEAR:
        _acknowledge(row)
    row.save(force_insert=True)


def _file(place: Place, letter: letters.Letter) -> Request:
    """A new request. Who is proved has shown it by their address; others have to, by a link."""
    return requests.file(
        requests.Asked(
            kind=place.kind,
            channel=Channel.MAIL,
            language=place.language or sorting.LANGUAGE,
            words=_words(letter),
            account=place.account,
            contact=letter.sender,
            proof=Proof.MAIL if place.verdict is Verdict.PROVED else "",
        )
    )


def _hear(place: Place, request: Request, letter: letters.Letter) -> tuple[Request, str]:
    """Add what somebody wrote to their request; where it is read, and why by a person, or ""."""
    if not acting.awaited_from(request, letter.sender):
        return requests.hear(request.pk, _words(letter)), ""
    if not (place.answers or place.verdict is Verdict.PROVED):
        return request, Why.MANDATE
    shown = _shown(request, _words(letter), letter.attachments)
    return request, "" if shown else Why.MANDATE


def _shown(
    request: Request, words: str, attached: Sequence[letters.Part], staff: int | None = None
) -> bool:
    """Keep a letter of whoever acts for somebody as what shows that they may (P5.2d).

    What hangs on it is named and stays closed: an officer opens the letter as it came. False where
    so much was sent already that no more is taken.
    """
    named = "\n".join(f"[{each.name or each.kind}]" for each in attached)
    by = requests.By.PERSON if staff is None else requests.By.OFFICER
    try:
        acting.show(request.pk, f"{words}\n\n{named}".strip(), by=by, staff=staff)
    except (acting.Unfit, Impossible):
        return False
    return True


def _appeal(request: Request, letter: letters.Letter) -> tuple[Request, str]:
    """Appeal against what was decided; where that can't be, its words go to the request.

    As `_hear`.
    """
    try:
        with transaction.atomic():
            return requests.appeal(request.pk, _words(letter)), ""
    except (Impossible, requests.TooLate):
        return requests.hear(request.pk, _words(letter)), Why.APPEAL


def _words(letter: letters.Letter) -> str:
    return f"{letter.subject}\n\n{quoting.own_words(letter.text)}".strip()


def _report(raw: bytes) -> None:
    """A letter of ours that came back: as if the mail server had told it to `/mail/returned/`."""
    try:
        feedback.take(feedback.read(raw))
    except feedback.NoReport:
        return


def _acknowledge(row: Letter) -> None:
    """Say that a letter has come and a person reads it; once a day to one address (RFC 3834).

    What others wrote under that address, or what nothing proves, keeps nobody from being told.
    """
    lately = Letter.objects.filter(
        sender=row.sender,
        proved=Verdict.PROVED,
        arrived_at__gt=row.arrived_at - timedelta(days=1),
    )
    if lately.exists():
        return
    with speaking(row.language or sorting.LANGUAGE):
        text = render_to_string(f"{TEMPLATE}_message.txt").strip()
        EmailMessage(_("Your letter has come"), text, None, [row.sender]).send()


def make_request(key: str, *, kind: str, language: str, staff: int) -> Request:
    """A person reads in a letter that it asks for a right: it is one, from the day it came.

    Raises Letter.DoesNotExist, Handled, requests.NoSuchKind.
    """
    with Opened(DOOR), transaction.atomic():
        row = _waiting(key)
        asked = requests.Asked(
            kind=kind,
            channel=Channel.MAIL,
            language=language,
            words=f"{row.title}\n\n{row.text}".strip(),
            account=post.whose(row.sender, confirmed=True)
            if row.proved == Verdict.PROVED
            else None,
            contact=row.sender if row.proved != Verdict.FORGED else "",
            at=row.arrived_at,
            staff=staff,
            proof=Proof.MAIL if row.proved == Verdict.PROVED else "",
        )
        with post.answering(row.message_id):
            request = requests.file(asked)
        _into(row, request)
    return request


def add_to(key: str, number: str, *, staff: int) -> Request:
    """A person reads in a letter that it belongs to a request; return the one in which it is read.

    Raises Letter.DoesNotExist, Handled, Request.DoesNotExist.
    """
    with Opened(DOOR), transaction.atomic():
        row = _waiting(key)
        request = Request.objects.get(number=number)
        words = f"{row.title}\n\n{row.text}".strip()
        shows = acting.awaited_from(request, row.sender)
        if not (shows and _shown(request, words, row.parts, staff)):
            sender = "" if row.proved == Verdict.FORGED else row.sender
            by = requests.By.OFFICER
            request = requests.hear(request.pk, words, by=by, staff=staff, contact=sender)
        _into(row, request)
    return request


def put_aside(key: str) -> None:
    """A person reads in a letter that it asks for nothing. Raises Letter.DoesNotExist, Handled."""
    with Opened(DOOR), transaction.atomic():
        row = _waiting(key)
        row.state, row.why, row.closed_at = State.ASIDE, "", timezone.now()
        row.save(update_fields=["state", "why", "closed_at"])


def _waiting(key: str) -> Letter:
    row = Letter.objects.select_for_update().get(key=key)
    if row.state != State.WAITING:
        raise Handled
    return row


def _into(row: Letter, request: Request) -> None:
    row.state, row.why, row.request = State.REQUEST, "", request
    row.save(update_fields=["state", "why", "request"])


def follow() -> None:
    """Letters belong to whom their request belongs to, once it was proved whose that is."""
    with Opened(DOOR):
        whose = Request.objects.filter(pk=OuterRef("request_id")).values("subject")[:1]
        others = Letter.objects.filter(request__member=True).exclude(subject=F("request__subject"))
        Letter.objects.filter(pk__in=list(others.values_list("pk", flat=True)[:1000])).update(
            subject=Subquery(whose)
        )


def tidy(now: datetime) -> None:
    """Let letters end with their requests, and files go that no row names."""
    done = Letter.objects.filter(
        state=State.REQUEST, closed_at=None, request__closed_at__isnull=False
    )
    for row in done.select_related("request")[:1000]:
        request: Any = row.request
        Letter.objects.filter(pk=row.pk).update(closed_at=request.closed_at)
    store = quarantine()
    folder = Path(store.location)
    for path in folder.rglob("*.eml") if folder.exists() else ():
        age = now.timestamp() - path.stat().st_mtime
        name = path.relative_to(folder).as_posix()
        if age > ORPHANED.total_seconds() and not Letter.objects.filter(file=name).exists():
            path.unlink(missing_ok=True)
