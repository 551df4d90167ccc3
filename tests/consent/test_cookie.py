"""The cookie of a device's answers: the row sets it right, and a forged one is nobody's."""

import pytest
from django.test import RequestFactory
from tests.consent.conftest import CENTRE

from plainview.privacy.consent import cookie, storage
from plainview.privacy.consent.models import Device
from plainview.privacy.models import Standing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_an_old_cookie_is_set_right_by_the_row(window):
    browser = window("DE", at="/")
    browser.press("Accept all")
    old = browser.client.cookies[cookie.NAME].value
    browser.open(CENTRE)
    browser.press("Reject all")
    browser.client.cookies[cookie.NAME] = old
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"
    request = RequestFactory().get("/")
    request.COOKIES = {cookie.NAME: browser.client.cookies[cookie.NAME].value}
    assert set(cookie.read(request).choices.values()) == {"denied"}


def test_the_cookie_of_a_device_that_is_gone_is_taken_back(window):
    browser = window("DE", at="/")
    browser.press("Accept all")
    Standing.objects.all().delete()
    Device.objects.all().delete()
    browser.open(CENTRE)
    assert not browser.cookies
    assert "purpose-history" not in dict(browser.form("Save").fields)


@pytest.mark.parametrize("forged", ["x", "WzEsMl0:1abc:forged", "é" * 300])
def test_a_forged_cookie_is_nobodys(window, forged):
    browser = window("DE")
    browser.client.cookies[cookie.NAME] = forged
    browser.open("/")
    assert "What may we remember?" in browser.says
    browser.press("Reject all")
    assert Device.objects.count() == 1


def test_p5_1_3a_a_cookie_of_a_purpose_withdrawn_is_not_read_and_is_removed(window, monkeypatch):
    declared = storage.keys()
    counting = storage.Key("counted", "cookie", "measurement-storage", 30, "you allow it")
    monkeypatch.setattr(storage, "keys", lambda: (*declared, counting))
    browser = window("DE")
    browser.client.cookies["counted"] = "7"
    browser.open("/")
    assert "counted" not in browser.page.wsgi_request.COOKIES
    assert browser.cookies == set()
    browser.press("Accept all")
    browser.client.cookies["counted"] = "7"
    browser.open("/")
    assert "counted" in browser.page.wsgi_request.COOKIES
    browser.open(CENTRE)
    browser.press("Save", measurement_storage="no")
    assert "counted" not in browser.cookies
