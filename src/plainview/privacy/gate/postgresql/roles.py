"""The second wall of PostgreSQL: one role for each purpose, with grants on columns.

Roles belong to the whole server, so their names carry a digest of the database's name. They are
made and granted from the registry and the policy after each migration and each new policy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from plainview.privacy.gate import filters, purposes
from plainview.privacy.gate.grants import keys
from plainview.privacy.registry import Registry, registry

NOBODY = "-nobody"
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
_left: dict[str, tuple[Registry, purposes.Policy, str]] = {}
"""What this process last left each database's roles as: for which marks and policy, and how."""


def role(database: str, purpose: str) -> str:
    """The role for `purpose` ("" for none) in `database`, as a name without need of escaping."""
    digest = hashlib.blake2s(database.encode(), digest_size=4).hexdigest()
    return f"pv-{digest}-{purpose or NOBODY[1:]}"[:63]


def statements(found: Registry, database: str) -> Iterator[str]:
    """The SQL that makes every role hold exactly what its purpose may use."""
    policy = purposes.policy()
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC"
    for purpose in ["", *policy.purposes]:
        name = role(database, purpose)
        uses = frozenset(policy.uses(purpose)) if purpose else frozenset()
        yield from _made(name)
        yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{name}"'
        yield from _grants(found, name, purpose, uses)


def widened(found: Registry, database: str, old: purposes.Policy) -> Iterator[str]:
    """The SQL that adds to the roles what the policy in force permits and `old` did not."""
    policy = purposes.policy()
    for purpose in policy.purposes:
        known = purpose in old.purposes
        if known and policy.uses(purpose) <= old.uses(purpose):
            continue
        name = role(database, purpose)
        if not known:
            yield from _made(name)
        yield from _grants(found, name, purpose, policy.uses(purpose))


def _made(name: str) -> Iterator[str]:
    """A role that we may take on, if there is none yet, with the schema but no table open to it."""
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN"
        f' CREATE ROLE "{name}" NOLOGIN; END IF; END $$'
    )
    yield f'GRANT "{name}" TO CURRENT_USER'
    yield f'GRANT USAGE ON SCHEMA public TO "{name}"'
    yield f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{name}"'


def widen(connection: Any, old: purposes.Policy) -> None:
    """Let the roles of this database hold what either policy permits. Needs a duty."""
    with connection.cursor() as cursor:
        for statement in widened(registry(), connection.settings_dict["NAME"], old):
            cursor.execute(statement)


def _grants(found: Registry, name: str, purpose: str, uses: frozenset[str]) -> Iterator[str]:
    """The grants of one role. Every purpose may ask who permits it (`standing.permitting`)."""
    open_keys = keys(found, uses)
    read: set[tuple[str, str]] = set(filters.READ) if purpose else set()
    for table in found.personal_tables():
        if uses and (table.name, "") in open_keys:
            read |= filters.reads(table)
    for table in found.tables.values():
        if table.model is None:
            continue
        columns = sorted(c for t, c in open_keys if t == table.name and c)
        if columns:
            listed = ", ".join(f'"{column}"' for column in columns)
            yield (
                f"GRANT SELECT ({listed}), INSERT ({listed}), UPDATE ({listed})"
                f' ON "{table.name}" TO "{name}"'
            )
            yield f'GRANT DELETE ON "{table.name}" TO "{name}"'
        more = sorted(c for t, c in read if t == table.name and c and c not in columns)
        if more:
            listed = ", ".join(f'"{column}"' for column in more)
            yield f'GRANT SELECT ({listed}) ON "{table.name}" TO "{name}"'


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
        for statement in statements(wanted[0], database):
            if ' ON "' in statement and statement.split(' ON "')[1].split('"')[0] not in present:
                continue
            cursor.execute(statement)
        _left[database] = (*wanted, _rights(cursor))


def _rights(cursor: Any) -> str:
    """A digest of every right that the database has written down: schema, tables and columns."""
    cursor.execute(_RIGHTS)
    return str(cursor.fetchone()[0])


def drop(connection: Any) -> None:
    """Remove the roles of this database from the server. Needs a duty."""
    database = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        for purpose in ["", *purposes.policy().purposes]:
            name = role(database, purpose)
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone():
                cursor.execute(f'DROP OWNED BY "{name}"')
                cursor.execute(f'DROP ROLE "{name}"')
