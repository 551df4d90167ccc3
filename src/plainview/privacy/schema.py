"""Whether the database is up to date: asked by the start, the doctor and the door `/readyz`.

Reading which migrations were applied, and which tables there are, is the duty `migrate`.
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
