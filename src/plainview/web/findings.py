"""What `plainview doctor` finds of what goes on by itself: letters out and in, work, backups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from plainview.platform.jobs import queue
from plainview.privacy.backups import archive, barrier, shelf
from plainview.privacy.disclosures import post
from plainview.privacy.policies import controller
from plainview.privacy.post import arriving, queries
from plainview.privacy.retention import clock

QUIET = timedelta(days=31)
LATE = timedelta(minutes=10)
MANY = 200
"""As many letters wait only where nobody fetches them."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `remedy` is empty if it is well."""

    what: str
    remedy: str = ""
    serious: bool = False


def mail() -> Iterator[Finding]:
    """Whether letters can be handed over."""
    if not settings.MAIL_SERVER:
        yield Finding(
            "mail is kept in the data folder and reaches nobody",
            "Set PLAINVIEW_EMAIL_URL." if settings.ENV.public_url else "",
            serious=bool(settings.ENV.public_url),
        )
        return
    if trouble := post.trouble():
        remedy = f"Check PLAINVIEW_EMAIL_URL ({trouble})."
        yield Finding("no letter can be handed over", remedy, serious=True)
    else:
        asked = urlsplit(settings.MAIL_SERVER).scheme != "esp"
        yield Finding("mail: the server answers" if asked else "mail: the provider is known")


def letters() -> Iterator[Finding]:
    """Mail to the privacy address: whether it can be fetched, and since when none came."""
    try:
        waiting = arriving.waiting()
    except arriving.NoPlace as error:
        yield Finding(f"mail to the privacy address: {error}", "See docs/post.md.", serious=True)
        return
    except (arriving.Trouble, OSError) as error:
        yield Finding(
            "mail to the privacy address can't be fetched, and rights are asked for there",
            f"Check PLAINVIEW_POST_URL ({getattr(error, 'code', type(error).__name__)}).",
            serious=True,
        )
        return
    came = queries.last_came()
    quiet = came is None or came < timezone.now() - QUIET
    when = f"the last came on {came:%Y-%m-%d}" if came else "none has come"
    remedy = ""
    if waiting >= MANY:
        remedy = "A worker takes them in every minute: is one running?"
    elif quiet and settings.ENV.public_url:
        remedy = f"Write to {controller().email} from elsewhere and see that it arrives here."
    yield Finding(
        f"mail to the privacy address: {waiting} wait, {when}", remedy, serious=waiting >= MANY
    )
    if not settings.POST_SERVERS:
        yield Finding(
            "no sender of mail is believed: each gets a link",
            "Name your mail server in PLAINVIEW_POST_SERVERS if it checks senders (docs/post.md).",
        )


def work() -> Iterator[Finding]:
    """Whether workers do what they are asked for: letters, copies, erasures."""
    if doubt := clock.said(clock.doubt(note=False)):
        yield Finding(doubt, "Is it right, run `plainview privacy sweep`.", serious=True)
    if late := queue.late(LATE):
        what = f"work: {late} jobs wait for over ten minutes"
        yield Finding(what, "A worker does them: is one running?", serious=True)
    if tasks := ", ".join(queue.failed()):
        what = f"work that failed for good, in the last month: {tasks}"
        yield Finding(what, "The log of the service says where; the desk, what is to be done.")


def backups() -> Iterator[Finding]:
    """Backups: whether any is young enough and none past its life, and no restore half-done."""
    state = barrier.state()
    if state is not None:
        remedy = (
            "A worker replays what must not come back; the log of the service says what hinders it."
            if state.stage == "replay"
            else "It was ended half-way: give the same `plainview restore` command again."
        )
        yield Finding("the site is shut: a restore is not over", remedy, serious=True)
    public = bool(settings.ENV.public_url)
    if not settings.ENV.backup_to:
        yield Finding(
            "no backups are made",
            "Set PLAINVIEW_BACKUP_TO and run `plainview backup` every day (docs/backups.md)."
            if public
            else "",
            serious=public,
        )
        return
    try:
        archive.recipients(shelf.named_keys())
        made = shelf.archives()
    except (archive.Broken, OSError) as error:
        yield Finding(f"no backup can be made: {error}", "See docs/backups.md.", serious=public)
        return
    if not made or made[0].made < timezone.now() - timedelta(days=1):
        when = f"the last was made on {made[0].made:%Y-%m-%d %H:%M}" if made else "there is none"
        yield Finding(
            f"no backup is younger than a day: {when}",
            "Run `plainview backup` every day (docs/backups.md).",
            serious=public,
        )
    else:
        yield Finding(f"backups: {len(made)}, the last of {made[0].made:%Y-%m-%d %H:%M}")
    if over := [each.path.name for each in made if each.ends <= timezone.localdate()]:
        yield Finding(
            f"{len(over)} backups are past their life", "A worker removes them: is one running?"
        )
    if made and not any(each.label.opened or each.label.read for each in made):
        yield Finding(
            "no backup was ever verified",
            "Run `plainview backup verify`; with the key, on another machine, it opens them too.",
        )
