"""The rows that a personal table is under a scope, as a condition for one alias of the table.

Flat conditions, not derived tables: for the first table of a statement the condition joins the
WHERE, for a joined one the ON. Left joins, exclude() and sub-queries stay right either way, the
planner sees plain joins, GROUP BY by primary key keeps working and FOR UPDATE locks what it says.
Every value in it is an integer of ours, so text needs no parameters.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.sql import Query

from plainview.privacy.gate.grants import Grant
from plainview.privacy.gate.scope import Scope, Subject
from plainview.privacy.registry import SubjectPath, Table, registry

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

STANDING = "privacy_standing"
INDEX = "privacy_standing_permits"
"""Holds all that the filter reads of a standing, so that its facts are not read along."""
WITHHELD = "privacy_withheld"
WHOLE = "*"
"""The entry of a row of the withheld that disputes every fact of its category."""
WITHHOLDS = 1 << 62
"""The bit of `permitted` that says: this person set something aside. Purposes have 0 to 61."""
READ = frozenset(
    {(STANDING, name) for name in ("", "subject", "permitted", "valid_until")}
    | {(WITHHELD, name) for name in ("", "subject", "category", "entry", "purposes")}
)
"""What the filter itself reads of the standings."""
Quote = Callable[[str], str]
now: Callable[[], float] = time.time


def rows(table: Table, alias: str, scope: Scope, compiler: SQLCompiler, *, writing: bool) -> str:
    """The condition that a row at `alias` must meet, or "" if the scope sees all of them.

    Written rows are never somebody else's, public or shared as they may be.
    """
    if not scope.restricts or not table.personal:
        return ""
    conditions: list[str] = []
    if scope.grant.refusable:
        if not scope.everyone and not scope.life.allows(scope.grant.bit):
            return "0 = 1"
        conditions += _permitting(table, alias, scope, compiler.connection)
    if not scope.everyone:
        conditions.append(_own(table, alias, scope.life.subject, compiler, writing=writing))
    return " AND ".join(conditions)


def _permitting(table: Table, alias: str, scope: Scope, connection: Any) -> list[str]:
    """Everyone the row is about permits the purpose. Rows that lead to nobody are not shown."""
    if not table.subjects:
        return ["0 = 1"]
    bit, quote = scope.grant.bit, connection.ops.quote_name
    closes = scope.grant.withholdable | scope.grant.disputable
    more = mark(table, f"{alias}.{quote(table.key)}") if closes & table.categories else ""

    def test(subject: str) -> str:
        return permits(subject, bit, connection, more)

    return [_leads(path, alias, quote, test) for path in table.subjects]


def mark(table: Table, key: str = "") -> str:
    """Stands where `keeps` will, until all is known that the statement uses of `table`.

    `key` is the SQL of the row's key; without, the beginning that every mark of the table has. A
    statement in which a mark were forgotten is an error of the database.
    """
    begins = f' AND gate_withheld."{table.name}"['
    return f"{begins}{key}]" if key else begins


def keeps(
    categories: AbstractSet[str],
    bit: int,
    *,
    disputed: AbstractSet[str] = frozenset(),
    entry: str = "",
    bulk: bool = False,
) -> str:
    """Nothing of `categories` is withheld from the purpose by the person at `gate_s`.

    Nor is a fact of one of `disputed` that stands in the row whose name is the SQL `entry`. For
    rows of everyone (`bulk`) all who withhold are looked up once; PostgreSQL would not share a scan
    among its processes if each row were to ask again.
    """
    ways = []
    if categories:
        ways.append(_free(_held(categories, bit) + " AND gate_w.entry = ''", bulk=bulk))
    if disputed and entry:
        held = _held(disputed, bit)
        ways.append(_free(f"{held} AND gate_w.entry = '{WHOLE}'", bulk=bulk))
        ways.append(f"{entry} NOT IN (SELECT gate_w.entry FROM {WITHHELD} gate_w WHERE {held})")
    if not ways:
        return ""
    return f" AND (gate_s.permitted < {WITHHOLDS} OR ({' AND '.join(ways)}))"


def without_withheld(
    sql: str, table: Table, used: AbstractSet[str], grant: Grant, *, bulk: bool
) -> str:
    """`sql` with its marks of `table` replaced, of which it uses the categories `used`.

    Where only the row is used, as by a count, whatever of it is disputed is disputed with it.
    """
    before, *marked = sql.split(mark(table))
    withheld = table.categories & {table.row, *used} & grant.withholdable
    facts = used - {table.row, ""} or table.categories
    disputed = table.categories & facts & grant.disputable
    for each in marked:
        key, _, after = each.partition("]")
        entry = f"'{table.name} ' || CAST({key} AS text)"
        before += keeps(withheld, grant.bit, disputed=disputed, entry=entry, bulk=bulk) + after
    return before


def _held(categories: AbstractSet[str], bit: int) -> str:
    listed = ", ".join("'{}'".format(each.replace("'", "''")) for each in sorted(categories))
    return f"gate_w.category IN ({listed}) AND (gate_w.purposes & {1 << bit}) <> 0"


def _free(held: str, *, bulk: bool) -> str:
    rows = f"FROM {WITHHELD} gate_w WHERE"
    if bulk:
        return f"gate_s.subject NOT IN (SELECT gate_w.subject {rows} {held})"
    return f"NOT EXISTS (SELECT 1 {rows} gate_w.subject = gate_s.subject AND {held})"


def permits(subject: str, bit: int, connection: Any, more: str = "") -> str:
    """The person whose id the SQL `subject` is has a standing with `bit` that is still valid.

    `more` is a further condition on the standing, beginning with AND (see `keeps`). SQLite must be
    told of the index that has it all; it would take the key's, and fetch each row besides.
    """
    quote = connection.ops.quote_name
    by = f" INDEXED BY {quote(INDEX)}" if connection.vendor == "sqlite" else ""
    return (
        f"EXISTS (SELECT 1 FROM {quote(STANDING)} gate_s{by}"
        f" WHERE gate_s.{quote('subject')} = {subject}"
        f" AND (gate_s.{quote('permitted')} & {1 << bit}) <> 0"
        f" AND (gate_s.{quote('valid_until')} IS NULL"
        f" OR gate_s.{quote('valid_until')} > {int(now())}){more})"
    )


def _own(
    table: Table, alias: str, subject: Subject, compiler: SQLCompiler, *, writing: bool
) -> str:
    quote = compiler.connection.ops.quote_name
    if not table.subjects:
        return "0 = 1"

    def mine(column: str) -> str:
        return "0 = 1" if subject is None else f"{column} = {int(subject)}"

    def nobodys(column: str) -> str:
        return "0 = 1"

    if len(table.subjects) == 1:
        ways = [_leads(table.subjects[0], alias, quote, mine)]
    else:  # where one of two is gone, the row is the other's, and not everybody's
        ways = [
            _leads(replace(path, nullable=False), alias, quote, mine) for path in table.subjects
        ]
        if all(path.nullable for path in table.subjects):
            gone = (_leads(path, alias, quote, nobodys) for path in table.subjects)
            ways.append(f"({' AND '.join(gone)})")
    if not writing:
        ways += [_shared(share, alias, subject, quote) for share in table.shared if subject]
        if table.public is not None:
            ways.append(_public(table, alias, table.public, compiler))
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def _shared(share: Any, alias: str, subject: Subject, quote: Quote) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {quote(share.table)} gate_v"
        f" WHERE gate_v.{quote(share.row)} = {alias}.{quote(share.key)}"
        f" AND gate_v.{quote(share.person)} = {int(subject or 0)})"
    )


def _public(table: Table, alias: str, public: Q, compiler: SQLCompiler) -> str:
    """The model's own condition, over its own columns, with its constants written out."""
    query = Query(table.model, alias_cols=True)
    where = query.build_where(public).relabeled_clone({table.name: alias})
    sql, params = where.as_sql(compiler, compiler.connection)
    return str(sql % tuple(_literal(value, compiler) for value in params))


def _literal(value: Any, compiler: SQLCompiler) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'{}'".format(str(value).replace("'", "''").replace("%", "%%"))


def _leads(path: SubjectPath, alias: str, quote: Quote, test: Callable[[str], str]) -> str:
    """The person at the end of `path` meets `test`, or there is nobody there any more."""
    if not path.hops:
        column = f"{alias}.{quote(path.column)}"
        found = test(column)
        return f"({column} IS NULL OR {found})" if path.nullable else found
    tables, joins = [], []
    before = alias
    for number, hop in enumerate(path.hops):
        name = f"gate_h{number}"
        tables.append(f"{quote(hop.table)} {name}")
        joins.append(f"{name}.{quote(hop.target)} = {before}.{quote(hop.column)}")
        before = name
    column = f"{before}.{quote(path.column)}"
    found = test(column)
    condition = f"({column} IS NULL OR {found})" if path.nullable else found
    exists = (
        f"EXISTS (SELECT 1 FROM {', '.join(tables)} WHERE {' AND '.join(joins)} AND {condition})"
    )
    if path.nullable:
        first = f"{alias}.{quote(path.hops[0].column)}"
        return f"({first} IS NULL OR {exists})"
    return exists


def reads(table: Table) -> set[tuple[str, str]]:
    """The columns that the row filter of `table` itself reads, besides those of the statement."""
    found = {*READ, (table.name, table.key), (table.name, "")}
    for path in table.subjects:
        before = table.name
        for hop in path.hops:
            found |= {(before, hop.column), (hop.table, hop.target), (hop.table, "")}
            before = hop.table
        found.add((before, path.column))
    for share in table.shared:
        found |= {(share.table, share.row), (share.table, share.person), (share.table, "")}
    if table.public is not None and table.model is not None:
        for name in _names(table.public):
            found.add((table.name, table.model._meta.get_field(name).column))  # type: ignore[union-attr, arg-type]
    return found


def _names(condition: Q) -> set[str]:
    names: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            names |= _names(child)
        elif isinstance(child, tuple):
            names.add(child[0].split("__")[0])
    return names


def restricted(name: str, scope: Scope) -> Table | None:
    """The personal table of this name, if the scope sees less than all its rows."""
    if not scope.restricts:
        return None
    table = registry().tables.get(name)
    return table if table is not None and table.personal else None
