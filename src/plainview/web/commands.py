"""Commands that run the service: `serve`, `work`, `manage`."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line

from plainview.domains.playback import services as playback
from plainview.platform.jobs import worker
from plainview.platform.search import shelves
from plainview.privacy import log, permissions, policy_reload, schema, starting
from plainview.privacy.backups import barrier, replaying
from plainview.privacy.disclosures import recalls
from plainview.privacy.disclosures.guarding import shut
from plainview.privacy.gate.doors import runs, touches_nobody
from plainview.privacy.log import accounting
from plainview.privacy.management import passing
from plainview.privacy.policies import controller
from plainview.privacy.versions import following
from plainview.web import firstrun, rotation
from plainview.web.leaving import leave_with_parent
from plainview.web.supervising import supervise
from plainview.web.turns import AT_ONCE

NICER = 5
LOOK_SECONDS = 2.0
THREADS = AT_ONCE + 64
"""Those that work, and those that hold a stream or a body open each."""


@click.command()
@click.option("--host", default=None, help="Address to listen on. [PLAINVIEW_HOST]")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=None,
    help="Port to listen on. [PLAINVIEW_PORT]",
)
@click.option("--migrate/--no-migrate", default=True, help="Bring the database up to date first.")
@click.option("--demo", is_flag=True, help="Load the demonstration catalogue if there is no film.")
@click.pass_context
@runs("authentication", everyone="asks whether anybody is staff yet, for the first run")
def serve(
    context: click.Context, host: str | None, port: int | None, migrate: bool, demo: bool
) -> None:
    """Start the site and, beside it, its job worker. Ctrl-C stops both, SIGHUP reloads the policy.

    Settings come from the environment; `plainview doctor` judges them. Behind a reverse proxy set
    PLAINVIEW_PUBLIC_URL and PLAINVIEW_TRUSTED_PROXIES.
    """
    host = host or settings.ENV.host
    port = port or settings.ENV.port
    try:
        policy_reload.refuse_misplaced(settings.POLICY_DIR, settings.DATA)
    except policy_reload.Misplaced as misplaced:
        raise click.ClickException(str(misplaced)) from None
    if barrier.unpacks():
        raise click.ClickException(
            "a restore was ended half-way: give the same `plainview restore` command again"
        )
    _refuse_taken(host, port)
    _refuse_newer()
    if migrate:
        bring_up_to_date()
    kept = policy_reload.begin(settings.POLICY_DIR, settings.DATA)
    _refuse_unfit()
    permissions.refold()
    log.sequence()  # it notices a database that was put back, and shuts the site until it is mended
    accounting.policy_runs()
    rotation.note()
    recalls.ask_for_review()
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    address = settings.ENV.public_url or f"http://{_readable(host)}:{port}"
    click.echo(f"{controller().name} is at {address}")
    if token := firstrun.token():
        click.echo(f"First run: make the first staff account at {address}/setup/?token={token}")
    if demo:
        context.invoke(_sibling(context, "demo"))
    sys.exit(supervise(_web(host, port), [_worker] * settings.ENV.job_workers, kept))


def _refuse_unfit() -> None:
    """Raises ClickException with all that keeps the service from starting."""
    try:
        starting.refuse_unfit()
    except starting.Unfit as unfit:
        raise click.ClickException(str(unfit)) from None


def _refuse_newer() -> None:
    """Raises ClickException on a database that a later version brought up to date."""
    if newer := schema.unknown():
        raise click.ClickException(schema.newer_than_code(newer))


def _refuse_taken(host: str, port: int) -> None:
    """Raises ClickException where nobody could listen, before anything else is begun."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"nothing can listen on {host}, port {port} ({error.strerror}): stop what is"
                " there, or name another by --host and --port or PLAINVIEW_HOST and PLAINVIEW_PORT"
            ) from None


def _sibling(context: click.Context, name: str) -> click.Command:
    """Another command of `plainview`."""
    group = context.find_root().command
    assert isinstance(group, click.Group)  # noqa: S101
    command = group.get_command(context, name)
    assert command is not None  # noqa: S101
    return command


def bring_up_to_date() -> None:
    """Apply waiting migrations, and make the search index if there is none; says what it does."""
    if schema.waiting():
        click.echo("Bringing the database up to date …")
        call_command("migrate", verbosity=0, interactive=False)
    if shelves.is_bare():
        make_index_anew()


@click.command()
@touches_nobody("titles, their people and lines of films are about nobody who uses the service")
def reindex() -> None:
    """Make the search index anew: titles, people, genres, and every line of subtitles.

    It follows each change by itself; this is for after rows were changed by other means.
    """
    make_index_anew()


def make_index_anew() -> None:
    """Make the search index anew, and say how much is in it."""
    for kind, count in shelves.rebuild():
        click.echo(f"Search index: {count} of kind {kind}")


def _readable(host: str) -> str:
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104


def _web(host: str, port: int) -> Callable[[], None]:
    arguments = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    arguments += ["--workers", str(settings.ENV.web_workers), "--blocking-threads", str(THREADS)]
    arguments += ["--log-level", "error", "--respawn-failed-workers", "--workers-kill-timeout"]
    arguments += ["5", "plainview.web.wsgi:application"]

    def run() -> None:
        from granian.cli import cli  # noqa: PLC0415 - none but this process needs it

        cli.main(arguments, "granian", auto_envvar_prefix="GRANIAN")

    return run


def _worker() -> None:
    work.main(["--leave-with-parent"], "plainview work")


@click.command()
@click.option("--leave-with-parent", "leaves", is_flag=True, hidden=True)
@runs(
    "playback",
    source="derived",
    everyone="clears away what dead work on films and forms left; each job is its own door",
)
def work(leaves: bool) -> None:
    """Run a job worker by itself, here or elsewhere with the same database and data folder.

    Any number may run; each job is held by one at a time, and one whose worker dies is taken over
    within a minute. Ctrl-C or SIGTERM stops at once: the job in hand goes back to the queue.
    """
    shut()
    barrier.begin()
    stop = threading.Event()
    parent = os.getppid()

    def leave(*_: object) -> None:
        stop.set()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    if leaves:
        leave_with_parent(parent)
        os.nice(NICER)  # pages that somebody waits for come first
    while barrier.unpacks() and not stop.wait(1):  # the database must not be touched yet
        pass
    _refuse_newer()
    _await_database(stop)
    known = _Known(stop, leaves=leaves)
    following.follow()
    if not leaves:  # whoever serves has judged
        _refuse_unfit()
    following.watch()
    if not barrier.shut():
        playback.sweep_orphans()
    worker.run_until(stop, lambda: replaying.worker_rests() or known.rests())
    if known.ended:
        raise click.ClickException(known.ended)


class _Known:
    """Whether a worker may take jobs of the database of now, which is looked at every so often.

    In one that a later version brought up to date each would fail, for good. A worker by itself
    ends then, so that whoever keeps it starts it anew; one beside a site waits with it.
    """

    def __init__(self, stop: threading.Event, *, leaves: bool) -> None:
        self._stop, self._leaves, self._watch = stop, leaves, schema.Watch()
        self._look, self._said = 0.0, ""
        self.ended = ""

    def rests(self) -> bool:
        """Whether no job may be taken now; says why, once."""
        if time.monotonic() < self._look:
            return bool(self._said)
        why = self._watch.moved()
        self._look = time.monotonic() + LOOK_SECONDS
        if why and why != self._said:
            words = _NEWER if why == "newer" else _WAITING
            if why == "newer" and not self._leaves:
                self.ended = words
                self._stop.set()
            else:
                click.echo(words, err=True)
        self._said = why
        return bool(why)


_NEWER = (
    "The database is of a newer version than this worker, which takes no more jobs. Start the"
    " version that brought it there."
)
_WAITING = (
    "The database is not up to date. Work begins once `plainview serve`, or `plainview manage"
    " migrate`, has brought it there."
)


def _await_database(stop: threading.Event) -> None:
    """Wait until the database is as this code knows it: in another every job fails, for good."""
    if schema.waiting():
        halfway = f"Work waits: {schema.HALFWAY}. Was it ended, {schema.TAKE_AGAIN}."
        click.echo(halfway if schema.is_carried() else _WAITING, err=True)
        while schema.waiting() and not stop.wait(LOOK_SECONDS):
            pass


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@touches_nobody("each of Django's commands that passes opens its own duty, or needs no purpose")
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own commands, such as `plainview manage migrate`; `plainview manage` lists them.

    Those that would reach into personal data without a purpose are not among them.
    """
    known = dict(passing())
    asked = [each for each in arguments if each not in ("help", "-h", "--help")]
    if not asked:
        click.echo("Django's commands that pass the gate:\n")
        for name, why in known.items():
            click.echo(f"  {name:<26} {why}")
        return
    if asked[0] not in known:
        raise click.UsageError(
            f"{asked[0]} is not one of Django's commands that pass the gate; `plainview manage`"
            " lists them. A command of one's own is a command of `plainview`, and a door:"
            " docs/privacy.md says how."
        )
    execute_from_command_line(["plainview manage", *arguments])
