"""Personal instances and querysets refuse pickling: a pickle would carry data across purposes.

Nor does a queryset give rows that were read for one page to another: kept in a module or a class,
it would show one person's to the next. Copying within the process (copy.copy, deepcopy) goes on as
ever. Written as text, an instance says what it is and not which: its number may be somebody's.
"""

from __future__ import annotations

import copy
import copyreg
import functools
from typing import Any

from django.apps import apps
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import Model, QuerySet

from plainview.privacy.gate.refusals import NotPermitted, Refused
from plainview.privacy.gate.scope import current
from plainview.privacy.registry import registry


def refuse_pickling() -> None:
    """Teach Django's models and querysets to refuse, wherever they come from."""
    Model.__reduce__ = _reduce_model(Model.__reduce__)  # type: ignore[method-assign]
    Model.__copy__ = _copy_model  # type: ignore[attr-defined]
    Model.__deepcopy__ = _deepcopy_model  # type: ignore[attr-defined]
    QuerySet.__reduce__ = _reduce_queryset  # type: ignore[method-assign]
    QuerySet.__copy__ = lambda self: self._chain()  # type: ignore[attr-defined]


def keep_to_the_page() -> None:
    """Teach querysets for whom they were read."""
    QuerySet._fetch_all = _fetch_all(QuerySet._fetch_all)  # type: ignore[method-assign]
    for way in ("__getitem__", "count", "exists", "contains"):  # they look at what is there
        setattr(QuerySet, way, _of_the_page(getattr(QuerySet, way)))


def _fetch_all(original: Any) -> Any:
    def fetch(self: Any) -> None:
        read = self._result_cache is None
        original(self)
        if read:
            scope = current()
            self._page = scope.life.uses if scope is not None else None

    return _of_the_page(fetch)


def _of_the_page(original: Any) -> Any:
    @functools.wraps(original)
    def asked(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self._result_cache is not None:
            _refuse_another(self)
        return original(self, *args, **kwargs)

    return asked


def _refuse_another(rows: Any) -> None:
    page, scope = rows.__dict__.get("_page"), current()
    if page is None or scope is None or scope.duty or scope.life.uses is page:
        return
    if _personal(rows.model):
        raise NotPermitted(
            f"door {scope.life.door.name}: these rows of {rows.model._meta.label} were read behind"
            " another door, maybe for somebody else."
            "\n  1. Of a queryset in a module, a class or a default argument take .all() each time."
            "\n  2. To hand on what a door found, make a list of it, or of ids."
            "\n  3. To keep it, use privacy.cache(category, subject)."
        )


def name_nobody() -> None:
    """Teach Django's models to say what they are, unless one says more (a film, a job, a case)."""
    Model.__str__ = _kind  # type: ignore[method-assign]
    AbstractBaseSession.__str__ = Model.__str__  # type: ignore[method-assign]  # not by its key


def _kind(self: Any) -> str:
    return str(self._meta.verbose_name)


def _personal(model: type[Model] | None) -> bool:
    if model is None or not apps.models_ready:
        return False
    table = registry().tables.get(model._meta.db_table)
    return table is None or table.personal


def _refused(model: type[Model]) -> Refused:
    return Refused(
        f"{model._meta.label} is personal, so it cannot be pickled."
        "\n  1. Hand on its id, and ask for the row where it is needed, under the purpose there."
        "\n  2. To cache, use privacy.cache(category, subject)."
        "\n  3. A job's payload is ids in a table of ours."
    )


def _reduce_model(original: Any) -> Any:
    def __reduce__(self: Model) -> Any:
        if _personal(type(self)):
            raise _refused(type(self))
        return original(self)

    return __reduce__


def _copy_model(self: Model) -> Model:
    clone = type(self).__new__(type(self))
    clone.__dict__.update(self.__getstate__())
    return clone


def _deepcopy_model(self: Model, memo: dict[int, Any]) -> Model:
    clone = type(self).__new__(type(self))
    memo[id(self)] = clone
    clone.__dict__.update(copy.deepcopy(self.__getstate__(), memo))
    return clone


def _reduce_queryset(self: Any) -> Any:
    if _personal(self.model):
        raise _refused(self.model)
    return copyreg.__newobj__, (type(self),), self.__getstate__()  # type: ignore[attr-defined]
