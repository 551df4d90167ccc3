"""Answers: may this purpose use this person's data, and why.

A permission needs proof, a denial needs only doubt. `fold` and `decide` read the same rules and
the same facts.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec

from plainview.engine.compiling import (
    MOST_PURPOSES,
    Atom,
    Book,
    Joint,
    Merged,
    Term,
    atoms_of,
    settled,
    unless_there,
)
from plainview.engine.declarations import BASES, STEADY_BASES, Basis, Recipient
from plainview.engine.facts import PLURALS, Facts
from plainview.engine.policy import Policy
from plainview.engine.problems import nearest
from plainview.engine.standing import YES, Standing

_MASKS = tuple(1 << bit for bit in range(MOST_PURPOSES))


class UnknownRecipient(KeyError):
    """A recipient that the policy does not declare."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one purpose, with what decided it. True when permitted.

    `rule` is the id of the rule that denied or permitted, or of the one that would have permitted
    had `fact` been otherwise; `place` is the jurisdiction whose rule it was, `article` what its
    law says of `basis`. `key` names the sentence in the policy's texts, `because` is that sentence,
    `for_officer` says the same with rule, basis, article, fact and clause.
    `withheld` are categories that the purpose must leave untouched although it is permitted.
    """

    permitted: bool
    purpose: str
    basis: Basis | None
    article: str
    clause: str
    rule: str
    fact: str
    place: str
    key: str
    because: str = ""
    for_officer: str = ""
    recipient: str | None = None
    withheld: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.permitted


def permits(permitted: int, bit: int, _masks: tuple[int, ...] = _MASKS) -> bool:
    """Whether a folded standing permits the purpose with this bit (see `Policy.bit`).

    Measured: a local table of masks and a branch are faster than a global one, shifting, or bool.
    """
    if permitted & _masks[bit]:  # noqa: SIM103 - measured, see above
        return True
    return False


def fold(policy: Policy, standing: Standing, at: float | None = None) -> int:
    """Return the integer whose bit n says whether the purpose with bit n is permitted.

    `at` is the moment (seconds since 1970, UTC) whose law decides, and against which `valid_until`
    is held.
    """
    policy = _at(policy, at)
    standing = standing.current(at)
    joint = policy.joint(standing.presence, standing.residence).merged
    facts = Facts(policy, standing)
    return combine(joint, [facts.read(atom) for atom in joint.atoms], policy.everything)


def combine(joint: Merged, known: Sequence[tuple[int, int]], everything: int) -> int:
    """Return the bits of `everything` that the rules of `joint` leave permitted (P2.11d, P3.1b).

    `known` holds two masks for each atom: where it is known to be met, and where it may be.
    What a bit stands for is the caller's: purposes of one person, or people for one purpose.
    """
    permitted = everything
    for table in joint.allows:
        allowed = 0
        for mask, when in table:
            for index in when:
                mask &= known[index][0]
            allowed |= mask
        permitted &= allowed
    for mask, when, unless in joint.denies:
        for index in when:
            mask &= known[index][1]
        if mask and unless is not None:
            held_back = everything
            for index in unless:
                held_back &= known[index][0]
            mask &= ~held_back
        permitted &= ~mask
    return permitted


def decide(
    policy: Policy,
    standing: Standing,
    purpose: str,
    recipient: str | None = None,
    at: float | None = None,
) -> Decision:
    """Return the decision on `purpose`, and on handing to `recipient` for it, without words.

    Raises UnknownPurpose or UnknownRecipient for a name that the policy does not declare.
    """
    policy = _at(policy, at)
    bit = 1 << policy.bit(purpose)
    receiver = _recipient(policy, recipient)
    standing = standing.current(at)
    facts = Facts(policy, standing)
    joint = policy.joint(standing.presence, standing.residence)
    decision = _denied(policy, purpose, bit, joint, facts)
    if decision is None:  # not `or`: a denial is false
        decision = _allowed(policy, purpose, bit, joint, facts)
    if decision and receiver is not None:
        decision = _handed_over(policy, standing, facts, joint, decision, receiver)
    return msgspec.structs.replace(
        decision,
        recipient=recipient,
        withheld=withheld(policy, standing, purpose) if decision else frozenset(),
    )


def _at(policy: Policy, at: float | None) -> Policy:
    return policy if at is None else policy.on(dt.datetime.fromtimestamp(at, dt.UTC).date())


def withheld(policy: Policy, standing: Standing, purpose: str) -> frozenset[str]:
    """Return the categories `purpose` must not touch for this person, though its bit is open.

    Promises: P5.2.1.6a.
    """
    uses = policy.uses(purpose)
    if standing.restrictions is None:
        return frozenset() if policy.survives_restriction(purpose) else uses
    if policy.survives_restriction(purpose):
        return frozenset()
    kept: set[str] = set()
    for restriction in standing.restrictions:
        if purpose not in restriction.reopened:
            kept |= {
                category
                for category in uses
                if category in restriction.categories
                or category in restriction.disputed
                or policy.categories[category].parent in restriction.categories
            }
    return frozenset(kept)


def set_aside(policy: Policy, standing: Standing, purpose: str) -> frozenset[str]:
    """Return what is disputed, as `Restriction.disputed` has it, and closed to `purpose`.

    Promises: P5.2.1.3a.
    """
    open_to = policy.disputable(purpose)
    return frozenset(
        each
        for restriction in standing.restrictions or ()
        if purpose not in restriction.reopened
        for each in restriction.disputed
        if each.partition(" ")[0] in open_to
    )


def _recipient(policy: Policy, recipient: str | None) -> Recipient | None:
    if recipient is None:
        return None
    try:
        return policy.recipients[recipient]
    except KeyError:
        help_ = nearest(recipient, policy.recipients, "declare it in `recipients.toml`")
        raise UnknownRecipient(f"no recipient `{recipient}` in the policy; {help_}") from None


def _denied(policy: Policy, purpose: str, bit: int, joint: Joint, facts: Facts) -> Decision | None:
    """Return the denial of the first rule that may apply, in the order of the policy's rules."""
    for book in joint.books:
        for term in book.denies:
            if term.mask & bit and _denies(term, bit, facts):
                return _denial(policy, purpose, book, term, bit, facts)
    return None


def _denies(term: Term, bit: int, facts: Facts) -> bool:
    for atom in term.when:  # a loop: it is asked of each rule, whenever somebody asks why
        if not facts.known(atom).may & bit:
            return False
    return term.unless is None or not all(facts.known(atom).holds & bit for atom in term.unless)


def _denial(
    policy: Policy, purpose: str, book: Book, term: Term, bit: int, facts: Facts
) -> Decision:
    doubtful = [atom for atom in term.when if not facts.known(atom).holds & bit]
    fact = next(iter(doubtful or term.when), None)
    return Decision(
        permitted=False,
        purpose=purpose,
        basis=None,
        article=_article(policy, purpose, book, term, bit),
        clause=policy.purposes[purpose].clause,
        rule=term.rule.id,
        fact=_said(policy, purpose, fact, bit, facts, book),
        place=book.jurisdiction.id,
        key="because.doubt" if doubtful else f"because.denied.{term.rule.id}",
    )


def _article(policy: Policy, purpose: str, book: Book, term: Term, bit: int) -> str:
    """Return what the law of the book says of the right that a denial carries out, if anything."""
    bases = {each.basis for each in book.allows if each.mask & bit}
    for name in term.rule.rights:
        right, there = policy.rights[name], book.jurisdiction.rights.get(name)
        fits = (not right.closes or purpose in right.closes) and (
            not right.against or not bases.isdisjoint(right.against)
        )
        if fits and there is not None and there.by == "law" and there.article:
            return there.article
    return ""


def _allowed(policy: Policy, purpose: str, bit: int, joint: Joint, facts: Facts) -> Decision:
    """Return the permission that every book gives, or the silence of the first that does not."""
    given: list[tuple[Book, Term]] = []
    for book in joint.books:
        candidates = [term for term in book.allows if term.mask & bit]
        holding = [
            term for term in candidates if all(facts.known(atom).holds & bit for atom in term.when)
        ]
        if not holding:
            return _silence(policy, purpose, book, candidates, bit, facts)
        given.append((book, holding[0]))
    if not given:
        raise LookupError("no jurisdiction binds this standing")
    book, term = max(given, key=lambda pair: BASES.index(pair[1].basis or BASES[0]))
    return Decision(
        permitted=True,
        purpose=purpose,
        basis=term.basis,
        article=book.jurisdiction.bases.get(term.basis or "", ""),
        clause=policy.purposes[purpose].clause,
        rule=term.id,
        fact=_said(policy, purpose, term.when[0] if term.when else None, bit, facts, book),
        place=book.jurisdiction.id,
        key=f"because.permitted.{term.basis}",
    )


def _silence(
    policy: Policy, purpose: str, book: Book, candidates: list[Term], bit: int, facts: Facts
) -> Decision:
    term = candidates[0] if candidates else None
    missing = (
        next((atom for atom in term.when if not facts.known(atom).holds & bit), None)
        if term
        else None
    )
    basis = term.basis if term else None
    return Decision(
        permitted=False,
        purpose=purpose,
        basis=basis,
        article=book.jurisdiction.bases.get(basis or "", ""),
        clause=policy.purposes[purpose].clause,
        rule=term.id if term else "",
        fact=_said(policy, purpose, missing, bit, facts, book),
        place=book.jurisdiction.id,
        key=f"because.silent.{basis or 'none'}",
    )


def _handed_over(
    policy: Policy,
    standing: Standing,
    facts: Facts,
    joint: Joint,
    decision: Decision,
    recipient: Recipient,
) -> Decision:
    """Hold a permitted purpose against the recipient's own conditions: each alone blocks.

    Promises: P4.1.2a.
    """
    purpose, bit = decision.purpose, 1 << policy.bit(decision.purpose)

    def refused(rule: str, fact: str, key: str) -> Decision:
        return msgspec.structs.replace(
            decision, permitted=False, basis=None, article="", rule=rule, fact=fact, key=key
        )

    if purpose not in recipient.receives:
        return refused("not-for-this", f"recipient={recipient.id}", "because.recipient.purpose")
    name = f"{purpose}/{recipient.id}"
    steady = decision.basis in STEADY_BASES and not recipient.by_name
    pending = standing.pending
    if name in (pending or ()) or (pending is None and not steady):
        return refused("unanswered-change", f"pending={name}", "because.recipient.pending")
    answer = (standing.choices or {}).get(name, "unset")
    if standing.choices is None and not steady:
        return refused("by-name", "choice=unknown", "because.recipient.name")
    if answer not in YES and (recipient.by_name or (answer != "unset" and not steady)):
        return refused("by-name", f"choice={answer}", "because.recipient.name")
    for book in joint.books:
        for rule in recipient.rule:
            if not settled(rule.when, book.jurisdiction):
                continue
            term = Term(rule, None, bit, atoms_of(rule.when), unless_there(rule, book.jurisdiction))
            if _denies(term, bit, facts):
                return refused(rule.id, recipient.id, f"because.denied.{rule.id}")
    return decision


def _said(
    policy: Policy, purpose: str, atom: Atom | None, bit: int, facts: Facts, book: Book
) -> str:
    """Return the fact behind a condition as `fact=value`."""
    if atom is None:
        return f"place={book.jurisdiction.id}"
    standing = facts.standing
    if not facts.known(atom).holds & bit and facts.known(atom).may & bit:
        return f"{atom.fact}=unknown"
    if atom.fact == "choice":
        return f"choice={(standing.choices or {}).get(purpose, 'unset')}"
    if atom.fact == "objection":
        return f"objection={(standing.objections or {}).get(purpose, 'none')}"
    if atom.fact == "restricted":
        grounds = [
            restriction.ground
            for restriction in standing.restrictions or ()
            if policy.restricted_mask(restriction.purposes, restriction.categories) & bit
        ]
        return f"restricted={grounds[0] if grounds else 'none'}"
    if atom.fact == "pending":
        return "pending=unanswered"
    if atom.fact in ("age", "plan"):
        return f"{atom.fact}={getattr(standing, atom.fact)}"
    met = sorted(atom.values & (getattr(standing, PLURALS[atom.fact]) or frozenset()))
    return f"{atom.fact}={met[0] if met else 'none'}"
