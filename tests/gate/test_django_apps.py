"""Nothing legal is refused: Django's own ORM test apps pass behind both walls.

They come from Django's source distribution (`tools/django_tests.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.gate.settings import ENGINE
from tools import django_tests

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = [
    "queries",
    "aggregation",
    "update",
    "delete",
    "select_related",
    "many_to_many",
]
WHOLE = [
    "aggregation_regress",
    "annotations",
    "basic",
    "bulk_create",
    "composite_pk",
    "constraints",
    "custom_columns",
    "custom_lookups",
    "custom_managers",
    "custom_methods",
    "custom_pk",
    "datatypes",
    "dates",
    "datetimes",
    "db_functions",
    "defer",
    "defer_regress",
    "delete_regress",
    "distinct_on_fields",
    "empty_models",
    "expressions",
    "expressions_case",
    "expressions_window",
    "extra_regress",
    "field_defaults",
    "field_subclassing",
    "filtered_relation",
    "force_insert_update",
    "foreign_object",
    "from_db_value",
    "generic_relations",
    "generic_relations_regress",
    "get_earliest_or_latest",
    "get_object_or_404",
    "get_or_create",
    "inline_formsets",
    "known_related_objects",
    "lookup",
    "m2m_and_m2o",
    "m2m_intermediary",
    "m2m_multiple",
    "m2m_recursive",
    "m2m_regress",
    "m2m_signals",
    "m2m_through",
    "m2m_through_regress",
    "m2o_recursive",
    "managers_regress",
    "many_to_one",
    "many_to_one_null",
    "max_lengths",
    "model_fields",
    "model_forms",
    "model_formsets",
    "model_formsets_regress",
    "model_inheritance",
    "model_inheritance_regress",
    "model_regress",
    "model_utils",
    "multiple_database",
    "mutually_referential",
    "nested_foreign_keys",
    "null_fk",
    "null_fk_ordering",
    "null_queries",
    "one_to_one",
    "or_lookups",
    "order_with_respect_to",
    "ordering",
    "pagination",
    "prefetch_related",
    "properties",
    "proxy_model_inheritance",
    "proxy_models",
    "reserved_names",
    "reverse_lookup",
    "save_delete_hooks",
    "select_for_update",
    "select_related_onetoone",
    "select_related_regress",
    "signals",
    "str",
    "string_lookup",
    "swappable_models",
    "transaction_hooks",
    "transactions",
    "unmanaged_models",
    "update_only_fields",
    "validation",
    "xor_lookups",
]


@pytest.fixture(scope="session")
def tests_folder() -> Path:
    """Django's tests, which the set-up fetched; if it could not, once more."""
    try:
        return django_tests.fetch()
    except django_tests.Unavailable as error:
        pytest.skip(f"LEFT OUT: {error}")


def _run(folder: Path, mode: str, apps: list[str]) -> dict[str, object]:
    finished = subprocess.run(
        [sys.executable, "-m", "tests.gate.django_suite", str(folder), ENGINE, mode, *apps],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert finished.stdout.strip(), finished.stderr[-2000:]
    return json.loads(finished.stdout.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["filtered", pytest.param("marked", marks=pytest.mark.soak)])
def test_sample(tests_folder, mode):
    """The apps that ask the most of the compiler, as often as the suite runs."""
    result = _run(tests_folder, mode, SAMPLE)
    assert result["wrong"] == {}
    assert result["run"] > 700


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["marked", "filtered"])
def test_whole(tests_folder, mode):
    """All the others that a database of ours can run."""
    result = _run(tests_folder, mode, WHOLE)
    assert result["wrong"] == {}
    assert result["run"] > 3000
