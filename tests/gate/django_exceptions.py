"""Tests of Django's that do what the gate refuses on purpose, each with the reason.

A key is a test, class or module; `[filtered]`, `[sqlite]` and so on narrow it to a mode or engine.
"""

from __future__ import annotations

PICKLES = "pickles personal rows, which the gate refuses"
TEXT = "runs a statement of its own text, which needs a duty"
LOGGED = "reads parameters off the query log, which carries none"
READS_SQL = "compares the text of the SQL, to which the row filter adds a condition"
COUNTS_NAMES = "counts names in the text of the SQL, to which the row filter adds some"
HERE = "fails on Django's own engine here as well"

EXCEPTIONS: dict[str, str] = {
    "queries.tests.CloneTests.test_evaluated_queryset_as_argument": PICKLES,
    "queries.tests.Queries1Tests.test_deferred_load_qs_pickling": PICKLES,
    "queries.tests.Queries1Tests.test_ticket7791": PICKLES,
    "queries.tests.Queries1Tests.test_tickets_7204_7506": PICKLES,
    "delete.tests.DeletionTests.test_only_referenced_fields_selected": LOGGED,
    "lookup.tests.LookupTests.test_in_ignore_none": LOGGED,
    "lookup.tests.LookupTests.test_in_ignore_none_with_unhashable_items": LOGGED,
    "lookup.tests.LookupTests.test_lookup_direct_value_rhs_unwrapped": LOGGED,
    "queries.test_qs_combinators.QuerySetSetOperationTests.test_exists_union [filtered]": READS_SQL,
    "queries.tests.ExistsSql [filtered]": READS_SQL,
    "expressions.tests.ExistsTests.test_optimizations [filtered]": READS_SQL,
    "queries.tests.ExcludeTests.test_exclude_m2m_through [filtered]": COUNTS_NAMES,
    "queries.tests.Queries1Tests.test_subquery_condition [filtered]": COUNTS_NAMES,
    "queries.test_db_returning.ReturningValuesTests.test_insert_returning_non_integer [filtered]": (
        "lets the database say whom a new row is about; under a filter that must be a value"
    ),
    "queries.tests.Queries5Tests.test_ordering [filtered]": (
        "adds a personal table by extra(tables=…), where no row filter can follow"
    ),
    "expressions.tests.FTimeDeltaTests.test_mixed_comparisons1 [sqlite]": HERE,
}


def reason(test: str, mode: str, engine: str) -> str:
    """Why a test (or its class or module) is not run in this mode, or nothing."""
    parts = test.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        for key in (name, f"{name} [{mode}]", f"{name} [{engine}]", f"{name} [{engine} {mode}]"):
            if key in EXCEPTIONS:
                return EXCEPTIONS[key]
    return ""
