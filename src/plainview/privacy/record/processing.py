"""The record of processing activities (GDPR Art. 30(1)), one entry a purpose."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from plainview.engine import Policy, Purpose, Recipient, Safeguard
from plainview.privacy.notice.lists import officer, represented
from plainview.privacy.notice.speaking import Speaker, capital
from plainview.privacy.record.blocks import TITLES, Entry, Field, Sheet, field
from plainview.privacy.registry import registry

_ALSO_VISITORS = frozenset({"device", "location", "activity", "viewing"})
_ALSO_OTHERS = frozenset({"partner", "legal", "moderation", "requests", "support"})


def record(speaker: Speaker, version: str) -> Sheet:
    """Every purpose with what Art. 30(1)(a) to (g) asks for, and where the data is held."""
    policy = speaker.policy
    return Sheet(
        "record",
        str(TITLES["record"]),
        _("What is done with personal data, why, for whom and for how long (GDPR Art. 30)."),
        tuple(head(speaker, version)),
        tuple(_entry(speaker, purpose) for purpose in policy.purposes.values()),
    )


def head(speaker: Speaker, version: str) -> Iterator[Field]:
    """Who answers, for which version, and what protects all of it."""
    policy = speaker.policy
    controller = policy.controller
    said = (controller.name, controller.address, controller.email)
    yield field(_("Controller"), map(speaker.apart, said))
    yield field(_("Representative"), represented(speaker))
    yield field(
        _("Joint controllers"), map(functools.partial(_jointly, speaker), policy.joint_controllers)
    )
    yield field(_("Data protection officer"), (officer(speaker), speaker.apart(controller.officer)))
    group = filter(None, (controller.group, controller.group_seat))
    yield field(_("Group"), speaker.comma.join(map(speaker.apart, group)))
    yield field(_("Version of the policy"), version)
    yield field(_("Fingerprint"), policy.fingerprint)
    yield field(
        _("Measures that protect it"),
        (
            _termed(speaker, speaker.say(f"measures.{id_}"), each.dpv)
            for id_, each in policy.measures.items()
        ),
    )


def _jointly(speaker: Speaker, joint: Recipient) -> str:
    """Say who answers together with the controller, where to reach them, and by what agreement."""
    said = (speaker.called(joint.id), speaker.apart(joint.contact), *_bound(speaker, joint))
    return speaker.comma.join(said)


def _bound(speaker: Speaker, recipient: Recipient) -> Iterator[str]:
    """Say under which contract a recipient is bound, and since when."""
    if recipient.contract is not None:
        yield _("%(contract)s since %(date)s") % {
            "contract": speaker.apart(recipient.contract.reference),
            "date": speaker.day(recipient.contract.since),
        }


def _entry(speaker: Speaker, purpose: Purpose) -> Entry:
    policy = speaker.policy
    receiving = _receiving(policy, purpose)
    assessment = purpose.assessment
    return Entry(
        purpose.id,
        speaker.say(f"purposes.{purpose.id}.name"),
        (
            field(_("Why"), speaker.say(f"purposes.{purpose.id}.why")),
            field(
                _("Kind"),
                _termed(speaker, speaker.say(f"notice.kinds.{purpose.kind}"), purpose.dpv),
            ),
            field(_("Legal basis"), bases(speaker, purpose)),
            field(_("People concerned"), people(purpose.uses)),
            field(_("Kinds of data"), kinds(speaker, purpose.uses)),
            field(_("Where it comes from"), _sources(speaker, purpose)),
            field(_("Recipients"), recipients(speaker, purpose)),
            field(_("Transfers"), (line for it in receiving for line in transfers(speaker, it))),
            field(_("Kept for"), keeping(speaker, purpose)),
            field(
                _("Safeguards"),
                (
                    speaker.guard(purpose.id, guard)
                    for guard in (assessment.safeguards if assessment else ())
                ),
            ),
            field(
                _("Weighed"),
                _("%(done)s, next by %(review)s")
                % {"done": speaker.day(assessment.done), "review": speaker.day(assessment.review)}
                if assessment
                else "",
            ),
            field(_("Held in"), _tables(purpose)),
        ),
    )


def _named(words: str, term: str) -> str:
    return f"{words} ({term})" if term else words


def _termed(speaker: Speaker, words: str, term: str) -> str:
    return _named(words, term if speaker.terms else "")


def kinds(speaker: Speaker, categories: Iterable[str]) -> Iterator[str]:
    """Say each kind of data."""
    for id_ in categories:
        category = speaker.policy.categories[id_]
        yield _termed(speaker, capital(speaker.say(f"categories.{id_}")), category.dpv)


def people(categories: Iterable[str]) -> Iterator[str]:
    """Say whom the data is about: members, visitors, and those whom others speak of."""
    families = {category.partition(".")[0] for category in categories}
    if families:
        yield _("members")
    if families & _ALSO_VISITORS:
        yield _("visitors without an account")
    if families & _ALSO_OTHERS:
        yield _("people of whom others write to us")


def bases(speaker: Speaker, purpose: Purpose) -> Iterator[str]:
    """Say on which footing the purpose rests, a line each, with places and their articles."""
    policy = speaker.policy
    found: dict[str, dict[str, list[str]]] = {}
    for book in policy.laws_apart:
        place = book.jurisdiction
        for term in book.allows:
            if term.basis and term.mask >> purpose.bit & 1:
                article = place.bases.get(term.basis, "")
                found.setdefault(term.basis, {}).setdefault(article, []).append(place.id)
    for basis, places in found.items():
        footing = policy.footings.get(basis)
        words = _termed(
            speaker, capital(speaker.say(f"bases.{basis}")), footing.dpv if footing else ""
        )
        where = (
            _named(_places(speaker, basis, article, ids), speaker.apart(article))
            for article, ids in places.items()
        )
        yield f"{words}{speaker.colon}{speaker.semicolon.join(where)}"


def _places(speaker: Speaker, basis: str, article: str, ids: list[str]) -> str:
    """Name places under their common law where it cites the same article, else by themselves."""
    policy = speaker.policy
    heads = dict.fromkeys(map(policy.head_of, ids))
    if all(policy.jurisdictions[head].bases.get(basis, "") == article for head in heads):
        return speaker.places(heads)
    return speaker.listed(speaker.say(f"jurisdictions.{id_}") for id_ in ids)


def _sources(speaker: Speaker, purpose: Purpose) -> Iterable[str]:
    policy = speaker.policy
    found = {
        source: None for category in purpose.uses for source in policy.categories[category].sources
    }
    return (capital(speaker.say(f"sources.{source}")) for source in found)


def _receiving(policy: Policy, purpose: Purpose) -> list[Recipient]:
    return [each for each in policy.recipients.values() if purpose.id in each.receives]


def recipients(speaker: Speaker, purpose: Purpose) -> Iterator[str]:
    """Say who gets what for a purpose, in which role and country, under which contract."""
    for each in _receiving(speaker.policy, purpose):
        yield _recipient(speaker, each, purpose)


def _recipient(speaker: Speaker, recipient: Recipient, purpose: Purpose) -> str:
    what = speaker.categories(recipient.receives[purpose.id])
    role = speaker.say(f"notice.roles.{recipient.role}")
    countries = speaker.countries(recipient.countries)
    name = speaker.called(recipient.id)
    known = (role, countries, *_bound(speaker, recipient))
    return f"{name}{speaker.aside(speaker.semicolon.join(known))}{speaker.colon}{what}"


def transfers(speaker: Speaker, recipient: Recipient) -> Iterator[str]:
    """Say what protects the data abroad, law by law."""
    for safeguard in recipient.safeguard:
        yield f"{speaker.called(recipient.id)}{speaker.colon}{protection(speaker, safeguard)}"


def protection(speaker: Speaker, safeguard: Safeguard) -> str:
    """Say a safeguard with its reference, the laws it is for, and when it is reviewed."""
    known = (safeguard.reference, safeguard.assessment, safeguard.authority, safeguard.url)
    laws = speaker.listed(map(speaker.law, safeguard.regimes))
    cited = speaker.comma.join(speaker.apart(each) for each in known if each)
    review = _("review by %(date)s") % {"date": speaker.day(safeguard.review)}
    said = speaker.semicolon.join((cited, laws, review))
    return speaker.say(f"safeguards.{safeguard.kind}") + speaker.aside(said)


def keeping(speaker: Speaker, purpose: Purpose) -> Iterator[str]:
    """Say how long each kind of data is kept, and which laws ask for longer."""
    policy = speaker.policy
    alike: dict[str, list[str]] = {}
    for category in purpose.uses:
        alike.setdefault(policy.schedule(category).id, []).append(category)
    for schedule, categories in alike.items():
        kinds = capital(speaker.categories(categories))
        yield f"{kinds}{speaker.colon}{speaker.say(f'retention.{schedule}')}"
    for law in policy.retention.must_keep.values():
        if law.purpose == purpose.id:
            where = speaker.countries(law.places)
            named = speaker.apart(law.law) + speaker.aside(where)
            yield f"{named}{speaker.colon}{speaker.lasting(law.keep)}"


def _tables(purpose: Purpose) -> Iterable[str]:
    """The tables of this service that hold what the purpose uses."""
    used = set(purpose.uses)
    return [each.label for each in registry().personal_tables() if each.categories & used]
