"""People for the proofs: every combination of a few facts, and random ones of all facts."""

from itertools import product

from hypothesis import strategies as st

from plainview.engine import Policy, Restriction, Standing

PLACES = (
    "DE",
    "GB",
    "BR",
    "US-CA",
    "US-CO",
    "US-VA",
    "US-MD",
    "US-TX",
    "KR",
    "CA-QC",
    "IN",
    "CA-ON",
    "US",
    "CA",
    None,
)
RULED = PLACES[:12]  # places whose law is known

CHOICES = ("granted", "affirmed", "denied", "unset", None)
OBJECTIONS = ("none", "pending", "upheld", None)
AGES = ("certified-adult", "uncertified", "minor", None)
HEARD = (frozenset(), frozenset({"gpc"}), None)
YES_NO = (False, True, None)


def everyone(policy: Policy, place: str | None, *, age=AGES, choice=CHOICES, objection=OBJECTIONS):
    """Yield (facts, standing) for every combination, the same answer given to every purpose.

    One fold then answers the combination for all purposes at once.
    """
    purposes = list(policy.purposes)
    for facts in product(choice, objection, age, HEARD, YES_NO, YES_NO):
        yield facts, person(purposes, place, *facts)


def person(purposes, place, choice, objection, age, signals, restricted, pending) -> Standing:
    """Make a standing in which every purpose has the same answers."""
    every = frozenset(purposes)
    return Standing.newcomer(
        presence=place,
        choices=None if choice is None else dict.fromkeys(purposes, choice),
        objections=None
        if objection is None
        else ({} if objection == "none" else dict.fromkeys(purposes, objection)),
        age=age,
        signals=signals,
        restrictions=None
        if restricted is None
        else ((Restriction(ground="unlawful", purposes=every),) if restricted else ()),
        pending=None if pending is None else (every if pending else frozenset()),
    )


def standings(policy: Policy, places=PLACES) -> st.SearchStrategy[Standing]:
    """Random people, any fact of whom may be unknown."""
    purposes = st.sampled_from(sorted(policy.purposes))
    categories = st.sampled_from(sorted(policy.categories))
    some = st.frozensets(purposes, max_size=12)
    restriction = st.builds(
        Restriction,
        ground=st.sampled_from(["objection-pending", "unlawful", "accuracy-disputed"]),
        purposes=some,
        categories=st.frozensets(categories, max_size=3),
        reopened=some,
    )
    answers = st.sampled_from(["granted", "affirmed", "denied", "unset"])
    cases = ["legal-obligation", "public-interest", "vital-interests", "legal-claims"]
    return st.builds(
        Standing,
        presence=st.sampled_from(places),
        residence=st.sampled_from([None, *places]),
        choices=st.none() | st.dictionaries(purposes, answers, max_size=30),
        objections=st.none()
        | st.dictionaries(purposes, st.sampled_from(["pending", "upheld"]), max_size=8),
        restrictions=st.none() | st.lists(restriction, max_size=2).map(tuple),
        signals=st.sampled_from(HEARD),
        age=st.sampled_from(AGES),
        pending=st.none() | some,
        plan=st.sampled_from([None, "none", "plus", "ad-free"]),
        features=st.none()
        | st.frozensets(st.sampled_from(["connect-identity", "partner-services", "watch-along"])),
        cases=st.none() | st.frozensets(st.sampled_from([*cases, "business-transfer"])),
    )
