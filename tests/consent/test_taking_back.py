"""Before a yes one reads that it can be taken back, and where (GDPR Art. 7(3))."""

from __future__ import annotations

import pytest

from plainview.privacy.consent.models import Answer
from plainview.privacy.consent.questions import taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CENTRE = "/privacy/choices/"


def on_screen(browser) -> str:
    return " ".join(browser.says.split())


def asked() -> str:
    """What the last answer was an answer to, as its receipt proves it."""
    return Answer.objects.latest("given_at").shown.text


@pytest.mark.parametrize("place", ["DE", "US-CA"])
def test_p3_1_2e_the_page_of_choices_says_it(window, place):
    browser = window(place, at=CENTRE)
    assert taken_back() in on_screen(browser)
    assert f'<a href="{CENTRE}' in browser.page.text.partition("<footer")[2], "it is where it says"
    browser.press("Accept all")
    assert taken_back() in asked()


def test_p3_1_2e_what_others_serve_asks_with_it(window, snippet):
    browser = window("DE", at=CENTRE)
    browser.press("Reject all")
    browser.open("/")
    assert taken_back() in on_screen(browser)
    browser.press("Load it", follow=True)
    assert taken_back() in asked()


def test_p3_1_2e_the_second_step_and_the_small_switch_say_it(window):
    browser = window("US-CA", gpc=True, at=CENTRE)
    browser.press("Save", targeted_ads="yes")
    assert "Allow it all the same?" in browser.says and taken_back() in on_screen(browser)
    browser.press("Allow it")
    assert taken_back() in asked()
    hers = window("DE", at="/my/history/")
    assert taken_back() in on_screen(hers)
    hers.press("Turn on")
    assert taken_back() in asked()
