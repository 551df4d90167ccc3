"""Which secret keys were in use here and until when, so that none goes too soon or unnoticed.

A file of the data folder has a hash of each and the day since when it is the key of now.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from plainview.platform.identifiers import openers, secret_keys
from plainview.platform.storage.whole import put_whole
from plainview.privacy.disclosures import letters
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

FILE = "secret-key-days"
REFUSED = "consent.stopped"
"""What is known by a key for the longest: who refused news and left."""
FALLBACKS, RETIRED = "PLAINVIEW_SECRET_KEY_FALLBACKS", "PLAINVIEW_SECRET_KEYS_RETIRED"


def note() -> None:
    """Note since when the key of now is in use; called as the service starts."""
    begun = _begun()
    now = _print(settings.SECRET_KEY)
    if not begun or max(begun, key=lambda each: begun[each]) != now:
        noted = json.dumps(begun | {now: timezone.now().isoformat()})
        put_whole(_path(), noted.encode(), mode=0o666)


def due() -> Iterator[tuple[str, str, bool]]:
    """What there is to say of secret keys of before: what is so, how to mend it, how serious.

    Of a key of which nobody knows until when it was in use, as after a restore, which brings no
    such file, the time counts from the day of the key of now: it was in use no longer.
    """
    begun, today = _begun(), timezone.localdate()
    ended, since = _ended(begun), begun.get(_print(settings.SECRET_KEY))
    latest = timezone.localdate(dt.datetime.fromisoformat(since)) if since else today
    for key in openers()[1:]:
        day = _opens(ended.get(_print(key), latest))
        over = f"Move it on from {FALLBACKS} to {RETIRED}." if day <= today else ""
        yield f"a secret key of before still opens links and sessions: until {day}", over, False
    for key in secret_keys()[len(openers()) :]:
        day = _knows(ended.get(_print(key), latest))
        over = f"Take it out of {RETIRED}." if day <= today else ""
        yield f"a secret key of before still knows who refused news: until {day}", over, False
    listed = {_print(each) for each in secret_keys()}
    for each, day in ended.items():
        if each not in listed and _knows(day) > today:
            yield (
                f"a secret key that was in use until {day} is listed nowhere: who refused news and"
                " left, and what else was known by it, is not known again",
                f"Put it into {RETIRED}; if it is lost, remove its line {each} from {_path()}.",
                True,
            )


def _opens(ended: dt.date) -> dt.date:
    """The longest that anything is good which a key signed: the way out in a letter with news."""
    return ended + letters.LINK_LIFE


def _knows(ended: dt.date) -> dt.date:
    return later(ended, in_force().schedule(REFUSED).keep)


def _ended(begun: dict[str, str]) -> dict[str, dt.date]:
    """The day on which each key but the last was followed by another."""
    follows = pairwise(sorted(begun, key=lambda each: begun[each]))
    now = _print(settings.SECRET_KEY)
    found = {
        each: timezone.localdate(dt.datetime.fromisoformat(begun[after])) for each, after in follows
    }
    return {each: day for each, day in found.items() if each != now}


def _begun() -> dict[str, str]:
    """Since when each key was in use, by its hash; nothing where the file is missing or broken."""
    try:
        found = json.loads(_path().read_text())
    except (OSError, ValueError):
        return {}
    return {str(each): str(at) for each, at in dict(found).items()}


def _print(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _path() -> Path:
    return Path(settings.DATA) / FILE
