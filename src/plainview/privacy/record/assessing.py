"""The scaffolds of the three assessments: of interests, of impact, of transfers.

What the policy knows is filled in; what only people can judge is asked, with room for an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plainview.engine import WEIGHED, Policy, Purpose
from plainview.platform import languages
from plainview.privacy.notice.speaking import Speaker
from plainview.privacy.record.blocks import TITLES, Entry, Field, Sheet, field
from plainview.privacy.record.processing import (
    bases,
    head,
    keeping,
    kinds,
    people,
    protection,
    recipients,
)

DUE = 2
"""Of the criteria of the European guidelines (WP 248 rev. 01), so many call for an assessment."""
_WATCHES = frozenset({"activity", "viewing", "security"})


def interests(speaker: Speaker, version: str) -> Sheet:
    """Each legitimate interest, weighed in three steps (GDPR Art. 6(1)(f))."""
    policy = speaker.policy
    return Sheet(
        "interests",
        str(TITLES["interests"]),
        _("What for, whether it is needed, and whether people’s interests weigh more."),
        tuple(head(speaker, version)),
        tuple(
            Entry(id_, speaker.say(f"purposes.{id_}.name"), tuple(_weighed(speaker, purpose)))
            for id_, purpose in policy.purposes.items()
            if purpose.assessment is not None
        ),
    )


def _weighed(speaker: Speaker, purpose: Purpose) -> Iterator[Field]:
    assessment = purpose.assessment
    if assessment is None:
        return
    weighed = [_words(speaker, purpose, word) for word in WEIGHED]
    yield field(_("1. The interest"), weighed[0])
    yield field(_("2. Why not with less"), weighed[1])
    yield field(_("3. Why people’s own interests do not outweigh it"), weighed[2])
    yield field(_("Legal basis"), bases(speaker, purpose))
    yield field(_("People concerned"), people(purpose.uses))
    yield field(_("Kinds of data"), kinds(speaker, purpose.uses))
    yield field(
        _("Safeguards, each found on"),
        (speaker.guard(purpose.id, guard) for guard in assessment.safeguards),
    )
    yield field(_("Weighed on"), speaker.day(assessment.done))
    yield field(_("Weigh again by"), speaker.day(assessment.review))
    yield field(_("Decided by, and what they decided"), _("to be written"))


def _words(speaker: Speaker, purpose: Purpose, word: str) -> str:
    """One of `WEIGHED` of a purpose that was weighed: as it was said then, else as it is now."""
    said = getattr(purpose.assessment, word)
    return said or speaker.say(f"purposes.{purpose.id}.{word}")


def impact(speaker: Speaker, version: str) -> Sheet:
    """The uses that meet a criterion for an impact assessment (GDPR Art. 35), and which."""
    policy = speaker.policy
    found = {id_: list(_criteria(speaker, each)) for id_, each in policy.purposes.items()}
    return Sheet(
        "impact",
        str(TITLES["impact"]),
        _("Two criteria or more call for an assessment; what is to be judged by people is asked."),
        tuple(head(speaker, version)),
        tuple(
            Entry(
                id_,
                speaker.say(f"purposes.{id_}.name"),
                tuple(_screened(speaker, policy.purposes[id_], criteria)),
            )
            for id_, criteria in found.items()
            if criteria
        ),
    )


def _screened(speaker: Speaker, purpose: Purpose, criteria: list[str]) -> Iterator[Field]:
    due = _("an assessment is due") if len(criteria) >= DUE else _("none is due by these alone")
    yield field(_("Result"), f"{len(criteria)}: {due}")
    yield field(_("Criteria met"), criteria)
    yield field(_("What is done"), speaker.say(f"purposes.{purpose.id}.why"))
    yield field(_("Legal basis"), bases(speaker, purpose))
    yield field(_("Kinds of data"), kinds(speaker, purpose.uses))
    yield field(_("Recipients"), recipients(speaker, purpose))
    yield field(_("Kept for"), keeping(speaker, purpose))
    yield field(
        _("Why not with less"),
        _words(speaker, purpose, WEIGHED[1]) if purpose.assessment else _("to be written"),
    )
    yield field(_("How many people"), _("to be written"))
    yield field(_("What could go wrong for them, how likely, how grave"), _("to be written"))
    yield field(_("What is done against it"), _("to be written"))
    yield field(
        _("Advice of the officer, and views of the people who were asked"), _("to be written")
    )
    yield field(
        _("Whether a high risk stays, and what the authority said of it"), _("to be written")
    )
    yield field(_("Weigh again by"), _("to be written"))


def _criteria(speaker: Speaker, purpose: Purpose) -> Iterator[str]:
    """The criteria that the policy itself shows. Scale and novelty are for people to judge.

    Several decisions of one purpose evaluate people once: they are one criterion, not several.
    """
    policy = speaker.policy
    families = {category.partition(".")[0] for category in purpose.uses}
    decided = [id_ for id_, each in policy.decisions.items() if each.purpose == purpose.id]
    profiles = policy.kinds[purpose.kind].profiles
    if decided:
        names = languages.listed([speaker.decision(id_).name for id_ in decided])
        yield _("people are evaluated or sorted: %(what)s") % {"what": names}
    elif profiles:
        yield _("people are evaluated or sorted")
    if families & _WATCHES:
        yield _("what people do is watched over time")
    if any(policy.categories[category].sensitive for category in purpose.uses):
        yield _("sensitive or highly personal data")
    if _joined(policy, purpose):
        yield _("data of different origins is joined")
    if "age.state" in purpose.uses:
        yield _("people who need protection, as children")
    if any(policy.decisions[id_].model for id_ in decided):
        yield _("a new technology: a model that learned its rule")


def _joined(policy: Policy, purpose: Purpose) -> bool:
    """Whether what we hold meets what others hold: a feed comes in, or partners join theirs."""
    partners = {"partner", "advertiser"}
    return "partner.feed" in purpose.uses or any(
        purpose.id in each.receives and each.role in partners for each in policy.recipients.values()
    )


def transfers(speaker: Speaker, version: str) -> Sheet:
    """Each transfer that rests on clauses, to be assessed for the country it goes to."""
    return Sheet(
        "transfers",
        str(TITLES["transfers"]),
        _("Where clauses alone protect data abroad, what they are worth there is to be judged."),
        tuple(head(speaker, version)),
        tuple(_transferred(speaker)),
    )


def _transferred(speaker: Speaker) -> Iterator[Entry]:
    policy = speaker.policy
    for id_, recipient in policy.recipients.items():
        for safeguard in recipient.safeguard:
            if safeguard.kind != "clauses":
                continue
            laws = [
                law
                for law in policy.jurisdictions.values()
                if law.regime in safeguard.regimes and law.transfers and law.transfers.clauses
            ]
            clauses = {law.transfers.clauses: None for law in laws if law.transfers}
            what = {it: None for categories in recipient.receives.values() for it in categories}
            yield Entry(
                f"{id_}/{safeguard.reference}",
                f"{speaker.called(id_)}, "
                f"{speaker.countries(safeguard.countries or recipient.countries)}",
                (
                    field(pgettext("a transfer", "From"), speaker.places(law.id for law in laws)),
                    field(_("Clauses"), clauses),
                    field(_("Protection"), protection(speaker, safeguard)),
                    field(
                        pgettext("of a recipient", "Role"),
                        speaker.say(f"notice.roles.{recipient.role}"),
                    ),
                    field(
                        _("For which purposes"),
                        (speaker.say(f"purposes.{it}.name") for it in recipient.receives),
                    ),
                    field(_("Kinds of data"), kinds(speaker, what)),
                    field(_("Who there may demand the data, by which law"), _("to be written")),
                    field(_("Whether that happens to data like this"), _("to be written")),
                    field(_("What is added to the clauses"), _("to be written")),
                ),
            )
