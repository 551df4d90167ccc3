"""Second factors: secrets unreadable in their column, keys that can be changed, codes that work."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from click.testing import CliRunner
from django.test import Client
from tests.people import an_hour_later, somebody

from plainview.domains.accounts.commands import reencrypt
from plainview.platform.encryption import Cipher, Unreadable, cipher
from plainview.privacy.models import Session

pytestmark = pytest.mark.django_db
PASSWORD = "the night train leaves at nine"
FIRST, SECOND = "first key, long enough to be one " * 2, "second key, long enough to be one " * 2


@pytest.fixture
def mira():
    return somebody("mira@lantern.example", PASSWORD)


@pytest.fixture
def secret(mira):
    made = totp.generate_totp_secret()
    totp.TOTP.activate(mira, made)
    RecoveryCodes.activate(mira)
    return made


def code_of(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()) + 1)
    )


def sign_in(client: Client):
    return client.post("/accounts/login/", {"login": "mira@lantern.example", "password": PASSWORD})


def stored() -> str:
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_p1_1_1c_secrets_and_seeds_are_unreadable_in_their_column(mira, secret):
    seed = cipher().decrypted(Authenticator.objects.get(type="recovery_codes").data["seed"])
    assert secret not in stored()
    assert seed not in stored()
    with pytest.raises(Unreadable):
        Cipher(["another key that is long enough"]).decrypted(
            Authenticator.objects.get(type="totp").data["secret"]
        )


def test_p1_1_1c_a_session_is_unreadable_in_its_column_and_empty_without_its_key(
    client, mira, settings
):
    settings.ENCRYPTION_KEYS = [FIRST]
    client.force_login(mira)
    held = Session.objects.get(account=mira.pk)
    assert str(mira.pk) not in held.session_data
    assert client.get("/settings/").status_code == 200
    settings.ENCRYPTION_KEYS = [SECOND]
    assert client.get("/settings/").status_code == 302


def test_keys_change_without_locking_anybody_out(mira, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = [FIRST]
    secret = totp.generate_totp_secret()
    held = totp.TOTP.activate(mira, secret)
    codes = RecoveryCodes.activate(mira).generate_codes()

    settings.ENCRYPTION_KEYS = [SECOND]
    told = CliRunner().invoke(reencrypt)
    assert told.exit_code == 1
    assert "Nothing was changed" in told.output

    settings.ENCRYPTION_KEYS = [SECOND, FIRST]
    assert "2 second factors" in CliRunner().invoke(reencrypt).output
    settings.ENCRYPTION_KEYS = [SECOND]
    held.instance.refresh_from_db()
    assert held.validate_code(code_of(secret))
    assert Authenticator.objects.get(type="recovery_codes").wrap().generate_codes() == codes


def test_p2_1_2a_a_password_alone_does_not_sign_in_where_there_is_a_second_factor(
    client, mira, secret
):
    answer = sign_in(client)
    assert answer["Location"] == "/accounts/security/authenticate/"
    assert client.get("/settings/").status_code == 302
    wrong = client.post("/accounts/security/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get("/settings/").status_code == 302
    client.post("/accounts/security/authenticate/", {"code": code_of(secret)})
    assert client.get("/settings/").status_code == 200


def test_p2_1_2a_a_recovery_code_lets_in_once(mira, secret):
    code = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()[0]
    for opens in (True, False):
        client = Client()
        sign_in(client)
        client.post("/accounts/security/authenticate/", {"code": code})
        assert (client.get("/settings/").status_code == 200) is opens


def test_what_was_given_to_sign_in_is_not_asked_for_again_at_once(client, mira):
    """For five minutes; afterwards it is."""
    where = "/accounts/security/totp/activate/"
    sign_in(client)
    assert client.get(where).status_code == 200
    an_hour_later(client)
    assert "reauthenticate" in client.get(where)["Location"]


def test_a_second_factor_counts_once_it_is_given(client, mira, secret):
    sign_in(client)
    where = "/privacy/copy/"
    assert client.get(where).status_code == 302, "half signed in is not in"
    client.post("/accounts/security/authenticate/", {"code": code_of(secret)})
    assert client.get(where).status_code == 200
    assert "reauthenticate" in an_hour_later(client).get(where)["Location"]


def test_an_app_is_set_up_in_the_browser_and_its_secret_lies_nowhere_readable(client, mira):
    sign_in(client)
    an_hour_later(client)
    where = "/accounts/security/totp/activate/"
    assert "reauthenticate" in client.get(where)["Location"], "what matters is asked again"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": where})
    page = client.get(where).content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]
    assert secret not in "".join(Session.objects.values_list("session_data", flat=True))
    answer = client.post(where, {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/security/recovery-codes/"
    assert "Recovery codes" in client.get(answer["Location"]).content.decode()
    assert secret not in stored()
    assert "asked for a code" in client.get("/accounts/security/").content.decode()


@pytest.mark.parametrize("address", ["/.well-known/change-password", "/accounts/password/"])
def test_password_managers_find_the_page_that_changes_the_password(client, db, address):
    assert client.get(address)["Location"] == "/accounts/password/change/"


def test_no_page_of_security_carries_a_script_that_the_policy_of_pages_forbids(
    client, mira, secret
):
    client.force_login(mira)
    pages = [client.get("/accounts/login/"), client.get("/accounts/security/")]
    pages.append(sign_in(Client()).client.get("/accounts/security/authenticate/"))
    for page in pages:
        for tag in re.findall(r"<script[^>]*>", page.content.decode()):
            assert "src=" in tag or 'type="application/json"' in tag, tag


def test_a_passkey_that_was_removed_here_is_answered_in_words_about_passkeys(mira):
    browser = Client()
    for credential in ("", json.dumps({"id": "AAAA"})):
        sent = {"credential": credential}
        page = browser.post(
            "/accounts/security/webauthn/login/", sent, follow=True
        ).content.decode()
        assert "No passkey of an account here was used." in page
        assert "This code does not fit" not in page


def test_p1_1_1c_who_keeps_passwords_and_telephones_know_what_is_asked(mira, secret):
    """The address is what one signs in as, and a code brings the keys for digits."""
    client = Client()
    page = client.get("/accounts/login/").content.decode()
    login = re.search(r'<input[^>]*name="login"[^>]*>', page)[0]
    assert 'autocomplete="username"' in login
    asked = client.get(sign_in(client)["Location"]).content.decode()
    code = re.search(r'<input[^>]*name="code"[^>]*>', asked)[0]
    assert 'autocomplete="one-time-code"' in code and 'inputmode="numeric"' in code
