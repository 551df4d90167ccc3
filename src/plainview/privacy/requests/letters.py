"""What is written to whoever asks, in their language: that it came, what is next, what was decided.

Each names the number and has the secret link; none repeats what was asked.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from plainview.platform.addresses import absolute, link
from plainview.platform.languages import speaking
from plainview.privacy.disclosures import letters as looks
from plainview.privacy.disclosures import post
from plainview.privacy.policies import controller, in_force
from plainview.privacy.requests import allowance, deciders, identity, minors, numbers, wording
from plainview.privacy.requests.models import RESTRICT, Ground, Outcome, Request

TEMPLATE = "privacy/mail/request"
FOR_AGENTS = ("mandate", "confirming")
"""The letters that go to whoever acts for somebody, and not to the person."""
MOST = 20
"""So many of somebody's own letters are named above an answer."""
OFFICE = "en"
A_CHILD = gettext_noop("A child has an account")


def address(row: Request) -> str:
    """The page where whoever holds its secret follows a request, with the host."""
    return link("privacy-request-status", row.number, numbers.secret(row.pk))


def mailed(row: Request) -> bool:
    """Whether there is an address of theirs to write to, other than that of who acts for them."""
    return (row.member and not minors.closed(row)) or "@" in row.contact


def reaches(row: Request) -> bool:
    """Whether mail goes to anybody about a request: to the person, or to who acts for them."""
    return mailed(row) or "@" in row.agent


def write(row: Request, what: str, **more: Any) -> bool:
    """Write one of the letters of a request; False if there is nobody to write to.

    `what` is `received`, `identity`, `unproved`, `mandate`, `confirming`, `question`,
    `extended`, `answered`, `refused`, `appealing`, `appealed`, `settled`, `joined`, `withdrawn` or
    `said`; `said` are words of ours that go with it. Whoever acts for somebody gets all but the
    link that only the person may open, and the person reads who asks; a child whose account it is
    gets none. All letters of a request are one thread in a mail program, and an answer to any goes
    to the privacy address.
    """
    if not reaches(row):
        return False
    with speaking(row.language), post.under(_threaded(row)):
        title = _("Your request %(number)s") % {"number": row.number}
        context = {"row": row, "what": what, "status": address(row), "number": row.number} | more
        if "link" in more:
            context["works_until"] = timezone.localdate() + identity.LIFE
        if row.kind == RESTRICT:
            context["lifts"] = wording.lifts_on(row)
        if what == "received":
            context["beyond"] = allowance.beyond(row)
        context["may_appeal"] = wording.may_appeal(row)
        context["mail"] = in_force().mail
        context["unfound"] = row.ground == Ground.NOTHING and minors.unfound(row)
        if what == "appealed":
            context |= wording.outside(row) | {"who": wording.appealed(row)}
        if what in ("refused", "settled", "answered") and row.outcome != Outcome.GRANTED:
            context |= wording.outside(row) | {"ground": wording.decided(row)[1]}
        sent = False
        # who lost the address of their account reads none of what goes there (P1.1.1b)
        elsewhere = row.lost and "@" in row.contact
        own = row.member and not elsewhere and not minors.closed(row)
        if own and what not in FOR_AGENTS:
            sent = post.write(row.subject, TEMPLATE, context, title)
        theirs = "" if sent or what in FOR_AGENTS else row.contact
        agent = "" if what in ("identity", "unproved") else row.agent
        for each in sorted({each for each in (theirs, agent) if "@" in each}):
            context["to_agent"] = each == row.agent
            text = render_to_string(f"{TEMPLATE}_message.txt", context).strip()
            sent = bool(EmailMessage(title, text, None, [each]).send()) or sent
    return sent


def _threaded(row: Request) -> dict[str, str]:
    """Under which mails a letter stands: the thread of its request, and the last that they wrote.

    An answer to it comes to the privacy address; programs don't answer it (RFC 3834).
    """
    root = numbers.thread(row.number, looks.bare(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2])
    theirs: Any = row.letters
    before = theirs.exclude(message_id="").order_by("arrived_at")
    written = [root, *before.values_list("message_id", flat=True)[:MOST]]
    if parent := post.answered().get("In-Reply-To"):
        written.append(parent)
    return {
        "Auto-Submitted": "auto-replied",
        "Reply-To": controller().email,
        "In-Reply-To": written[-1],
        "References": " ".join(dict.fromkeys(written)),
    }


def bring(what: str, title: str, **said: Any) -> None:
    """Write to whoever answers for requests, of requests by their numbers alone.

    `what` is `due` or `late` (of `numbers`), `child` (of a `number`, to be looked at `by` a
    moment) or `letters` (the `count` of those that wait). What comes too `late` is told to whoever
    answers for the service as well. Where the policy names no other address than that of privacy,
    whose letters the service may read itself, so is everybody who works on requests.
    """
    with override(OFFICE):
        context = {"desk": absolute()} | said
        text = render_to_string(f"privacy/mail/{what}_message.txt", context).strip()
        privacy = controller().email
        to = {in_force().controller.officer or privacy}
        if to == {privacy}:
            to |= {*deciders.Ports.officers().values()}
        if said.get("late"):
            to.add(privacy)
        EmailMessage(_(title), text, None, sorted(to)).send()
