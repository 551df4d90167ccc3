"""The noes that a right is: what it closes for an account, and in the browser at the door.

What is refused stands in the ledger as an answer, with the right as its question. A browser answers
for itself while nobody is signed in, so a right asked for in one closes it there too (P3.1.2e).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from plainview.engine import Policy
from plainview.engine import Standing as Facts
from plainview.engine.standing import YES
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.privacy import permissions
from plainview.privacy.consent import news, questions
from plainview.privacy.consent import services as consent
from plainview.privacy.consent.cookie import Remembered
from plainview.privacy.consent.layouts import Question
from plainview.privacy.policies import in_force
from plainview.privacy.requests import objecting, wording
from plainview.privacy.requests.models import RESTRICT, Channel, Request
from plainview.privacy.visitors import Visitor

CLOSING = (
    "object-direct-marketing",
    "withdraw-consent",
    "optout-sale-sharing",
    "optout-targeted-ads",
    "optout-profiling",
    "limit-sensitive",
)
CONSENT, LIMIT, OWN = "consent", "limit-sensitive", "own-request"


def close(account: int, row: Request) -> None:
    """Refuse for somebody what their right closes, with an entry in the ledger and a receipt."""
    found = permissions.read(account)
    if found is not None and (said := _refuses(found[0], row.kind, row.purposes.split())):
        question = _question(found[0], row.kind, said)
        consent.answer_for_account(account, None, said, question, via="request")


def close_here(visitor: Visitor, kind: str, chosen: Sequence[str]) -> Remembered | None:
    """Refuse in a stranger's browser what a right closes that they ask for there (P3.1.2e).

    Return what the browser is to carry; None if the right closes nothing that can be refused.
    """
    facts = visitor.device_facts
    said = _refuses(facts, kind, chosen)
    if not said:
        return None
    question = _question(facts, kind, said)
    return consent.answer_for_device(visitor.device, said, question, facts=facts, via="request")


def _refuses(facts: Facts, right: str, chosen: Sequence[str]) -> dict[str, str]:
    """The noes that a right is to what somebody of these facts can refuse, or chose of it."""
    policy = in_force()
    if right == objecting.OBJECT:
        closes = set(objecting.against(facts, []))
    elif right == RESTRICT:
        closes = {id_ for id_ in policy.purposes if not policy.survives_restriction(id_)}
    elif right in CLOSING:
        closes = _closed_by(policy, right, facts)
    else:
        return {}
    offered = {each.id for each in questions.topics(facts)}
    return dict.fromkeys(sorted((closes & set(chosen) if chosen else closes) & offered), "denied")


def _question(facts: Facts, right: str, said: Iterable[str]) -> Question:
    words = [wording.kind(right), *(questions.say(f"purposes.{id_}.name") for id_ in said)]
    law = facts.residence or facts.presence or "unknown"
    return Question(questions.language(), law, "\n".join(words))


def reach(row: Request) -> str:
    """How far what a right closed holds, in words: in browsers, and in what is written to them."""
    return _in_browsers(row) + _still(row.kind)


def _still(kind: str) -> str:
    """What whoever ends news by a right reads of the messages that come all the same (P5.1.2b)."""
    right = in_force().rights[kind]
    if not (right.against or set(right.closes).intersection(in_force().messages.channels)):
        return ""
    kinds = languages.listed(news.service_words())
    return f"\n\n{questions.say('choices.news.service_lead')} {kinds}." if kinds else ""


def _in_browsers(row: Request) -> str:
    """Words for how far it holds in browsers, which answer for themselves (P3.1.2e, P5.1.3b)."""
    words = _(
        "In a browser where you are not signed in, what was answered there counts: to say no there"
        " as well, open this page in it: %(address)s"
    )
    if row.channel == Channel.FORM:
        words = _(
            "This counts in the browser with which you asked. In another one where you are not"
            " signed in, what was answered there counts: to say no there as well, open this page in"
            " it: %(address)s"
        )
    address = link("privacy-choices")
    return words % {"address": address}


def _closed_by(policy: Policy, right: str, facts: Facts) -> set[str]:
    """What a right closes; whoever takes back consent takes back each yes, whatever law asks it."""
    declared = policy.rights[right]
    if declared.closes:
        return set(declared.closes)
    if declared.against:
        laws = policy.laws(facts.presence, facts.residence)
        yes = (facts.choices or {}).items() if CONSENT in declared.against else ()
        return {id_ for id_, said in yes if said in YES} | {
            id_
            for id_, purpose in policy.purposes.items()
            if any(law.kinds.get(purpose.kind) in declared.against for law in laws)
        }
    if right == LIMIT:
        return {
            id_
            for id_, each in policy.purposes.items()
            if OWN not in each.traits and any(policy.categories[use].sensitive for use in each.uses)
        }
    if right == "optout-profiling":
        return {id_ for id_, each in policy.purposes.items() if policy.kinds[each.kind].profiles}
    return set()
