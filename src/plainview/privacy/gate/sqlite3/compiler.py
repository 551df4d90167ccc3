"""Django's compilers behind the gate."""

from django.db.models.sql import compiler as django

from plainview.privacy.gate.compiling import GateCompiler
from plainview.privacy.gate.selecting import GateSelect
from plainview.privacy.gate.writing import GateDelete, GateInsert, GateUpdate


class SQLCompiler(GateSelect, django.SQLCompiler):
    """SELECT."""

    as_vendor = "as_sqlite"


class SQLInsertCompiler(GateInsert, django.SQLInsertCompiler):
    """INSERT."""

    as_vendor = "as_sqlite"


class SQLDeleteCompiler(GateDelete, django.SQLDeleteCompiler):
    """DELETE."""

    as_vendor = "as_sqlite"


class SQLUpdateCompiler(GateUpdate, django.SQLUpdateCompiler):
    """UPDATE."""

    as_vendor = "as_sqlite"


class SQLAggregateCompiler(GateCompiler, django.SQLAggregateCompiler):
    """SELECT of aggregates over a sub-query."""

    as_vendor = "as_sqlite"
