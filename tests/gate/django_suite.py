"""Runs Django's own ORM test apps behind the gate: nothing legal may be refused.

    python -m tests.gate.django_suite TESTS_FOLDER ENGINE MODE APP [APP …]

ENGINE is sqlite or postgresql. MODE is `marked` (every column personal, one purpose permits all),
`filtered` (besides, every table is filtered by a condition that always holds, so that the filter's
place in every statement is proved) or `stock` (Django's own engine, for comparison). Prints one
JSON object. Known exceptions, each with its reason, are in `django_exceptions.py`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.test.runner import DiscoverRunner
from django.test.testcases import TransactionTestCase
from django.test.utils import get_runner
from tests.gate.django_exceptions import reason
from tests.gate.policy import SmallPolicy

from plainview.privacy import declarations, registry
from plainview.privacy.gate import filters, grants, purposes, writing
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened

ALWAYS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.staticfiles",
]


def engine_settings(engine: str, mode: str) -> dict[str, object]:
    """Two databases of one engine, as Django's test apps expect."""
    home = "django.db.backends" if mode == "stock" else "plainview.privacy.gate"
    if engine == "sqlite":
        return {alias: {"ENGINE": f"{home}.sqlite3"} for alias in ("default", "other")}
    return {
        alias: {
            "ENGINE": f"{home}.postgresql",
            "NAME": f"django_{os.getpid()}_{alias}",
            "USER": os.environ.get("GATE_PG_USER", "postgres"),
            "HOST": os.environ.get("GATE_PG_HOST", "/tmp/gate-pg"),
        }
        for alias in ("default", "other")
    }


def configure(folder: Path, engine: str, mode: str, labels: list[str]) -> None:
    """Settings as Django's own runner makes them, with the privacy app in front."""
    sys.path.insert(0, str(folder))
    os.environ["RUNTESTS_DIR"] = str(folder)
    settings.configure(
        DATABASES=engine_settings(engine, mode),
        SECRET_KEY="django_tests_secret_key",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=False,
        INSTALLED_APPS=["plainview.privacy.apps.Privacy", *ALWAYS, *labels],
        ROOT_URLCONF="urls",
        STATIC_URL="static/",
        STATIC_ROOT=tempfile.mkdtemp(),
        SITE_ID=1,
        LANGUAGE_CODE="en",
        MIDDLEWARE=[],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        MIGRATION_MODULES={"auth": None, "contenttypes": None, "privacy": None},
        SILENCED_SYSTEM_CHECKS=["fields.W342"],
    )
    django.setup()


def mark_everything(mode: str) -> None:
    """Every column of every table becomes personal, of one category."""
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.proxy or meta.swapped or meta.app_label == "privacy":
            continue
        columns = {f.column: "all.data" for f in meta.local_concrete_fields if f.column}
        if known := declarations.table_mark(meta.db_table):  # two models of one table
            columns |= dict.fromkeys(known.columns, "all.data")
        one = getattr(meta.pk, "column", None) and declarations.SELF
        subject = one or next(f.name for f in meta.local_concrete_fields)
        who = {"unlinked": "a test"} if mode == "marked" else {}
        subjects = () if mode == "marked" else (subject,)
        declarations.mark_table(meta.db_table, *subjects, row="all", personal=columns, **who)
    registry.registry.cache_clear()
    grants.forget()
    purposes.enforce(
        SmallPolicy({"all": (frozenset({"all.data", "consent.choices"}), mode == "filtered")})
    )
    if mode == "filtered":
        filters.permits = lambda subject, bit, quote, more="": f"({subject} = {subject}{more})"
        filters.keeps = lambda categories, bit, **how: f" AND {bit} = {bit}"
        writing._Newcomers.check = lambda self, people, *, births: None


def _under_duty(function):
    """Some test cases hide our app, and with it our `flush`, which would open the duty."""

    def run(self):
        with duty("migrate"):
            function(self)

    return run


class Runner(DiscoverRunner):
    """Django's runner, its databases made and removed under the duty of migrating."""

    def setup_databases(self, **kwargs):
        with duty("migrate"):
            return super().setup_databases(**kwargs)

    def teardown_databases(self, old_config, **kwargs):
        with duty("migrate"):
            super().teardown_databases(old_config, **kwargs)

    def run_checks(self, databases):
        """The checks have their own tests; Django's apps are not marked at their fields."""

    def build_suite(self, *args, **kwargs):
        suite = super().build_suite(*args, **kwargs)
        self.excepted = {}
        return self._without_exceptions(suite)

    def _without_exceptions(self, suite):
        kept = []
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                kept.append(self._without_exceptions(test))
            elif (why := reason(test.id(), self.mode, self.engine)) and self.mode != "stock":
                self.excepted[test.id()] = why
            else:
                kept.append(test)
        return type(suite)(kept)

    def run_suite(self, suite, **kwargs):
        if self.mode == "stock":
            return super().run_suite(suite, **kwargs)
        with Opened(Door("tests.django", "all", everyone="Django's tests see all rows")):
            return super().run_suite(suite, **kwargs)

    def suite_result(self, suite, result, **kwargs):
        wrong = [*result.failures, *result.errors, *((t, "") for t in result.unexpectedSuccesses)]
        print(
            json.dumps(
                {
                    "run": result.testsRun,
                    "skipped": len(result.skipped),
                    "excepted": self.excepted,
                    "wrong": {getattr(t, "test_case", t).id(): text for t, text in wrong},
                }
            )
        )
        return len(wrong)


def main(folder: str, engine: str, mode: str, *labels: str) -> int:
    """Run the labelled apps; returns how many tests went wrong."""
    gc.set_threshold(100_000)
    warnings.simplefilter("ignore")
    names = sorted({label.split(".")[0] for label in labels})
    configure(Path(folder), engine, mode, names)
    if mode != "stock":
        mark_everything(mode)
    TransactionTestCase._fixture_teardown = _under_duty(TransactionTestCase._fixture_teardown)
    Runner.mode, Runner.engine = mode, engine
    runner = get_runner(settings, f"{__name__}.Runner") if __name__ != "__main__" else Runner
    return runner(verbosity=0, interactive=False).run_tests(list(labels))


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 100))
