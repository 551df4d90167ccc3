"""The index: what can be found by name, what was said, and how words are spelled in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Lookup

from plainview.platform.search.asking import Ask, fts5, tsquery

MOST_PLACES = 16_383
"""PostgreSQL tells no more places in a row apart."""


DEARER = 12
"""So many times as many rows as are taken PostgreSQL is told to look for (`Answers`)."""


class Terms(models.TextField):  # type: ignore[type-arg]
    """Terms with a space between them, to be asked with `terms__answers=Window`.

    PostgreSQL keeps them as a `tsvector`, `ordered` ones with their places. They are letters,
    digits and the marks of `asking`, which neither engine reads anything into.
    """

    def __init__(self, *args: Any, ordered: bool = False, **kwargs: Any) -> None:
        self.ordered = ordered
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"ordered": True} if self.ordered else {})

    def db_type(self, connection: Any) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: str, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        if self.ordered and connection.vendor == "postgresql":
            terms = value.split(" ")[:MOST_PLACES]
            return " ".join(f"{term}:{place}" for place, term in enumerate(terms, 1))
        return value

    def from_db_value(self, value: str, expression: Any, connection: Any) -> str:
        if connection.vendor != "postgresql":
            return value
        terms = value.replace("'", "")
        if not self.ordered:
            return terms
        placed = (each.partition(":") for each in terms.split(" ") if each)
        return " ".join(t for _, t in sorted((int(place or 0), term) for term, _, place in placed))


@dataclass(frozen=True, slots=True)
class Window:
    """Of the rows that answer each of `asks`, the newest `most` below the number `before`."""

    asks: tuple[Ask, ...]
    most: int
    before: int | None = None


class Answers(Lookup):
    """Rows in a window of those that answer, by the full-text index of the engine.

    A window, since what is asked next (may this visitor see it?) is asked of each row that answers,
    and a word may stand in a million. Both engines walk the rows from the newest and stop.
    """

    lookup_name = "answers"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        newest = 2**63 - 1 if value.before is None else value.before
        if connection.vendor == "sqlite":
            return "%s", [each for ask in value.asks for each in (fts5(ask), newest, value.most)]
        most = (value.most * DEARER, value.most)
        return "%s", [each for ask in value.asks for each in (tsquery(ask), newest, *most)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The rows whose number FTS5 finds, which walks them from the newest."""
        window = (
            'SELECT rowid FROM "{0}_fts" WHERE "{0}_fts" MATCH %s AND rowid < %s'
            " ORDER BY rowid DESC LIMIT %s"
        )
        return self._among(compiler, connection, window)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The rows that the GIN index finds, or a walk from the newest where a great many answer.

        PostgreSQL chooses by its statistics, and takes the walk for a tenth of what it costs. Told
        to look for more rows than are taken from it, it chooses right.
        """
        window = (
            'WITH found AS MATERIALIZED (SELECT id FROM "{0}" WHERE terms @@ %s::tsquery'
            " AND id < %s ORDER BY id DESC LIMIT %s) SELECT id FROM found LIMIT %s"
        )
        return self._among(compiler, connection, window)

    def _among(self, compiler: Any, connection: Any, window: str) -> tuple[str, Any]:
        lhs, _ = self.process_lhs(compiler, connection)
        _, params = self.process_rhs(compiler, connection)
        one = f"SELECT * FROM ({window.format(self.lhs.target.model._meta.db_table)}) AS one"  # noqa: S608
        every = " UNION ALL ".join([one] * (len(params) // window.count("%s")))
        return f'{lhs.rpartition(".")[0]}."id" IN ({every})', params


Terms.register_lookup(Answers)


class Entry(models.Model):
    """Something with a name: `kind` and `ref` say what, `size` how long its name is."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    ref = models.BigIntegerField()
    size = models.PositiveIntegerField()
    terms = Terms()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Passage(models.Model):
    """A line of something: its number is the line's, `scope` what the line is of."""

    id = models.BigIntegerField(primary_key=True)
    scope = models.BigIntegerField(db_index=True)
    language = models.CharField(max_length=35)
    size = models.PositiveIntegerField()
    terms = Terms(ordered=True)


class Word(models.Model):
    """A word of a shelf (entries, or passages), and in how many of its rows it stands.

    `terms` are the keys at which a slip of it is looked for (`typos.keys`). With its last row the
    word goes. PostgreSQL sorts words by their characters' numbers, as SQLite does.
    """

    id = models.BigAutoField(primary_key=True)
    shelf = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=40)
    count = models.IntegerField(default=0)
    terms = Terms()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shelf", "word"], name="search_word_once")]

    def __str__(self) -> str:
        return self.word
