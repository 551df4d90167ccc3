"""Django's compilers behind the gate, those that both engines have alike."""

from django.db.models.sql import compiler as django

from plainview.privacy.gate.compiling import GateCompiler
from plainview.privacy.gate.writing import GateDelete, GateUpdate


class SQLDeleteCompiler(GateDelete, django.SQLDeleteCompiler):
    """DELETE."""


class SQLUpdateCompiler(GateUpdate, django.SQLUpdateCompiler):
    """UPDATE."""


class SQLAggregateCompiler(GateCompiler, django.SQLAggregateCompiler):
    """SELECT of aggregates over a sub-query."""
