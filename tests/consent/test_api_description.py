"""The API does what its description says, whatever is sent (schemathesis makes it up)."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from plainview.domains.catalogue.models import (
    Collection,
    Credit,
    Entry,
    Genre,
    Person,
    Season,
    Tag,
    Video,
)
from plainview.web import programme_api
from plainview.web.limiting import Limit
from plainview.web.tests.conftest import a_title, a_video, lines

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
SAME_EACH_TIME = settings(
    deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=CALM
)
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
    ("GET", "/api/v1/privacy/requests"),
    ("POST", "/api/v1/privacy/requests"),
    ("GET", "/api/v1/privacy/requests/{number}"),
    ("POST", "/api/v1/privacy/requests/{number}"),
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


ANSWERS = (("POST", "/api/v1/choices"), ("POST", "/api/v1/choices/confirm"))
PROGRAMME = OPERATIONS[OPERATIONS.index(("GET", "/api/v1/titles")) :]
KNOWN = {
    "titles": {"slug": "night-line"},
    "videos": {"key": "night-line-1", "language": "en"},
    "people": {"slug": "ines-calder"},
    "collections": {"slug": "by-the-sea"},
}
"""Of each kind one that is there, under the names that addresses give it."""


@pytest.fixture
def programme() -> None:
    """A series with an episode, somebody in it, a collection that it is of, lines, and others."""
    series = a_title("night-line", kind="series")
    season = Season.objects.create(title=series, number=1)
    episode = {"kind": Video.Kind.EPISODE, "season": season, "number": 1}
    video = a_video(series, key="night-line-1", **episode)
    lines(video, "en", "English", ["All aboard."])
    drama = Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}})
    quiet = Tag.objects.create(slug="quiet", texts={"en": {"name": "Quiet"}})
    calder = Person.objects.create(slug="ines-calder", texts={"en": {"name": "Inés Calder"}})
    sea = Collection.objects.create(slug="by-the-sea", texts={"en": {"name": "By the sea"}})
    for title in (series, *(a_title(f"film-{number}") for number in range(6))):
        title.genres.add(drama)
        title.tags.add(quiet)
        Credit.objects.create(title=title, person=calder, role=Credit.Role.CAST)
        Entry.objects.create(collection=sea, title=title)


def sent(data: st.DataObject, method: str, path: str, *, there: bool = False) -> int:
    """What is made up is sent, to what is `there` or to anything; the status of the answer."""
    case = data.draw(described()[path][method].as_strategy())
    if there:
        known = KNOWN.get(path.split("/")[3], {})
        case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
        case.query = {name: value for name, value in (case.query or {}).items() if name != "cursor"}
    plain = {"Accept-Encoding": "identity"}  # schemathesis reads no compressed answers of WSGI
    # A question that is made up was never shown, so an answer to it is refused though well formed.
    but = [positive_data_acceptance] if (method, path) in ANSWERS else []
    status: int = case.call_and_validate(headers=plain, excluded_checks=but).status_code
    return status


@pytest.mark.slow
def test_every_operation_of_the_description_is_tried():
    found = [each.ok() for each in described().get_all_operations()]
    assert {(each.method.upper(), each.path) for each in found} == set(OPERATIONS)


@pytest.mark.parametrize(
    "path", [each for how, each in OPERATIONS if how == "GET" and "{" not in each]
)
def test_whoever_brings_no_token_is_answered_as_is_described(path):
    """What is made up below has a token mostly, and is refused for it."""
    described()[path]["GET"].Case().call_and_validate(headers={"Accept-Encoding": "identity"})


def test_no_two_kinds_of_answer_have_one_name(client):
    """Of two, the description keeps the last, and a client made of it reads the other wrongly."""

    def kinds(kind: type[Schema]) -> Iterator[str]:
        for each in kind.__subclasses__():
            yield from [each.__name__] if each.__module__.startswith("plainview.") else []
            yield from kinds(each)

    client.get("/api/openapi.json")
    assert [name for name, times in Counter(kinds(Schema)).items() if times > 1] == []


def test_a_token_may_be_left_out_wherever_nobody_needs_one(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    asked = {
        (method, path): operation["security"]
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "security" in operation
    }
    assert [where for where, said in asked.items() if {} not in said] == [
        ("delete", "/api/v1/connect")
    ]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@settings(SAME_EACH_TIME, max_examples=2)
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


@pytest.mark.soak
@pytest.mark.parametrize(("method", "path"), PROGRAMME)
def test_what_is_there_is_read_by_most_of_what_could_be_sent(programme, method, path, monkeypatch):
    """Of what is made up about the rest of the question; what is anything is mostly nothing."""
    monkeypatch.setattr(programme_api, "LIMIT", Limit(1000))
    answers: list[int] = []

    @settings(SAME_EACH_TIME, max_examples=200)
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        answers.append(sent(data, method, path, there=True))

    send()
    assert answers.count(200) > len(answers) / 2
