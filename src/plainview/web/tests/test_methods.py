"""What the methods of HTTP do at every address (RFC 9110, 9), whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.rights.conftest import enter, ines, member  # noqa: F401

pytestmark = pytest.mark.django_db
SILENT = {"/setup/", "/metrics", "/privacy/snippet/", "/api/"}
"""What answers only to who brings a key, a password or a seal."""


FILLED = (
    "/search/?q=harbour",
    "/titles/harbour-lights/",
    "/watch/harbour-li-1/",
    "/people/ines-calder/",
)


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the service that needs nothing filled in."""
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            if "<" not in path and "^" not in path and "(" not in path:
                yield path
        else:
            yield from addresses(each, path)


def test_a_head_is_answered_wherever_a_get_is(client, programme):
    """Monitors, link checkers and caches ask by HEAD first (RFC 9110, 9.3.2)."""
    found = sorted(set(addresses(get_resolver())))
    assert {"/privacy/", "/api/v1/titles", "/legal/copy-key.pem", "/api/openapi.json"} <= {*found}
    unlike = {}
    for path in found:
        got, headed = (getattr(client, method)(path) for method in ("get", "head"))
        if got.status_code != headed.status_code:
            unlike[path] = (got.status_code, headed.status_code)
        assert got.status_code != 404 or path in SILENT, path
    assert unlike == {}


def test_every_answer_says_who_may_keep_it(ines):  # noqa: F811
    """Else a browser showed the address, or the secret of an app, to whoever went back."""
    browser = enter(ines)
    for path in sorted(set(addresses(get_resolver())) - {"/accounts/logout/"}):
        said = browser.get(path).get("Cache-Control", "nothing")
        assert "no-store" in said or said.startswith(("private", "public")), (path, said)
    for path in ("/accounts/email/", "/accounts/security/totp/activate/"):
        answer = browser.get(path)
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)


@pytest.mark.sample(1)
@pytest.mark.parametrize("third", range(3))
def test_who_refuses_a_method_names_head_beside_get(client, third):
    """What is allowed is told whole (RFC 9110, 15.5.6)."""
    for path in sorted(set(addresses(get_resolver())))[third::3]:
        if "Allow" in (refused := client.delete(path)):
            assert "HEAD" in refused["Allow"] or client.get(path).status_code == 405, path


def test_who_asks_which_methods_there_are_is_not_answered_as_a_reader(client, programme):
    """Nothing is shown for it (RFC 9110, 9.3.7), and what anybody sees is not even made."""
    shown = {}
    for path in (*sorted(set(addresses(get_resolver()))), *FILLED):
        answer = client.options(path)
        if answer.status_code == 200 and "Allow" not in answer:
            shown[path] = answer["Content-Type"]
        assert path not in FILLED or (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert shown == {}


def test_a_method_that_http_knows_and_no_page_takes_is_no_fault_of_the_service(client, programme):
    """405 with what is taken (RFC 9110, 15.5.6); scanners and monitors report a 501 as a fault."""
    for path in (*FILLED, "/", "/accounts/login/", "/api/v1/titles", "/my/forget/"):
        answer = client.generic("TRACE", path)
        assert (answer.status_code, "Allow" in answer) == (405, True), path


def test_who_comes_by_get_where_a_form_is_sent_reads_what_is_there(client):
    """A page after a form, opened anew or in another language, was blank."""
    answer = client.get("/my/forget/?lang=es")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "En esta dirección no hay nada que leer" in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "trace", "patch"])
def test_a_program_is_told_by_a_problem_that_its_method_is_not_taken(client, method):
    answer = getattr(client, method)("/api/v1/titles")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer.json()["status"] == 405
    assert answer["Allow"].startswith("GET, HEAD")


@pytest.mark.parametrize("method", ["PROPFIND", "FOO"])
def test_a_method_that_nobody_knows_is_refused_as_such(db, method):
    """Not taken for a reader, nor for a form from elsewhere (RFC 9110, 9.1)."""
    for path in ("/", "/api/v1/titles", "/accounts/login/"):
        assert Client().generic(method, path).status_code == 501


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/home/", 404),
        ("/api/v1/titles?q=" + "a" * 8000, 414),
    ],
)
def test_a_program_is_told_by_a_problem_also_outside_every_operation(client, path, status):
    """An app asks for JSON and gets JSON (RFC 9457), whoever refuses it."""
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/titles/harbour-lights/", "/search/", "/legal/privacy/"])
def test_a_page_that_takes_nothing_says_so_before_it_asks_for_a_token(programme, path):
    """RFC 9110, 15.5.6: it is the method that is wrong there, and no form has grown old."""
    client = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "delete"):
        refused = getattr(client, method)(path)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
    assert client.get(path).status_code == 200
    assert client.post("/accounts/login/").status_code == 403, "a form still needs its token"
