"""The example people of policy/cases: each decides as its sentence says."""

import pytest
from tests.policy.conftest import FOLDER

from plainview.engine import PolicyErrors, load_cases, run_case

CASES = [(file, case) for file, cases in load_cases(FOLDER).items() for case in cases]


@pytest.mark.parametrize(
    ("file", "case"), CASES, ids=[f"{case.promise} {case.sentence}" for _, case in CASES]
)
def test_example(policy, file, case):
    """The decision, its reason and its basis are those the example expects."""
    result = run_case(policy, case)
    assert not result.failure, f"{file}: {result.failure}"


def test_there_are_examples_enough_and_each_is_different():
    """At least forty, each with its own sentence and a promise; both decisions are shown."""
    assert len(CASES) >= 40
    assert len({case.sentence for _, case in CASES}) == len(CASES)
    assert all(case.promise.startswith("P") for _, case in CASES)
    assert {case.expect for _, case in CASES} == {"permitted", "denied"}


def test_every_shared_rule_decides_some_example(policy):
    """No rule of the policy goes without an example that it decides."""
    reasons = {case.reason for _, case in CASES}
    denying = {term.rule.id for book in policy.books.values() for term in book.denies}
    assert denying <= reasons


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
        'unknown = ["mood"]\n'
    )
    with pytest.raises(PolicyErrors) as caught:
        load_cases(copy)
    said = [(problem.line, problem.key, problem.problem) for problem in caught.value.problems]
    assert (4, "case[0].expect", "`maybe` is no decision") in said
    assert (6, "case[0].unknown", "unknown fact `mood`") in said
