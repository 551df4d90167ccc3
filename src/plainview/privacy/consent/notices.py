"""What a question told people, as a document: ISO/IEC TS 27560 in the words of the W3C's DPV.

One for each wording, written when it is first answered and bound to every answer by its hash
(docs/receipts.md). It says what the policy said on that day; nothing of a person stands in it.
"""

from __future__ import annotations

from typing import Any

from plainview.engine import Policy
from plainview.privacy.consent.layouts import Question
from plainview.privacy.policies import in_force

_BASES = {
    "consent": "dpv:Consent",
    "contract": "dpv:Contract",
    "legitimate-interest": "dpv:LegitimateInterest",
    "legal-duty": "dpv:LegalObligation",
}
"""The policy's bases that the vocabulary has; of others, such as notice and opt-out, the words."""
_ROLES = {
    "processor": "dpv:DataProcessor",
    "joint": "dpv:JointDataControllers",
    "independent": "dpv:ThirdParty",
}


def compose(question: Question, page: str, style: str) -> dict[str, Any]:
    """The document of a question whose HTML and style sheet have these SHA-256, or none."""
    policy = in_force()
    return {
        "@type": "dpv:ConsentNotice",
        "dct:language": question.language,
        "pv:jurisdiction": question.jurisdiction,
        "pv:policy": {"version": policy.version, "fingerprint": policy.fingerprint},
        "pv:text": question.text.split("\n"),
        "pv:layout": {"page": page, "style": style},
        "dpv:hasDataController": _controller(policy, question.jurisdiction),
        "dpv:hasProcess": [_process(policy, question, id_) for id_ in question.purposes],
        "dpv:hasRight": _rights(policy, question),
        "pv:withdrawal": "/privacy/choices/",
    }


def _controller(policy: Policy, jurisdiction: str) -> dict[str, Any]:
    said = policy.controller
    law = policy.jurisdictions[jurisdiction]
    return {
        "@type": "dpv:DataController",
        "dpv:hasName": said.name,
        "dpv:hasIdentifier": said.url or said.name,
        "dpv:hasAddress": said.address,
        "schema:email": said.email,
        "dpv:hasContact": said.officer or said.email,
        "dpv:hasAuthority": [
            {
                "@type": "dpv:DataProtectionAuthority",
                "dpv:hasName": each.name,
                "schema:url": each.url,
            }
            for each in law.authority
        ],
    }


def _process(policy: Policy, question: Question, id_: str) -> dict[str, Any]:
    """A purpose that was asked about; by which basis is what the law there demands of its kind."""
    purpose = policy.purpose(id_)
    law = policy.jurisdictions[question.jurisdiction]
    basis = law.kinds.get(purpose.kind, "")
    say = _Sayer(policy, question.language)
    found: dict[str, Any] = {
        "@type": "dpv:Process",
        "dct:identifier": id_,
        "dct:title": say(f"purposes.{id_}.name"),
        "dct:description": say(f"purposes.{id_}.why"),
        "dpv:hasPersonalData": [
            {"dct:identifier": each, "dct:title": say(f"categories.{each}")} | _typed(policy, each)
            for each in purpose.uses
            if "." in each
        ],
        "dpv:hasRecipient": [
            {
                "@type": _ROLES.get(each.role, "dpv:ThirdParty"),
                "dpv:hasName": policy.called(name, question.language),
                "dpv:hasLocation": list(each.countries),
            }
            for name, each in policy.recipients.items()
            if id_ in each.receives
        ],
        "dpv:hasStorageCondition": _kept(policy, say, purpose.uses),
        "dpv:hasWithdrawalMethod": "/privacy/choices/",
    }
    if purpose.dpv:
        found["dpv:hasPurpose"] = purpose.dpv
    if basis:
        found["pv:basis"] = say(f"bases.{basis}")
        found["pv:article"] = law.bases.get(basis, "")
    if basis in _BASES:
        found["dpv:hasLegalBasis"] = _BASES[basis]
    if purpose.loses:
        found["pv:without"] = say(f"purposes.{id_}.without")
    return found


def _typed(policy: Policy, category: str) -> dict[str, str]:
    term = policy.categories[category].dpv
    return {"@type": term} if term else {}


def _kept(policy: Policy, say: _Sayer, uses: tuple[str, ...]) -> list[dict[str, Any]]:
    durations = [
        {
            "@type": "dpv:StorageDuration",
            "dct:title": say(f"retention.{id_}"),
            "dpv:hasDuration": schedule.keep,
            "pv:after": schedule.after,
        }
        for id_, schedule in policy.retention.schedule.items()
        if set(uses) & set(schedule.categories)
    ]
    place = {"@type": "dpv:StorageLocation", "dpv:hasLocation": [policy.controller.country]}
    return [*durations, place]


def _rights(policy: Policy, question: Question) -> list[dict[str, Any]]:
    say = _Sayer(policy, question.language)
    law = policy.jurisdictions[question.jurisdiction]
    return [
        {
            "@type": "dpv:DataSubjectRight",
            "dct:identifier": id_,
            "dct:title": say(f"rights.{id_}"),
            "dpv:isExercisedAt": "/privacy/",
        }
        for id_ in policy.rights
        if id_ in law.rights
    ]


class _Sayer:
    """The policy's words in one language."""

    def __init__(self, policy: Policy, language: str) -> None:
        self.policy, self.language = policy, language

    def __call__(self, key: str) -> str:
        return self.policy.text(key, self.language, controller=self.policy.controller.name)
