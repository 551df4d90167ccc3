"""What is wrong with a policy folder, said so that whoever wrote it can mend it."""

import difflib
import re
from collections.abc import Iterable

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing to mend: where it stands, what is wrong and what to do.

    `file` is relative to the policy folder, `line` counts from 1, `key` is the dotted key.
    `problem` and `remedy` are lower-case, without a full stop, what was written in backticks.
    """

    file: str
    line: int
    key: str
    problem: str
    remedy: str

    @property
    def table(self) -> str:
        """The declaration the key belongs to: the first two parts of the key."""
        return ".".join(re.split(r"[.\[]", self.key)[:2])

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.key}: " if self.key else "")
        return f"{where}{self.problem}\n  help: {self.remedy}"


class PolicyErrors(Exception):
    """A policy folder does not load. `problems` holds everything found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a remedy naming the closest of `known` to `word`, or `otherwise`.

    Capitals count for nothing: who writes `GPC` means `gpc`.
    """
    named = {each.casefold(): each for each in sorted(known)}
    close = difflib.get_close_matches(word.casefold(), named, n=1, cutoff=0.6)
    return f"did you mean `{named[close[0]]}`?" if close else otherwise
