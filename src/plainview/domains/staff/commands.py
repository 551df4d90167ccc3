"""The `plainview translations` and `plainview case` commands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from plainview.domains.staff import queries, services, translating
from plainview.domains.staff.models import Look
from plainview.platform.languages import catalogues
from plainview.privacy import translations as policy
from plainview.privacy.gate.doors import runs, touches_nobody
from plainview.privacy.gate.scope import require
from plainview.privacy.log import accounting
from plainview.privacy.rights import seeking


@click.group()
def translations() -> None:
    """Say how far translations are, and hand on what translators wrote at the desk."""


@translations.command()
@touches_nobody("counts words of pages and of the policy")
def status() -> None:
    """Tell for each language what is missing, stale and a draft."""
    for language in translating.tongues():
        for each in translating.standing(language):
            click.echo(
                f"{language} {each.part}: {each.all} texts, {each.missing} missing,"
                f" {each.stale} stale, {each.draft} drafts"
            )


@translations.command()
@click.option("--language", multiple=True, metavar="TAG", help="Only this language.")
@click.option(
    "--pages",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the strings of pages: pt_BR/LC_MESSAGES/django.po and so on.",
)
@click.option(
    "--policy",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Policy folder into which the policy's sentences are written.",
)
@touches_nobody("writes words, and the names under which they were signed, as their signers wish")
def export(language: tuple[str, ...], pages: Path | None, folder: Path | None) -> None:
    """Write what translators wrote at the desk into files.

    Strings of pages are in effect already; their files are for whoever packages the product.
    Sentences of the policy take effect with the version that is made of the folder.
    """
    if pages is None and folder is None:
        raise click.UsageError("say where to: --pages FOLDER, --policy FOLDER, or both")
    for tag in language or translating.tongues():
        if tag not in translating.tongues():
            raise click.UsageError(f"nothing is translated into `{tag}`")
        if pages is not None and tag in catalogues.begun():
            click.echo(str(catalogues.export(tag, pages)))
        if folder is not None:
            for file in policy.export(tag, folder):
                click.echo(str(folder / file))


ABOUT = "whom the case is about can read of it, as soon as no law forbids to tell them"


@click.group()
def case() -> None:
    """Open the cases in which authorities ask about people, and end them (P2.9a, P4.1.5a).

    What is handed over is said, agreed to and handed over at the desk: nobody is two people here.
    """


@case.command(name="open")
@click.argument("person")
@click.option("--authority", required=True, help="Who asks, by name.")
@click.option("--reference", required=True, help="The number by which it calls its case.")
@click.option("--reason", required=True, help="What it asks for, in a line that PERSON reads.")
@click.option("--owner", required=True, help="The address of who answers for it.")
@click.option(
    "--untold-until",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day until which a law forbids to tell PERSON.",
)
@click.option("--untold-law", default="", help="The law or order that forbids it.")
@runs("account", source="staff", everyone=ABOUT)
def open_(
    person: str,
    authority: str,
    reference: str,
    reason: str,
    owner: str,
    until: dt.datetime | None,
    untold_law: str,
) -> None:
    """Open the case of an authority about PERSON, a number or an address. It lasts three months."""
    whom, answers = seeking.whom(person), seeking.whom(owner)
    if not whom.member:
        raise click.UsageError("nobody here has that number or address")
    if answers.subject not in queries.at_work("privacy.requests"):
        raise click.UsageError("who answers for it is an officer who can come in")
    day = until.date() if until else None
    if bool(day) != bool(untold_law) or (day and not services.may_be_silent(day)):
        raise click.UsageError(
            "a law that forbids to tell has a name, and a day to come, at most"
            f" {services.LONGEST_SILENCE.days} days from now"
        )
    accounting.desk_acts(answers.subject, require().life.door, "open", whom.subject, day)
    made = services.enter_case(
        staff=answers.subject,
        person=whom.subject,
        kind=Look.Kind.LAW,
        reason=reason,
        reference=reference,
        authority=authority,
        untold_until=day,
        untold_law=untold_law,
    )
    click.echo(f"case {made.number} is open until {made.ends_at:%Y-%m-%d}")


@case.command()
@click.argument("person")
@click.argument("number")
@runs("account", source="staff", everyone=ABOUT)
def close(person: str, number: str) -> None:
    """End the case of NUMBER about PERSON: nothing is handed over in it any more."""
    whom = seeking.whom(person)
    untold = queries.untold(number=number, person=whom.subject)
    if not services.close_case(number=number, person=whom.subject):
        raise click.UsageError("no such case is open about them")
    accounting.desk_acts(None, require().life.door, "close", whom.subject, untold)
    click.echo("it is over")
