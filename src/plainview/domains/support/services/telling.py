"""The letters that go to whoever sent a copyright notice."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.domains.support.models import CopyrightNotice
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.privacy import settling
from plainview.privacy.policies import controller
from plainview.privacy.requests import deciders

OFFICE = "en"
"""The language in which the service writes to its own desk."""


def tell(notice: CopyrightNotice, letter: str, **more: object) -> None:
    """Write to whoever sent a notice, in the language in which they sent it."""
    with languages.speaking(notice.language):
        subjects = {
            "receipt": _("We have your copyright notice %(number)s"),
            "settled": _("Your copyright notice %(number)s is decided"),
            "answered": _("Your copyright notice %(number)s was answered"),
            "judged": _("A court decided about your copyright notice %(number)s"),
            "restored": _("Put back: what your copyright notice %(number)s named"),
        }
        _send(notice.email, subjects[letter], letter, notice, more)


def outside(subject: int) -> dict[str, object]:
    """Where whom a decision is against complains of it, and who outside settles it (P12c)."""
    complaint = f"{link('privacy-request')}?kind={deciders.COMPLAINT}"
    return {"complaint": complaint, "settlers": settling.settlers(subject)}


def tell_desk(notice: CopyrightNotice) -> None:
    """Tell the desk that a notice waits."""
    with override(OFFICE):
        subject = _("Copyright notice %(number)s")
        _send(controller().email, subject, "arrived", notice, {})


def _send(
    to: str, subject: str, letter: str, notice: CopyrightNotice, more: dict[str, object]
) -> None:
    context = {
        "notice": notice,
        "follow_url": link("copyright-notice", notice.number, notice.secret),
    }
    text = render_to_string(f"support/mail/{letter}.txt", context | more)
    EmailMessage(
        subject % {"number": notice.number}, text, settings.DEFAULT_FROM_EMAIL, [to]
    ).send()
