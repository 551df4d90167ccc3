"""When a page can't be shown, it says what happened, what it means and what to do."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings

from plainview.domains.accounts.models import User
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


def test_p1_2_1a_a_foreign_host_name_is_refused_with_a_page_and_one_quiet_line(caplog, monkeypatch):
    """P1.2.1a: the line names nobody, and neither address nor name; it is no error of ours."""
    for name in ("django", "django.security", "django.request"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    response = Client().get("/mail/stop/a-token/", headers={"host": "mira.example"})
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()
    (line,) = caplog.records
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    assert line.getMessage() == "a request could not be read: DisallowedHost"


@pytest.mark.parametrize("path", ["//[x", "//elsewhere.example/"])
def test_a_path_that_looks_like_a_host_leads_nowhere_else(db, path):
    answer = Client().get("/", PATH_INFO=path)
    assert answer.status_code == 404
    page = Markup(answer.content.decode())
    links = [str(each.get("href")) for tag in ("a", "link") for each in page.all(tag)]
    assert any("lang=ko" in link for link in links)
    assert {urlsplit(link).netloc for link in links} == {"", "testserver"}


def test_a_failure_is_told_without_the_database(db, monkeypatch):
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("plainview.web.pages.home.posters", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/")
    assert response.status_code == 500
    assert "the disk is gone" not in response.content.decode()
    assert "broke on our side" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/api/v1/home"])
def test_whoever_comes_while_the_database_is_away_is_told_to_come_back(monkeypatch, path):
    """Search engines and apps keep what they have at a 503, and drop it at a 500."""

    def away(*args: object, **options: object) -> None:
        raise OperationalError("connection refused by films.example")

    monkeypatch.setattr("plainview.privacy.gate.middleware.Doors.__call__", away)
    response = Client(raise_request_exception=False).get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "broke on our side" in response.content.decode()
    assert "films.example" not in response.content.decode()


def test_a_member_whose_standing_cannot_be_read_is_told_so_too(client, monkeypatch, db):
    """The foot of the page that tells of it asked for the same again, and failed as well."""

    def locked(*args: object, **options: object) -> None:
        raise OperationalError("database is locked")

    client.force_login(User.objects.create_user("mira@lantern.example"))
    monkeypatch.setattr("plainview.privacy.consent.services.arrived", locked)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 503 and "Retry-After" in response
    page = response.content.decode()
    assert "broke on our side" in page and 'href="/privacy/opt-out/"' in page


def test_a_form_without_its_token_changes_nothing(db):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert "no longer valid" in response.content.decode()


def test_a_form_with_an_old_token_is_sent_again_as_it_was(db):
    """Whoever signed out and in again in a second tab loses no word, choice or address of it."""
    ours = {"sec-fetch-site": "same-origin"}
    client, address = Client(enforce_csrf_checks=True, headers=ours), "/accounts/email/?lang=en"
    said = {"email": "mira@lantern.example", "action_add": "1"}
    page = client.post(address, said).content.decode()
    refused = page.partition('<div class="empty">')[2].partition("</form>")[0]
    again = {each["name"]: each["value"] for each in Markup(refused).all("input", type="hidden")}
    token = again.pop("csrfmiddlewaretoken")
    assert again == said
    sent = client.post(address, said | {"csrfmiddlewaretoken": token})
    assert sent.status_code == 302, "it has come"
    foreign = {"sec-fetch-site": "cross-site"}
    strange = Client(enforce_csrf_checks=True, headers=foreign).post(address, said)
    assert "mira@lantern.example" not in strange.content.decode(), "no page of others fills it in"
    secret = client.post(address, said | {"password": "planted"}).content.decode()
    assert "planted" not in secret and "Send it again" not in secret


@override_settings(DEBUG=False)
def test_refusals_are_pages(client, monkeypatch, db):
    """Whoever may not is told so in the shell, with a way on."""

    def refuse(*args: object) -> None:
        raise PermissionDenied

    monkeypatch.setattr("plainview.web.pages.home.posters", refuse)
    response = client.get("/")
    assert response.status_code == 403
    assert "not open to you" in response.content.decode()
