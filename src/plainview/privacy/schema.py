"""Whether the database is up to date, and tells its own log about nobody.

Asked by the start, the doctor and the door `/readyz`. Reading which migrations were applied, which
tables there are and how the server is set is the duty `migrate`.
"""

from __future__ import annotations

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from plainview.privacy.gate.duties import duty


def waiting(using: str = "default") -> int:
    """How many migrations wait to be applied. Raises DatabaseError if the database is away."""
    with duty("migrate"):
        executor = MigrationExecutor(connections[using])
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


SILENT = {
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
}
"""How PostgreSQL's log repeats no value: by default it has each statement that failed, whole."""


def telling(using: str = "default") -> list[str]:
    """The settings by which the database's server would write values into its log."""
    if connections[using].vendor != "postgresql":
        return []
    with duty("migrate"), connections[using].cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [[*SILENT]])
        return sorted(name for name, value in cursor.fetchall() if value not in SILENT[name])
