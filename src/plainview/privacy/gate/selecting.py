"""SELECT behind the gate: the first table's rows are filtered in the WHERE."""

from __future__ import annotations

from typing import Any

from plainview.privacy.gate.compiling import GateCompiler


class GateSelect(GateCompiler):
    """Mixed into the SELECT compiler."""

    where: Any
    query: Any

    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        made = super().pre_sql_setup(with_col_aliases=with_col_aliases)  # type: ignore[misc]
        self._unfiltered = self.where
        compilation = self.connection.compilation
        if compilation is None:
            return made
        if self.query.extra_tables:
            self._extra_tables(compilation)
        if compilation.restricts and not self.query.combinator:
            self.where = self.narrowed(self.where, writing=False)
        return made

    def _extra_tables(self, compilation: Any) -> None:
        """`extra(tables=…)` names tables in a text of its own, which no filter can follow."""
        query = self.query
        for name in query.extra_tables:
            compilation.use((name, ""))
            alias = query.table_map.get(name, [None])[0]
            if alias not in query.alias_map or not query.alias_refcount[alias]:
                compilation.texts += (name,)

    def get_qualify_sql(self) -> Any:
        """Filters over windows wrap an inner query, which compiles, and is filtered, by itself."""
        self.where = self._unfiltered
        return super().get_qualify_sql()  # type: ignore[misc]
