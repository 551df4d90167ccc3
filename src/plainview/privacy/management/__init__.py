"""Which of Django's own commands pass the gate: those in `commands/`, under a duty, and a few more.

Every other one is refused, whichever app brings it: it would run into the gate half-way.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.management import get_commands

OURS = "plainview.privacy"
WITHOUT_PURPOSE = {
    "check": "judges code and settings",
    "collectstatic": "gathers the files of pages",
    "compilemessages": "works on files of the source",
    "diffsettings": "shows settings",
    "findstatic": "finds a file of a page",
    "makemessages": "works on files of the source",
    "optimizemigration": "works on files of the source",
    "remove_stale_contenttypes": "touches names of our models",
    "shell": "opens no purpose: what is personal is refused until a door is opened in it",
    "squashmigrations": "works on files of the source",
}


def passing() -> Iterator[tuple[str, str]]:
    """Each management command that may run, by name, with what it is let in as."""
    for name, app in sorted(get_commands().items()):
        if app == OURS:
            yield name, "a duty, opened for its length"
        elif name in WITHOUT_PURPOSE:
            yield name, WITHOUT_PURPOSE[name]
