"""Sessions as rows that name their account, with a closed list of what they hold.

`SESSION_ENGINE = "plainview.privacy.sessions"`. The list is what Django and allauth need to know
who is signed in, and the messages of the next page; more is added in wiring.py, by name.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from plainview.platform.encryption import Unreadable, cipher
from plainview.privacy.gate.identity import identifying
from plainview.privacy.gate.refusals import Refused
from plainview.privacy.models import Session

_keys: set[str] = {
    "_auth_user_id",
    "_auth_user_backend",
    "_auth_user_hash",
    "_session_expiry",
    "family",
    "_messages",
    "_csrftoken",
    "_password_reset_token",
    "_password_reset_key",
    "account_authentication_methods",
    "account_authentication_methods_user",
    "account_email_verification_code",
    "account_login",
    "account_phone_verification",
    "account_reauthentication_state",
    "account_user",
    "account_verified_email",
    "mfa.totp.secret",
    "mfa.webauthn.state",
}


def allow(*keys: str) -> None:
    """Add to the closed list of session keys."""
    _keys.update(keys)


def _check(keys: Any) -> None:
    for key in keys:
        if key not in _keys:
            raise Refused(
                f"the session may not hold {key}."
                "\n  1. Keep it in a table, marked."
                "\n  2. Keep it in the page, signed."
                "\n  3. If it is needed to know who is signed in, add it in wiring.py:"
                " sessions.allow(…)."
            )


class SessionStore(db.SessionStore):
    """Django's, but for the closed list, the scope and the row that names its account."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return Session

    def create_model_instance(self, data: Any) -> Any:
        row: Any = super().create_model_instance(data)
        row.account = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.family = data.get("family", "")[:60]
        return row

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encrypted: a session may hold a second factor's secret that is not yet confirmed."""
        return cipher().encrypted(super().encode(session_dict))

    def decode(self, session_data: Any) -> dict[str, Any]:
        """What cannot be read is an empty session: the person signs in anew."""
        try:
            return super().decode(cipher().decrypted(session_data))
        except Unreadable:
            return {}

    def __setitem__(self, key: str, value: Any) -> None:
        _check([key])
        super().__setitem__(key, value)

    def update(self, dict_: Any) -> None:  # type: ignore[override]
        _check(dict_)
        super().update(dict_)

    def setdefault(self, key: str, value: Any) -> Any:  # type: ignore[override]
        _check([key])
        return super().setdefault(key, value)

    def load(self) -> Any:
        with identifying():
            return super().load()

    def exists(self, session_key: str) -> bool:
        with identifying():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        _check(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        with identifying():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with identifying():
            super().delete(session_key)

    @classmethod
    def clear_expired(cls) -> None:
        with identifying():
            super().clear_expired()
