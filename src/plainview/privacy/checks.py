"""System checks: what is not marked, marked wrongly, or not a door, fails before anything runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import register as register_check
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.models import BooleanField, EmailField, F, GenericIPAddressField, Q
from django.db.models.expressions import RawSQL
from django.utils.module_loading import import_string

from plainview.engine import Policy
from plainview.privacy import ledgers, permissions, schema
from plainview.privacy.consent import storage
from plainview.privacy.disclosures import authorities
from plainview.privacy.gate import purposes, warrants
from plainview.privacy.gate.connecting import GateWrapper
from plainview.privacy.gate.doors import addresses, door_of
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door
from plainview.privacy.registry import Registry, Table, registry
from plainview.privacy.requests.doors import PROVING

# fmt: off
IDENTIFIERS = frozenset({
    "account", "address", "birthdate", "birthday", "born", "cookie", "device", "email",
    "fingerprint", "gaid", "household", "idfa", "imei", "install", "installation", "ip", "member",
    "msisdn", "phone", "postcode", "ssn", "street", "subject", "surname", "telephone", "user",
    "viewer", "visitor", "zip",
})
# fmt: on
"""Words of column names that identify a person, a household or a device of theirs (P0c; GDPR
Article 4(1), California Civil Code 1798.140(aj))."""


def register() -> None:
    """Install the checks."""
    register_check(check_marks, Tags.models)
    register_check(check_doors, Tags.urls)
    register_check(check_commands, Tags.compatibility)
    register_check(check_storage, Tags.compatibility)
    register_check(check_engines, Tags.compatibility)
    register_check(check_database_objects, Tags.database)


def check_marks(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every column of every installed model is marked, with categories that the policy has.

    Promises: P0c.
    """
    found = registry()
    messages: list[CheckMessage] = [
        Error(each.message, hint=each.remedy, obj=each.model, id=each.id) for each in found.problems
    ]
    messages += _categories(found)
    for table in found.tables.values():
        if table.model is not None:
            messages += _expressions(found, table)
            messages += _identifiers(found, table)
    return messages


def _identifiers(found: Registry, table: Table) -> Iterator[CheckMessage]:
    """Columns marked impersonal that identify somebody by what they are, or by their own name."""
    for field in table.model._meta.local_concrete_fields if table.model else ():
        column = table.columns.get(field.column or "")
        if column is None or not column.mark.reason or isinstance(field, BooleanField):
            continue
        remote = field.remote_field.model._meta.db_table if field.remote_field else ""
        if remote in found.tables and found.tables[remote].personal:
            why = f"points at a row of {remote}, which is about a person"
        elif isinstance(field, EmailField | GenericIPAddressField):
            why = f"is a {type(field).__name__}"
        elif words := IDENTIFIERS.intersection(column.name.lower().split("_")):
            why = f"is named after what identifies people ({', '.join(sorted(words))})"
        else:
            continue
        yield Error(
            f"{table.label}.{field.name} is marked impersonal, and {why}",
            hint='mark it with personal(field, "<category>"), pseudonymous as it may be;'
            " if it says nothing of anybody, name it after what it does say",
            obj=table.model,
            id="privacy.E008",
        )


_KEYS = "a recipient's is named in recipients.toml, ours in privacy/consent/storage.py"


def check_storage(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every cookie and storage key of ours serves a purpose, and lives no longer than it may."""
    if not isinstance(purposes.policy(), Policy):
        return []
    return [Error(wrong, hint=_KEYS, id="privacy.E032") for wrong in storage.misplaced()]


def _categories(found: Registry) -> Iterator[CheckMessage]:
    try:
        policy = purposes.policy()
    except ImproperlyConfigured as error:
        yield Error(str(error), hint="load a policy in wiring.py", id="privacy.E010")
        return
    for table in found.personal_tables():
        used = {table.row, *(c.mark.category for c in table.columns.values() if c.mark.category)}
        for category in sorted(used - set(policy.categories) - {"?"}):
            yield Error(
                f"{table.label}: the policy has no category {category}",
                hint="the software has a place for it: let it stand in categories.toml",
                obj=table.model,
                id="privacy.E011",
            )
        for column in table.columns.values():
            kind = policy.categories.get(column.mark.category)
            if kind is not None and _uncollected(policy, kind):
                yield Error(
                    f"{table.label}.{column.name} holds {column.mark.category}, which is"
                    f" {kind.sensitive} and which no purpose may use",
                    hint="do not collect it",
                    obj=table.model,
                    id="privacy.E012",
                )


def _uncollected(policy: Any, category: Any) -> bool:
    if not getattr(category, "sensitive", ""):
        return False
    return not any(category.id in policy.uses(purpose) for purpose in policy.purposes)


def _names(expression: Any) -> Iterator[str]:
    """The names of fields that an unresolved expression or condition reads."""
    if isinstance(expression, F):
        yield str(vars(expression)["name"]).split("__")[0]
    elif isinstance(expression, Q):
        for child in expression.children:
            if isinstance(child, tuple):
                yield child[0].split("__")[0]
                yield from _names(child[1])
            else:
                yield from _names(child)
    elif isinstance(expression, str):
        yield expression.lstrip("-")
    elif isinstance(expression, RawSQL):
        yield from re.findall(r"\w+", expression.sql)
    elif hasattr(expression, "get_source_expressions"):
        for text in [
            getattr(expression, "template", ""),
            *getattr(expression, "extra", {}).values(),
        ]:
            yield from re.findall(r"\w+", str(text))
        for source in expression.get_source_expressions():
            yield from _names(source)


def _read_by(table: Table, expression: Any) -> set[str]:
    """The categories that an expression over the table's own columns reads."""
    if table.model is None:
        return set()
    fields = {f.name: f.column for f in table.model._meta.local_concrete_fields}
    names = (fields.get(name, name) for name in _names(expression))
    marks = (table.columns[name].mark for name in names if name in table.columns)
    return {mark.category for mark in marks if mark.category}


def _covers(category: str, read: set[str]) -> bool:
    """Whoever may use `category` may use all that was read: it itself, or its family's row."""
    return all(one in (category, category.split(".")[0]) for one in read)


def _expressions(found: Registry, table: Table) -> Iterator[CheckMessage]:
    if table.model is None:
        return
    meta: Any = table.model._meta
    for field in meta.local_concrete_fields:
        computed = getattr(field, "expression", None) if field.generated else None
        if computed is None or field.column not in table.columns:
            continue
        read = _read_by(table, computed)
        mark = table.columns[field.column].mark
        if read and not (mark.category and _covers(mark.category, read)):
            yield Error(
                f"{table.label}.{field.name} is computed from {', '.join(sorted(read))} but marked"
                f" {mark.category or 'impersonal'}",
                hint="mark it with the category that its sources have",
                obj=table.model,
                id="privacy.E006",
            )
    for index in [*meta.indexes, *meta.constraints]:
        for expression in getattr(index, "expressions", ()):
            read = {c for c in _read_by(table, expression) if c != table.row}
            if len(read) > 1:
                yield Error(
                    f"{table.label}: {index.name} mixes {', '.join(sorted(read))}",
                    hint="index each category by itself",
                    obj=table.model,
                    id="privacy.E007",
                )


def check_doors(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every view that a URL leads to is a door, of purposes that exist (P2a)."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    return [*_door_problems(), *_named_problems()]


def _named_problems() -> Iterator[CheckMessage]:
    """Purposes that services name by themselves, which no view is for."""
    for purpose in (permissions.RECOGNITION, PROVING.purpose, authorities.PURPOSE):
        if purpose not in purposes.policy().purposes:
            yield _lacks(f"the software names purpose {purpose}")


def _lacks(what: str) -> CheckMessage:
    return Error(
        f"{what}, which the policy does not have",
        hint="the software does it: let it stand in purposes/, and where it is not to be done,"
        " give it a rule with `deny = true`",
        id="privacy.E021",
    )


def _door_problems(patterns: Sequence[Any] | None = None) -> Iterator[CheckMessage]:
    for address, pattern in addresses(patterns):
        door = door_of(pattern.callback)
        if door is None:
            yield Error(
                f"{address} leads to {pattern.lookup_str}, which is not a door",
                hint='decorate the view with @serves("<purpose>", source=…), or wrap a third'
                ' party\'s urls in serves_all(include(…), "<purpose>")',
                id="privacy.E020",
            )
        else:
            yield from door_problems(door)
            yield from _about_problems(door, address, pattern.pattern.converters)


def _about_problems(door: Door, path: str, keywords: Any) -> Iterator[CheckMessage]:
    if not door.about:
        return
    if door.about not in keywords:
        yield Error(
            f"{path} has no keyword {door.about}, which door {door.name} is about",
            hint=f"name it in the address: <int:{door.about}>",
            id="privacy.E026",
        )
    if not warrants.issued():
        yield Error(
            f"door {door.name} is about somebody else, and nobody issues warrants",
            hint="name who does in wiring.py: warrants.issued_by(…)",
            id="privacy.E027",
        )


def door_problems(door: Door) -> Iterator[CheckMessage]:
    """What is wrong with one declaration of a door."""
    policy = purposes.policy()
    for purpose in sorted({door.purpose, *door.may} - set(policy.purposes)):
        yield _lacks(f"door {door.name} names purpose {purpose}")
    sources = getattr(policy, "sources", None)
    if sources is not None and door.source and door.source not in sources:
        yield Error(
            f"door {door.name} names source {door.source}, which the policy does not have",
            hint=f"one of {', '.join(sorted(sources))}",
            id="privacy.E022",
        )


def check_commands(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every command under `settings.ROOT_COMMAND` is a door, or says why it touches nobody."""
    root = getattr(settings, "ROOT_COMMAND", None)
    if root is None:
        return []
    found: list[CheckMessage] = []
    for path, command in commands(import_string(root)):
        door = door_of(command.callback)
        if door is None:
            found.append(
                Error(
                    f"the command {path} is not a door",
                    hint='put @runs("<purpose>", everyone="<why>"), or @touches_nobody("<why>"),'
                    " next to its function",
                    id="privacy.E024",
                )
            )
        elif door.purpose:
            found += door_problems(door)
    return found


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command below one, with all its names; a group counts where it does something itself."""
    path = f"{path} {command.name or ''}".strip()
    if not isinstance(command, click.Group):
        yield path, command
        return
    if command.invoke_without_command:
        yield path, command
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is not None:
            yield from commands(below, path)


def check_engines(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every database alias is behind the gate."""
    return [
        Error(
            f"database {alias}: {connections[alias].settings_dict['ENGINE']} has no gate",
            hint="use plainview.privacy.gate.sqlite3 or plainview.privacy.gate.postgresql",
            id="privacy.E030",
        )
        for alias in connections
        if not isinstance(connections[alias], GateWrapper)
    ]


_VIEWS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'view'",
    "postgresql": (
        "SELECT viewname, definition FROM pg_views WHERE schemaname = ANY"
        " (current_schemas(false)) UNION ALL SELECT matviewname, definition FROM"
        " pg_matviews WHERE schemaname = ANY (current_schemas(false))"
    ),
}


def check_database_objects(
    databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """No view or trigger reads a personal table, but the ledgers' own, which only raise.

    Each ledger has its own (P1.1.5g); while migrations wait, they may still be to come.
    """
    messages: list[CheckMessage] = []
    tables = [table.name.lower() for table in registry().personal_tables()]
    for alias in databases or ():
        connection = connections[alias]
        with duty("audit"), connection.cursor() as cursor:
            cursor.execute(_VIEWS[connection.vendor])
            objects = [("view", *found) for found in cursor.fetchall()]
            cursor.execute(ledgers.TRIGGERS[connection.vendor])
            objects += [("trigger", *found) for found in cursor.fetchall()]
            missing = set(ledgers.triggers(connection.vendor))
            for kind, name, text in objects:
                if ledgers.made(connection.vendor, name, text):
                    missing.discard(name)
                    continue
                if kind == "trigger" and ledgers.earlier(connection.vendor, name, text):
                    continue
                read = [table for table in tables if table in (text or "").lower()]
                if read:
                    messages.append(
                        Error(
                            f"database {alias}: the {kind} {name} is over {', '.join(read)}",
                            hint="the gate cannot follow what a view or trigger reads; remove it",
                            id="privacy.E031",
                        )
                    )
        if missing and not schema.waiting(alias):
            messages.append(
                Error(
                    f"database {alias}: ledgers can be rewritten, for want of the triggers"
                    f" {', '.join(sorted(missing))}",
                    hint="`plainview manage migrate --skip-checks` puts them back; ask who took"
                    " them away, and `plainview log verify` what was done meanwhile",
                    id="privacy.E033",
                )
            )
    return messages
