"""`plainview ingest`, `plainview stream …` and `plainview platforms …`."""

from __future__ import annotations

import datetime as dt
import threading
import time
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from plainview.domains.playback import queries, services
from plainview.domains.playback.models import Ingest, Platform
from plainview.platform import languages
from plainview.platform.jobs import worker
from plainview.platform.storage.given import File
from plainview.platform.storage.kept import Unreachable
from plainview.privacy.gate.doors import runs, touches_nobody
from plainview.privacy.policies import in_force


def _language(_context: click.Context, _option: click.Parameter, said: str) -> str:
    """The tag of the language that was named, as the web writes it."""
    from langcodes import tag_is_valid  # noqa: PLC0415 - a tenth of a second, for this alone

    tag = said.replace("_", "-")
    if not tag_is_valid(tag):
        raise click.BadParameter(f"{said} is no language tag; say one such as `ko` or `pt-BR`")
    return languages.tag(tag)


@click.command()
@click.argument("file", type=File())
@click.option("--name", default="", help="Name of the film. Default: made from the file's name.")
@click.option(
    "--language",
    default="und",
    callback=_language,
    help="Tag of the language spoken in it, such as `ko` or `pt-BR`.",
)
@click.option("--wait/--no-wait", default=True, help="Prepare it here and now, or queue it.")
@runs("playback", source="staff", everyone="an operator puts a film on, without an account")
def ingest(file: Path, name: str, language: str, wait: bool) -> None:
    """Put the film FILE on the site: any format that FFmpeg reads.

    The film is checked, made into a stream of several qualities with poster and thumbnails, and
    published; subtitle tracks inside it come along. If it can't be taken, the reason is said and
    nothing is left behind. Add subtitles from files with `plainview subtitles`.
    """
    try:
        row = services.begin_ingest(file, source_name=file.name, name=name, language=language)
    except OSError as error:
        raise click.ClickException(f"{file} can't be read or kept: {error.strerror}") from None
    if not wait:
        click.echo(f"{row.name} is queued as {row.key}")
        return
    _show_until_over(row)
    if row.state == Ingest.State.FAILED:
        raise click.ClickException(f"{row.problem}\n{row.remedy}")
    with translation.override("en"):
        for note in services.notes(row):
            click.echo(f"Note: {note.words}")
    click.echo(f"{row.name} is ready: {row.video.get_absolute_url() if row.video else ''}")


@click.group()
def platforms() -> None:
    """On what films are watched, and where they stand still."""


@platforms.command()
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Default: this month.")
@runs("business-analytics", source="derived", everyone="counts all who permit it")
def people(month: dt.datetime | None) -> None:
    """How many people watched on each platform in a month: of those who permit it.

    A number under ten is not told (P2.8a). Whoever is signed in counts once with all their
    browsers; a browser on which nobody is counts by itself.
    """
    first = (month.date() if month else timezone.localdate()).replace(day=1)
    counted = queries.people_by_platform(first)
    for platform in Platform.values:
        click.echo(f"{platform}: {_told(counted.get(platform, 0))}")


@platforms.command()
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True)
@runs("error-reports", source="derived", everyone="counts all who permit it")
def faults(days: int) -> None:
    """How many accounts and browsers met a film that stood still: of those who permit it."""
    met = queries.met_faults(timezone.localdate() - dt.timedelta(days=days))
    if not met:
        click.echo("nobody met one")
    for platform, kind in sorted(met):
        click.echo(f"{platform} {kind}: {_told(met[platform, kind])}")


def _told(counted: int) -> str:
    threshold = in_force().purpose("business-analytics").threshold or 1
    return str(counted) if counted >= threshold else f"<{threshold}"


def _show_until_over(row: Ingest) -> None:
    """Work off jobs in a thread and draw the progress of `row` until it has ended."""
    stop = threading.Event()

    def labour() -> None:
        try:
            worker.run_until(stop)
        finally:
            connection.close()

    threading.Thread(target=labour, daemon=True).start()
    told = ""
    with click.progressbar(length=100, label=row.name[:40]) as bar:
        while row.state in (Ingest.State.WAITING, Ingest.State.WORKING):
            time.sleep(0.3)
            row.refresh_from_db()
            bar.update(row.progress - bar.pos)
            if services.waits(row) and told != row.problem:
                told = row.problem
                click.echo(f"\n{row.problem}\n{row.remedy}")
    stop.set()


@click.group()
def stream() -> None:
    """The keys that sign the addresses of films' files."""


@stream.command()
@touches_nobody("keys are about nobody")
def nginx() -> None:
    """Print what nginx needs to check the addresses by itself (deploy/nginx.conf includes it)."""
    click.echo(services.for_nginx(), nl=False)


@stream.command()
@click.option("--now", is_flag=True, help="Refuse every address that was given out so far.")
@touches_nobody("keys are about nobody")
def rotate(now: bool) -> None:
    """Sign with a new key from ten minutes on: meanwhile let nginx know it.

    Addresses signed with the key of now stay good until they end; those of the one before do not.
    """
    if settings.STREAM_KEYS:
        raise click.ClickException(
            "the keys stand in PLAINVIEW_STREAM_KEYS: put a new one second, reload everything,"
            " then put it first"
        )
    services.make_key(at_once=now)
    when = "It signs from now on." if now else "It signs in ten minutes."
    click.echo(f"There is a new key. {when}")
    click.echo("With nginx in front, before that: plainview stream nginx > …, and reload nginx.")


@click.command()
@runs("playback", source="staff", everyone="an operator puts films into a folder")
def folder() -> None:
    """Look through the watch folder now: take what is new, put away what has ended.

    What is left alone is named with the reason. A worker looks every minute. Put films into
    PLAINVIEW_WATCH_FOLDER, with subtitles (`film.ko.srt`) and a `film.json` of name and language
    beside them if there are any.
    """
    if not settings.ENV.watch_folder:
        raise click.ClickException("there is none: set PLAINVIEW_WATCH_FOLDER")
    try:
        said = services.look()
        left = services.left_alone()
    except OSError as error:
        raise click.ClickException(f"the folder can't be read: {error.strerror}") from None
    for line in [*said, *left] or ["nothing new, nothing ended"]:
        click.echo(line)


@click.group()
def storage() -> None:
    """The files of films: whether they and the rows agree, and where they are."""


@storage.command()
@runs("playback", everyone="looks at files, whoever put them on")
def check() -> None:
    """Say what lies there that no row knows, and what is gone. Exit code 1 if there is any."""
    try:
        found = list(services.look_through())
    except Unreachable as problem:
        raise _away(problem) from None
    for each in found:
        what = f"no row knows it, {each.bytes:,} bytes" if each.orphan else "gone"
        click.echo(f"{each.name}: {what}")
    if any(not each.orphan for each in found):
        click.echo("What is gone comes back with a backup, or by taking the film in again.")
    if found:
        raise SystemExit(1)
    click.echo("files and rows agree")


@storage.command(name="sweep")
@runs("playback", source="derived", everyone="clears away what dead work on films and forms left")
def sweep_storage() -> None:
    """Remove what no row knows and nobody touched for an hour (two days: unfinished uploads).

    A worker does so every hour.
    """
    names = services.sweep_orphans()
    for name in names:
        click.echo(f"{name}: removed")
    if not names:
        click.echo("there is nothing to remove")


@storage.command()
@runs("playback", source="derived", everyone="moves films, whoever put them on")
def move() -> None:
    """Move the films in the media folder into the bucket, one after the other, while all is on.

    Each is watched from the folder until it is whole in the bucket. Ended half-way, the same
    command goes on.
    """
    if services.bucket() is None:
        raise click.ClickException("there is no bucket: set PLAINVIEW_FILMS_URL")
    try:
        for key in services.move():
            click.echo(f"packages/{key}: moved")
    except Unreachable as problem:
        raise _away(problem) from None
    click.echo("every film is in the bucket")


@storage.command(name="take")
@touches_nobody("says in the bucket whose it is")
def take_storage() -> None:
    """Let this service keep its films in a bucket that another one left, or itself before.

    A service that got another public address or other keys is another one to its bucket. Only one
    may use it: what its rows do not know is swept.
    """
    if services.bucket() is None:
        raise click.ClickException("there is no bucket: set PLAINVIEW_FILMS_URL")
    try:
        before = services.take_bucket()
    except Unreachable as problem:
        raise _away(problem) from None
    whose = f", and no longer {before}’s" if before else ""
    click.echo(f"the bucket is this service’s{whose}")


def _away(problem: Unreachable) -> click.ClickException:
    return click.ClickException(
        f"the bucket can't be used ({problem.why}): `plainview doctor` says what to do"
    )
