"""Where nothing can be refused there is a notice and no question (P2.11a)."""

import shutil
from pathlib import Path

import pytest
from tests.policy.notice_only import PLACE, without_choices

from plainview.engine import load
from plainview.privacy.gate import purposes
from plainview.privacy.models import Answer, Device

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
POLICY = Path(__file__).parents[2] / "policy"
NOTHING = "Only what the films you open need. There is nothing to refuse."


@pytest.fixture(autouse=True)
def here(tmp_path):
    """The shipped policy, with a place where nothing optional is done."""
    before = purposes.policy()
    folder = shutil.copytree(POLICY, tmp_path / "law")
    purposes.enforce(load(without_choices(folder)))
    yield
    purposes.enforce(before)


def test_a_notice_is_read_once_and_asks_nothing(window):
    browser = window(PLACE, at="/")
    assert NOTHING in browser.says
    assert list(browser.form("OK").buttons) == ["OK"]
    browser.press("OK")
    assert NOTHING not in browser.open("/").content.decode()
    assert Answer.objects.get().answers == "{}"
    assert browser.cookies == {"plainview-choices"}


def test_the_pages_of_choices_say_that_there_is_nothing_to_refuse(window):
    browser = window(PLACE)
    for address in ("/privacy/choices/", "/privacy/opt-out/"):
        page = browser.open(address).content.decode()
        assert NOTHING in browser.says
        assert 'type="radio"' not in page
        assert 'value="reject"' not in page
        assert "opt-out" not in "".join(form.action for form in browser.forms.found)
    posted = browser.post("/privacy/choices/", {"via": "banner", "answer": "reject"})
    assert posted.status_code == 422
    assert not Answer.objects.exists()


def test_a_signal_is_heard_and_changes_nothing_where_nothing_is_shared(window):
    browser = window(PLACE, gpc=True, at="/")
    assert NOTHING in browser.says
    assert list(browser.form("OK").buttons) == ["OK"]
    browser.press("OK")
    assert Device.objects.count() == 1


def test_an_app_is_told_the_same(window):
    said = window(PLACE).client.get("/api/v1/choices/questions", headers={"x-place": PLACE}).json()
    assert [each["answer"] for each in said["short"]["buttons"]] == ["ok"]
    assert said["whole"]["groups"] == said["whole"]["buttons"] == []


def test_elsewhere_everything_is_asked_as_ever(window):
    browser = window("DE", at="/")
    assert list(browser.form("Accept all").buttons) == ["Reject all", "Accept all"]
