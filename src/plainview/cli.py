"""The `plainview` command. Each command is loaded when it is named, so that help is instant."""

from __future__ import annotations

import errno
import faulthandler
import gc
import importlib
import locale
import os
import signal
import sys
from pathlib import Path

import click
import django

from plainview import __version__
from plainview.platform.frames import roomy
from plainview.platform.storage.given import running_as
from plainview.platform.storage.room import full

COMMANDS = {
    "serve": ("plainview.web.commands:serve", "Start the site and its job worker."),
    "work": ("plainview.web.commands:work", "Run a job worker by itself."),
    "ingest": ("plainview.domains.playback.commands:ingest", "Put a film on the site."),
    "storage": (
        "plainview.domains.playback.commands:storage",
        "Say whether files and rows agree.",
    ),
    "folder": ("plainview.domains.playback.commands:folder", "Look through the watch folder."),
    "stream": ("plainview.domains.playback.commands:stream", "Keys of films' addresses."),
    "subtitles": ("plainview.domains.subtitles.commands:subtitles", "Add subtitles to a video."),
    "platforms": (
        "plainview.domains.playback.commands:platforms",
        "Say on what films are watched.",
    ),
    "reindex": ("plainview.web.commands:reindex", "Make the search index anew."),
    "demo": ("plainview.demo.commands:demo", "Load the demonstration catalogue."),
    "policy": ("plainview.privacy.authoring.cli:policy", "Read, check and explain the policy."),
    "translations": (
        "plainview.domains.staff.commands:translations",
        "Say how far translations are, and export them.",
    ),
    "case": ("plainview.domains.staff.commands:case", "Open and end cases of authorities."),
    "privacy": ("plainview.privacy.commands:privacy", "Say what is held, and what a door touches."),
    "post": ("plainview.privacy.post.commands:post", "Fetch mail to the privacy address."),
    "log": ("plainview.privacy.log.commands:log", "Show, check and sign the log of answers."),
    "backup": (
        "plainview.privacy.backups.commands:backup",
        "Make, list and verify backups that only their key opens.",
    ),
    "restore": ("plainview.privacy.backups.commands:restore", "Put a backup back."),
    "database": (
        "plainview.privacy.commands:database",
        "Carry a service over from SQLite to PostgreSQL.",
    ),
    "reencrypt": (
        "plainview.domains.accounts.commands:reencrypt",
        "Carry what lies encrypted over to the newest key.",
    ),
    "doctor": ("plainview.web.doctor:doctor", "Say what is missing or unsafe, and how to mend it."),
    "manage": ("plainview.web.commands:manage", "Django's own commands."),
}


class Commands(click.Group):
    """The commands of the table above, by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainview.settings")
        from django.apps import apps  # noqa: PLC0415 - help is instant

        if not apps.ready:
            gc.disable()  # what a start makes stays: to look for garbage takes a sixth of it
            django.setup()
            importlib.import_module(module)
            gc.freeze()
            gc.enable()
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command("plainview", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="plainview")
def cli() -> None:
    """Plainview: a community streaming service whose privacy policy runs.

    Start with `plainview serve`, then put a film on it: `plainview ingest FILE`.
    Each command explains itself: `plainview COMMAND --help`.
    """


def main() -> None:
    """The console script; what whoever runs it can mend is said in a sentence.

    No file that it makes can be read by every user of the machine. SIGUSR1 writes to standard error
    where each thread stands, by names of functions alone, and ends nothing.
    """
    _in_utf8()
    faulthandler.register(signal.SIGUSR1)
    os.umask(os.umask(0o077) | 0o027)
    try:
        roomy(cli)(prog_name="plainview")
    except Exception as error:
        if not (said := remedy(error)):
            raise
        click.echo(f"plainview: {said}", err=True)
        sys.exit(2)


def _in_utf8() -> None:
    """Begin anew in UTF-8, and what this starts too, where the locale has another encoding.

    Every file here is in UTF-8, and any name may come in a line that is printed. Python does so by
    itself from 3.15 on (PEP 686).
    """
    if not sys.flags.utf8_mode and locale.getencoding().lower() != "utf-8":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def remedy(error: Exception) -> str:
    """What is wrong with the machine or its settings and what to do; empty for a fault of ours."""
    from django.db import DatabaseError  # noqa: PLC0415 - help is instant

    if isinstance(error, ExceptionGroup):
        return next(filter(None, map(remedy, error.exceptions)), "")
    if type(error).__name__ in ("SettingsError", "PolicyDoesNotLoad", "CommandError"):
        return str(error)
    if isinstance(error, DatabaseError):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _FULL
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS):
        return f"{error.filename} can't be opened: give it to {running_as()}, who runs this"
    return ""


_FULL = (
    "the disk is full, of bytes or of files (`df -h`, `df -i`): make room where the database and"
    " the data folder lie, then start again"
)


def _no_room() -> bool:
    """Whether the disk of SQLite's file takes nothing: what it says of that itself is another."""
    from django.conf import settings  # noqa: PLC0415 - help is instant

    folder = Path(str(settings.DATABASES["default"]["NAME"])).parent
    return folder.is_dir() and full(folder, 1 << 20, 8)


def _too_long() -> str:
    """That SQLite can't open its file for the length of its path, and what to do; or nothing."""
    from django.conf import settings  # noqa: PLC0415 - help is instant

    from plainview.privacy.gate.sqlite3 import copying  # noqa: PLC0415

    return copying.too_long(Path(str(settings.DATABASES["default"]["NAME"])))


def _of_database(error: Exception) -> str:
    from django.db import NotSupportedError  # noqa: PLC0415 - help is instant

    from plainview.privacy import schema  # noqa: PLC0415

    first = str(error).strip().partition("\n")[0]
    if isinstance(error, NotSupportedError):
        return (
            f"the database is too old: {first} A newer Python brings a newer SQLite; a PostgreSQL"
            " is named in PLAINVIEW_DATABASE_URL"
        )
    if "disk is full" in first or "No space left" in first:
        return _FULL
    if "can only be read" in first:
        return (
            f"{first}: it is a copy of another server, or set so. Name the one that is written to"
            " in PLAINVIEW_DATABASE_URL"
        )
    if "unable to open" in first and (long := _too_long()):
        return long
    if ("unable to open" in first or "disk I/O" in first) and _no_room():
        return _FULL
    if "readonly" in first or "unable to open" in first:
        return (
            f"the database can't be written to ({first}): give its file and folder to"
            f" {running_as()}, who runs this, or name another in PLAINVIEW_DATABASE_URL"
        )
    try:
        waiting, halfway, newer = schema.waiting(), schema.is_carried(), schema.unknown()
    except Exception as away:
        first = str(away).strip().partition("\n")[0]
        return f"the database does not answer ({first}): start it, or see to PLAINVIEW_DATABASE_URL"
    if halfway:
        return f"not all was carried over ({first}): give the same `plainview database take` again"
    if newer:
        return schema.newer_than_code(newer)
    if waiting:
        return "the database is not up to date: `plainview manage migrate`, or start the service"
    return ""
