"""The example people of policy/cases: each decides as its sentence says."""

import msgspec
import pytest
from tests.policy.conftest import FOLDER, POLICY

from plainview.engine import (
    PolicyErrors,
    UnknownCategory,
    load_cases,
    load_without,
    run_case,
    unshown,
)

CASES = [(file, case) for file, cases in load_cases(FOLDER, POLICY).items() for case in cases]


@pytest.mark.parametrize("file", sorted({file for file, _ in CASES}))
def test_examples(policy, file):
    """The decision, its reason and its basis are those that each example of a file expects."""
    results = [run_case(policy, case) for each, case in CASES if each == file]
    failed = [f"{it.case.promise} {it.case.sentence} {it.failure}" for it in results if it.failure]
    assert not failed


def test_there_are_examples_enough_and_each_is_different():
    """At least 150, each with its own sentence and a promise; both decisions are shown."""
    assert len(CASES) >= 150
    assert len({case.sentence for _, case in CASES}) == len(CASES)
    assert all(case.promise.startswith("P") for _, case in CASES)
    assert {case.expect for _, case in CASES} == {"permitted", "denied"}


def test_every_shared_rule_decides_some_example(policy):
    """No rule of the policy goes without an example that it decides."""
    reasons = {case.reason for _, case in CASES}
    denying = {term.rule.id for book in policy.books.values() for term in book.denies}
    assert denying <= reasons


def test_every_promise_of_basis_limit_share_and_choice_is_shown(policy):
    """A promise of these kinds has an example person, or a reason why none can show it."""
    cases, without = [case for _, case in CASES], load_without(FOLDER)
    assert unshown(policy, cases, without) == []
    assert without.keys() <= policy.promises.keys()
    assert not without.keys() & {case.promise for case in cases}, "an excuse no longer needed"
    kept = [case for case in cases if case.promise != "P4.1.2b"]
    assert unshown(policy, kept, without) == ["P4.1.2b"]
    assert unshown(policy, cases, {}) == sorted(without)


def test_an_example_may_ask_about_one_kind_of_data(policy):
    """Not used, not received, or there: and a kind that nobody declared is no answer."""
    case = next(case for _, case in CASES if case.category and case.recipient == "kestrel")
    changed = msgspec.structs.replace
    assert not run_case(policy, case).failure
    wrong = run_case(policy, changed(case, category="location.country"))
    assert "expected permitted, is denied" in wrong.failure
    assert "is `not-used`" in wrong.failure
    with pytest.raises(UnknownCategory):
        run_case(policy, changed(case, category="location.street"))


def test_a_wrong_example_fails_and_says_how(policy):
    """A case that expects something else is told apart by decision, reason and basis."""
    case = next(case for _, case in CASES if case.basis)
    for field, value, said in (
        ("expect", "denied" if case.expect == "permitted" else "permitted", "expected"),
        ("reason", "minor", "expected the reason `minor`"),
        ("basis", "contract", "expected the basis `contract`"),
    ):
        wrong = type(case)(
            **{name: getattr(case, name) for name in case.__struct_fields__} | {field: value}
        )
        assert said in run_case(policy, wrong).failure


def test_examples_are_checked_like_the_policy(copy):
    """An example that can't be read names file, line, key and remedy."""
    (copy / "cases" / "bad.toml").write_text(
        '[[case]]\nsentence = "x"\npurpose = "recommend"\nexpect = "maybe"\nreason = ""\n'
        'unknown = ["mood"]\n\n'
        '[[case]]\nsentence = "y"\npurpose = "recomend"\nexpect = "denied"\nreason = "signal"\n'
        'presence = "Germany"\nsignals = ["GPC"]\nchoices = { adds = "granted" }\n'
        'recipient = "kestrell"\ncategory = "viewings"\ncases = ["court"]\npromise = "P99"\n'
        'everywhere = ["us-ca"]\n\n'
        '[[case.restrictions]]\nground = "unlawful"\npurposes = ["all"]\ncategories = ["name"]\n\n'
        '[[case]]\nsentence = "z"\npurpose = ""\nexpect = "denied"\nreason = ""\n'
    )
    with pytest.raises(PolicyErrors) as caught:
        load_cases(copy, POLICY)
    said = [(problem.line, problem.key, problem.problem) for problem in caught.value.problems]
    assert (4, "case[0].expect", "`maybe` is no decision") in said
    assert (6, "case[0].unknown", "unknown fact `mood`") in said
    for key, problem in (
        ("purpose", "unknown purpose `recomend`"),
        ("presence", "`Germany` is no code of a place"),
        ("everywhere", "`us-ca` is no code of a place"),
        ("signals", "unknown signal `GPC`"),
        ("choices", "unknown purpose `adds`"),
        ("recipient", "unknown recipient `kestrell`"),
        ("category", "unknown category `viewings`"),
        ("cases", "unknown case `court`"),
        ("promise", "unknown promise `P99`"),
        ("restrictions", "unknown purpose `all`"),
        ("restrictions", "unknown category `name`"),
    ):
        assert (f"case[1].{key}", problem) in [told[1:] for told in said]
    assert ("case[2].purpose", "unknown purpose ``") in [told[1:] for told in said]
