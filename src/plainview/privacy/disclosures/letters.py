"""How letters look and what they may hold: text and HTML from one source, no promotion in service.

Each template of a letter says in its first line which kind it is, `{# service #}` or
`{# marketing #}`; `check` reads them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.header import Header
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import NamedTuple

import css_inline
from django.apps import apps
from django.conf import settings
from django.core import signing
from django.core.checks import CheckMessage, Error
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import EmailMessage
from django.template.loader import render_to_string

from plainview.engine import decide
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.encryption import Unreadable, cipher
from plainview.platform.identifiers import openers
from plainview.privacy import permissions
from plainview.privacy.consent.questions import say
from plainview.privacy.disclosures.fetching import foreign
from plainview.privacy.policies import controller, in_force

REST = timedelta(days=30)
"""How long an address that mail came back from is left alone."""
LINK_MONTHS = 13
LINK_LIFE = timedelta(days=LINK_MONTHS * 31)
SALT = "plainview.privacy.disclosures.unsubscribe"
KINDS = ("service", "marketing")
_KIND = re.compile(r"\A\{# (\w+) #\}")
_PROMOTION = {
    what: re.compile(pattern, re.IGNORECASE)
    for what, pattern in {
        "an offer": r"\{%\s*(offer|include\s+[\"'][^\"']*(offer|promo|campaign))",
        "the price of a plan": r"\{\{[^}]*\b(price|discount|amount)\b|\{%\s*price\b",
        "a campaign link": r"utm_|[?&]campaign=|url\s+[\"'](plans|campaign|promo)",
    }.items()
}
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


class Tracks(Exception):
    """A letter would tell who opens it, and its reader did not say that this may be measured."""


class Paragraph(NamedTuple):
    """One paragraph of a letter; `address` if it is a link by itself, which becomes a button."""

    text: str
    address: str = ""


def bare(address: str) -> str:
    """The address alone, without a name beside it."""
    return parseaddr(address)[1] or address


def signed_by(sender: str) -> str:
    """`sender` with the operator's name beside it if it has none: what a list of letters shows."""
    return sender if parseaddr(sender)[0] else formataddr((controller().name, sender))


def written(letter: EmailMessage) -> bytes:
    """The letter as it is sent, with the ends of lines that mail has.

    What is not ASCII of its subject begins on the line of its name. Left to Django the first line
    is empty (RFC 2047 says how long a word is, not how long a name), and readers that go by that
    line, or take the fold for a space, show another subject than was written.
    """
    message, subject = letter.message(), str(letter.subject)
    if not subject.isascii():
        message.replace_header("Subject", Header(subject, "utf-8", header_name="Subject"))
    return re.sub(rb"\r?\n", b"\r\n", message.as_bytes())


def spelled(address: str) -> str:
    """An address in the one spelling of its domain that accounts have.

    It is what wide letters, invisible ones and `xn--` stand for (RFC 3490, which Django's mail goes
    by). Raises UnicodeError for a domain that is none.
    """
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.encode('idna').decode('idna')}"


def own_name() -> str:
    """What the service calls itself to a mail server (RFC 5321, 4.1.1.1).

    It is the host of its pages, else the domain it writes from; some servers turn away whoever has
    no full name. Who has none, as on a machine of one's own, says an address in brackets.
    """
    sender = bare(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
    for host in (settings.PUBLIC.hostname or "", sender):
        with suppress(UnicodeError):
            name = host.rstrip(".").encode("idna").decode()
            if "." in name and not name.rpartition(".")[2].isdigit():
                return name
    return "[127.0.0.1]"


def dressed(message: EmailMessage) -> EmailMessage:
    """`message` with an HTML form made of its text, if it has none of its own.

    Under the last `-- ` is the foot. The text is the only source, so the two say the same.
    """
    if getattr(message, "alternatives", None) or message.content_subtype != "plain":
        return message
    body, _, foot = str(message.body).rpartition("\n-- \n")
    language = languages.current()
    html = render_to_string(
        "privacy/mail/letter.html",
        {
            "language": language,
            "direction": languages.direction(language),
            "subject": message.subject,
            "sender": controller().name,
            "paragraphs": list(_paragraphs(body)),
            "foot": [line for line in foot.splitlines() if line.strip()],
        },
    )
    letter = EmailMultiAlternatives(
        message.subject,
        message.body,
        message.from_email,
        message.to,
        headers=message.extra_headers,
        reply_to=message.reply_to,
        attachments=message.attachments,
    )
    # An address within a text that runs from right to left would begin with its last slash.
    apart = html.replace("<a href=", '<a dir="ltr" href=')
    letter.attach_alternative(_inliner.inline(apart), "text/html")
    return letter


def footed(body: str) -> str:
    """`body` with who answers and where the notice is at its foot (P0a)."""
    context = {"operator": controller(), "notice": link("notice")}
    return f"{body.rstrip()}\n\n-- \n{render_to_string('privacy/mail/foot.txt', context)}"


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for block in re.split(r"\n\s*\n", text.strip()):
        line = block.strip()
        alone = re.fullmatch(r"https?://\S+", line)
        yield Paragraph(line, line if alone else "")


def refuse_tracking(message: EmailMessage, subject: int | None) -> None:
    """Raise Tracks for what a reader's mail program would fetch, unless they permit measuring.

    Who agreed to news did not agree to that (P2.3b).
    """
    forms = [str(form[0]) for form in getattr(message, "alternatives", None) or []]
    if message.content_subtype == "html":
        forms.append(str(message.body))
    if not any(map(foreign, forms)):
        return
    found = permissions.read(subject) if subject is not None else None
    policy, purpose = in_force(), "marketing-measure"
    if (
        found is None
        or purpose not in policy.purposes
        or not decide(policy, permissions.live(found[0]), purpose)
    ):
        raise Tracks(
            "a letter that fetches something tells who opened it."
            "\n  1. Leave the picture, style sheet or font out, or attach it."
            "\n  2. Ask for the purpose marketing-measure first."
        )


def way_out(subject: int | None) -> dict[str, str]:
    """The headers by which a mail program unsubscribes in one step (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{_stop_address(subject)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def with_way_out(body: str, subject: int | None) -> str:
    """`body` with the link that stops news as the last line of its foot, for who reads the letter.

    Not every mail program shows what the headers offer (P3.1.2f).
    """
    return f"{body.rstrip()}\n{say('choices.news.stop')} {_stop_address(subject)}"


def _stop_address(subject: int | None) -> str:
    return link("mail-stop", token(subject))


def way_back(key: str) -> str:
    """The address to which a letter comes back, which names it (VERP); empty if none is set."""
    name, at, domain = settings.MAIL_RETURNS.rpartition("@")
    return f"{name}+{key}@{domain}" if at else ""


def key_of_way_back(address: str) -> str:
    """The key in an address of `way_back`; empty if it is none."""
    name, _, domain = settings.MAIL_RETURNS.rpartition("@")
    found = re.search(rf"(?i){re.escape(name)}\+([a-z0-9]+)@{re.escape(domain)}", address)
    return found[1].lower() if name and found else ""


def token(subject: int | None) -> str:
    """Names whom a letter was for, to us alone; it stops news by mail and is good for nothing else.

    It works for `LINK_MONTHS`: longer than any law asks (CAN-SPAM 30 days, CASL 60) and than we
    keep what was sent.
    """
    return _signer().sign(cipher(openers()).encrypted(str(subject or 0)))


def of_token(token: str) -> int:
    """Whom a letter was for. Raises django.core.signing.BadSignature, SignatureExpired if old."""
    sealed = _signer().unsign(token, max_age=LINK_LIFE)
    try:
        subject = int(cipher(openers()).decrypted(sealed))
    except Unreadable:  # a letter from before its link was sealed
        subject = int(signing.loads(token, salt=SALT))
    if not subject:
        raise signing.BadSignature("the letter was for nobody in particular")
    return subject


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT)


def kind_of(source: str) -> str:
    """The kind that a template says it is; empty if it does not."""
    found = _KIND.match(source)
    return found[1] if found and found[1] in KINDS else ""


def promotions(source: str) -> list[str]:
    """What in a template has no place in a service message (P2.4b)."""
    return [what for what, pattern in _PROMOTION.items() if pattern.search(source)]


def templates() -> Iterator[Path]:
    """The templates of letters: the operator's own, and those that the installation brings."""
    apps_ = [each for each in apps.get_app_configs() if each.name.startswith("plainview")]
    own = [Path(settings.ENV.templates_dir)] if settings.ENV.templates_dir else []
    for folder in [*own, *(Path(app.path) / "templates" for app in apps_)]:
        for path in sorted(folder.rglob("*_message.txt")):
            if "email" in path.parts or "mail" in path.parts:
                yield path


def check(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """Each letter says what kind it is, and a service message promotes nothing."""
    found: list[CheckMessage] = []
    for path in templates():
        source = path.read_text()
        name = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
        kind = kind_of(source)
        if not kind:
            found.append(
                Error(
                    f"the letter {name} does not say what kind it is",
                    hint="begin it with {# service #} or {# marketing #}",
                    id="privacy.E043",
                )
            )
        if kind != "marketing":
            found += [
                Error(
                    f"the letter {name} is a service message and holds {what}",
                    hint="take it out, or make it a letter of marketing, which people can refuse",
                    id="privacy.E044",
                )
                for what in promotions(source)
            ]
    return found
