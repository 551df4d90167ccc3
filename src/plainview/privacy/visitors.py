"""Who is there: the standing of a request, from the account's row or the device's cookie.

A stranger costs no query: the answer follows from place and signal alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plainview.engine import Decision, decide, permits, worded
from plainview.engine import Standing as Facts
from plainview.platform import languages
from plainview.privacy import permissions, sessions
from plainview.privacy.changes import since
from plainview.privacy.consent import connected, cookie, renewing, services, signals, storage
from plainview.privacy.gate.identity import identifying
from plainview.privacy.places import presence
from plainview.privacy.policies import in_force

Handler = Callable[[HttpRequest], HttpResponseBase]
GPC = "gpc"
EVERYTHING = (1 << 62) - 1
_FOLDED = ("device_facts", "_of_device", "permitted", "_device_allows")
_OF_ACCOUNT = ("account", "_of_account", "_bond", "answered_on", "shared")


def signals_of(request: HttpRequest) -> frozenset[str]:
    """The opt-out signals that a request carries.

    A browser that tells only its scripts (`navigator.globalPrivacyControl`) sent the cookie.
    """
    told = request.COOKIES.get(cookie.SIGNAL) == GPC
    return signals.sent(request) | (frozenset({GPC}) if told else frozenset())


class Visitor:
    """Somebody at the door: a stranger, a device that answered, or an account on some device.

    Everything is found out when it is asked for and not before; nothing of it is kept.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.out_of_step = False
        """Whether the browser's cookie must be written anew."""

    def ask_again(self) -> None:
        """Have it found out anew whose account it is; what the device said stays."""
        for name in (*_OF_ACCOUNT, *_FOLDED):
            self.__dict__.pop(name, None)

    @functools.cached_property
    def presence(self) -> str | None:
        """Where the request comes from: an ISO code, or None where nobody knows."""
        return presence(self._request)

    @functools.cached_property
    def jurisdiction(self) -> str:
        """The law of the presence, by its id in the policy."""
        return in_force().law_of(self.presence)

    @functools.cached_property
    def heard(self) -> frozenset[str]:
        """The signals of this very request."""
        return signals_of(self._request)

    @functools.cached_property
    def account(self) -> int | None:
        """The account that is signed in, or for which an app speaks."""
        with identifying():
            key = getattr(getattr(self._request, "user", None), "pk", None)
        if key is None:
            return connected.account_of(self._request)
        return int(key)

    @functools.cached_property
    def remembered(self) -> cookie.Remembered | None:
        """What the device's cookie says."""
        return cookie.read(self._request)

    def catch_up(self) -> bool:
        """Take the device's answers from its row; whether its cookie said otherwise.

        Two windows may answer at once, and the cookie of the earlier answer arrive last.
        """
        if self.remembered is None:
            return False
        return self._remember(services.in_row(self.remembered))

    def go_on(self, handed: cookie.Remembered | None, before: cookie.Remembered | None) -> None:
        """Go on from what the browser was just handed; `before` is what the request brought."""
        self.__dict__["remembered"] = handed
        self.out_of_step = handed != before

    def listen(self) -> None:
        """Keep a signal first heard from a device that answered before (P5.2.2.2c).

        A page asks how its member stands, and so hears for the account; of the API not every answer
        does, and an app may send the signal with any request (P5.2.2.2b).
        """
        if not self.heard:
            return
        if self.remembered is not None and not self.heard <= set(self.remembered.signals):
            self._remember(services.listened(self.remembered, self.heard))
        if cookie.from_api(self._request):
            self.facts  # noqa: B018 - the account's row takes down what arrives with it

    def stay(self) -> None:
        """Let what a device answered last as long as it is used (P1.2.6c, P5.2.2.2c).

        Once a month the row takes the day down and the cookie begins anew, with the answers' day.
        """
        if self.remembered is None or not cookie.aged(self._request):
            return
        carried = services.used(self.remembered)
        if carried is not None:
            self._remember(carried)
            self.out_of_step = self.out_of_step or cookie.HEADER not in self._request.headers

    def _remember(self, remembered: cookie.Remembered | None) -> bool:
        changed = remembered != self.remembered
        self.out_of_step = self.out_of_step or changed
        for name in _FOLDED:
            self.__dict__.pop(name, None)
        self.__dict__["remembered"] = remembered
        return changed

    @property
    def device(self) -> int | None:
        """The device, if it ever answered."""
        return self.remembered.device if self.remembered else None

    @property
    def subject(self) -> int | None:
        """Whom rows written now are about: the account, else the device, else nobody."""
        return self.account if self.account is not None else self.device

    @functools.cached_property
    def device_facts(self) -> Facts:
        """What is known of the device alone, a stranger's included."""
        facts = permissions.newcomer(permissions.coarse(self.presence), self.heard)
        if self.remembered is None:
            return facts
        carried = msgspec.structs.replace(
            facts,
            choices=self.remembered.choices,
            signals=self.heard.union(self.remembered.signals),
            valid_until=self.remembered.until or None,
        )
        waits = since.pending(self.remembered.mark, carried) | self.remembered.pending
        return permissions.live(msgspec.structs.replace(carried, pending=waits))

    @functools.cached_property
    def _of_account(self) -> Facts | None:
        if self.account is None:
            return None
        carried, heard = self.remembered, self.heard
        if carried is not None and not self.shared:
            heard = heard.union(carried.signals)  # what the device said before, its person said
        facts, carried = services.arrived(
            self.account,
            self.jurisdiction,
            heard,
            carried,
            stays=not self.shared,
            sitting=lambda: self.sitting,
        )
        self._remember(carried)
        return facts

    @functools.cached_property
    def _of_device(self) -> Facts | None:
        """The facts of a linked device that still count beside the account's."""
        if self.remembered is None or self.account is None:
            return None
        return None if self._bond.reconciled else self.device_facts

    @functools.cached_property
    def _bond(self) -> services.Bond:
        if self.account is None or self.remembered is None:
            return services.Bond(False, False)
        return services.bond(self.account, self.remembered.device)

    @property
    def facts(self) -> Facts:
        """What decides for the person: the account's facts, else the device's."""
        return self._of_account if self._of_account is not None else self.device_facts

    @property
    def signals(self) -> frozenset[str]:
        """Every signal heard so far, and those of now."""
        return (self.facts.signals or frozenset()) | self.heard

    @functools.cached_property
    def answered_on(self) -> date | None:
        """The day of the last answer: the account's, else this device's."""
        day = None if self.account is None else permissions.answered_on(self.account)
        return day or (self.remembered.answered_on if self.remembered else None)

    @property
    def asked_again_on(self) -> date | None:
        """The day from which the questions may come again by themselves; None is never."""
        day = self.answered_on
        return None if day is None else renewing.asked_again_on(self.facts, day)

    @property
    def answered(self) -> bool:
        """Whether the questions were answered, here or for the account, and rest still."""
        asked = self.remembered is not None and self.remembered.asked
        if not asked and not self.facts.choices and self.answered_on is None:
            return False
        due = self.asked_again_on
        return due is None or timezone.localdate() < due

    @functools.cached_property
    def permitted(self) -> int:
        """The permissions of this request: the account's and, while they differ, the device's."""
        if self._of_account is None:
            return permissions.integer(self.device_facts, device=True)
        permitted = permissions.integer(self._of_account, device=False)
        return permitted & (self._device_allows | ~self._device_said)

    @functools.cached_property
    def _device_allows(self) -> int:
        facts = self._of_device
        return EVERYTHING if facts is None else permissions.integer(facts, device=True)

    @property
    def _device_said(self) -> int:
        return self.remembered.answered if self.remembered and self._of_device else 0

    @property
    def differs(self) -> bool:
        """Whether the account and this device answered differently, so that the stricter holds."""
        if self._of_account is None or self._of_device is None:
            return False
        account = permissions.integer(self._of_account, device=False)
        unlike = (account ^ self._device_allows) & self._device_said
        return bool(unlike) or self._differs_on_one(self._of_account, self._of_device)

    def _differs_on_one(self, account: Facts, device: Facts) -> bool:
        """Whether one of the two alone refused somebody whom the other lets have something."""
        policy = in_force()
        return any(decide(policy, account, *one) for one in _refused(device)) or any(
            decide(policy, device, *one)
            for one in _refused(account)
            if self._device_said >> policy.bit(one[0]) & 1
        )

    @property
    def refused_here(self) -> dict[str, str]:
        """The noes of whoever was asked on this device, by purpose."""
        said = (self.device_facts.choices or {}).items()
        return {purpose: word for purpose, word in said if word == "denied"}

    @property
    def apart(self) -> bool:
        """Whether the person saw that the two differ, and left it so."""
        return self._bond.apart

    @functools.cached_property
    def shared(self) -> bool:
        """Whether somebody is signed in at a computer of many people, where nothing may stay."""
        session = getattr(self._request, "session", {})
        return self.account is not None and bool(session.get(sessions.SHARED))

    @property
    def sitting(self) -> str:
        """The handle of the session that this is in, or of the app; empty for nobody's."""
        key = getattr(getattr(self._request, "session", None), "session_key", None)
        return sessions.handle(key) if key else connected.handle_of(self._request)

    def permits(self, purpose: str, recipient: str = "") -> bool:
        """Whether `purpose` may use what is known of this person, and a recipient may have it.

        Raises UnknownPurpose and UnknownRecipient.
        """
        if not permits(self.permitted, in_force().bit(purpose)):
            return False
        return not recipient or bool(self.explain(purpose, recipient))

    def explain(self, purpose: str, recipient: str | None = None) -> Decision:
        """Why `purpose` is permitted or not, in the language of the page."""
        policy = in_force()
        facts = self._decisive(purpose, recipient)
        decision = decide(policy, facts, purpose, recipient)
        if decision and not permits(self.permitted, policy.bit(purpose)):
            decision = decide(policy, facts, permissions.RECOGNITION)  # all else that closes it
        return worded(policy, decision, languages.current())

    def _decisive(self, purpose: str, recipient: str | None) -> Facts:
        """The facts that decide: the account's; where they permit, what this device said beside."""
        policy, facts = in_force(), self.facts
        device = self._of_device if self._of_account is not None else None
        if device is None or not decide(policy, facts, purpose, recipient):
            return facts
        if self._device_said >> policy.bit(purpose) & 1:
            return device
        if (purpose, recipient) in _refused(device):
            choices = {**(facts.choices or {}), f"{purpose}/{recipient}": "denied"}
            return msgspec.structs.replace(facts, choices=choices)
        return facts


def _refused(facts: Facts) -> list[tuple[str, str]]:
    """The single recipients that were refused, each with its purpose (P4.1.2a)."""
    policy = in_force()
    names = (name for name, said in (facts.choices or {}).items() if said == "denied")
    parts = ((purpose, who) for purpose, _, who in (name.partition("/") for name in names))
    return [one for one in parts if one[0] in policy.purposes and one[1] in policy.recipients]


def visitor_of(request: HttpRequest) -> Visitor:
    """Who is at the door, as the middleware left it there."""
    return request.visitor  # type: ignore[attr-defined, no-any-return]


class Visitors:
    """Middleware: `request.visitor`, and cookies that say no more than the visitor permits.

    A cookie of a purpose refused is neither read nor left in the browser (P5.1.3a).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visitor = Visitor(request)
        request.visitor = visitor  # type: ignore[attr-defined]
        visitor.listen()
        visitor.stay()
        refused = storage.refused(request.COOKIES, visitor.permits)
        for name in refused:
            del request.COOKIES[name]
        response = self.get_response(request)
        seen = visitor_of(request)
        if seen.out_of_step and not seen.shared and cookie.NAME not in response.cookies:
            cookie.hand(response, seen.remembered)
        for name in refused:
            response.delete_cookie(name, samesite="Lax")
        if response.cookies and seen.shared:
            _leave_nothing(response)
        if getattr(request, "left_shared", False):
            storage.clear(response)
        return response


def _leave_nothing(response: HttpResponseBase) -> None:
    """At a shared computer nothing outlives the sitting: what would stay is not handed over."""
    for name, morsel in list(response.cookies.items()):
        if name == settings.LANGUAGE_COOKIE_NAME and morsel.value:
            morsel["max-age"] = morsel["expires"] = ""
        elif name in storage.lasting() and morsel.value:
            del response.cookies[name]
