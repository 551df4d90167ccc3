"""Doors: `@serves(…)` on a view, task or command, `serves_all(…)` around a third party's urls."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

from plainview.privacy.gate.refusals import Refused
from plainview.privacy.gate.scope import Door, Held, Opened, Subject

T = TypeVar("T", bound=Callable[..., Any])
ATTRIBUTE = "privacy_door"


def addresses(
    patterns: Sequence[Any] | None = None, below: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    """Every address that a URL leads to, as its patterns write it, and what answers there."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        address = below + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, address)
        else:
            yield address, each


def serves(
    purpose: str,
    *,
    may: Iterable[str] = (),
    source: str = "",
    everyone: str = "",
    about: str = "",
    lists: Iterable[str] = (),
) -> Callable[[T], T]:
    """Declare a view (function or class) as a door; the middleware opens it when a URL leads here.

    `everyone` is the written reason why it is not narrowed to the rows of the person at the door.
    `about` names the url keyword with the id of whom it is narrowed to instead: nothing is read or
    written behind such a door without a warrant (`warrants.py`). `lists` are the categories that
    a door of the staff shows without an open case about whoever they are of (`looks.py`). Raises
    Refused for one that is about everyone and about one person.
    """
    if everyone and about:
        raise Refused(f"a view serving {purpose} is about everyone or about one person, not both")

    def declare(view: T) -> T:
        named: Any = getattr(view, "view_class", view)
        name = f"{named.__module__}.{getattr(named, '__qualname__', type(named).__name__)}"
        door = Door(name, purpose, frozenset(may), source, everyone, about, frozenset(lists))
        setattr(view, ATTRIBUTE, door)
        return view

    return declare


def runs(
    purpose: str,
    *,
    may: Iterable[str] = (),
    source: str = "",
    everyone: str = "",
    about: str = "",
    lists: Iterable[str] = (),
) -> Callable[[T], T]:
    """Declare a task or command as a door that is open for the length of each call.

    Narrowed to the person whose id comes as keyword argument `about`, unless `everyone` says why
    not. One of the two is required: raises Refused.
    """
    if bool(everyone) == bool(about):
        raise Refused(
            f'a task serving {purpose} is either about="<keyword argument with a subject\'s id>"'
            ' or everyone="<the reason>"'
        )

    def declare(function: T) -> T:
        door = Door(
            f"{function.__module__}.{function.__qualname__}",
            purpose,
            frozenset(may),
            source,
            everyone,
            lists=frozenset(lists),
        )

        @functools.wraps(function)
        def through(*args: Any, **kwargs: Any) -> Any:
            def person() -> Subject:
                return int(kwargs[about]) if about else None

            opened = Opened(door, person)
            opened.life.records = False  # no page to show it
            with opened:
                return function(*args, **kwargs)

        setattr(through, ATTRIBUTE, door)
        return through  # type: ignore[return-value]

    return declare


def touches_nobody(why: str) -> Callable[[T], T]:
    """Declare a command that needs no purpose: whatever is personal is refused while it runs.

    A step of it may open a duty, or be a door of its own.
    """

    def declare(function: T) -> T:
        @functools.wraps(function)
        def through(*args: Any, **kwargs: Any) -> Any:
            with Held(None):
                return function(*args, **kwargs)

        name = f"{function.__module__}.{function.__qualname__}"
        setattr(through, ATTRIBUTE, Door(name, "", everyone=why))
        return through  # type: ignore[return-value]

    return declare


def serves_all(
    included: tuple[Any, str | None, str | None],
    purpose: str,
    *,
    may: Iterable[str] = (),
    source: str = "form",
    but: Mapping[str, Mapping[str, Any]],
) -> tuple[list[URLPattern | URLResolver], str | None, str | None]:
    """The urls of `include(…)`, each of its views a door. The third party's module is not touched.

    `but` has other declarations for single url names: `{"account_signup": {"purpose": …}}`.
    Raises Refused if it names a url that is not there.
    """
    module, app_name, namespace = included
    patterns = getattr(module, "urlpatterns", module)
    common = {"purpose": purpose, "may": may, "source": source, "everyone": ""}
    unseen = set(but)

    def declare(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
        if isinstance(pattern, URLResolver):
            inner = [declare(each) for each in pattern.url_patterns]
            return URLResolver(
                pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace
            )
        unseen.discard(pattern.name or "")
        said = common | dict(but.get(pattern.name or "", {}))
        return URLPattern(
            pattern.pattern, _wrapped(pattern.callback, said), pattern.default_args, pattern.name
        )

    doors = [declare(pattern) for pattern in patterns]
    if unseen:
        raise Refused(
            f"serves_all(but=…) names urls that are not there: {', '.join(sorted(unseen))}"
        )
    return doors, app_name, namespace


def _wrapped(view: Callable[..., Any], said: Mapping[str, Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def door(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    declared = serves(
        said["purpose"], may=said["may"], source=said["source"], everyone=said["everyone"]
    )
    return declared(door)


def door_of(view: Any) -> Door | None:
    """The door that a URL's callback is, if it was declared one; class views carry it too."""
    found = getattr(view, ATTRIBUTE, None) or getattr(
        getattr(view, "view_class", None), ATTRIBUTE, None
    )
    return found if isinstance(found, Door) else None
