"""`plainview privacy …`: the data map, its lock, roles, a door's trace; `plainview database …`."""

from __future__ import annotations

import datetime as dt
import http
import json
import shlex
import sys
import zipfile
from pathlib import Path

import click
from django.conf import settings
from django.db import connections
from django.urls import Resolver404

from plainview.platform.storage.given import File
from plainview.privacy import carrying, datamap
from plainview.privacy import picture as drawing
from plainview.privacy.breaches.commands import breaches
from plainview.privacy.disclosures import services as disclosures
from plainview.privacy.gate import warrants
from plainview.privacy.gate.doors import runs, touches_nobody
from plainview.privacy.gate.postgresql.roles import statements
from plainview.privacy.log import accounting
from plainview.privacy.models import LegalHold
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.retention import clock, sweeping
from plainview.privacy.rights import holds, seeking
from plainview.privacy.rights import services as rights
from plainview.privacy.rights.copies import signing, zips
from plainview.privacy.tracing import trace as run_trace

LOCK = "data-map.lock"


@click.group()
def privacy() -> None:
    """What is held, about whom, for what."""


privacy.add_command(breaches)


@privacy.command(name="map")
@click.option("--lock", "write", is_flag=True, help=f"Write {LOCK} instead of showing the map.")
@click.option("--check", is_flag=True, help=f"Fail if {LOCK} is not what the marks say.")
@click.option(
    "--picture", type=click.Path(path_type=Path), help="Draw the map into this SVG file instead."
)
@click.option("--file", "path", type=click.Path(path_type=Path), default=Path(LOCK))
@touches_nobody("reads the marks of the code")
def show_map(write: bool, check: bool, picture: Path | None, path: Path) -> None:
    """Show every personal column: whom it is about and what it holds."""
    found = registry()
    if picture is not None:
        drawn = drawing.drawn(found, in_force(), "en")
        try:
            picture.write_text(drawn.replace("<svg ", '<svg color="#1e1712" ', 1))
        except OSError as error:
            raise click.ClickException(f"can't write {picture}: {error.strerror}") from None
        click.echo(f"drew {picture}")
    elif write:
        path.write_text(datamap.lock(found))
        click.echo(f"wrote {path}: {len(list(datamap.lines(found)))} personal columns")
    elif check:
        new, gone = datamap.differences(found, path.read_text() if path.exists() else "")
        for line in new:
            click.echo(f"+ {line}")
        for line in gone:
            click.echo(f"- {line}")
        if new or gone:
            click.echo(f"{path} is out of date: `plainview privacy map --lock`, then review it.")
            sys.exit(1)
    else:
        click.echo(datamap.in_words(found), nl=False)


@privacy.command()
@click.argument("url")
@click.option("--as", "subject", type=int, help="The id of the person at the door.")
@click.option("--case", default="", help="The number of an open case about that person.")
@touches_nobody("opens the door that it traces, as somebody who is named")
def trace(url: str, subject: int | None, case: str) -> None:
    """Run the door at URL and say what it touches. What it writes is taken back.

    What is held about somebody is counted in an open case about them alone.
    """
    if subject is not None:
        if not warrants.in_case(case, subject):
            raise click.UsageError(
                f"open a case at /desk/people/{subject}/reason/ and name its number with --case"
            )
        accounting.looked(subject, case)
    try:
        found = run_trace(url, subject)
    except Resolver404:
        click.echo(f"no url {url}", err=True)
        sys.exit(2)
    if found.door is None:
        click.echo(f"{url} was answered before any view (status {found.status})")
        return
    serves = f"serves {found.door.purpose}" if found.door.purpose else "is not a door yet"
    click.echo(f"{found.door.name} {serves} (status {found.status})")
    for each in found.touched:
        step = f"  in a step for {each.purpose}" if each.purpose else ""
        click.echo(f"  {each.category:<28} {each.rows:>5} rows{step}")
    if found.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        click.echo("  it failed half-way, so this is not all it touches; the log says why")
    elif not any(not each.purpose for each in found.touched):
        click.echo("  by itself it touches nothing about anybody: any purpose will do")
    for column in found.columns:
        click.echo(f"    {column}")
    click.echo(f"it could say: {found.proposal}")


@privacy.command()
@click.option("--database", default="default")
@touches_nobody("reads the marks of the code and the policy")
def grants(database: str) -> None:
    """Print the SQL that makes PostgreSQL's roles what marks and policy say."""
    for statement in statements(registry(), connections[database].settings_dict["NAME"]):
        click.echo(f"{statement};")


@privacy.command()
@click.argument("key")
@runs("rights", source="staff", everyone="the key of a report names an erasure, and nobody")
def again(key: str) -> None:
    """Take up an erasure that could not be finished; KEY stands in the address of its report."""
    try:
        rights.try_again(key)
    except rights.NothingToDo:
        click.echo("no unfinished erasure has that key", err=True)
        sys.exit(2)
    click.echo("the worker takes it up again; its page says how it goes")


@privacy.command()
@click.argument("person")
@click.option("--json", "as_json", is_flag=True, help="Print it for a program.")
@runs("rights", source="staff", everyone="whom the scan is for is told to it")
def scan(person: str, as_json: bool) -> None:
    """Say where something of PERSON stands, by number or address, in whatever form it is written.

    It reads every table, file and index, and on SQLite each page of its file. It ends with 1 where
    something stands that leads to nobody's rows, and names places, never what is there.
    """
    if seeking.too_short(person):
        raise click.UsageError("that is neither a number of ours nor an address")
    found = seeking.scan(seeking.whom(person))
    if as_json:
        places = [each._asdict() for each in found.places]
        said = {"places": places, "values": found.values, "closed": found.closed}
        click.echo(json.dumps(said, indent=2))
    else:
        click.echo(seeking.written(found.places) or "nothing is found")
        click.echo(f"values looked for: {found.values}")
        for name in found.closed:
            click.echo(f"not opened: {name}")
    if found.stray:
        sys.exit(1)


@privacy.command()
@click.argument("person")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
@click.option("--reason", required=True, help="The claim or the order, in words.")
@click.option("--owner", required=True, help="The address of who answers for it.")
@click.option("--category", "categories", multiple=True, help="Of the policy; without, all.")
@runs("rights", source="staff", everyone="whom the hold is about is told to it")
def hold(
    person: str, until: dt.datetime, reason: str, owner: str, categories: tuple[str, ...]
) -> None:
    """Keep what is held of PERSON, a number or an address, from being erased, until a day."""
    one, answers = seeking.whom(person), seeking.whom(owner)
    if not one.subject or not answers.subject:
        raise click.UsageError("nobody here has that number or address")
    try:
        row = holds.put(
            one.subject,
            owner=answers.subject,
            reason=reason,
            until=until.date(),
            categories=categories,
        )
    except holds.Unfounded as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"hold {row.pk} stands until {row.until}")


@privacy.command(name="holds")
@runs("rights", source="staff", everyone="it lists every hold, by number")
def list_holds() -> None:
    """List the legal holds that stand: number, last day, what they cover, and why."""
    rows = holds.standing()
    for row in rows:
        why = row.reason or "(lost when the database was put back)"
        click.echo(f"{row.pk}  until {row.until}  {row.categories or 'all'}  {why}")
    if not rows:
        click.echo("no hold stands")


@privacy.command()
@click.argument("number", type=int)
@runs("rights", source="staff", everyone="a number names one hold")
def release(number: int) -> None:
    """End a legal hold; an erasure that it kept from something goes on."""
    try:
        rights.release(number)
    except LegalHold.DoesNotExist:
        raise click.UsageError("no hold of that number stands") from None
    click.echo("it is over; what waited for it goes on")


@privacy.command()
@click.option("--dry-run", is_flag=True, help="Count what is due, and change nothing.")
@runs("record-keeping", source="derived", everyone="what is due to go is due for everybody")
def sweep(dry_run: bool) -> None:
    """Take away what is past its time; a worker does it once a day.

    That is what the policy's schedules end, and what erasures kept until a day that has come. Where
    the clock went ahead and is right, this says so; the worker waits with all that for a day.
    """
    if not dry_run:
        clock.trust()
    found = sweeping.due() if dry_run else sweeping.sweep()
    for each in found:
        why = "an erasure's promise" if each.because == sweeping.PROMISE else each.because
        click.echo(f"{each.rows:>8}  {each.table:<28} {why}")
    total = sum(each.rows for each in found)
    words = "are past their time; nothing was changed" if dry_run else "have gone"
    click.echo(f"{total:>8}  rows {words}")


@privacy.command()
@click.argument("recipient")
@click.argument("purpose")
@runs("privacy-choices", source="staff", everyone="asks everybody's standing who permits it")
def send(recipient: str, purpose: str) -> None:
    """Hand RECIPIENT what it may have for PURPOSE, of everybody who permits it.

    A worker sends it; whoever does not permit it is left out, now and when its turn comes.
    """
    try:
        count = disclosures.disclose_everybody(recipient=recipient, purpose=purpose)
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from None
    click.echo(f"queued for {recipient}: {count} people")


@privacy.command(name="check-copy")
@click.argument("path", type=File())
@click.option("--key", type=File(), help="The service's key, PEM.")
@touches_nobody("reads a file that somebody has, and keeps nothing")
def check_copy(path: Path, key: Path | None) -> None:
    """Say whether a copy that somebody took is what was signed, file by file.

    Without --key the key of this installation counts; the one in the copy proves nothing alone.
    """
    trusted = key.read_bytes() if key else b"".join(signing.public())
    try:
        with zipfile.ZipFile(path) as zipped:
            if not {each.compress_type for each in zipped.infolist()} <= zips.METHODS:
                raise zipfile.BadZipFile
            mine = zipped.read(signing.KEY)
            if mine.strip() not in trusted:
                raise signing.Altered(signing.KEY)
            said = signing.verified(
                zipped.read(signing.MANIFEST), zipped.read(signing.SIGNATURE), mine
            )
            names = [each for each in zipped.namelist() if not each.startswith(signing.FOLDER)]
            for name in names:
                with zipped.open(name) as file:
                    signing.compare(name, file, said)
            if missing := sorted(set(said) - set(names)):
                raise signing.Altered(missing[0])
    except zips.SPOILED as error:
        raise click.ClickException("this is no signed copy, or it was damaged") from error
    except signing.Altered as error:
        raise click.ClickException(f"{error} is not what was signed") from error
    click.echo(f"{len(names)} files, each as it was signed")


@click.group()
def database() -> None:
    """The database itself."""


@database.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@touches_nobody("copies everything under the duty `migrate`, and shows nothing")
def take(file: Path | None) -> None:
    """Carry a service over from SQLite: all that FILE holds, into the PostgreSQL of the settings.

    FILE is `plainview.sqlite3` in the data folder, unless another is named. The service must not
    run meanwhile. The database that PLAINVIEW_DATABASE_URL names must be empty; all goes over or
    nothing does, and FILE stays as it is.
    """
    file = (file or settings.DATA / "plainview.sqlite3").resolve()
    with click.progressbar(length=0, label="Carrying rows") as bar:

        def told(some: int, of: int) -> None:
            bar.length = of
            bar.update(some)

        try:
            count = carrying.carry(file, told)
        except carrying.Refused as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(
        f"All is there: {count} rows. Start the service with the same settings. Once it is well,"
        f" shred -u {shlex.quote(str(file))}*, which holds everybody still, and which no erasure"
        " reaches."
    )
