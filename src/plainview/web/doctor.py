"""`plainview doctor`: what is missing or unsafe here, and how to mend it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.core.checks import ERROR, Tags, run_checks
from django.db import DatabaseError, connection, connections
from django.utils import timezone
from imageio_ffmpeg import get_ffmpeg_exe

from plainview.domains.playback import services as playback
from plainview.platform import media
from plainview.platform.jobs import queue
from plainview.platform.storage import ROOM
from plainview.privacy import page_words, schema
from plainview.privacy.backups import archive, barrier, shelf
from plainview.privacy.disclosures import post
from plainview.privacy.gate.doors import touches_nobody
from plainview.privacy.places import databases
from plainview.privacy.policies import controller, in_force, reviews_due
from plainview.privacy.post import arriving
from plainview.privacy.post import queries as letters
from plainview.privacy.retention import clock
from plainview.web import rotation

FREE_GB = 5
STALE_DAYS = 366
QUIET = timedelta(days=31)
LATE = timedelta(minutes=10)
MANY = 200
"""As many letters wait only where nobody fetches them."""

BUCKET = {
    "away": ("does not answer", "Check host, port, region and encryption in PLAINVIEW_FILMS_URL."),
    "refused": (
        "refuses the key",
        "Check key and secret in PLAINVIEW_FILMS_URL: may they list, read, write and delete?",
    ),
    "untrusted": (
        "shows a certificate that nobody known here has signed",
        "Name its authority's file, which can be read, by authorities=… in PLAINVIEW_FILMS_URL.",
    ),
    "no-bucket": ("is not there", "Make it, or check its name in PLAINVIEW_FILMS_URL."),
    "forgets": ("does not keep what is written", "Look at its rules of life and of deletion."),
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `remedy` is empty if it is well."""

    what: str
    remedy: str = ""
    serious: bool = False


@click.command()
@click.option("--settings", "list_settings", is_flag=True, help="List every setting instead.")
@touches_nobody("looks at the machine, at nobody's data")
def doctor(list_settings: bool) -> None:
    """Say what is missing or unsafe, and how to mend it. Exit code 1 if something serious is."""
    if list_settings:
        for variable, kind, default, text in settings.ENV.described():
            click.secho(f"{variable} ({kind}, default {default or 'empty'})", bold=True)
            click.echo(f"    {text}")
        return
    findings = list(examine())
    for finding in findings:
        sign = "ok  " if not finding.remedy else "MEND" if finding.serious else "note"
        click.echo(f"{sign}  {finding.what}")
        if finding.remedy:
            click.echo(f"      {finding.remedy}")
    if any(finding.serious for finding in findings):
        raise SystemExit(1)


def examine() -> Iterator[Finding]:
    """Look at everything; yields what was found, well or not."""
    ready = yield from _database()
    yield from _policy()
    yield from _folders()
    yield from (Finding(*each) for each in rotation.due())
    yield from _pages()
    yield from _places()
    yield from _films()
    yield from _mail()
    if ready:
        yield from _letters()
        yield from _work()
    yield from _backups()
    yield from _public()
    yield from _checks()


def _database() -> Generator[Finding, None, bool]:
    """The database; returns whether it can be asked for more."""
    try:
        behind, newer = schema.waiting(), schema.unknown()
    except DatabaseError as error:
        remedy = f"Check PLAINVIEW_DATABASE_URL ({_last_line(error)})."
        yield Finding("the database does not answer", remedy, serious=True)
        return False
    what = f"{behind} migrations are waiting" if behind else "up to date"
    remedy = "Run `plainview manage migrate`; `plainview serve` does it by itself."
    yield Finding(f"database: {connection.display_name}, {what}", remedy if behind else "")
    if newer:
        yield Finding(schema.NEWER, schema.newer_than_code(newer), serious=True)
    if connection.vendor != "sqlite" and (left := settings.DATA / "plainview.sqlite3").exists():
        yield Finding(
            f"{left} holds whoever was there before the service was on PostgreSQL",
            f"No erasure reaches it. Once the service is well: shred -u {left}*",
            serious=True,
        )
    if telling := schema.telling():
        yield Finding(
            "the database's server writes values that people gave into its log",
            f"As its superuser run: {schema.silencing(telling)}",
            serious=True,
        )
    yield from _checks(tags=[Tags.database], databases=list(connections))
    return not behind


def _checks(**which: Any) -> Iterator[Finding]:
    for problem in run_checks(**which):
        yield Finding(str(problem.msg), problem.hint or "See the message.", problem.level >= ERROR)


def _last_line(error: Exception) -> str:
    """What a database's client says at last: nobody listens, no such name, a wrong password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()


def _policy() -> Iterator[Finding]:
    lacks = page_words.missing(in_force())
    yield Finding(
        f"policy: {controller().name}, in {settings.POLICY_DIR}",
        f"It lacks {len(lacks)} words that pages say; ours stand in: `plainview policy check`."
        if lacks
        else "",
    )
    for due, remedy in reviews_due(Path(settings.POLICY_DIR)):
        serious = bool(settings.ENV.public_url)
        yield Finding(f"policy: {due}", f"In the folder, {remedy}.", serious=serious)
    if settings.ENV.public_url and settings.POLICY_DIR == settings.SHIPPED_POLICY:
        yield Finding(
            "the policy is the demonstration's: it names somebody else as responsible",
            "Run `plainview policy init FOLDER` and name the folder in PLAINVIEW_POLICY_DIR.",
            serious=True,
        )


def _folders() -> Iterator[Finding]:
    data = Path(settings.DATA)
    if not os.access(data, os.W_OK):
        yield Finding(f"{data} can't be written to", "Give it to the service's user.", serious=True)
        return
    mode = data.stat().st_mode & 0o077
    free = shutil.disk_usage(data).free
    yield Finding(
        f"data folder: {data}, {free / 1e9:.0f} GB free",
        f"Films need room: free some until {FREE_GB} GB are left." if free < FREE_GB * 1e9 else "",
        serious=free < ROOM,
    )
    if mode & 0o007 and settings.ENV.public_url:
        yield Finding(
            "every user of this machine can look into the data folder",
            f"Run `chmod 750 {data}`.",
            serious=True,
        )
    for variable in ("LEDGER_DIR", "BACKUP_DIR", "WATCH_FOLDER"):
        place = str(getattr(settings.ENV, variable.lower()))
        if place and not os.access(place, os.W_OK | os.X_OK):
            yield Finding(
                f"PLAINVIEW_{variable} names {place}, and nothing can be written there",
                "Make it and give it to the service's user; a unit of systemd names it in"
                " ReadWritePaths.",
                serious=True,
            )


def _pages() -> Iterator[Finding]:
    built = settings.PACKAGE / "web" / "static" / "build" / "site.css"
    yield Finding(
        "front end: " + ("built" if built.exists() else "not built"),
        "" if built.exists() else "Run `make setup`.",
        serious=not built.exists(),
    )
    if settings.WHITENOISE_USE_FINDERS and settings.ENV.public_url:
        yield Finding(
            "browsers can't keep scripts and styles: they were not gathered",
            "Run `make setup`, then start the service again.",
        )


def _places() -> Iterator[Finding]:
    header = settings.ENV.place_header
    if header and settings.ENV.trusted_proxies:
        yield Finding(
            f"place: as the proxy states it in {header}; it must drop {header.replace('-', '_')}"
            " (docs/places.md)"
        )
        return
    if header:
        yield Finding(
            f"the place stated in {header} is not believed",
            "Set PLAINVIEW_TRUSTED_PROXIES to the number of your proxies.",
        )
    for path, database in databases.configured().items():
        if database is None:
            packaged = path == str(databases.PACKAGED)
            yield Finding(
                f"the place database {path} can't be read: whoever only it knows is treated by the"
                " strictest law",
                "Run `make setup`: it brings one."
                if packaged
                else "Give PLAINVIEW_PLACE_DATABASE and PLAINVIEW_STATE_DATABASE readable files in"
                " MaxMind's format.",
            )
            continue
        maker = database.maker
        licence = f"{maker.words}, {maker.licence}" if maker else "its licence is yours to keep"
        stale = (timezone.now().date() - database.made_on).days > STALE_DAYS
        yield Finding(
            f"place database: {path}, made on {database.made_on}; {licence}",
            "It is over a year old: put a newer one in its place." if stale else "",
        )


def _films() -> Iterator[Finding]:
    try:
        yield Finding(f"FFmpeg: {Path(get_ffmpeg_exe()).name}")
    except RuntimeError:
        yield Finding("FFmpeg: not found", "Run `make setup`: it comes with it.", serious=True)
    yield Finding(f"films are read under confinement: {media.confinement()}")
    if (bucket := playback.bucket()) is None:
        return
    if trouble := bucket.trouble():
        what, remedy = BUCKET[trouble]
        yield Finding(f"the bucket of films {what}", remedy, serious=True)
    elif other := playback.keeper():
        remedy = (
            "Give this one a bucket of its own, or both would sweep each other’s films. If this"
            " service was that one, under another address or other keys: `plainview storage take`."
        )
        yield Finding(f"the bucket of films is kept for {other}", remedy, serious=True)
    else:
        yield Finding("the bucket of films: a file was written, read and removed")


def _mail() -> Iterator[Finding]:
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


def _letters() -> Iterator[Finding]:
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
    came = letters.last_came()
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


def _work() -> Iterator[Finding]:
    """Whether workers do what they are asked for: letters, copies, erasures."""
    if doubt := clock.said(clock.doubt(note=False)):
        yield Finding(doubt, "Is it right, run `plainview privacy sweep`.", serious=True)
    if late := queue.late(LATE):
        what = f"work: {late} jobs wait for over ten minutes"
        yield Finding(what, "A worker does them: is one running?", serious=True)
    if tasks := ", ".join(queue.failed()):
        what = f"work that failed for good, in the last month: {tasks}"
        yield Finding(what, "The log of the service says where; the desk, what is to be done.")


def _backups() -> Iterator[Finding]:
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


def _public() -> Iterator[Finding]:
    public = urlsplit(settings.ENV.public_url)
    if not settings.ENV.public_url:
        local = settings.ENV.host in ("127.0.0.1", "::1", "localhost")
        yield Finding(
            "no public address: reachable from this machine only"
            if local
            else "no public address, yet listening to the network without HTTPS",
            "" if local else "Set PLAINVIEW_PUBLIC_URL to the https address of your proxy.",
            serious=not local,
        )
        return
    yield Finding(
        f"public address: {settings.ENV.public_url}",
        "" if public.scheme == "https" else "Use an https address: sessions travel in the clear.",
        serious=public.scheme != "https",
    )
    if settings.ENV.debug:
        yield Finding("debug is asked for and ignored", "Unset PLAINVIEW_DEBUG.", serious=True)
    if public.scheme == "https" and not settings.ENV.trusted_proxies:
        yield Finding(
            "no trusted proxy, so every request looks like plain HTTP",
            "Set PLAINVIEW_TRUSTED_PROXIES to the number of your proxies.",
            serious=True,
        )
    sites = settings.EMBED_ANCESTORS
    yield Finding(
        "pages of others may show the player in a frame: "
        + ("every site" if "*" in sites else ", ".join(sites) or "none")
    )
    try:
        socket.getaddrinfo(public.hostname or "", None)
    except OSError:
        yield Finding("the public host name does not resolve", "Check its DNS record.")
