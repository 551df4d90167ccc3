"""`kill -9` while all that lies encrypted is carried over: it is under one key or the other, whole.

Until the command has said that it is done, the key before opens all of it.
"""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from click.testing import CliRunner
from django.core.mail import EmailMessage
from tests.killing import dying, moments, some
from tests.people import somebody

from plainview.domains.accounts.commands import reencrypt
from plainview.platform.encryption import Cipher, Unreadable
from plainview.privacy.models import Disclosure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.every_case]
FIRST, SECOND = "first key, long enough to be one " * 2, "second key, long enough to be one " * 2


def under(key: str) -> set[bool]:
    """Whether that key alone opens what lies encrypted, of each piece."""
    sealed = [*Disclosure.objects.values_list("sealed", flat=True)]
    for each in Authenticator.objects.all():
        sealed += [each.data[name] for name in ("secret", "seed") if name in each.data]
    assert len(sealed) == 3
    return {_opens(key, each) for each in sealed}


def _opens(key: str, sealed: str) -> bool:
    try:
        Cipher([key]).decrypted(sealed)
    except Unreadable:
        return False
    return True


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_killed_while_all_is_carried_over_it_is_under_one_key(settings, every):
    settings.EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
    settings.ENCRYPTION_KEYS = [FIRST]
    mira = somebody("mira@lantern.example", "the night train leaves at nine")
    totp.TOTP.activate(mira, totp.generate_totp_secret())
    RecoveryCodes.activate(mira)
    EmailMessage("Some words", "A letter that waits.", to=[mira.email]).send()
    settings.ENCRYPTION_KEYS = [SECOND, FIRST]

    def carry() -> None:
        CliRunner().invoke(reencrypt)

    keys = [SECOND, FIRST]
    total = moments(carry)
    assert under(SECOND) == {True}, "which was counted is done"
    for moment in range(1, total + 1) if every else some(total):
        before, settings.ENCRYPTION_KEYS = keys[0], keys[::-1]
        keys = settings.ENCRYPTION_KEYS
        assert dying(carry, moment), moment
        assert under(before) in ({True}, {False}), f"moment {moment}: some of it"
        done = CliRunner().invoke(reencrypt)
        assert "2 second factors" in done.output
        assert under(keys[0]) == {True}
