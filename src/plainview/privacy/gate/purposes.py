"""What the gate asks of the policy, and which policy is in force.

`plainview.engine.Policy` has this shape; tests bring smaller ones.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Protocol

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


class _Force:
    def __init__(self) -> None:
        self.policy: Policy | None = None
        self.generation = 0
        self.lock = threading.Lock()


_force = _Force()


def enforce(policy: Policy) -> None:
    """Put `policy` into force: scopes opened from now on follow it."""
    with _force.lock:
        _force.policy = policy
        _force.generation += 1


def policy() -> Policy:
    """The policy in force. Raises ImproperlyConfigured before any was loaded."""
    if _force.policy is None:
        raise ImproperlyConfigured(
            "no policy is in force: plainview.privacy must be installed and have loaded one"
        )
    return _force.policy


def generation() -> int:
    """Counts the policies put into force by this process, so that derived tables can be cached."""
    return _force.generation
