"""Opens the door that a URL leads to, and closes it when the response is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from threading import get_ident
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plainview.privacy.gate import looks, purposes, warrants
from plainview.privacy.gate.doors import door_of
from plainview.privacy.gate.identity import identifying
from plainview.privacy.gate.scope import Door, Held, Life, Opened, Scope, Subject

Handler = Callable[[HttpRequest], HttpResponseBase]
Opener = Callable[..., Opened]
opener: ContextVar[Opener] = ContextVar("plainview_opener", default=Opened)
"""How a door is opened; `plainview privacy trace` opens it another way."""


def _person(request: HttpRequest) -> Callable[[], Subject]:
    def find() -> Subject:
        visitor = getattr(request, "visitor", None)
        if visitor is not None:
            return visitor.subject  # type: ignore[no-any-return]
        with identifying():
            person = getattr(request, "user", None)
            key = getattr(person, "pk", None)
        return int(key) if key is not None else None

    return find


def _permitted(request: HttpRequest) -> Callable[[], int] | None:
    if not hasattr(request, "visitor"):
        return None
    return lambda: request.visitor.permitted


class Doors:
    """The outermost middleware but for headers. A view that is no door runs under no purpose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with Held(None):  # whatever this thread did before is over
            response: Any = None
            try:
                response = self.get_response(request)
            finally:
                opened: Scope | None = getattr(request, "scope_of_door", None)
                if opened is not None and not getattr(response, "streaming", False):
                    opened.life.open = False
            if opened is not None and opened.life.looks is not None:
                opened.life.looks.refuse_unlisted()
            if opened is not None and getattr(response, "streaming", False):
                self._follow(response, opened)
            return response  # type: ignore[no-any-return]

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        door = door_of(view)
        if door is None:
            if opener.get() is Opened:
                return None
            door = Door(f"{view.__module__}.{getattr(view, '__qualname__', view)}", "")
        if door.about:  # the request's own permissions are those of somebody else
            find = warrants.named(request, door, int(kwargs[door.about]))
            opened = opener.get()(door, find)
            opened.life.find_oneself = _person(request)
        else:
            opened = opener.get()(door, _person(request), find_permitted=_permitted(request))
        opened.__enter__()
        if door.source == looks.DESK:
            looks.watch(door)
        request.scope_of_door = opened.scope  # type: ignore[attr-defined]
        return None

    def _follow(self, response: Any, scope: Scope) -> None:
        """Let each step of a stream run under the door, and close it with the stream."""
        if response.is_async:
            scope.life.open = False
            return
        stream = iter(response.streaming_content)
        response.streaming_content = _Stream(stream, scope)
        response._resource_closers.append(lambda: _end(scope.life))


def _end(life: Life) -> None:
    life.open = False


class _Stream(Iterator[Any]):
    """An iterator whose every step runs under `scope`, in whichever thread the server asks."""

    def __init__(self, stream: Iterator[Any], scope: Scope) -> None:
        self.stream = stream
        self.scope = scope
        self.policy = purposes.forced()

    def __next__(self) -> Any:
        life = self.scope.life
        life.thread = get_ident()
        with Held(self.scope), purposes.holding(self.policy):
            try:
                chunk = next(self.stream)
                if life.looks is not None:
                    life.looks.refuse_unlisted()
                return chunk
            except BaseException:
                life.open = False
                raise

    def close(self) -> None:
        self.scope.life.open = False
        closer = getattr(self.stream, "close", None)
        if closer:
            closer()
