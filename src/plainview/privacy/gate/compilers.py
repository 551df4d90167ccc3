"""Django's compilers behind the gate: all of SQLite's; PostgreSQL has two of its own."""

from django.db.models.sql import compiler as django

from plainview.privacy.gate.compiling import GateCompiler
from plainview.privacy.gate.selecting import GateSelect
from plainview.privacy.gate.writing import GateDelete, GateInsert, GateUpdate


class SQLCompiler(GateSelect, django.SQLCompiler):
    """SELECT."""


class SQLInsertCompiler(GateInsert, django.SQLInsertCompiler):
    """INSERT."""


class SQLDeleteCompiler(GateDelete, django.SQLDeleteCompiler):
    """DELETE."""


class SQLUpdateCompiler(GateUpdate, django.SQLUpdateCompiler):
    """UPDATE."""


class SQLAggregateCompiler(GateCompiler, django.SQLAggregateCompiler):
    """SELECT of aggregates over a sub-query."""
