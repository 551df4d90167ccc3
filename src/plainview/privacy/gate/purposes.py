"""What the gate asks of the policy, and which policy is in force.

`plainview.engine.Policy` has this shape; tests bring smaller ones.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from contextvars import ContextVar, Token
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import ImproperlyConfigured


class Policy(Protocol):
    """The part of a compiled policy that the gate needs."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def purposes(self) -> Mapping[str, Any]: ...
    @property
    def categories(self) -> Mapping[str, Any]: ...
    @property
    def permitted_by_default(self) -> int: ...
    def bit(self, purpose: str, /) -> int: ...
    def uses(self, purpose: str, /) -> frozenset[str]: ...
    def refusable(self, purpose: str, /) -> bool: ...
    def withholdable(self, purpose: str, /) -> frozenset[str]: ...
    def disputable(self, purpose: str, /) -> frozenset[str]: ...
    def comes_from(self, category: str, source: str, /) -> bool: ...


class Forced(NamedTuple):
    """A policy that was put into force, and its number among those of this process."""

    policy: Policy
    generation: int


_numbers = itertools.count(1)
_lock = threading.Lock()
_force: list[Forced] = []
_held: ContextVar[Forced | None] = ContextVar("plainview_policy", default=None)


def enforce(policy: Policy) -> None:
    """Put `policy` into force: scopes opened from now on follow it, but for what holds another."""
    with _lock:
        _force[:] = [Forced(policy, next(_numbers))]


def forced() -> Forced:
    """What is in force here, for `holding`. Raises ImproperlyConfigured before any was loaded."""
    held = _held.get()
    if held is not None:
        return held
    if not _force:
        raise ImproperlyConfigured(
            "no policy is in force: plainview.privacy must be installed and have loaded one"
        )
    return _force[0]


def policy() -> Policy:
    """The policy in force. Raises ImproperlyConfigured before any was loaded."""
    return forced().policy


def generation() -> int:
    """Tells policies put into force by this process apart, so that derived tables can be cached."""
    return forced().generation


class holding:
    """Keeps one policy in force for the length of a `with`, whatever is put into force meanwhile.

    Without one, that of now: a request sees one version from its beginning to its end.
    """

    __slots__ = ("_forced", "_token")

    def __init__(self, which: Policy | Forced | None = None) -> None:
        if which is None or isinstance(which, Forced):
            self._forced = which or forced()
        elif which is forced().policy:
            self._forced = forced()
        else:
            self._forced = Forced(which, next(_numbers))

    def __enter__(self) -> Forced:
        self._token: Token[Forced | None] = _held.set(self._forced)
        return self._forced

    def __exit__(self, *error: object) -> None:
        _held.reset(self._token)
