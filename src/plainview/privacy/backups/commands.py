"""`plainview backup` and `plainview restore`."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.core.management import call_command
from django.utils import timezone

from plainview.platform.storage.given import File
from plainview.privacy import permissions
from plainview.privacy.backups import (
    archive,
    barrier,
    ledger,
    making,
    replaying,
    restoring,
    shelf,
    verifying,
)
from plainview.privacy.gate.doors import touches_nobody
from plainview.privacy.gate.postgresql.copying import NoProgram
from plainview.privacy.rights.services import StepsFailed

_FILE = File()
_BAD = 2


@contextmanager
def _said() -> Iterator[None]:
    """What can go wrong, as a sentence and exit code 2."""
    try:
        yield
    except making.NoRecipient:
        _end(
            "nobody is named who can open it: set PLAINVIEW_BACKUP_TO to a public key of age whose"
            " secret key is on another machine (docs/backups.md)"
        )
    except shelf.InUse:
        _end("another backup is being made")
    except restoring.NotEmpty:
        _end(
            "there is a database already, and none is overwritten. Move it away, or point"
            " PLAINVIEW_DATABASE_URL at an empty one"
        )
    except restoring.NoLedger:
        _end(
            "there is no ledger of who left, so they would come back. Bring a copy of it"
            " (--ledger FILE); if there is none any more, say --ledger-lost: then everybody is"
            " asked anew before anything refusable is done (docs/backups.md)"
        )
    except restoring.Over:
        _end("the life of that archive is over: what left since then is not known any more")
    except StepsFailed:
        _end("somebody who left could not be erased again, so the site stays shut; try again")
    except replaying.Busy:
        _end("a worker is at it; the site opens when it is done")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            _end(
                "no room is left: `df -h` and `df -i` say on which disk, that of the data folder or"
                " of PLAINVIEW_BACKUP_DIR. Make some, and give the same command again"
            )
        _end(f"{error.filename or 'a file'}: {error.strerror}")
    except (archive.Broken, ledger.Unreadable, making.Failed, NoProgram) as error:
        _end(str(error))


def _end(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(_BAD)


@click.group(invoke_without_command=True)
@click.option("--to", multiple=True, help="A public key of age. [PLAINVIEW_BACKUP_TO]")
@click.pass_context
@touches_nobody("copies everything under the duty `backup`, and shows nothing")
def backup(context: click.Context, to: tuple[str, ...]) -> None:
    """Make a backup of database and films while the service runs; only its key opens it.

    Run it every day. docs/backups.md says how to make the key, and where copies go.
    """
    if context.invoked_subcommand is not None:
        return
    with _said():
        for each in making.make(list(to)):
            click.echo(f"{each.path}  {each.label.size:,} bytes, gone on {each.ends}")
            if each.label.gone:
                click.echo(f"  {each.label.gone} files went while it was made, and are not in it")
            if each.label.engine == "keys":
                click.echo("  holds the keys: keep it elsewhere than the others")


@backup.command(name="list")
@touches_nobody("lists files that nobody can open here")
def list_() -> None:
    """List the backups: when made, how long they live, when they were looked at."""
    there = (*shelf.archives(), *shelf.archives(shelf.KEYS))
    alone = shelf.unlabelled()
    if not there and not alone:
        click.echo("there is no backup yet")
    for each in there:
        looked = each.label.opened or each.label.read
        how = "opened" if each.label.opened else "read" if looked else "never verified"
        click.echo(
            f"{each.path.name}  {each.label.engine:<10}  {each.label.size:>15,}"
            f"  gone on {each.ends}  {how} {looked[:10]}".rstrip()
        )
    for path in alone:
        click.echo(f"{path.name}  no .json of it is beside it, or none that can be read")


@backup.command()
@click.argument("names", nargs=-1)
@click.option("-i", "--identity", type=_FILE, help="The file of the secret key: open it too.")
@touches_nobody("compares hashes, and shows nothing of what is in it")
def verify(names: tuple[str, ...], identity: Path | None) -> None:
    """Compare backups (all of them, or NAMES) with what was written; exit code 1 if one differs.

    A name may be that of a copy elsewhere, with its `.json` beside it. With the secret key each is
    opened and every file in it compared. Best on another machine.
    """
    known = [*shelf.archives(), *shelf.archives(shelf.KEYS)]
    if names:
        here = {each.path.name: each for each in known}
        found = {name: here.get(name) or shelf.at(Path(name)) for name in names}
        if unknown := sorted(name for name, each in found.items() if each is None):
            raise click.UsageError(
                f"there is no backup {', '.join(unknown)}, or no .json of it beside it"
            )
        known = [each for each in found.values() if each]
    if not known:
        click.echo("there is no backup yet")
    bad = 0
    for each in known:
        try:
            verifying.verify(each, identity)
            click.echo(f"{each.path.name}  it is whole")
        except (archive.Broken, OSError) as error:
            bad += 1
            click.echo(f"{each.path.name}  {error}", err=True)
    if bad:
        sys.exit(1)


@click.command()
@click.argument("path", metavar="ARCHIVE", type=_FILE, required=False)
@click.option("-i", "--identity", type=_FILE, help="The file of the secret key.")
@click.option("--keys", type=_FILE, help="Put the keys of this archive in their place first.")
@click.option("--ledger", "notes", type=_FILE, help="A copy of the ledger (ledger/notes).")
@click.option("--ledger-lost", is_flag=True, help="There is no copy, or not of the last days.")
@touches_nobody("puts everything back, and erases who left by the duty `erasure`")
def restore(
    path: Path | None,
    identity: Path | None,
    keys: Path | None,
    notes: Path | None,
    ledger_lost: bool,
) -> None:
    """Put ARCHIVE back into an empty place, and replay on it what must not come back.

    The site stays shut until that is done. Ended half-way, give the same command again.
    """
    with _said():
        if identity is None or (path is None and keys is None):
            raise click.UsageError("an archive and the file of its secret key are needed")
        if keys is not None:
            changed = restoring.keys_from(keys, identity)
            click.echo(f"keys: {', '.join(changed) or 'they are here already'}")
        if path is None:
            return
        if keys is not None:
            sys.exit(_again(path, identity, notes, ledger_lost))
        if notes is not None:
            click.echo(f"ledger: {ledger.bring(notes)} lines were new")
        done = restoring.unpack(path, identity, lost=ledger_lost)
        if done is not None:
            _tell(done)
        _replay()


def _again(path: Path, identity: Path, notes: Path | None, lost: bool) -> int:
    """The rest, in a process of its own, which begins with the keys that were put back."""
    words = [sys.executable, "-m", "plainview", "restore", str(path), "-i", str(identity)]
    words += ["--ledger", str(notes)] if notes else []
    words += ["--ledger-lost"] if lost else []
    return subprocess.run(words, check=False).returncode  # noqa: S603


def _tell(done: restoring.Restored) -> None:
    manifest = done.manifest
    click.echo(f"{manifest.about.made_at}: {len(manifest.members)} files were put back")
    for name in manifest.gone:
        click.echo(f"  {name} had gone when the backup was made")
    for name in done.other_keys:
        click.echo(
            f"  {name} was another then, and what stands under it can't be read: bring that one"
            " back after the one of now (--keys has it), then run `plainview reencrypt`",
            err=True,
        )


def _replay() -> None:
    state = barrier.state()
    if state is None or state.stage != "replay":
        click.echo("there is nothing to replay")
        return
    call_command("migrate", verbosity=0, interactive=False)
    permissions.refold()
    done = replaying.replay()
    barrier.take_down()
    click.echo(
        f"Done again: {done.erased} erased who had left, {done.closed} of whom something was"
        f" closed, {done.removed} entries deleted, {done.ended} accounts without what they had"
        " lost. Everybody signs in anew."
    )
    click.echo(f"Restored at {timezone.now():%Y-%m-%d %H:%M} UTC. Start it: plainview serve")
