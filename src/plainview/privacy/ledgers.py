"""Triggers that keep ledgers append-only, made from `@append_only` after each migration.

They refuse UPDATE and DELETE (on PostgreSQL TRUNCATE too) but under the duty `erasure`. SQLite asks
the connection which duty is open, by a function that only the gate's connections have; PostgreSQL
reads a setting that the gate makes in the same breath as it takes the owner's role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections

from plainview.privacy.declarations import append_only_models
from plainview.privacy.gate.connecting import GateWrapper
from plainview.privacy.gate.duties import duty
from plainview.privacy.registry import registry

PREFIX = "privacy_ledger_"
REFUSAL = "rows of a ledger are added, and neither changed nor removed"
_MAY_GO = {
    "sqlite": "plainview_erases()",
    "postgresql": "coalesce(current_setting('plainview.erases', true), '')",
}
"""What of ledgers may go now, as the gate says: nothing, what is of people, or all."""


TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c"
        " ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT tgisinternal AND n.nspname = ANY (current_schemas(false))"
    ),
}
"""The name and text of every trigger; on PostgreSQL the body of its function follows it."""


class Ledger(NamedTuple):
    """A table whose rows are only added."""

    table: str
    erasable: bool
    """Whether its rows are about people, so that an erasure may take them."""
    once: tuple[str, ...]
    others: tuple[str, ...]
    """The columns that never change."""
    changes: bool = False
    """Whether any column may be filled in, or change."""


def ledgers() -> list[Ledger]:
    """Every ledger of the installed apps, by table."""
    found = []
    for model, (once, anew) in append_only_models().items():
        if not apps.is_installed(model._meta.app_config.name if model._meta.app_config else ""):
            continue
        columns = [str(field.column) for field in model._meta.local_concrete_fields]
        table = registry().tables[model._meta.db_table]
        others = tuple(each for each in columns if each not in (*once, *anew))
        found.append(Ledger(table.name, table.personal, once, others, bool(once or anew)))
    return sorted(found)


def _refused(ledger: Ledger, vendor: str, act: str) -> str:
    """The condition under which an act on a row is refused."""
    allowed = "('people', 'all')" if ledger.erasable else "('all')"
    terms = [f"{_MAY_GO[vendor]} NOT IN {allowed}"]
    if vendor == "postgresql":
        terms[0] += " OR current_user <> session_user"
    if act == "UPDATE" and ledger.changes:
        same = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        changed = [f'OLD."{name}" {same} NEW."{name}"' for name in ledger.others]
        changed += [f'OLD."{name}" IS NOT NULL' for name in ledger.once]
        terms.append(f"({' OR '.join(changed)})")
    return " AND ".join(f"({term})" for term in terms)


@cache
def triggers(vendor: str) -> dict[str, list[str]]:
    """The statements that make each trigger, by its name, in the order to run them."""
    made: dict[str, list[str]] = {}
    for ledger in ledgers():
        short = ledger.table.removeprefix("privacy_")
        for act in ("UPDATE", "DELETE", "TRUNCATE")[: 2 if vendor == "sqlite" else 3]:
            name = f"{PREFIX}{short}_{act.lower()}"
            condition = _refused(ledger, vendor, act)
            if vendor == "sqlite":
                made[name] = [
                    f"CREATE TRIGGER {name} BEFORE {act} ON {ledger.table} WHEN {condition}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                ]
            else:
                made[name] = list(_postgresql(name, act, ledger.table, condition))
    return made


def _postgresql(name: str, act: str, table: str, condition: str) -> Iterator[str]:
    goes_on = {"UPDATE": "NEW", "DELETE": "OLD", "TRUNCATE": "NULL"}[act]
    body = f"IF {condition} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN {goes_on};"
    each = "STATEMENT" if act == "TRUNCATE" else "ROW"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body} END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table}"
        f" FOR EACH {each} EXECUTE FUNCTION {name}()"
    )


def install(using: str = "default", app_config: Any = None, **kwargs: Any) -> None:
    """Put those triggers of ledgers that database `using` lacks into it; once a migration.

    SQLite drops them whenever Django makes a table anew to change it. What an earlier version made
    and this one does not goes.
    """
    last = [each for each in apps.get_app_configs() if each.models_module][-1]
    connection = connections[using]
    if not isinstance(connection, GateWrapper) or app_config not in (None, last):
        return
    vendor = connection.vendor
    with duty("migrate"), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(TRIGGERS[vendor])
        found = list(cursor.fetchall())
        right = {name for name, text in found if made(vendor, name, text)}
        for name, text in found:
            if name not in triggers(vendor) and (table := earlier(vendor, name, text)):
                on = "" if vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER {name}{on}")
        for name, statements in triggers(vendor).items():
            if name in right or not any(f" ON {table} " in statements[-1] for table in tables):
                continue
            if vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            for statement in statements:
                cursor.execute(statement)


def made(vendor: str, name: str, text: str) -> bool:
    """Whether a trigger that the database has is, to its last word, one of ours."""
    ours = triggers(vendor).get(name)
    if ours is None:
        return False
    if vendor == "sqlite":
        return _plain(text) == _plain(ours[0])
    body = ours[0].partition("$$")[2].rpartition("$$")[0]
    defined = ours[1].replace("CREATE OR REPLACE", "CREATE")
    return _plain(text).replace("public.", "") == _plain(defined + body)


_CONDITION = (
    r"(?:[(),]|\b(?:OLD|NEW)\.\"?\w+\"?|\bIS (?:NOT |DISTINCT FROM |NULL\b)*|\bNOT IN\b"
    r"|\bAND\b|\bOR\b|\bNULL\b|'(?:people|all)'|\bcurrent_user <> session_user\b|"
    + "|".join(map(re.escape, _MAY_GO.values()))
    + r"| )+"
)
"""What such a condition is made of: the row, who asks, and nothing that is read elsewhere."""
_EARLIER = {
    "sqlite": re.compile(
        rf"CREATE TRIGGER \"?{PREFIX}\w+\"? BEFORE (?:UPDATE|DELETE) ON \"?(\w+)\"?"
        rf"(?: WHEN {_CONDITION})? ?BEGIN SELECT RAISE ?\(ABORT, '[\w ,.]*'\); END",
        re.IGNORECASE,
    ),
    "postgresql": re.compile(
        rf"CREATE TRIGGER {PREFIX}\w+ BEFORE (?:UPDATE|DELETE|TRUNCATE) ON (?:\w+\.)?(\w+)"
        r" FOR EACH (?:ROW|STATEMENT) EXECUTE FUNCTION (?:\w+\.)?\w+\(\)"
        rf" BEGIN (?:IF {_CONDITION} THEN )?RAISE EXCEPTION '[\w ,.]*';"
        r"(?: END IF; RETURN (?:NEW|OLD|NULL);)? END;?",
        re.IGNORECASE,
    ),
}


def earlier(vendor: str, name: str, text: str) -> str | None:
    """The table of a trigger that does nothing but refuse, as an earlier version of ours made it.

    An update finds such triggers until its migrations have run. None for any other.
    """
    found = _EARLIER[vendor].fullmatch(_plain(text)) if name.startswith(PREFIX) else None
    return found[1] if found else None


def _plain(text: str) -> str:
    return " ".join(text.split())
