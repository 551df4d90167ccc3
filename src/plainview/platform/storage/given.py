"""What whoever runs a command names to it, and whether the command's user reaches it."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Any

import click


def running_as() -> str:
    """The user of this process, whatever the environment still says of who called it."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"


class File(click.Path):
    """A file that is there. One that is shut to this process's user is not said to be missing."""

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path, allow_dash=allow_dash)

    def convert(self, value: Any, *more: Any) -> Any:
        try:
            os.stat(value)
            shut = not os.access(value, os.R_OK, effective_ids=True)
        except OSError as error:
            shut = isinstance(error, PermissionError)
        if shut:
            self.fail(f"{value} can't be opened by {running_as()}, who runs this", *more)
        return super().convert(value, *more)
