"""The index: what can be found by name, what was said, and how words are spelled in both."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Lookup

from plainview.platform.search.asking import fts5, tsquery

CUTS = {"search_entry": 2000, "search_passage": 800}
"""So many rows are taken of a question that more would answer: the newest of them."""


class Terms(models.TextField):  # type: ignore[type-arg]
    """Terms with a space between them, to be asked with `terms__answers=Ask`."""


class Answers(Lookup):
    """Entries that answer an `Ask`, by the full-text index of the engine."""

    lookup_name = "answers"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [fts5(value) if connection.vendor == "sqlite" else tsquery(value)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The rows whose number FTS5 finds."""
        lhs, _ = self.process_lhs(compiler, connection)
        _, params = self.process_rhs(compiler, connection)
        table = self.lhs.target.model._meta.db_table
        alias = lhs.rpartition(".")[0]
        found = (
            f'SELECT rowid FROM "{table}_fts" WHERE "{table}_fts" MATCH %s'  # noqa: S608
            f" ORDER BY rowid DESC LIMIT {CUTS[table]}"
        )
        return f'{alias}."id" IN ({found})', params

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The rows that the GIN index over the terms finds."""
        lhs, lhs_params = self.process_lhs(compiler, connection)
        _, params = self.process_rhs(compiler, connection)
        return f"{VECTOR.format(lhs)} @@ %s::tsquery", [*lhs_params, *params]


VECTOR = "array_to_tsvector(string_to_array({}, ' '))"
Terms.register_lookup(Answers)


class Entry(models.Model):
    """Something with a name: `kind` and `ref` say what, `size` how many terms it has."""

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
    terms = Terms()

    def __str__(self) -> str:
        return f"passage {self.id}"


class Spelling(models.Model):
    """A word of a table's entries under one of its keys (`typos.keys`)."""

    id = models.BigAutoField(primary_key=True)
    shelf = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "shelf", "word"], name="search_spelling_once")
        ]

    def __str__(self) -> str:
        return self.word
