"""A second opinion: the meaning of a policy written out slowly, without masks or books.

It reads the same declarations and shares no code with the engine's compiler or decider. A
condition is True, False or None (nobody knows); all of a rule's conditions are taken together.
"""

from plainview.engine import Jurisdiction, Policy, Purpose, Rule, Standing

ANSWERS = {"granted", "affirmed", "denied", "unset"}


def permitted(policy: Policy, standing: Standing, purpose: Purpose, rules: list[Rule]) -> bool:
    """Whether both places permit the purpose, and each place an unknown one may be."""
    codes = [standing.presence, standing.residence or standing.presence]
    return all(
        _there(policy, standing, purpose, rules, place)
        for code in codes
        for place in _laws(policy, code)
    )


def _laws(policy: Policy, code: str | None) -> list[Jurisdiction]:
    own = [place for place in policy.jurisdictions.values() if not place.strictest_of]
    for place in policy.jurisdictions.values():
        if code in place.places or (code and code.split("-")[0] in place.places):
            exact = [p for p in policy.jurisdictions.values() if code in p.places]
            place = exact[0] if exact else place
            if not place.strictest_of:
                return [place]
            prefix = place.strictest_of[0].rstrip("*")
            return [other for other in own if other.id.startswith(prefix)]
    return own


def _there(
    policy: Policy, standing: Standing, purpose: Purpose, rules: list[Rule], place: Jurisdiction
) -> bool:
    mine = [
        rule for rule in (*rules, *purpose.rule) if _for(rule, purpose) and _law(rule.when, place)
    ]
    bases = {_basis(rule, purpose, place) for rule in mine if rule.allow}
    allowed = False
    for rule in mine:
        wanted = set(rule.applies.bases)
        if wanted and not wanted & bases:
            continue
        met = _met(policy, standing, purpose, rule.when)
        if rule.deny:
            lifted = (
                rule.unless is not None
                and _law(rule.unless, place)
                and _met(policy, standing, purpose, rule.unless) is True
            )
            if met is not False and not lifted:
                return False
        else:
            basis = _basis(rule, purpose, place)
            grant = _choice(standing, purpose) in ("granted", "affirmed")
            if basis and met is True and (basis != "consent" or grant):
                allowed = True
    return allowed


def _for(rule: Rule, purpose: Purpose) -> bool:
    scope = rule.applies
    return (
        (not scope.purposes or purpose.id in scope.purposes)
        and (not scope.kinds or purpose.kind in scope.kinds)
        and (not scope.traits or any(trait in purpose.traits for trait in scope.traits))
        and not any(trait in purpose.traits for trait in scope.without)
    )


def _law(when, place: Jurisdiction) -> bool:
    return (
        (not when.regime or place.regime in when.regime)
        and (not when.place or any(id_ in when.place for id_ in (place.id, *place.parents)))
        and (not when.model or place.model in when.model)
    )


def _basis(rule: Rule, purpose: Purpose, place: Jurisdiction) -> str | None:
    return place.kinds.get(purpose.kind) if rule.allow == "local" else rule.allow or None


def _choice(standing: Standing, purpose: Purpose) -> str | None:
    if standing.choices is None:
        return None
    answer = standing.choices.get(purpose.id, "unset")
    return answer if answer in ANSWERS else None


def _met(policy: Policy, standing: Standing, purpose: Purpose, when) -> bool | None:
    answers = []
    if when.choice:
        choice = _choice(standing, purpose)
        wanted = set(when.choice) | ({"affirmed"} if "granted" in when.choice else set())
        answers.append(None if choice is None else choice in wanted)
    if when.objection:
        known = standing.objections
        answers.append(None if known is None else known.get(purpose.id, "none") in when.objection)
    if when.restricted:
        answers.append(_restricted(policy, standing, purpose))
    if when.pending:
        answers.append(None if standing.pending is None else purpose.id in standing.pending)
    if when.age:
        answers.append(None if standing.age is None else standing.age in when.age)
    if when.plan:
        answers.append(None if standing.plan is None else standing.plan in when.plan)
    for fact, known in (
        ("signal", standing.signals),
        ("feature", standing.features),
        ("case", standing.cases),
    ):
        wanted = getattr(when, fact)
        if wanted:
            answers.append(None if known is None else any(word in known for word in wanted))
    if False in answers:
        return False
    return None if None in answers else True


def _restricted(policy: Policy, standing: Standing, purpose: Purpose) -> bool | None:
    if standing.restrictions is None:
        return None
    needs = purpose.uses if purpose.needs is None else purpose.needs
    touched = {*needs, *(category.split(".")[0] for category in needs)}
    return any(
        purpose.id not in restriction.reopened
        and (purpose.id in restriction.purposes or touched & restriction.categories)
        for restriction in standing.restrictions
    )
