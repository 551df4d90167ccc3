"""The API does what its description says, whatever is sent (schemathesis makes it up)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
application = get_wsgi_application()
OPERATIONS = [
    ("GET", "/api/v1/choices"),
    ("GET", "/api/v1/choices/questions"),
    ("POST", "/api/v1/choices"),
    ("POST", "/api/v1/choices/confirm"),
    ("POST", "/api/v1/choices/opt-out"),
    ("POST", "/api/v1/signal"),
    ("GET", "/api/v1/receipts"),
    ("GET", "/api/v1/receipts/{number}"),
    ("POST", "/api/v1/connect"),
    ("DELETE", "/api/v1/connect"),
    ("GET", "/api/v1/titles"),
    ("GET", "/api/v1/titles/{slug}"),
    ("GET", "/api/v1/titles/{slug}/seasons"),
    ("GET", "/api/v1/titles/{slug}/related"),
    ("GET", "/api/v1/videos/{key}"),
    ("GET", "/api/v1/videos/{key}/subtitles"),
    ("GET", "/api/v1/videos/{key}/subtitles/{language}"),
    ("GET", "/api/v1/people"),
    ("GET", "/api/v1/people/{slug}"),
    ("GET", "/api/v1/genres"),
    ("GET", "/api/v1/tags"),
    ("GET", "/api/v1/collections"),
    ("GET", "/api/v1/collections/{slug}"),
    ("GET", "/api/v1/home"),
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """As Django's own client does: the connection of the test stays open between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@functools.cache
def described() -> Any:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application)


def sent(data: st.DataObject, method: str, path: str) -> None:
    case = data.draw(described()[path][method].as_strategy())
    case.call_and_validate()


@pytest.mark.slow
def test_every_operation_of_the_description_is_tried():
    found = [each.ok() for each in described().get_all_operations()]
    assert {(each.method.upper(), each.path) for each in found} == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=CALM,
)
@given(data=st.data())
@pytest.mark.slow
def test_a_sample_of_what_could_be_sent(method, path, data):
    sent(data, method, path)


@pytest.mark.soak
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@settings(max_examples=400, deadline=None, suppress_health_check=CALM)
@given(data=st.data())
def test_what_could_be_sent_at_length(method, path, data):
    sent(data, method, path)
