"""Django's compilers behind the gate."""

from django.db.backends.postgresql import compiler as django

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
