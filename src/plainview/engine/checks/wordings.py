"""Checks of wordings.toml: only wordings that are equally fair may be compared (P2.11a).

The forms are made so that a wording can change nothing but the two lines before the buttons: not
the buttons, their order, size or number of steps, not what is asked, and nothing is ticked. What is
left to go wrong is in the words, so they must be of a length, urge nobody, and have been read by a
lawyer as they stand, in every language, both.
"""

import itertools
import re
from collections.abc import Iterator

from plainview.engine.declarations import TODAY, WORDED, Comparison
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.reading import Reader
from plainview.engine.words import Words

FILE = "wordings.toml"
LONGER = 1.25
"""One text may be so many times as long as the other."""
LEAST = 5
READ = ("choices", "wordings")
_URGES = re.compile("[!\uff01\u00a1]|\\b[A-Z]{4,}\\b")


def check_wordings(folder: Folder, reader: Reader) -> None:
    """Each comparison is of wordings that are equally fair, one at a time, and it ends."""
    if folder.wordings.least < LEAST:
        problem = f"a figure of fewer than {LEAST} answers may speak of somebody"
        reader.add(FILE, ("least",), problem, f"write {LEAST} or more")
    running = sorted(folder.wordings.comparison.items(), key=lambda item: item[1].from_)
    for (_, before), (id_, after) in itertools.pairwise(running):
        if after.from_ <= before.until:
            problem = "it begins before another has ended, so neither would say anything"
            reader.add(FILE, ("comparison", id_, "from"), problem, "let it begin later")
    for id_, comparison in running:
        at: Path = ("comparison", id_)
        for key, problem, remedy in _unfit(comparison):
            reader.add(FILE, (*at, key), problem, remedy)
        for language, words in folder.words.items():
            for problem, remedy in _unfair(comparison, language, words):
                reader.add(FILE, (*at, "wordings"), problem, remedy)


def _unfit(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    named = comparison.wordings
    if len(set(named)) != len(named) or len(named) < 2:
        yield "wordings", "it does not name two or more different wordings", "name two"
    if TODAY not in named:
        remedy = f"add `{TODAY}`, the wording of every day"
        yield "wordings", "it has nothing to be compared with", remedy
    if comparison.until < comparison.from_:
        yield "until", "it ends before it begins", "write a later day"


def _unfair(comparison: Comparison, language: str, words: Words) -> Iterator[tuple[str, str]]:
    unread = [file for file in READ if file in words.unreviewed()]
    for file in unread:
        problem = f"no lawyer has reviewed `{file}` in `{language}` as it stands"
        yield (
            problem,
            f"have it read, and write `[reviewed_by]` into `texts/{language}/{file}.toml`",
        )
    for wording in comparison.wordings:
        if wording == TODAY:
            continue
        for key in WORDED:
            said = words.sentences.get(f"wordings.{wording}.{key}", "")
            if _URGES.search(said):
                problem = f"`{wording}` urges: {said!r}"
                yield problem, "say it plainly, without exclamation marks or capitals"
        for model in ("optin", "optout"):
            ours, theirs = (_length(words, stem, model) for stem in _stems(wording))
            if ours and theirs and not 1 / LONGER <= ours / theirs <= LONGER:
                problem = f"`{wording}` ({model}, `{language}`) has {ours} letters, today {theirs}"
                yield problem, f"keep one within {LONGER} times the other"


def _stems(wording: str) -> tuple[str, str]:
    return f"wordings.{wording}", "choices.banner"


def _length(words: Words, stem: str, model: str) -> int:
    return sum(len(words.sentences.get(f"{stem}.{model}.{part}", "")) for part in ("title", "text"))
