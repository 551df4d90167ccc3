"""When a page can't be shown, it says what happened, what it means and what to do."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory, override_settings

from plainview.web import errors
from plainview.web.tests.markup import Markup


@pytest.mark.parametrize(
    ("handler", "status", "happened"),
    [
        (errors.bad_request, 400, "could not be read"),
        (errors.forbidden, 403, "not open to you"),
        (errors.not_found, 404, "nothing at this address"),
        (errors.server_error, 500, "broke on our side"),
        (errors.form_expired, 403, "no longer valid"),
    ],
)
def test_every_error_says_what_and_leads_on(handler, status, happened):
    request = RequestFactory().get("/somewhere/")
    request.session, request.user = {}, None
    response = handler(request)
    html = response.content.decode()
    assert response.status_code == status
    assert happened in html
    assert Markup(html).all("a", **{"class": "button"})
    assert Markup(html).blocked == []
    assert response["Cache-Control"] == "no-store"


def test_a_foreign_host_name_is_refused_with_a_page():
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


def test_a_failure_is_told_without_the_database(db, monkeypatch):
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("plainview.web.pages.home.for_cards", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/")
    assert response.status_code == 500
    assert "the disk is gone" not in response.content.decode()
    assert "broke on our side" in response.content.decode()


def test_a_form_without_its_token_changes_nothing(db):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert "no longer valid" in response.content.decode()


@override_settings(DEBUG=False)
def test_refusals_are_pages(client, monkeypatch, db):
    """Whoever may not is told so in the shell, with a way on."""

    def refuse(*args: object) -> None:
        raise PermissionDenied

    monkeypatch.setattr("plainview.web.pages.home.for_cards", refuse)
    response = client.get("/")
    assert response.status_code == 403
    assert "not open to you" in response.content.decode()
