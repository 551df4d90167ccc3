"""Letters by a mail provider's own interface: one that misbehaves holds up no worker and no letter.

What its library does is bounded as every other exchange is (`outbound.exchange`).
"""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from tests.disclosures.conftest import work
from tests.disclosures.doubles import Recipient

from plainview.platform import outbound
from plainview.privacy.disclosures import post, providers
from plainview.privacy.models import Disclosure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TO = "ines@lantern.example"
RAW = f"From: a@b.example\r\nTo: {TO}\r\nSubject: Words\r\n\r\nHello.\r\n".encode()
INACTIVE = f"Found inactive addresses: {TO}.\n Inactive recipients are ones that bounced."


def write() -> None:
    EmailMultiAlternatives("Some words", "Hello.", None, [TO]).send()


def address(provider: Recipient) -> str:
    return f"esp://postmark?server_token=t&api_url={provider.url}/"


def test_a_provider_by_configuration_gets_the_letter_over_its_own_api(member, monkeypatch):
    member("ines")
    with Recipient() as provider:
        monkeypatch.setattr(settings, "MAIL_SERVER", address(provider))
        write()
        work()
        (got,) = provider.got
    assert got.path == "/email"
    assert got.json["To"] == TO
    assert "Hello." in got.json["TextBody"]
    assert "<html" in got.json["HtmlBody"]
    assert "List-Unsubscribe" not in str(got.json.get("Headers"))


def test_a_provider_that_trickles_is_cut_off(monkeypatch):
    """A byte now and then kept the worker, and everybody's letters with it, as long as it liked."""
    monkeypatch.setattr(providers, "LIMITS", outbound.Limits(seconds=0.3))
    with Recipient(trickle=0.02) as provider, pytest.raises(outbound.TooSlow) as trouble:
        providers.hand_over(address(provider), RAW)
    assert trouble.value.unsure, "it had the letter"


def test_a_provider_whose_answer_does_not_end_fills_no_memory():
    with Recipient(endless=True) as provider, pytest.raises(outbound.TooLong):
        providers.hand_over(address(provider), RAW)


def test_a_provider_that_sends_on_is_not_followed():
    """Another address would be given the letter, and the key."""
    with Recipient() as inside:
        headers = {"Location": f"{inside.url}/email"}
        double = Recipient(status=307, headers=headers)
        with double as provider, pytest.raises(outbound.Refused) as trouble:
            providers.hand_over(address(provider), RAW)
    assert (trouble.value.code, trouble.value.unsure) == ("http-307", False)
    assert not inside.got


def test_a_provider_that_is_not_there_had_no_letter():
    with Recipient() as provider:
        gone = address(provider)
    with pytest.raises(outbound.Unreachable) as trouble:
        providers.hand_over(gone, RAW)
    assert not trouble.value.unsure


@pytest.mark.parametrize(
    ("status", "answer", "code", "lasting", "unsure"),
    [
        (200, {}, "http-200", False, True),  # it says yes, in words that nobody knows
        (422, {"ErrorCode": 406, "Message": INACTIVE}, "receivers", True, False),
        (401, {"ErrorCode": 10, "Message": "no token"}, "credentials", False, False),
        (422, {"ErrorCode": 300, "Message": "bad"}, "http-422", True, False),
        (500, {}, "http-500", False, True),
        (503, {}, "http-503", False, False),
    ],
)
def test_an_answer_of_a_provider_is_understood_as_far_as_it_can_be(
    status, answer, code, lasting, unsure
):
    """One that took the letter is not given it again; one that does not know us gets it later."""
    said = json.dumps(answer).encode()
    with (
        Recipient(status=status, answer=said) as provider,
        pytest.raises(outbound.Refused) as trouble,
    ):
        providers.hand_over(address(provider), RAW)
    found = trouble.value
    assert (found.code, found.lasting, found.unsure) == (code, lasting, unsure)


def test_a_letter_that_a_provider_takes_is_sent(member, monkeypatch):
    member("ines")
    said = {"ErrorCode": 0, "Message": "OK", "MessageID": "m", "To": TO}
    with Recipient(answer=json.dumps(said).encode()) as provider:
        monkeypatch.setattr(settings, "MAIL_SERVER", address(provider))
        write()
        work()
    assert Disclosure.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("esp://postmark?server_token=t", ""),
        ("esp://postmark", "the provider needs other settings"),
        ("esp://pigeons?server_token=t", "no such provider"),
        ("esp://console", "no such provider"),
        ("esp://amazon_ses?region_name=eu-west-1", "no such provider"),
    ],
)
def test_the_doctor_knows_a_provider_that_no_letter_can_go_by(monkeypatch, url, said):
    monkeypatch.setattr(settings, "MAIL_SERVER", url)
    assert post.trouble() == said
