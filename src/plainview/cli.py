"""The `plainview` command. Each command is loaded when it is named, so that help is instant."""

from __future__ import annotations

import importlib
import os
import sys

import click
import django

from plainview import __version__

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
    "policy": ("plainview.privacy.policy_cli:policy", "Read, check and explain the policy."),
    "translations": (
        "plainview.domains.staff.commands:translations",
        "Say how far translations are, and export them.",
    ),
    "privacy": ("plainview.privacy.commands:privacy", "Say what is held, and what a door touches."),
    "post": ("plainview.privacy.post.commands:post", "Fetch mail to the privacy address."),
    "log": ("plainview.privacy.log.commands:log", "Show, check and sign the log of answers."),
    "backup": (
        "plainview.privacy.backups.commands:backup",
        "Make, list and verify backups that only their key opens.",
    ),
    "restore": ("plainview.privacy.backups.commands:restore", "Put a backup back."),
    "reencrypt": (
        "plainview.domains.accounts.commands:reencrypt",
        "Carry second-factor secrets over to the newest key.",
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
        django.setup()
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
    """The console script."""
    try:
        cli(prog_name="plainview")
    except Exception as error:
        if type(error).__name__ not in ("SettingsError", "PolicyDoesNotLoad"):
            raise
        click.echo(f"plainview: {error}", err=True)
        sys.exit(2)
