"""Whether an address has an account is told to nobody, however that account stands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import caches
from django.test import Client
from tests.rights.conftest import HERE, PASSWORD
from tools.second_factor import SECRET

from plainview.domains.accounts.models import User

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "ines@lantern.example", "nobody@lantern.example"


def verified(user: User) -> None:
    pass


def unverified(user: User) -> None:
    EmailAddress.objects.update(verified=False)


def suspended(user: User) -> None:
    User.objects.update(is_active=False)


def with_a_second_factor(user: User) -> None:
    TOTP.activate(user, SECRET)


def registers(client: Client, address: str) -> object:
    form = {"email": address, "password1": PASSWORD, "territory": "DE", "age": "18",
            "certified": "on"}  # fmt: skip
    return client.post("/accounts/signup/", form)


def forgets(client: Client, address: str) -> object:
    return client.post("/accounts/password/reset/", {"email": address})


def guesses(client: Client, address: str) -> object:
    return client.post("/accounts/login/", {"login": address, "password": "not the password"})


def outside(answer, address: str) -> tuple[object, ...]:
    """All that somebody outside gets, but for the address itself and what is drawn by chance."""
    body = answer.content.decode().replace(address, "…")
    body = re.sub(r'value="[A-Za-z0-9]{64}"|(?<=value=")[^"]{60,}', "", body)
    heads = {name: value for name, value in answer.headers.items() if name != "Expires"}
    if "Content-Length" in heads and heads["Content-Length"] != "0":
        heads["Content-Length"] = len(body)
    heads.pop("ETag", None)
    cookies = {name: (m["max-age"], m["path"], m["httponly"]) for name, m in answer.cookies.items()}
    return answer.status_code, heads, body, cookies


@pytest.mark.parametrize("state", [verified, unverified, suspended, with_a_second_factor])
@pytest.mark.parametrize("act", [registers, forgets, guesses])
def test_p8b_known_and_unknown_addresses_are_answered_alike(
    ines, mailoutbox, act: Callable[..., object], state: Callable[..., None]
):
    """Status, page, headers, cookies, the page that follows, and how many mails leave."""
    state(ines)
    seen = []
    for address in (KNOWN, UNKNOWN):
        caches["default"].clear()
        mailoutbox.clear()
        client = Client(headers=HERE)
        pages = [act(client, address)]
        if pages[0].status_code == 302:
            pages.append(client.get(pages[0]["Location"]))
        mails = [mail.to for mail in mailoutbox]
        assert mails == ([] if act is guesses else [[address]])
        seen.append([outside(page, address) for page in pages])
    assert seen[0] == seen[1]
    assert KNOWN not in str(seen[0])
