"""What we hold: every column of every installed model, read off the marks, keyed by table.

Reading never raises: what is missing or wrong becomes a `Problem`, which `checks.py` reports all
at once. A table or column that the registry does not know is nobody's but a duty's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model, Q

from plainview.privacy.declarations import (
    SELF,
    About,
    Mark,
    about,
    mark_of,
    marked_tables,
    table_mark,
)


@dataclass(frozen=True, slots=True)
class Hop:
    """One foreign key on the way to a subject: `column` here equals `target` of `table`."""

    column: str
    table: str
    target: str


@dataclass(frozen=True, slots=True)
class SubjectPath:
    """How a row leads to the id of one person it is about."""

    name: str
    hops: tuple[Hop, ...]
    column: str
    nullable: bool

    @property
    def lookup(self) -> str:
        """The path as a query writes it."""
        return "__".join("pk" if step == SELF else step for step in self.name.split("__"))


@dataclass(frozen=True, slots=True)
class Share:
    """Rows whose `key` stands in `row` of `table` are shared with the subject in `person`."""

    key: str
    table: str
    row: str
    person: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it holds."""

    table: str
    name: str
    mark: Mark

    @property
    def key(self) -> tuple[str, str]:
        return (self.table, self.name)


@dataclass(slots=True)
class Table:
    """One table: whom its rows are about, and its columns by name."""

    name: str
    label: str
    model: type[Model] | None
    key: str
    row: str = ""
    subjects: tuple[SubjectPath, ...] = ()
    public: Q | None = None
    shared: tuple[Share, ...] = ()
    unlinked: str = ""
    claims: bool = False
    untold: str = ""
    columns: dict[str, Column] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        """Whether the table holds rows about people."""
        return bool(self.row)

    @property
    def categories(self) -> frozenset[str]:
        """All that its rows hold of people, the row's own category included."""
        held = {column.mark.category for column in self.columns.values()}
        return frozenset({self.row, *held} - {""})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not marked, or marked wrongly, and what to do about it."""

    id: str
    message: str
    remedy: str
    model: type[Model] | None = None


@dataclass(slots=True)
class Registry:
    """All tables, and all that is wrong with their marks."""

    tables: dict[str, Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    neighbours: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Columns that the database itself reads to keep the foreign keys of a table."""
    keyed: set[tuple[str, str]] = field(default_factory=set)
    """JSON columns whose mark closes the list of their keys."""

    def columns(self) -> Iterator[Column]:
        """Every known column, sorted by table and name."""
        for name in sorted(self.tables):
            yield from (self.tables[name].columns[c] for c in sorted(self.tables[name].columns))

    def personal_tables(self) -> Iterator[Table]:
        """Every table about people, sorted by name."""
        return (self.tables[name] for name in sorted(self.tables) if self.tables[name].personal)


@cache
def registry() -> Registry:
    """The registry of the installed models. Needs all apps loaded; read once a process."""
    apps.check_models_ready()
    return read(apps.get_models(include_auto_created=True), marked_tables())


def read(models: Any, by_name: Mapping[str, Any]) -> Registry:
    """Read the marks of `models` and of the tables marked by name."""
    found = Registry()
    for model in models:
        if model._meta.proxy or model._meta.swapped:
            continue
        _read_model(found, model)
    for table, mark in by_name.items():
        if table not in found.tables and mark.about.nobody:
            found.tables[table] = Table(table, table, None, "")
            reason = Mark(reason=mark.about.nobody)
            found.tables[table].columns = {c: Column(table, c, reason) for c in mark.columns}
    _read_neighbours(found)
    found.keyed = {column.key for column in found.columns() if column.mark.keys}
    return found


def _read_model(found: Registry, model: type[Model]) -> None:
    name, label = model._meta.db_table, model._meta.label
    if name in found.tables:
        found.problems.append(
            Problem(
                "privacy.E002",
                f"{label} and {found.tables[name].label} both stand for table {name}",
                "let one be a proxy of the other",
                model,
            )
        )
        return
    who = _about(model)
    pk = model._meta.pk
    table = Table(name, label, model, getattr(pk, "column", None) or "")
    found.tables[name] = table
    by_name = table_mark(name)
    marks: dict[str, Mark] = {}
    bare: list[Any] = []
    for column in _local_columns(model):
        mark = mark_of(column) or (by_name.columns.get(column.column) if by_name else None)
        if mark:
            marks[column.column] = mark
        elif who and who.nobody:
            marks[column.column] = Mark(reason=who.nobody)
        else:
            bare.append(column)
    if who and not who.nobody:
        _read_people(found, table, model, who, marks)
    elif any(mark.category for mark in marks.values()):
        found.problems.append(
            Problem(
                "privacy.E003",
                f"{label} holds personal columns but does not say whom its rows are about",
                'decorate it with @subject("<path to the subject\'s id>")',
                model,
            )
        )
        table.row = _family(marks) or "?"
        table.unlinked = "not declared"
    bare = [column for column in bare if column.column not in marks]
    structural = {table.key, *(_first_column(path) for path in table.subjects)}
    for column in bare:
        if table.personal and column.column in structural:
            marks[column.column] = Mark(category=table.row)
        elif not table.personal and column.primary_key and len(bare) == 1:
            marks[column.column] = Mark(reason="the key of a row about nobody")
        else:
            found.problems.append(_unmarked(model, column))
    table.columns = {name_: Column(name, name_, mark) for name_, mark in marks.items()}


def _local_columns(model: type[Model]) -> list[Any]:
    return [f for f in model._meta.local_concrete_fields if f.column is not None]


def _unmarked(model: type[Model], column: Any) -> Problem:
    name = f"{model._meta.label}.{column.name}"
    return Problem(
        "privacy.E001",
        f"{name} (column {model._meta.db_table}.{column.column}) is not marked",
        'mark the field with personal(field, "<category>") or impersonal(field, "<reason>"),'
        " or a third party's table with mark_table(…)",
        model,
    )


def _about(model: type[Model]) -> About | None:
    """What is declared, else what follows: through tables and children are about whom theirs is."""
    declared = about(model)
    if declared:
        return declared
    by_name = table_mark(model._meta.db_table)
    if by_name:
        return by_name.about
    if model._meta.auto_created:
        return _about_links(model)
    for parent, link in model._meta.parents.items():
        who = _about(parent)
        if who and who.nobody:
            return None
        if who and link:
            paths = tuple(_under(link.name, parent, path) for path in who.subjects)
            return About(paths, who.row, None, (), who.unlinked)
    return None


def _about_links(through: type[Model]) -> About | None:
    """The links of a many-to-many field are about whoever the row that declares it is about."""
    source: Any = through._meta.auto_created
    field_ = next(f for f in source._meta.local_many_to_many if f.remote_field.through is through)
    mark, who = mark_of(field_), _about(source)
    if mark and mark.reason:
        return About(nobody=mark.reason)
    if who and who.nobody and not mark:
        return who
    if mark and mark.category:
        whose, name = who, field_.m2m_field_name()
        target = field_.remote_field.model
        if not whose or whose.nobody:
            whose, source, name = _about(target), target, field_.m2m_reverse_field_name()
        if whose and not whose.nobody:
            paths = tuple(_under(name, source, path) for path in whose.subjects)
            return About(paths, mark.category, None, (), whose.unlinked)
    return None


def _under(link: str, model: type[Model], path: str) -> str:
    """`path` of `model`, seen from a row that points at it through `link`."""
    if path == SELF or path == getattr(model._meta.pk, "name", ""):
        return link
    return f"{link}__{path}"


def _read_people(
    found: Registry, table: Table, model: type[Model], who: About, marks: dict[str, Mark]
) -> None:
    label = model._meta.label
    table.unlinked, table.claims, table.untold = who.unlinked, who.claims, who.untold
    if model._meta.auto_created:
        for column in _local_columns(model):
            marks.setdefault(column.column, Mark(category=who.row))
    table.row = who.row or _family(marks) or _row_of_parents(model)
    if not table.row:
        table.row = "?"
        found.problems.append(
            Problem(
                "privacy.E004",
                f"{label}: the row's category cannot be told from columns of several families",
                'say it: @subject(…, row="<family>")',
                model,
            )
        )
    paths = []
    for path in who.subjects:
        try:
            paths.append(_resolve(model, path))
        except (FieldDoesNotExist, TypeError) as error:
            found.problems.append(
                Problem(
                    "privacy.E005",
                    f"{label}: the path {path} leads to no subject ({error})",
                    "name a foreign key to the subject, or a path of them",
                    model,
                )
            )
    table.subjects = tuple(paths)
    if not paths and not who.unlinked:
        table.unlinked = "not declared"
        if not who.subjects:
            found.problems.append(
                Problem(
                    "privacy.E003",
                    f"{label} does not say whom its rows are about",
                    'name the subject, or say unlinked="<why they lead to nobody>"',
                    model,
                )
            )
    table.public = who.public
    table.shared = tuple(_share(model, via) for via in who.shared)


def _row_of_parents(model: type[Model]) -> str:
    """The row's category of the table that this one continues."""
    for parent in model._meta.parents:
        who = _about(parent)
        if who and not who.nobody:
            marks = {f.column: mark for f in _local_columns(parent) if (mark := mark_of(f))}
            return who.row or _family(marks) or _row_of_parents(parent)
    return ""


def _share(model: type[Model], via: Any) -> Share:
    guest = apps.get_model(via.model)
    row: Any = guest._meta.get_field(via.row)
    person: Any = guest._meta.get_field(via.person)
    key: Any = model._meta.pk
    return Share(key.column, guest._meta.db_table, row.column, person.column)


def _family(marks: Mapping[str, Mark]) -> str:
    """The one family of all personal columns, or nothing."""
    families = {mark.category.split(".")[0] for mark in marks.values() if mark.category}
    return families.pop() if len(families) == 1 else ""


def _first_column(path: SubjectPath) -> str:
    return path.hops[0].column if path.hops else path.column


def _resolve(model: type[Model], path: str) -> SubjectPath:
    if path == SELF:
        key: Any = model._meta.pk
        return SubjectPath(path, (), key.column, False)
    hops: list[Hop] = []
    nullable = False
    *links, last = path.split("__")
    for link in links:
        field_: Any = model._meta.get_field(link)
        if not isinstance(field_, ForeignKey):
            raise TypeError(f"{link} is not a foreign key")
        nullable = nullable or field_.null
        remote: Any = field_.remote_field.model
        target: Any = field_.target_field
        hops.append(Hop(field_.column, remote._meta.db_table, target.column))
        model = remote
    end: Any = model._meta.pk if last == SELF else model._meta.get_field(last)
    if not getattr(end, "column", None):
        raise TypeError(f"{last} is not a column")
    return SubjectPath(path, tuple(hops), end.column, nullable or end.null)


def _read_neighbours(found: Registry) -> None:
    for table in found.tables.values():
        if table.model is None:
            continue
        for column in _local_columns(table.model):
            if isinstance(column, ForeignKey) and column.remote_field:
                parent: Any = column.remote_field.model
                remote = parent._meta.db_table
                target: Any = column.target_field
                mine, theirs = (table.name, str(column.column)), (remote, target.column)
                found.neighbours.setdefault(table.name, set()).add(theirs)
                found.neighbours.setdefault(remote, set()).add(mine)
