"""Tests of Django's that do what the gate refuses on purpose, each with the reason.

A key is a test, class or module; `[filtered]`, `[sqlite]` and so on narrow it to a mode or engine.
"""

from __future__ import annotations

PICKLES = "pickles personal rows, which the gate refuses"
TEXT = "runs a statement of its own text, which needs a duty"
LOGGED = "reads parameters off the query log, which carries none"
READS_SQL = "compares the text of the SQL, to which the row filter adds a condition"
COUNTS_NAMES = "counts names in the text of the SQL, to which the row filter adds some"
NAMELESS = "reads the text of an instance, which says what it is and not which"
THREAD = "looks at rows from a second thread, which begins with no purpose"
READS = "reads a personal table in text of its own, where no row filter can follow"
WHOM = "lets the database say whom a new row is about; under a filter that must be a value"
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
        WHOM
    ),
    "queries.tests.Queries5Tests.test_ordering [filtered]": READS,
    "queries.tests.Queries5Tests.test_ticket7045 [filtered]": READS,
    "aggregation_regress.tests.AggregationTests.test_pickle": PICKLES,
    "model_fields.test_filefield.FileFieldTests.test_pickle": PICKLES,
    "model_fields.test_imagefield.ImageFieldTests.test_pickle": PICKLES,
    "model_regress.test_pickle": PICKLES,
    "multiple_database.tests.PickleQuerySetTestCase": PICKLES,
    "prefetch_related.tests.PrefetchRelatedTests.test_m2m_then_m2m_object_ids": LOGGED,
    "prefetch_related.tests.PrefetchRelatedTests.test_m2m_then_reverse_fk_object_ids": LOGGED,
    "prefetch_related.tests.PrefetchRelatedTests.test_m2m_then_reverse_one_to_one_object_ids": (
        LOGGED
    ),
    "model_fields.test_jsonfield.TestQuerying.test_key_sql_injection [postgresql]": LOGGED,
    "composite_pk.test_update.CompositePKUpdateTests.test_save_user [filtered]": COUNTS_NAMES,
    "composite_pk.test_update.CompositePKUpdateTests.test_update_fields_deferred [filtered]": (
        COUNTS_NAMES
    ),
    "composite_pk.tests.CompositePKTests.test_get_primary_key_columns": TEXT,
    "constraints.tests.CheckConstraintTests.test_abstract_name": TEXT,
    "constraints.tests.CheckConstraintTests.test_name": TEXT,
    "constraints.tests.UniqueConstraintTests.test_name": TEXT,
    "custom_methods.tests.MethodsTests.test_custom_methods": TEXT,
    "delete_regress.tests.DeleteLockingTest.test_concurrent_delete": TEXT,
    "empty_models.test_commands.CoreCommandsNoOutputTests.test_sqlflush_no_tables": TEXT,
    "field_defaults.tests.DefaultTests.test_both_default": TEXT,
    "multiple_database.tests.QueryTestCase.test_raw": TEXT,
    "prefetch_related.tests.RawQuerySetTests": TEXT,
    "select_for_update.tests.SelectForUpdateTests.test_block": TEXT,
    "select_for_update.tests.SelectForUpdateTests.test_nowait_raises_error_on_block": TEXT,
    "select_for_update.tests.SelectForUpdateTests.test_raw_lock_not_available": TEXT,
    "select_for_update.tests.SelectForUpdateTests.test_skip_locked_skips_locked_rows": TEXT,
    "swappable_models.tests.SwappableModelTests.test_generated_data": TEXT,
    "transactions.tests.AtomicInsideTransactionTests.test_prevent_rollback": TEXT,
    "transactions.tests.AtomicTests.test_prevent_rollback": TEXT,
    "transactions.tests.AtomicWithoutAutocommitTests.test_prevent_rollback": TEXT,
    "unmanaged_models.tests.ManyToManyUnmanagedTests": TEXT,
    "multiple_database.tests.MigrateTestCase": "hides our app, whose `migrate` has the duty",
    "get_or_create.tests.UpdateOrCreateTransactionTests": THREAD,
    "custom_lookups.tests.CustomisedMethodsTests": "asks for a table that does not exist",
    "proxy_model_inheritance.tests.ProxyModelInheritanceTests.test_table_exists": (
        "adds apps after the tables were marked"
    ),
    "aggregation_regress.tests.AggregationTests.test_annotate_with_extra [filtered]": READS,
    "extra_regress.tests.ExtraRegressTests.test_regression_7314_7372 [filtered]": READS,
    "extra_regress.tests.ExtraRegressTests.test_regression_8039 [filtered]": READS,
    "basic.tests.ModelInstanceCreationTests.test_save_primary_with_db_default [filtered]": WHOM,
    "basic.tests.ModelInstanceCreationTests.test_save_primary_with_falsey_db_default [filtered]": (
        WHOM
    ),
    "field_defaults.tests.DefaultTests.test_foreign_key_db_default [filtered]": WHOM,
    "field_defaults.tests.DefaultTests.test_pk_db_default [filtered]": WHOM,
    "lookup.tests.LookupTests.test_in_keeps_value_ordering [filtered]": READS_SQL,
    "composite_pk.test_update.CompositePKUpdateTests.test_cant_update_to_unsaved_object": NAMELESS,
    "many_to_one.tests.ManyToOneTests.test_fk_assignment_and_related_object_cache": NAMELESS,
    "str.tests.SimpleTests.test_defaults": NAMELESS,
    "constraints.tests.BaseConstraintTests.test_deprecation": HERE,
    "db_functions.math.test_round.RoundTests [sqlite]": HERE,
    "model_fields.test_decimalfield.DecimalFieldTests.test_fetch_from_db_without_float_rounding"
    " [sqlite]": HERE,
    "model_fields.test_jsonfield.TestQuerying.test_lookups_special_chars_double_quotes [sqlite]": (
        HERE
    ),
    "proxy_models.tests.ProxyModelAdminTests.test_delete_str_in_model_admin": HERE,
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
