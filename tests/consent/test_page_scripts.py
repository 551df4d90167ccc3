"""The scripts of our own pages answer by the API, as the forms do and no other site can."""

from __future__ import annotations

import json

import pytest
from tests.consent.conftest import ADS
from tests.consent.test_api import OLD
from tests.people import HERE

from plainview.privacy.consent.models import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_another_site_cannot_answer_in_somebodys_browser(window, member):
    browser = window("DE", user=member)
    shown = browser.client.get("/api/v1/choices/questions", headers=browser.headers).json()
    body = json.dumps({"form": "centre", "shown": shown["whole"]["shown"], "answer": "accept"})
    for origin in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {}):
        response = browser.client.post(
            "/api/v1/choices", body, "application/json", headers={**browser.headers, **origin}
        )
        assert response.status_code == 403
    assert not Answer.objects.exists()
    response = browser.client.post(
        "/api/v1/choices", body, "application/json", headers={**browser.headers, **HERE}
    )
    assert response.json()["state"]["scope"] == "account"
    assert Answer.objects.get().subject == member.pk


def fields(browser, button: str) -> dict[str, str]:
    """What the script of a page makes of a form: its fields and the button's, as JSON."""
    form = browser.form(button)
    name, value = form.buttons[button]
    sent = dict(form.fields)
    sent.pop("next", None)
    return {"form": sent.pop("via"), **sent, **({name: value} if name else {})}


@pytest.mark.parametrize(
    ("place", "path", "button", "asks"),
    [
        ("DE", "/", "Accept all", "choices"),
        ("US-CA", "/", "Reject all", "choices"),
        ("DE", "/my/history/", "Turn on", "choices"),
        ("US-CA", "/", "Do Not Sell or Share My Personal Information", "choices/opt-out"),
    ],
)
def test_a_pages_script_answers_by_the_api_as_its_form_does(window, place, path, button, asks):
    """The same question, the same answers, the same place in the ledger; the cookie follows."""
    by_form, by_script = window(place), window(place)
    by_form.open(path)
    by_form.press(button)
    by_script.open(path)
    said = by_script.asks(asks, fields(by_script, button))
    assert said.status_code == 200
    assert said.json()["confirm"] is None
    kept = Answer.objects.values_list("answers", "via", "shown", "surface")
    assert kept.count() == 2
    assert len(set(kept)) == 1
    assert by_script.cookies == by_form.cookies == {"plainview-choices"}
    state = [each.open(path).wsgi_request.visitor.permitted for each in (by_form, by_script)]
    assert state[0] == state[1]


def test_what_a_browser_keeps_is_not_told_to_its_scripts(window):
    browser = window("DE", at="/")
    said = browser.asks("choices", fields(browser, "Accept all")).json()
    assert said["state"]["device"] is None
    assert browser.asks("choices").json()["device"] is None
    assert browser.client.cookies["plainview-choices"]["httponly"]


def test_a_second_step_and_changed_words_are_left_to_the_page(window):
    browser = window("US-CA", gpc=True, at="/")
    browser.press("OK")
    off = next(each for each in browser.asks("choices").json()["purposes"] if each["id"] == ADS)
    switch = off["switch"]
    assert (switch["answer"], switch["label"]) == ("on", "Turn on")
    sent = {"form": "why", "purpose": ADS, "shown": switch["shown"], "answer": "on"}
    again = browser.asks("choices", sent).json()["confirm"]
    assert [each["id"] for each in again["purposes"]] == [ADS]
    assert browser.asks("choices", {**sent, "shown": OLD}).status_code == 409
    assert browser.asks("choices", {**sent, "purpose": "security"}).status_code == 422
