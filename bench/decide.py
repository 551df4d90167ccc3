"""The engine against its yardsticks, as ratios in one run: `python bench/decide.py`.

- `permits` against a bare dict lookup (goal < 4x), both in the same loop
- the fold of one standing, which answers every purpose, against one Cedar call per purpose on an
  equivalent policy parsed beforehand (goal > 20x); both must decide the same, or the run fails
- everybody whom the rules of one purpose tell apart, folded at once as `plainview policy prove`
  does, against a fold of each of them (goal > 20x)
- fold (goal < 50 microseconds), load and compile of the policy folder (goal < 0.5 s)

Needs `cedarpy`, which only this file uses; without it that one line is left out, loudly.
"""

from __future__ import annotations

import json
import statistics
import sys
import timeit
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

from plainview.engine import Policy, Prover, Standing, fold, load, permits
from plainview.engine.compiling import Atom, Book
from plainview.engine.crowds import standing_of

try:
    import cedarpy
except ImportError:
    cedarpy = None

FOLDER = Path(__file__).parents[1] / "policy"
ROUNDS = 15
SETS = {"signal": "signals", "feature": "features", "case": "cases"}


def people() -> dict[str, Standing]:
    """Return some standings of different weight, all of whose facts are known."""
    answered = {"recommend": "granted", "marketing-email": "denied", "targeted-ads": "granted"}
    return {
        "a first visit from Germany": Standing.newcomer(presence="DE", residence="DE"),
        "a member in California with a signal": Standing.newcomer(
            presence="US-CA",
            residence="US-CA",
            choices=answered,
            signals=frozenset({"gpc"}),
            age="certified-adult",
            plan="plus",
        ),
        "a Texan in Berlin who answered and objected": Standing.newcomer(
            presence="DE",
            residence="US-TX",
            choices={**answered, "ad-measurement": "affirmed", "history": "denied"},
            objections={"improve": "pending", "security": "pending"},
            signals=frozenset({"gpc"}),
            features=frozenset({"partner-services"}),
            cases=frozenset({"legal-claims"}),
        ),
    }


def microseconds(act: Callable[[], object], number: int) -> float:
    """Return the time of one call in the best of some rounds of `number` calls."""
    return min(timeit.repeat(act, number=number, repeat=ROUNDS)) / number * 1e6


def lookup_ratio(policy: Policy) -> float:
    """Return what `permits` costs in bare dict lookups: the best of many short runs of each."""
    folded = fold(policy, people()["a first visit from Germany"])
    table = {id_: permits(folded, purpose.bit) for id_, purpose in policy.purposes.items()}
    ratios = []
    for id_, purpose in policy.purposes.items():
        names = {
            "permits": permits,
            "folded": folded,
            "bit": purpose.bit,
            "table": table,
            "key": id_,
        }
        timers = [
            timeit.Timer(act, globals=names) for act in ("permits(folded, bit)", "table[key]")
        ]
        rounds = [[timer.timeit(4000) for timer in timers] for _ in range(60)]  # in turns
        mine, other = (min(times) for times in zip(*rounds, strict=True))
        ratios.append(mine / other)
    return statistics.mean(ratios)


def cedar(policy: Policy) -> str:
    """Write the rule books as Cedar: both places must permit, any denial forbids."""
    lines = []
    for purpose in policy.purposes.values():
        where = []
        for side in ("presence", "residence"):
            there = [
                f"(context.{side} == {quoted(book.jurisdiction.id)} && ({permission}))"
                for book in policy.laws_apart
                if (permission := _permission(book, 1 << purpose.bit, purpose.id))
            ]
            where.append(f"({' || '.join(there)})")
        action = f"Action::{quoted(purpose.id)}"
        lines.append(
            f"permit(principal, action == {action}, resource) when {{ {' && '.join(where)} }};"
        )
        for rule, places in _denials(policy, 1 << purpose.bit).items():
            books = f"[{', '.join(map(quoted, places))}]"
            there = f"({books}.contains(context.presence) || {books}.contains(context.residence))"
            term = next(t for t in policy.books[places[0]].denies if t.rule.id == rule[0])
            when = " && ".join([there, *(_condition(atom, purpose.id) for atom in term.when)])
            held = " && ".join(_condition(atom, purpose.id) for atom in term.unless or ())
            unless = f" unless {{ {held} }}" if held else ""
            lines.append(
                f"forbid(principal, action == {action}, resource) when {{ {when} }}{unless};"
            )
    return "\n".join(lines)


def _permission(book: Book, bit: int, purpose: str) -> str:
    ways = [
        " && ".join(_condition(atom, purpose) for atom in term.when) or "true"
        for term in book.allows
        if term.mask & bit
    ]
    return " || ".join(f"({way})" for way in ways)


def _denials(policy: Policy, bit: int) -> dict[tuple[str, tuple[Atom, ...]], list[str]]:
    found: dict[tuple[str, tuple[Atom, ...]], list[str]] = {}
    for book in policy.laws_apart:
        for term in book.denies:
            if term.mask & bit:
                found.setdefault((term.rule.id, term.when), []).append(book.jurisdiction.id)
    return found


def _condition(atom: Atom, purpose: str) -> str:
    fact, values = atom
    if fact in ("choice", "objection"):
        ways = [f"context.{value}.contains({quoted(purpose)})" for value in sorted(values)]
    elif fact in ("restricted", "pending"):
        ways = [f"context.{fact}_.contains({quoted(purpose)})"]
    elif fact in SETS:
        ways = [f"context.{SETS[fact]}.contains({quoted(value)})" for value in sorted(values)]
    else:
        ways = [f"context.{fact} == {quoted(value)}" for value in sorted(values)]
    return f"({' || '.join(ways)})"


def quoted(text: str) -> str:
    """Return text as a Cedar string."""
    return json.dumps(text)


def context(policy: Policy, standing: Standing) -> dict[str, object]:
    """Return the standing as a Cedar context."""
    choices, objections = standing.choices or {}, standing.objections or {}
    answers = ("granted", "affirmed", "denied", "pending", "upheld")
    return {
        "presence": policy.law_of(standing.presence),
        "residence": policy.law_of(standing.residence),
        **{answer: _those(answer, choices.items()) for answer in answers[:3]},
        **{answer: _those(answer, objections.items()) for answer in answers[3:]},
        "unset": [id_ for id_ in policy.purposes if choices.get(id_, "unset") == "unset"],
        "restricted_": [],
        "pending_": [],
        **{name: sorted(getattr(standing, name) or ()) for name in SETS.values()},
        "age": standing.age,
        "plan": standing.plan,
    }


def _those(answer: str, given: Iterable[tuple[str, str]]) -> list[str]:
    return [purpose for purpose, said in given if said == answer]


def against_cedar(policy: Policy) -> list[tuple[str, float, str]]:
    """Return the ratio for each person; fails when the two engines decide differently."""
    text = cedar(policy)
    parsed = cedarpy.PolicySet.from_str(text)
    nothing = cedarpy.Entities.from_json_str("[]")
    rows = []
    for name, standing in people().items():
        requests = [
            {
                "principal": 'User::"someone"',
                "action": f"Action::{quoted(id_)}",
                "resource": 'Data::"theirs"',
                "context": context(policy, standing),
            }
            for id_ in policy.purposes
        ]

        def ask(requests: list[dict[str, object]] = requests) -> list[bool]:
            return [
                cedarpy.is_authorized(request, parsed, nothing).decision == cedarpy.Decision.Allow
                for request in requests
            ]

        folded = fold(policy, standing)
        ours = [permits(folded, purpose.bit) for purpose in policy.purposes.values()]
        theirs = ask()
        if ours != theirs:
            differ = [
                id_ for id_, a, b in zip(policy.purposes, ours, theirs, strict=True) if a != b
            ]
            sys.exit(f"the engines differ on {name}: {differ}")
        mine = microseconds(lambda standing=standing: fold(policy, standing), 1000)
        other = microseconds(ask, 2)
        rows.append(
            (
                f"{name}: Cedar, a call a purpose / fold",
                other / mine,
                f"{other:.0f} / {mine:.1f} us",
            )
        )
    count = text.count(";")
    print(f"Cedar policy: {count} rules, parsed beforehand; both engines decide the same\n")
    return rows


def crowd_ratio(policy: Policy) -> tuple[float, int]:
    """Return how much faster everybody is folded at once than one by one, and how many they are."""
    crowd, _ = Prover(policy).permitted("recommend", "eu", "br")
    some = [
        standing_of("recommend", crowd.person(number), "eu", "br")
        for number in range(0, crowd.size, crowd.size // 100)
    ]
    at_once = min(
        timeit.repeat(
            lambda: Prover(policy).permitted("recommend", "eu", "br"), number=1, repeat=ROUNDS
        )
    )
    each = min(
        timeit.repeat(lambda: [fold(policy, one) for one in some], number=1, repeat=ROUNDS)
    ) / len(some)
    return each * crowd.size / at_once, crowd.size


def main() -> None:
    """Measure and print; exit with 1 when a goal is missed."""
    whole = statistics.median(timeit.repeat(lambda: load(FOLDER), number=1, repeat=5))
    tracemalloc.start()
    policy = load(FOLDER)
    for presence in policy.jurisdictions:
        for residence in policy.jurisdictions:
            policy.joint(presence, residence)
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    missed = []

    def line(name: str, value: float, unit: str, goal: float, *, least: bool = False) -> None:
        good = value > goal if least else value < goal
        missed.extend([] if good else [name])
        sign = ">" if least else "<"
        print(f"{name:<76}{value:>9.2f} {unit:<4} goal {sign} {goal} {'' if good else 'MISSED'}")

    line("permits / dict lookup (mean over all purposes)", lookup_ratio(policy), "x", 4)
    for name, standing in people().items():
        value = microseconds(lambda standing=standing: fold(policy, standing), 1000)
        line(f"fold: {name}", value, "us", 50)
    nobody = microseconds(lambda: fold(policy, Standing()), 1000)
    line("fold: a person of whom nothing is known", nobody, "us", 50)
    line("load, check and compile the policy folder", whole, "s", 0.5)
    pairs = f"{len(policy.jurisdictions)} laws"
    line(f"memory of the policy, words included, and of every pair of {pairs}", memory, "MB", 64)
    ratio, size = crowd_ratio(policy)
    line(f"a fold of each / {size} people folded at once", ratio, "x", 20, least=True)
    print()
    if cedarpy is None:
        print("LEFT OUT: the comparison with Cedar; get it with `pip install cedarpy`")
    else:
        for name, ratio, detail in against_cedar(policy):
            line(f"{name} ({detail})", ratio, "x", 20, least=True)
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
