"""Mail is a disclosure like any other: Django's EMAIL_BACKEND is the door out.

A letter is sealed in the transaction that asks for it and handed over by a worker: to the outbox of
this machine, to a mail server, or to a provider that django-anymail knows.
"""

from __future__ import annotations

import base64
import copy
import email
import email.policy
import quopri
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from django.apps import apps
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from plainview.platform import outbound
from plainview.platform.identifiers import named
from plainview.privacy.changes import telling
from plainview.privacy.consent import news, stopping
from plainview.privacy.disclosures import capping, connections, letters, providers, services
from plainview.privacy.disclosures.models import Disclosure, Suppression, new_delivery_key
from plainview.privacy.gate.identity import identifying
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import controller

SERVICE, MARKETING = "service-messages", "marketing-email"
ADDRESS = "contact.email"
SIGNED = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to",
    "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
_answers: ContextVar[dict[str, str] | None] = ContextVar("plainview_answers", default=None)
_BETWEEN = b"\n" + b"-" * 79 + b"\n"  # as Django's file backend parts the mails of one file
_SALT = b"plainview.privacy.disclosures.address:"


class Sealed(msgspec.Struct, frozen=True):
    """A finished letter to one address; `raw` is the message as it goes over the wire (base64).

    `topic` is what news is about, for a no between asking and sending; `once` says that it is not
    handed over again where nobody knows whether it was.
    """

    sender: str
    to: str
    raw: str
    topic: str = ""
    once: bool = False


@contextmanager
def answering(message_id: str) -> Iterator[None]:
    """What is written in this block answers a mail by itself (RFC 3834), and stands under it.

    `message_id` may be empty. An answer to it goes to the privacy address.
    """
    headers = {"Auto-Submitted": "auto-replied", "Reply-To": controller().email}
    if message_id:
        headers |= {"In-Reply-To": message_id, "References": message_id}
    with under(headers):
        yield


@contextmanager
def under(headers: dict[str, str]) -> Iterator[None]:
    """What is written in this block has these headers as well, or instead of those around it."""
    token = _answers.set({**answered(), **headers})
    try:
        yield
    finally:
        _answers.reset(token)


def answered() -> dict[str, str]:
    """The headers that a letter written now has; `In-Reply-To` says which mail it answers."""
    return _answers.get() or {}


class Door(BaseEmailBackend):
    """Queues each message for each of its receivers; nothing is sent within a request.

    A message says what it serves as `message.purpose`: `marketing-email`, else a service message;
    news says as `message.topic` what it is about, one of the policy's `messages.toml`. What must
    not go twice, whatever happens, brings the `message.key` of its delivery.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue them in the transaction of now; return how many were, and not held back.

        Raises what `services.disclose` raises, and letters.Tracks for a letter that would report
        on its reader.
        """
        queued = 0
        for message in email_messages:
            went = [_queue(message, address) for address in message.recipients()]
            queued += any(went)
        return queued


def _queue(message: EmailMessage, address: str) -> bool:
    purpose = getattr(message, "purpose", SERVICE)
    names, subject = address_digests(address), whose(address)
    if _suppressed(names, purpose, subject):
        return False
    if purpose == MARKETING and (
        _unwanted(message, address, subject) or capping.full(subject, MARKETING, names)
    ):
        return False
    key = getattr(message, "key", "") or new_delivery_key()
    mail = copy.copy(message)
    mail.to, mail.cc, mail.bcc = [address], [], []
    mail.subject = " ".join(str(message.subject).split())  # names in it may come with line breaks
    mail.from_email = letters.signed_by(message.from_email)
    domain = letters.bare(message.from_email).rpartition("@")[2]
    mail.extra_headers = {
        "Auto-Submitted": "auto-generated",  # no absence is told to us (RFC 3834, 5)
        **answered(),
        **message.extra_headers,
        "Message-ID": f"<{key}@{domain}>",
    }
    if mail.content_subtype == "plain":
        mail.body = letters.footed(str(mail.body))
    if purpose == MARKETING:
        mail.extra_headers |= letters.way_out(subject)
        mail.body = letters.with_way_out(str(mail.body), subject)
    dressed = letters.dressed(mail)
    letters.refuse_tracking(dressed, subject)
    sealed = Sealed(
        letters.bare(message.from_email),
        letters.bare(address),
        base64.b64encode(letters.written(dressed)).decode(),
        getattr(message, "topic", ""),
        bool(getattr(message, "key", "")),
    )
    carrier = connections.carrier()
    if carrier is None:
        if settings.MAIL_SERVER:
            raise connections.NotConnected("no recipient of the policy carries the mail")
        _keep(sealed, key)
        return True
    services.disclose(
        recipient=carrier,
        purpose=purpose,
        subject=subject,
        letter=msgspec.json.encode(sealed).decode(),
        categories=(ADDRESS,),
        key=key,
        reference=names[0],
    )
    return True


def _unwanted(message: EmailMessage, address: str, subject: int | None) -> bool:
    """Whether its reader left and had refused news, or refuses what this is about (P5.1.2a)."""
    topic = getattr(message, "topic", "")
    if stopping.stopped(MARKETING, letters.bare(address)):
        return True
    return bool(topic) and news.refused(subject, topic)


def address_digests(address: str) -> list[str]:
    """What stands for an address where it must be known again and not read, by each of our keys."""
    return [each.hex()[:32] for each in named(_SALT, letters.bare(address).strip().lower())]


def _suppressed(digests: list[str], purpose: str, subject: int | None = None) -> bool:
    """Whether mail to an address is held back: it came back lately, or its owner called it junk.

    News come again after a yes, which they said later: what is called junk is a no (P5.1.2a).
    """
    with Opened(services.RECORDING_ADDRESSES):
        found = list(Suppression.objects.filter(digest__in=digests).values_list("why", "since"))
    if any(why == Suppression.Why.COMPLAINT for why, _since in found):
        junk = purpose == MARKETING and not news.agreed(subject, MARKETING)
    else:
        junk = False
    back = [since for why, since in found if why != Suppression.Why.COMPLAINT]
    return junk or any(timezone.now() - since < letters.REST for since in back)


def reaches(address: str) -> bool:
    """Whether a service message to an address would go now, and not be held back."""
    return bool(address) and not _suppressed(address_digests(address), SERVICE)


def whose(address: str, *, confirmed: bool = False) -> int | None:
    """The account that an address belongs to, or nobody's; `confirmed` asks for a proved one."""
    model: Any = apps.get_model("account", "EmailAddress")
    own = _spelled(address)
    if not own:
        return None
    with identifying():
        found = model.objects.filter(email__iexact=own)
        found = found.filter(verified=True) if confirmed else found
        number = found.order_by("-verified").values_list("user_id", flat=True).first()
    return None if number is None else int(number)


def belonging_to(account: int) -> Callable[[str], bool]:
    """Whether an address is a proved one of this account, as `whose` has it; one look for many."""
    model: Any = apps.get_model("account", "EmailAddress")
    with identifying():
        proved = model.objects.filter(user_id=account, verified=True)
        own = {each.lower() for each in proved.values_list("email", flat=True)}

    return lambda address: _spelled(address).lower() in own


def _spelled(address: str) -> str:
    """An address as accounts have it; empty for what can be none."""
    try:
        return letters.spelled(letters.bare(address))
    except UnicodeError:
        return ""


def write(subject: int, template: str, context: dict[str, Any], title: str) -> bool:
    """Write a service message to a member's own address; False if none is confirmed, or held back.

    `template` is a path without `_message.txt`.
    """
    model: Any = apps.get_model("account", "EmailAddress")
    with identifying():
        own = model.objects.filter(user_id=subject, primary=True, verified=True)
        address = own.values_list("email", flat=True).first()
    if not address:
        return False
    context = {"operator": controller()} | context
    text = render_to_string(f"{template}_message.txt", context).strip()
    return bool(EmailMessage(title, text, None, [address]).send())


class About(msgspec.Struct):
    """What a sealed letter or message says of itself: the topic of news, and whether it goes once.

    Once: it is not handed over again where nobody knows whether it was.
    """

    topic: str = ""
    once: bool = False


def about(sealed: str) -> About:
    """What a sealed letter or message says of itself."""
    return msgspec.json.decode(sealed, type=About)


def hand_over(sealed: str, key: str) -> bool:
    """Give a sealed letter to whoever carries the mail; True if it stayed here. Raises Trouble."""
    letter = msgspec.json.decode(sealed, type=Sealed)
    url = settings.MAIL_SERVER
    if not url:
        _keep(letter, key)
        return True
    raw = base64.b64decode(letter.raw)
    if urlsplit(url).scheme == "esp":
        providers.hand_over(url, raw)
    else:
        back = letters.way_back(key) or letter.sender
        outbound.hand_over(server(url), back, [letter.to], signed(seven_bits(raw), letter.sender))
    return False


def server(url: str) -> outbound.Server:
    """The mail server of an address such as `smtp://user:password@host:587`."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    query = dict(parse_qsl(parts.query))
    return outbound.Server(
        parts.hostname or "localhost",
        parts.port or (465 if secure else 587),
        letters.own_name(),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls=secure,
        starttls=not secure and bool(parts.username),
        private=True,  # the operator named it
        authorities=query.get("authorities"),
    )


def trouble() -> str:
    """Why no letter can be handed over, in a word; empty if one can. A provider is not asked."""
    url = settings.MAIL_SERVER
    if not url:
        return ""
    try:
        signed(b"From: us\r\n\r\n", settings.DEFAULT_FROM_EMAIL)
    except Exception:  # whatever a file may be that is no key
        return "PLAINVIEW_DKIM_KEY is no private key"
    try:
        if urlsplit(url).scheme == "esp":
            providers.backend_of(url)
        else:
            outbound.greet(server(url))
    except outbound.Trouble as trouble:
        return trouble.code
    except providers.NoProvider:
        return "no such provider"
    except Exception:  # of anymail's own, or TypeError: it lacks something, or has too much
        return "the provider needs other settings"
    return ""


def seven_bits(raw: bytes) -> bytes:
    """The message with no octet above 127 in it, as a server takes it that promises no more.

    One on the way that converts it itself would break the signature (RFC 6376, 5.3).
    """
    if raw.isascii():
        return raw
    letter = email.message_from_bytes(raw)
    for part in letter.walk():
        if part["Content-Transfer-Encoding"] == "8bit":
            words = bytes(part.get_payload(decode=True)).replace(b"\r\n", b"\n")
            part.replace_header("Content-Transfer-Encoding", "quoted-printable")
            part.set_payload(quopri.encodestring(words).decode("ascii"))
    return letter.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


def signed(raw: bytes, sender: str) -> bytes:
    """The message under the DKIM signature of the sender's domain (RFC 6376), if a key is set."""
    if not settings.DKIM_KEY:
        return raw
    import dkim  # noqa: PLC0415 - a fiftieth of a second, only where a letter is signed

    signature = dkim.sign(
        raw,
        settings.DKIM_SELECTOR.encode(),
        sender.rpartition("@")[2].encode(),
        Path(settings.DKIM_KEY).read_bytes(),
        include_headers=[name.encode() for name in SIGNED],
    )
    return bytes(signature + raw)


def _keep(letter: Sealed, key: str) -> None:
    """Write it into the outbox, where developers read it. Written twice, it stands there once."""
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{timezone.now():%Y%m%d-%H%M%S}"
    for earlier in folder.glob(f"*-{key}.log"):
        stamp = earlier.name.removesuffix(f"-{key}.log")
    raw = base64.b64decode(letter.raw).replace(b"\r\n", b"\n")
    (folder / f"{stamp}-{key}.log").write_bytes(raw + _BETWEEN)


def returned(key: str, address: str) -> bool:
    """A letter came back for good: its address gets no more for a while. False for a false name."""
    with Opened(services.RECORDING):
        row = sent_to(address).filter(key=key).first()
        if row is None:
            return False
        Disclosure.objects.filter(pk=row.pk).update(
            state=Disclosure.State.FAILED, trouble="returned", sealed=""
        )
    suppress(address_digests(address), Suppression.Why.BOUNCE, row.subject)
    if row.subject is not None:
        telling.returned(row.subject, key)
    return True


def sent_to(address: str) -> QuerySet[Disclosure]:
    """The letters to an address, under whichever of our secret keys; behind a door that records."""
    return Disclosure.objects.filter(reference__in=address_digests(address))


def letter(key: str) -> Disclosure | None:
    """The letter of this key; behind a door that records."""
    letters = Disclosure.objects.filter(purpose__in=(SERVICE, MARKETING), categories=ADDRESS)
    return letters.exclude(reference="").filter(key=key).first()


def suppress(names: list[str], why: str, subject: int | None) -> None:
    """Hold mail back to the address of these digests; a complaint outweighs a bounce."""
    with Opened(services.RECORDING_ADDRESSES):
        rows = Suppression.objects.filter(digest__in=names)
        if rows.filter(why=Suppression.Why.COMPLAINT).exists():
            return
        Suppression.objects.update_or_create(
            digest=names[0], defaults={"subject": subject, "why": why, "since": timezone.now()}
        )
