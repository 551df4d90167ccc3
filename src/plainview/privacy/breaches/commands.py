"""`plainview privacy breaches`: what is open in the register, and by when."""

from __future__ import annotations

import json

import click

from plainview.privacy.breaches import queries
from plainview.privacy.gate.doors import touches_nobody


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it for a program.")
@touches_nobody("the register of breaches names nobody")
def breaches(as_json: bool) -> None:
    """List the breaches that are open, and each duty of theirs with its moment, in UTC.

    It ends with 1 where something should have been told by now.
    """
    found = [each for each in queries.cases() if each.open]
    rows = [
        {
            "number": each.breach.number,
            "duty": one.key,
            "state": one.state,
            "due": f"{one.clock.due:%Y-%m-%dT%H:%M:%SZ}" if one.clock.due else None,
        }
        for each in found
        for one in each.undone
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        for row in rows:
            by = f"by {row['due']}" if row["due"] else "begins later"
            click.echo(f"{row['number']}  {row['state']:<8} {row['duty']:<24} {by}")
        click.echo(f"{len(found)} open")
    if any(row["state"] == "late" for row in rows):
        raise SystemExit(1)
