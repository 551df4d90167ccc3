"""Differences in words, for whoever they touch: in the language of the page, letter or message."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plainview.engine.differing import Difference
from plainview.privacy.consent.questions import say
from plainview.privacy.policies import in_force


def sentence(difference: Difference) -> str:
    """What one difference means, in a sentence."""
    return _("Data now also goes to {country}, to {names}.").format(
        country=say(f"countries.{difference.country}"), names=_listed(difference.recipients)
    )


def sentences(differences: Iterable[Difference]) -> list[str]:
    """Each once, in the order of the list."""
    return list(dict.fromkeys(sentence(each) for each in differences))


def thing(name: str) -> str:
    """What waits, by name: a purpose, or a recipient of one."""
    policy = in_force()
    purpose, _slash, recipient = name.partition("/")
    said = say(f"purposes.{purpose}.name")
    return f"{said}: {policy.recipients[recipient].name}" if recipient else said


def _listed(recipients: Iterable[str]) -> str:
    known = in_force().recipients
    return say("notice.comma").join(
        known[each].name if each in known else each for each in recipients
    )
