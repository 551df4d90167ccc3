"""`plainview doctor`: what is missing or unsafe here, and how to mend it."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
from collections.abc import Generator, Iterator
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
from plainview.platform.storage import ROOM
from plainview.platform.storage.room import FILES, free_files
from plainview.privacy import page_words, schema
from plainview.privacy.gate.doors import touches_nobody
from plainview.privacy.gate.sqlite3 import copying
from plainview.privacy.places import databases
from plainview.privacy.policies import controller, in_force, reviews_due, unsaid
from plainview.web import findings, rotation
from plainview.web.findings import Finding

FREE_GB = 5
STALE_DAYS = 366

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
    found = list(examine())
    for finding in found:
        sign = "ok  " if not finding.remedy else "MEND" if finding.serious else "note"
        click.echo(f"{sign}  {finding.what}")
        if finding.remedy:
            click.echo(f"      {finding.remedy}")
    if any(finding.serious for finding in found):
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
    yield from findings.mail()
    if ready:
        yield from findings.letters()
        yield from findings.work()
    yield from findings.backups()
    yield from _public()
    yield from _checks()


def _database() -> Generator[Finding, None, bool]:
    """The database; returns whether it can be asked for more."""
    try:
        behind, newer, halfway = schema.waiting(), schema.unknown(), schema.is_carried()
    except DatabaseError as error:
        file = Path(str(connection.settings_dict["NAME"]))
        long = copying.too_long(file) if connection.vendor == "sqlite" else ""
        remedy = long or f"Check PLAINVIEW_DATABASE_URL ({_last_line(error)})."
        yield Finding("the database does not answer", remedy, serious=True)
        return False
    if halfway:  # and what was there before is all that there is
        yield Finding(f"database: {schema.HALFWAY}", schema.TAKE_AGAIN, serious=True)
        return False
    what = f"{behind} migrations are waiting" if behind else "up to date"
    remedy = "Run `plainview manage migrate`; `plainview serve` does it by itself."
    yield Finding(f"database: {connection.display_name}, {what}", remedy if behind else "")
    if newer:
        yield Finding(schema.NEWER, schema.newer_than_code(newer), serious=True)
    if connection.vendor != "sqlite" and (left := settings.DATA / "plainview.sqlite3").exists():
        yield Finding(
            f"{left} holds whoever was there before the service was on PostgreSQL",
            f"No erasure reaches it. Once the service is well: shred -u {shlex.quote(str(left))}*",
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
    for what, remedy in unsaid(in_force()):
        yield Finding(f"policy: {what}", f"In the folder, {remedy}.")
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
    if (files := free_files(data)) < FILES:
        yield Finding(
            f"the disk of the data folder takes {files} files more",
            "Free some (`df -i`): it is full though it has bytes left.",
            serious=True,
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
