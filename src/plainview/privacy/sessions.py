"""Sessions as rows that name their account, with a closed list of what they hold.

`SESSION_ENGINE = "plainview.privacy.sessions"`. The list is what Django and allauth need to know
who is signed in, and the messages of the next page; more is added in wiring.py, by name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plainview.platform.encryption import Unreadable, cipher
from plainview.platform.identifiers import keyed
from plainview.privacy.gate.identity import identifying
from plainview.privacy.gate.refusals import Refused
from plainview.privacy.models import Session

CHALLENGE = "mfa.webauthn.state"
CHALLENGE_AGE = 600
"""Seconds that a stranger has to answer a challenge: their session holds it and nothing else."""
_watchers: list[Callable[[int, list[str], str], None]] = []
_KEYS = {
    "_auth_user_id",
    "_auth_user_backend",
    "_auth_user_hash",
    "_session_expiry",
    "family",
    "shared",
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
    CHALLENGE,
}


SHARED = "shared"
"""Set in a session that sits at a computer of many people: nothing of it stays there."""
SHARED_AGE = 4 * 3600
"""Seconds without a word after which such a session is over, should nobody sign out."""
ANEW = timedelta(days=1)
"""So long after it was written a session that is used is written again, to last on from there."""


def handle(session_key: str) -> str:
    """What a page or row calls a session: it can't be turned back into the key that opens it."""
    return handles(session_key)[0]


def handles(session_key: str) -> list[str]:
    """The same by each of our secret keys, that of now first: so rows of before call it."""
    return [each[:32] for each in keyed("plainview.sessions", session_key)]


def watch(watcher: Callable[[int, list[str], str], None]) -> None:
    """Have `watcher` hear of each session of an account that goes on under another key.

    It is told the account, the handles of before and the one of now. Django gives a session another
    key when it finds it under a secret key of before, and else at every sign-in.
    """
    _watchers.append(watcher)


def live(account: int) -> dict[str, str]:
    """The sessions of an account that are open now: the kind of browser of each, by its handles."""
    with identifying():
        found = Session.objects.filter(account=account, expire_date__gt=timezone.now())
        rows = list(found.values_list("session_key", "family"))
    return {each: family for key, family in rows for each in handles(key)}


def lasts(account: int, session_key: str) -> bool:
    """Whether a session was not ended while its request came in.

    It stays so until the transaction ends.
    """
    with identifying():
        mine = Session.objects.select_for_update().filter(account=account)
        return mine.filter(session_key=session_key).only("pk").first() is not None


def end(account: int, sitting: str) -> bool:
    """End the session of an account that has this handle; whether there was one."""
    with identifying():
        mine = Session.objects.filter(account=account)
        doomed = [
            key for key in mine.values_list("session_key", flat=True) if sitting in handles(key)
        ]
        return bool(mine.filter(session_key__in=doomed).delete()[0])


def tidy() -> int:
    """Delete the sessions of strangers that are over; return how many there were."""
    with identifying():
        over = Session.objects.filter(account=None, expire_date__lte=timezone.now())
        return over.delete()[0]


def _check(keys: Any) -> None:
    for key in keys:
        if key not in _KEYS:
            raise Refused(
                f"the session may not hold {key}."
                "\n  1. Keep it in a table, marked."
                "\n  2. Keep it in the page, signed."
                "\n  3. If it is needed to know who is signed in, add it to the list here."
            )


class SessionStore(db.SessionStore):
    """Django's, but for the closed list, the scope and the row that names its account."""

    _read: Any = None
    _goes_on = False

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

    def get_expiry_age(self, **options: Any) -> int:
        """As Django's; shorter at a shared computer, beside ending with the browser, and where
        it holds a challenge and nothing else.
        """
        if set(self.keys()) == {CHALLENGE}:
            return CHALLENGE_AGE
        age = super().get_expiry_age(**options)
        return min(age, SHARED_AGE) if self.get(SHARED) else age

    def get_expiry_date(self, **options: Any) -> Any:
        """As its age says, for the row."""
        return timezone.now() + timedelta(seconds=self.get_expiry_age(**options))

    def __setitem__(self, key: str, value: Any) -> None:
        _check([key])
        super().__setitem__(key, value)

    def update(self, dict_: Any) -> None:  # type: ignore[override]
        _check(dict_)
        super().update(dict_)

    def setdefault(self, key: str, value: Any) -> Any:  # type: ignore[override]
        _check([key])
        return super().setdefault(key, value)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._end_if_empty()

    def pop(self, key: str, *default: Any, **named: Any) -> Any:
        """As Django's; a session ends with the last that it held, such as a message once read.

        Else whoever signed out kept a cookie for two weeks that told them from others.
        """
        found = super().pop(key, *default, **named)
        self._end_if_empty()
        return found

    def _end_if_empty(self) -> None:
        if self.session_key and not self._session:  # type: ignore[attr-defined]
            self.flush()

    def load(self) -> Any:
        with identifying():
            return super().load()

    def _get_session_from_db(self) -> Any:
        self._read = super()._get_session_from_db()  # type: ignore[misc]
        return self._read

    def is_aged(self) -> bool:
        """Whether an account's session was read and left as it is, and not written for a day."""
        if self._read is None or self._read.account is None or self.modified:
            return False
        return not self.get(SHARED) and timezone.now() - self._read.saved_at > ANEW

    def go_on(self) -> None:
        """Have it last on from now, and its cookie; nothing of what it holds changes."""
        self.modified = self._goes_on = True

    def ask_again(self) -> None:
        """Have what it holds read anew: it may have been ended since."""
        self.__dict__.pop("_session_cache", None)

    def exists(self, session_key: str) -> bool:
        with identifying():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        _check(held)
        with identifying():
            if not self._goes_on:
                super().save(must_create)
                return
            # Whatever another request has written since, or ended, stays as that left it.
            mine = Session.objects.filter(pk=self._read.pk, session_data=self._read.session_data)
            mine.update(
                session_data=self.encode(held),  # under the newest key
                expire_date=self.get_expiry_date(),
                saved_at=timezone.now(),
            )

    def cycle_key(self) -> None:
        """As Django's; what names the session by its handle hears of it."""
        before = self.session_key
        super().cycle_key()
        if before and self.session_key and (account := self.get("_auth_user_id")):
            for watcher in _watchers:
                watcher(int(account), handles(before), handle(self.session_key))

    def delete(self, session_key: str | None = None) -> None:
        with identifying():
            super().delete(session_key)

    @classmethod
    def clear_expired(cls) -> None:
        with identifying():
            super().clear_expired()


class Sessions(SessionMiddleware):
    """Django's; whoever comes back stays signed in, as no visit is the last before it was.

    The policy says how long a session is kept after the last visit (P9c). The staff's ends on its
    day after signing in, however often it is used.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        session: Any = getattr(request, "session", None)
        if isinstance(session, SessionStore) and session.is_aged():
            user = getattr(request, "user", None)  # nobody yet, where what stands before refused
            if user is not None and not user.is_staff:
                session.go_on()
        return super().process_response(request, response)  # type: ignore[arg-type]
