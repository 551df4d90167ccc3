"""Everything that a page of ours may keep in a browser, declared once (P1.2.6c, P3.1.2a).

Our own keys are declared here, beside the code that sets them; what a recipient keeps on a device
is a term of its contract, so it stands in the policy (`recipients.toml`). How long any of it may
live is the policy's too: no longer than its schedule keeps `device.storage`. The cookies page,
`/legal/cookies.json` and the crawl of the tests read this table: each key has exactly one purpose
and one owner, and a host that is not ours may be contacted only for a key.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plainview.engine import STORAGE as STORAGE_FILE
from plainview.engine import months
from plainview.privacy.consent import cookie
from plainview.privacy.policies import in_force

DAY = 24 * 3600
STORAGE = "storage"


KINDS = {
    "cookie": _("Cookie"),
    "localStorage": _("Browser storage"),
    "sessionStorage": _("Storage of one window"),
    "database": _("Database of the browser"),
    "worker": _("Service worker"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One cookie or storage key: the purpose it serves, its life in days (0: the sitting).

    `owner` is the name of a `recipient`, or nothing where the key is ours; `hosts` are those of
    theirs that a page contacts for it. One of a `member` goes when nobody is signed in, and is not
    kept at a shared computer.
    """

    name: str
    kind: str  # of KINDS
    purpose: str
    days: int
    when: str | Promise
    owner: str = ""
    hosts: tuple[str, ...] = ()
    member: bool = False
    recipient: str = ""


Permits = Callable[[str, str], bool]
"""Whether a purpose is permitted and, unless "" for our own, this recipient for it."""


def keys() -> tuple[Key, ...]:
    """Our own."""
    return _named(
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        settings.SESSION_COOKIE_AGE // DAY,
        settings.LANGUAGE_COOKIE_AGE // DAY,
    )


@functools.lru_cache(maxsize=8)
def _named(
    session: str, form: str, language: str, signed_in: int, remembered: int
) -> tuple[Key, ...]:
    """Our own, by what the settings call the cookies and for how many days they last."""
    local, sitting = "localStorage", "sessionStorage"
    return (
        Key(cookie.NAME, "cookie", "privacy-choices", cookie.LIFE // DAY, _("you choose")),
        Key(
            cookie.SIGNAL,
            "cookie",
            "privacy-choices",
            0,
            _("your browser tells its scripts alone of an opt-out signal"),
        ),
        Key(
            session,
            "cookie",
            "authentication",
            signed_in,
            _("you sign in, or follow a link to set a new password"),
        ),
        Key(form, "cookie", "authentication", 0, _("you open a form of an account")),
        Key(
            language,
            "cookie",
            "interface",
            remembered,
            _("you pick a language, or sign in after picking one elsewhere"),
        ),
        Key("plainview-captions", local, "interface", 0, _("you pick how the player is to be")),
        Key("plainview-studio", local, "contribute", 0, _("a line you wrote can’t be sent yet")),
        Key(
            "plainview-studio-desk",
            local,
            "interface",
            0,
            _("you move a key of the studio, or change its waveform"),
        ),
        Key("plainview-private", sitting, "interface", 0, _("you watch privately")),
        Key(
            "plainview-push",
            "worker",
            "marketing-push",
            0,
            _("you turn on messages in this browser"),
            member=True,
        ),
    )


def declared() -> dict[str, str]:
    """Our own as the file of a version that says them: its name, and its text."""
    lines = ["# What our own pages keep in a browser, as the software declared it.", ""]
    for each in sorted(keys(), key=lambda key: key.name):
        lines += [
            f'[key."{each.name}"]',
            f'kind = "{each.kind}"',
            f'purpose = "{each.purpose}"',
            f"days = {each.days}",
            "",
        ]
    return {STORAGE_FILE: "\n".join(lines)}


def waits(key: Key) -> bool:
    """Whether a key of ours is not in the version in force, by this purpose and for so long.

    What can be refused is not kept before a version says it; what a page can't do without is.
    """
    said = in_force().own_keys
    if key.owner or said is None or _necessary(key):
        return False
    one = said.get(key.name)
    return one is None or (one.kind, one.purpose) != (key.kind, key.purpose) or one.days < key.days


def lasting() -> frozenset[str]:
    """The cookies of ours that outlive a sitting, but for that of signing in."""
    stay = {each.name for each in keys() if each.kind == "cookie" and each.days}
    return frozenset(stay - {settings.SESSION_COOKIE_NAME} | {cookie.SIGNAL})


def partners() -> tuple[Key, ...]:
    """What recipients may keep on a device, where the person allows its purpose."""
    return tuple(
        Key(
            name,
            key.kind,
            key.purpose,
            key.days,
            _("you allow it"),
            recipient.name,
            (key.host,) if key.host else (),
            recipient=recipient.id,
        )
        for recipient in in_force().recipients.values()
        for name, key in recipient.keys.items()
    )


def misplaced() -> list[str]:
    """What is wrong with our own keys: an unknown purpose, too long a life, a name used twice."""
    policy = in_force()
    longest = int(months(policy.schedule("device.storage").keep) * 30)
    names = [each.name for each in (*keys(), *partners())]
    return [
        *(
            f"`{each.name}` serves `{each.purpose}`, which the policy does not declare"
            for each in keys()
            if each.purpose not in policy.purposes
        ),
        *(
            f"`{each.name}` lives {each.days} days; nothing on a device may beyond {longest}"
            for each in keys()
            if each.days > longest
        ),
        *(f"`{name}` is declared twice" for name in sorted(set(names)) if names.count(name) > 1),
    ]


def listed(language: str) -> list[dict[str, Any]]:
    """The table with the purposes' names in a language."""
    policy = in_force()
    return [
        {
            "name": each.name,
            "kind": each.kind,
            "kind_name": str(KINDS[each.kind]),
            "purpose": each.purpose,
            "purpose_name": policy.text(f"purposes.{each.purpose}.name", language),
            "owner": each.owner or policy.controller.name,
            "days": each.days,
            "when": str(each.when),
            "hosts": list(each.hosts),
            "necessary": not policy.refusable(each.purpose),
        }
        for each in (*keys(), *partners())
        if not waits(each)
    ]


def purposes() -> tuple[str, ...]:
    """The purposes that are about keeping something in a browser, whether a key serves them now."""
    of_storage = [id_ for id_, each in in_force().purposes.items() if each.kind == STORAGE]
    return tuple(dict.fromkeys([*(each.purpose for each in (*keys(), *partners())), *of_storage]))


def refused(carried: Iterable[str], permits: Permits) -> list[str]:
    """Which of the cookies carried serve a purpose that can be refused and is not permitted.

    One of a recipient who was refused, or of whom nobody was asked yet, is among them.

    Promises: P1.2.6a.
    """
    return [
        each.name
        for each in refusable()
        if each.kind == "cookie"
        and each.name in carried
        and not permits(each.purpose, each.recipient)
    ]


def unlawful(kept: Iterable[str], permits: Permits) -> list[str]:
    """Which of the cookies to be set nobody declared, or serve a purpose that is not permitted.

    One that no version in force says is not set either, where it can be refused (`waits`).

    Promises: P1.2.6a.
    """
    cookies = {each.name: each for each in here() if each.kind == "cookie"}
    return [name for name in kept if name not in cookies or not _may(cookies[name], permits)]


def forgotten(permits: Permits, *, member: bool) -> str:
    """The keys that a page's script is to remove before it reads any: `kind:name`, with spaces.

    `member` says whether somebody is signed in at a computer of their own. Promises: P5.1.3a.
    """
    gone = [each for each in refusable() if (each.member and not member) or not _may(each, permits)]
    return " ".join(f"{each.kind}:{quote(each.name)}" for each in gone)


def clear(response: HttpResponseBase) -> None:
    """Have the browser drop the pages and films that it kept, and all that scripts of ours keep in
    it (P2.1.3b); cookies stay.
    """
    response["Clear-Site-Data"] = '"cache", "storage"'


def here() -> tuple[Key, ...]:
    """Every key that lies with our own address: ours, and what others may keep in our pages."""
    return (*keys(), *(each for each in partners() if not each.hosts))


def _may(key: Key, permits: Permits) -> bool:
    return _necessary(key) or (permits(key.purpose, key.recipient) and not waits(key))


def _necessary(key: Key) -> bool:
    return not in_force().refusable(key.purpose)


def refusable() -> tuple[Key, ...]:
    """The keys of purposes that can be refused, where a page of ours reaches them."""
    return tuple(each for each in here() if not _necessary(each))
