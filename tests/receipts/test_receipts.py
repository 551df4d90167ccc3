"""Each answer has a receipt: in words, as a page as it was, as a file that proves it."""

from __future__ import annotations

import hashlib

import pytest

from plainview.privacy.consent.models import Answer, Shown

pytestmark = pytest.mark.django_db


def latest() -> str:
    return str(Answer.objects.latest("given_at").key)


def test_p1_1_5g_what_was_shown_can_be_looked_at_as_it_was(window):
    browser = window("DE", language="ko")
    browser.open("/")
    browser.press("모두 거부")
    browser.open(f"/privacy/receipts/{latest()}/")
    assert "Receipt" in browser.says
    page = browser.open(f"/privacy/receipts/{latest()}/shown/")
    assert "무엇을 기억해도 될까요" in browser.says
    style = Shown.objects.get().style
    assert f"/privacy/style/{style.pk}.css" in page.content.decode()
    sheet = browser.open(f"/privacy/style/{style.pk}.css").content
    assert hashlib.sha256(sheet).hexdigest() == style.pk
