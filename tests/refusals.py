"""Refusals in tests: one that is swallowed fails the test, one that is expected is awaited.

Imported by the conftest of the product and by that of the gate, which run under settings of their
own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from django.db import connection, transaction

from plainview.privacy.gate import refusals


@pytest.fixture(autouse=True)
def no_swallowed_refusal(request: pytest.FixtureRequest) -> Iterator[None]:
    """A refusal that an `except` swallowed still fails the test, unless `refused()` awaited it."""
    heard: list[refusals.Refused] = []
    refusals.witnesses.append(heard.append)
    request.node.refusals = heard
    yield
    refusals.witnesses.remove(heard.append)
    if heard:
        pytest.fail(f"a refusal was swallowed: {heard[0]}")


@pytest.fixture
def refused(request: pytest.FixtureRequest) -> Callable[..., AbstractContextManager[None]]:
    """`with refused("column"):` awaits a refusal that says so; the transaction goes on after it."""

    @contextmanager
    def awaiting(
        saying: str = "", kind: type[refusals.Refused] = refusals.Refused
    ) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(pytest.raises(kind, match=saying or None))
            if connection.in_atomic_block:
                stack.enter_context(transaction.atomic())
            yield
        request.node.refusals.clear()

    return awaiting
