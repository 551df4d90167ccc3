"""What comes back: letters that could not be delivered, complaints, a one-click unsubscribe."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from plainview.privacy import permissions
from plainview.privacy.consent import layouts, questions
from plainview.privacy.consent import services as consent
from plainview.privacy.consent.layouts import Question
from plainview.privacy.disclosures import letters, post
from plainview.privacy.disclosures.models import Disclosure, Suppression
from plainview.privacy.disclosures.services import RECORDING
from plainview.privacy.gate.scope import Opened
from plainview.privacy.models import Standing

DENIED = {post.MARKETING: "denied"}
PAGE, PROGRAM, JUNK = "page", "program", "junk"
_WORDS = {
    PROGRAM: _("Stop news by email, as a mail program offers it beside the letter"),
    JUNK: _("The letter was called junk in a mail program, which stops news by email"),
}


_BROKEN = (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError)
"""What the parsers of Python's library raise at headers that no honest program writes."""


LONGEST, LINE = 32_768, 998
"""So many bytes of a report are read, and of a line (RFC 5322): long headers cost their square."""
MOST = 262_144
"""So many bytes of it are looked through for what programs read, which may stand behind much."""
_FOR_PROGRAMS = re.compile(
    rb"(?im)^content-type:[ \t]*message/(?:(?:global-)?delivery-status|feedback-report)\b"
)
_GLOBAL = re.compile(rb"(?im)^(content-type:[ \t]*message/)global-(?=delivery-status\b)")
"""Of a letter whose addresses have other letters than English (RFC 6533)."""


class Report(NamedTuple):
    """What a report says: about which letter, to which address, that it came back or was junk."""

    key: str
    address: str
    complaint: bool


class NoReport(ValueError):
    """The message is no report of a failure for good, nor of a complaint."""


def read(raw: bytes) -> Report:
    """Read a delivery status (RFC 3464) or feedback report (RFC 5965). Raises NoReport.

    Which letter it speaks of stands in the address it came back to (VERP), or in that letter's
    Message-ID, if the report has it; nobody can guess either. Some servers and scanners wrap it up.
    """
    try:
        return _read(_shortened(b"\n".join(line[:LINE] for line in raw[:MOST].splitlines())))
    except NoReport:
        raise
    except _BROKEN as error:
        raise NoReport("its headers can't be read") from error


def _shortened(raw: bytes) -> bytes:
    """Its head and what programs read, without the words for people, which Microsoft makes long."""
    raw = _GLOBAL.sub(rb"\1", raw)
    found = _FOR_PROGRAMS.search(raw)
    if found is None or len(raw) <= LONGEST:
        return raw[:LONGEST]
    begins = raw.rfind(b"\n--", 0, found.start())
    head = raw[: max(0, raw.find(b"\n\n", 0, LONGEST)) + 1]
    return head + raw[begins : begins + LONGEST]


def _read(raw: bytes) -> Report:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    parts = {part.get_content_type(): part for part in message.walk()}
    key = _key_by_address(message) or _key_of(parts)
    if (feedback := parts.get("message/feedback-report")) is not None:
        fields = _fields(feedback)
        kind = next((each["Feedback-Type"] for each in fields if "Feedback-Type" in each), "")
        address = _original_receiver(parts) or next(
            (str(each["Original-Rcpt-To"]) for each in fields if "Original-Rcpt-To" in each), ""
        )
        if str(kind).lower() != "abuse" or not key:
            raise NoReport("not a complaint about a letter of ours")
        return Report(key, address.strip("<> "), complaint=True)
    status = parts.get("message/delivery-status")
    if status is None:
        raise NoReport("not a report")
    for fields in _fields(status):
        receiver = str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or "")
        failed = str(fields.get("Action", "")).strip().lower() == "failed"
        if receiver and failed and str(fields.get("Status", "")).startswith("5") and key:
            return Report(key, receiver.partition(";")[2].strip() or receiver, complaint=False)
    raise NoReport("nothing in it failed for good")


def _fields(part: EmailMessage) -> list[Any]:
    """The blocks of fields of a machine-readable part."""
    content: Any = part.get_payload()
    if isinstance(content, list):
        return [block for block in content if block.keys()]
    parsed = message_from_bytes(str(content).encode(), _class=EmailMessage, policy=policy.default)
    return [parsed]


def _original(parts: dict[str, EmailMessage]) -> EmailMessage | None:
    found: Any = None
    if (whole := parts.get("message/rfc822")) is not None:
        content: Any = whole.get_payload()
        found = content[0] if isinstance(content, list) else None
    elif (heads := parts.get("text/rfc822-headers")) is not None:
        text = str(heads.get_payload()).encode()
        found = message_from_bytes(text, _class=EmailMessage, policy=policy.default)
    return found if isinstance(found, EmailMessage) else None


def _key_by_address(report: EmailMessage) -> str:
    """The key of the address that the report came back to, which names its letter (VERP)."""
    for name in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
        for address in report.get_all(name, []):
            if key := letters.key_of_way_back(str(address)):
                return key
    return ""


def _key_of(parts: dict[str, EmailMessage]) -> str:
    original = _original(parts)
    named = str(original["Message-ID"] or "") if original is not None else ""
    return named.strip("<> ").partition("@")[0]


def _original_receiver(parts: dict[str, EmailMessage]) -> str:
    original = _original(parts)
    return str(original["To"] or "") if original is not None else ""


def take(report: Report) -> bool:
    """Act on a report; False if it does not speak of a letter of ours.

    One that came back names its address too, since some go on to many. Whoever passes a complaint
    on may have made that unreadable (RFC 6590); knowing the letter, one can stop news by it anyway.
    """
    if not report.complaint:
        return post.returned(report.key, report.address)
    with Opened(RECORDING):
        row = post.letter(report.key)
    if row is None:
        return False
    names = post.address_digests(report.address)
    complained(names if row.reference in names else [row.reference], row.subject)
    return True


def complained(names: list[str], subject: int | None) -> None:
    """Somebody called a letter junk: no news any more, as if they had said so themselves.

    `names` are the digests of their address.
    """
    post.suppress(names, Suppression.Why.COMPLAINT, subject)
    if subject is not None:
        unsubscribe(subject)


def unsubscribe(subject: int, how: str = JUNK) -> None:
    """Record that news by mail is refused; everything that follows from a no follows.

    `how` says what its person saw: a `PAGE` of ours, or nothing but their mail `PROGRAM`, be it
    that they stopped news there or called a letter `JUNK`. Somebody who has left needs nothing.
    """
    found = permissions.read(subject)
    if found is None or (found[0].choices or {}).get(post.MARKETING) == "denied":
        return
    law = found[0].residence or found[0].presence or "unknown"
    question = _question(how, questions.language(), law)
    try:
        consent.answer_for_account(subject, None, DENIED, question, via="mail")
    except Standing.DoesNotExist:
        return


def _question(how: str, language: str, law: str) -> Question:
    """What was before the eyes of whoever stopped news by a letter."""
    if how != PAGE:
        return Question(language, law, str(_WORDS[how]), (post.MARKETING,))
    words = [questions.say(f"choices.news.{key}") for key in ("stop", "stop_lead", "stop_action")]
    frame = {"LANGUAGE_CODE": language, "language": language}
    return Question(
        language,
        law,
        "\n".join(words),
        (post.MARKETING,),
        draw=lambda: layouts.drawn("privacy/mail/stop.html", frame),
    )


def provider(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """What a mail provider reports through django-anymail, by the address that it names."""
    address = event.recipient or ""
    if not address:
        return
    if event.event_type in ("bounced", "rejected"):
        names = post.address_digests(address)
        post.suppress(names, Suppression.Why.BOUNCE, _subject_of(address))
        with Opened(RECORDING):
            latest = post.sent_to(address).order_by("-queued_at").first()
            if latest is not None:
                Disclosure.objects.filter(pk=latest.pk).update(
                    state=Disclosure.State.FAILED, trouble="returned", sealed=""
                )
    elif event.event_type == "complained":
        complained(post.address_digests(address), _subject_of(address))


def _subject_of(address: str) -> int | None:
    with Opened(RECORDING):
        found = post.sent_to(address).order_by("-queued_at")
        return found.values_list("subject", flat=True).first()
