"""The second wall of PostgreSQL: one role for each purpose, with grants on columns.

Roles belong to the whole server, so their names carry a digest of the database's name. They are
made and granted from the registry and the policy after each migration and each new policy.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Any

from plainview.privacy.gate import filters, purposes
from plainview.privacy.gate.grants import table_keys
from plainview.privacy.registry import Registry, Table, registry

NOBODY = "-nobody"
_HELD = """
SELECT rolname, relname, '', privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END
FROM pg_class, aclexplode(relacl) JOIN pg_roles ON pg_roles.oid = grantee
WHERE relnamespace = 'public'::regnamespace AND relkind <> 'S' AND rolname = ANY(%s)
UNION ALL
SELECT rolname, relname, attname, privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid,
  aclexplode(attacl) JOIN pg_roles ON pg_roles.oid = grantee
WHERE relnamespace = 'public'::regnamespace AND rolname = ANY(%s)
"""
_RIGHTS = """
SELECT md5(string_agg(concat_ws(' ', kind, thing, part, rights), ';' ORDER BY kind, thing, part))
FROM (
  SELECT 'schema' AS kind, oid AS thing, 0 AS part, nspacl::text AS rights
  FROM pg_namespace WHERE nspname = 'public'
  UNION ALL
  SELECT 'table', oid, 0, relacl::text FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
  UNION ALL
  SELECT 'column', attrelid, attnum, attacl::text FROM pg_attribute
  WHERE attacl IS NOT NULL
) AS written
"""
Right = tuple[str, str, str]
"""A table, a column ("" for all of the table), and what may be done: SELECT, for one."""
_left: dict[str, tuple[Registry, purposes.Policy, str]] = {}
"""What this process last left each database's roles as: for which marks and policy, and how."""


def role(database: str, purpose: str) -> str:
    """The role for `purpose` ("" for none) in `database`, as a name without need of escaping."""
    digest = hashlib.blake2s(database.encode(), digest_size=4).hexdigest()
    return f"pv-{digest}-{purpose or NOBODY[1:]}"[:63]


def statements(
    found: Registry,
    database: str,
    present: Collection[str] | None = None,
    held: Mapping[str, Set[Right]] | None = None,
) -> Iterator[str]:
    """The SQL that makes every role hold exactly what its purpose may use.

    Of the tables of `present` alone, if it is given. Where `held` tells what each role holds, those
    that hold just that are left alone, and nothing is taken from those that hold nothing: to take
    away writes every column's rights anew, whoever holds them.
    """
    policy = purposes.policy()
    tables = [each for each in found.tables.values() if present is None or each.name in present]
    wanted = dict[str, Set[Right]]()
    for purpose in ["", *policy.purposes]:
        uses = frozenset(policy.uses(purpose)) if purpose else frozenset()
        wanted[role(database, purpose)] = _wanted(tables, purpose, uses)
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC"
    yield from _made(wanted)
    if held is not None:
        wanted = {name: each for name, each in wanted.items() if held.get(name, set()) != each}
    if emptied := [name for name in wanted if held is None or name in held]:
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {_listed(emptied)}"
    yield from _grants(wanted)


def widened(found: Registry, database: str, old: purposes.Policy) -> Iterator[str]:
    """The SQL that adds to the roles what the policy in force permits and `old` did not."""
    policy, tables = purposes.policy(), found.tables.values()
    made, wanted = list[str](), dict[str, Set[Right]]()
    for purpose in policy.purposes:
        known = purpose in old.purposes
        if known and policy.uses(purpose) <= old.uses(purpose):
            continue
        name = role(database, purpose)
        if not known:
            made.append(name)
        wanted[name] = _wanted(tables, purpose, frozenset(policy.uses(purpose)))
    yield from _made(made)
    yield from _grants(wanted)


def _made(names: Collection[str]) -> Iterator[str]:
    """Roles that we may take on, where there are none; the schema, no table, is open to them."""
    for name in names:
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN"
            f' CREATE ROLE "{name}" NOLOGIN; END IF; END $$'
        )
    if names:
        yield f"GRANT {_listed(names)} TO CURRENT_USER"
        yield f"GRANT USAGE ON SCHEMA public TO {_listed(names)}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {_listed(names)}"


def widen(connection: Any, old: purposes.Policy) -> None:
    """Let the roles of this database hold what either policy permits. Needs a duty."""
    with connection.cursor() as cursor:
        for statement in widened(registry(), connection.settings_dict["NAME"], old):
            cursor.execute(statement)


def _wanted(tables: Collection[Table], purpose: str, uses: frozenset[str]) -> set[Right]:
    """What one role is to hold. Every purpose may ask who permits it (`standing.permitting`)."""
    keys = {each.name: table_keys(each, uses) for each in tables}
    read: set[tuple[str, str]] = set(filters.READ) if purpose else set()
    for table in tables if uses else ():
        if table.personal and keys[table.name]:
            read |= filters.reads(table)
    ours = {each.name for each in tables if each.model is not None}
    wanted = {(name, column, "SELECT") for name, column in read if column and name in ours}
    for name in ours:
        for column in {column for _, column in keys[name] if column}:
            wanted |= {(name, column, act) for act in ("SELECT", "INSERT", "UPDATE")}
            wanted.add((name, "", "DELETE"))
    return wanted


def _grants(wanted: Mapping[str, Iterable[Right]]) -> Iterator[str]:
    """The grants of all roles: columns that the same ones may use alike go in one statement.

    Each statement has the server write the rights of its columns anew, however many roles it names.
    """
    acts = defaultdict[tuple[str, str, str], set[str]](set)
    for name, rights in wanted.items():
        for table, column, act in rights:
            acts[table, column, name].add(act)
    names = defaultdict[tuple[str, str, tuple[str, ...]], list[str]](list)
    for (table, column, name), each in sorted(acts.items()):
        names[table, column, tuple(sorted(each))].append(name)
    alike = defaultdict[tuple[str, tuple[str, ...], str], list[str]](list)
    for (table, column, may), roles in names.items():
        alike[table, may, _listed(roles)].append(column)
    for (table, may, listed), columns in alike.items():
        what = ", ".join(f"{act} ({_listed(columns)})" if any(columns) else act for act in may)
        yield f'GRANT {what} ON "{table}" TO {listed}'


def _held(cursor: Any, database: str) -> dict[str, set[Right]]:
    """What each role holds of tables and columns, as the database has it written down."""
    names = [role(database, purpose) for purpose in ("", *purposes.policy().purposes)]
    cursor.execute(_HELD, [names, names])
    held: dict[str, set[Right]] = {}
    for name, *right in cursor.fetchall():
        held.setdefault(name, set()).add((right[0], right[1], right[2]))
    return held


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))


def synchronise(connection: Any) -> None:
    """Make the roles of this database what marks and policy say. Needs a duty and CREATEROLE.

    Where this process made them so before, for the same marks and policy, and the database's own
    lists of rights have not changed since, nothing is left to do.
    """
    database, wanted = connection.settings_dict["NAME"], (registry(), purposes.policy())
    with connection.cursor() as cursor:
        before = _left.get(database)
        same = before is not None and before[0] is wanted[0] and before[1] is wanted[1]
        if before and same and before[2] == _rights(cursor):
            return
        present = set(connection.introspection.table_names())
        made = statements(wanted[0], database, present, _held(cursor, database))
        # In one go, else each of some thousand statements is a journey and a commit of its own.
        cursor.execute(";\n".join(made))
        _left[database] = (*wanted, _rights(cursor))


def _rights(cursor: Any) -> str:
    """A digest of every right that the database has written down: schema, tables and columns."""
    cursor.execute(_RIGHTS)
    return str(cursor.fetchone()[0])
