"""Asking in one statement for what would take many: rows by many keys, rows with lists."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Expression, F, QuerySet, Subquery, TextField


class Keys(Expression):
    """Integer keys for `pk__in` and the like, as one list.

    A placeholder for each, as of a plain list, costs more than the rows: each is prepared and
    escaped, and every number of them is another text to a database that keeps what it compiled.
    """

    output_field = BigIntegerField()

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__(self.output_field)
        self.keys = [*keys]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        return "(SELECT value FROM json_each(%s))", [json.dumps(self.keys)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        return "(SELECT unnest(%s::bigint[]))", [f"{{{','.join(map(str, self.keys))}}}"]


class Listing(Subquery):
    """The different texts of `field` in `rows`, which an OuterRef ties to the row, with commas.

    None where there is no row; the texts are slugs, language tags and the like, without a comma.
    """

    output_field = TextField()

    def __init__(self, rows: QuerySet[Any], field: str) -> None:
        super().__init__(rows.order_by().values(listed=F(field)).distinct())

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        template = '(SELECT group_concat("listed") FROM (%(subquery)s))'
        return self.as_sql(compiler, connection, template=template)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = """(SELECT string_agg("listed", ',') FROM (%(subquery)s) AS listing)"""
        return self.as_sql(compiler, connection, template=template)
