"""The small "why" beside what is used: what, for what, on which ground, and a switch."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from tests.consent.conftest import ADS, latest, permitted

from plainview.domains.accounts.models import User
from plainview.privacy.consent.models import Device
from plainview.privacy.visitors import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def why(browser, purpose: str, account: int | None = None) -> str:
    request = RequestFactory().get("/watch/x/?t=7", headers=browser.headers)
    request.COOKIES = {k: v.value for k, v in browser.client.cookies.items()}
    request.user = User(pk=account)
    request.visitor = Visitor(request)
    return Template("{% why purpose %}").render(Context({"request": request, "purpose": purpose}))


def test_why_says_what_is_used_for_what_on_which_ground_and_who_decided(window):
    html = why(window("DE"), "history")
    for words in (
        "which films you watched, and when",
        "To go on where you stopped",
        "our interest, weighed against yours; you may object (GDPR Art. 6(1)(f))",
        "You have not said yes: Keep a cookie to recognise you.",
        "Turn on",
        'value="/watch/x/?t=7"',
    ):
        assert words in html


def test_why_is_a_switch_that_does_what_it_says(window):
    browser = window("DE")
    form = type(browser.open("/") and browser.forms)(why(browser, "history")).found[0]
    assert "To know your device again" in why(browser, "history")
    answer = dict([form.buttons["Turn on"]])
    browser.post(form.action, {**dict(form.fields), "next": "/search/", **answer})
    assert browser.page.redirect_chain[-1] == ("/search/#saved", 302)
    device = Device.objects.get().pk
    assert permitted(device, "history")
    form = type(browser.forms)(why(browser, "history")).found[0]
    browser.post(
        form.action, {**dict(form.fields), "next": "/", **dict([form.buttons["Turn off"]])}
    )
    assert not permitted(device, "history")
    assert latest() == {"history": "denied"}


def test_why_of_what_nobody_can_refuse_has_no_switch(window):
    html = why(window("DE"), "playback")
    assert "This is part of what you asked for" in html
    assert "<form" not in html


def test_why_against_a_signal_leads_to_the_second_step(window):
    browser = window("BR", gpc=True, at="/")
    form = type(browser.forms)(why(browser, ADS)).found[0]
    browser.post(form.action, {**dict(form.fields), **dict([form.buttons["Turn on"]])})
    assert "Allow it all the same?" in browser.says
