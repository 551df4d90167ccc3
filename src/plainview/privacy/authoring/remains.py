"""What people have to read over once something was taken out of a policy folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plainview.engine import (
    CaseResult,
    Policy,
    dotted,
    load_cases,
    load_without,
    run_case,
    unshown,
)
from plainview.privacy.authoring.folder import only_words

_CALLED = {
    "law": "jurisdictions.{}",
    "purpose": "purposes.{}.name",
    "category": "categories.{}",
    "programme": "programmes.{}.name",
}

_STEM = 6
"""So many letters lead to the other forms of a longer word: advertising, advertisers."""
_KEPT_READY = ("because.", "choices.", "countries.", "local.", "notice.", "rights.")
"""Words that pages show only where they hold, or that name what the law gives."""


class Version(NamedTuple):
    """A folder whose examples can be read, and its policy."""

    folder: Path
    policy: Policy


def to_read_over(
    before: Version, after: Version, kind: str, names: tuple[str, ...]
) -> Iterator[str]:
    """Yield what `check` takes and a person may not, a line each.

    Numbers that retire, countries without a law, examples and promises that hold no longer, and
    sentences that still speak of what was removed, the declarations `names` of a `kind`.
    """
    yield from _of_what_is_gone(before.policy, after.policy)
    yield from _otherwise(before, after)
    yield from _still_named(before.policy, after.policy, kind, names)


def _of_what_is_gone(policy: Policy, after: Policy) -> Iterator[str]:
    """Numbers that retire, and countries that no law has."""
    for id_ in [each for each in policy.purposes if each not in after.purposes]:
        bit = policy.purposes[id_].bit
        yield f"bit {bit} was `{id_}`: stored answers speak of it, so no other purpose may have it"
    if codes := policy.places.keys() - after.places.keys():
        yield (
            f"no law has {', '.join(sorted(codes))}: whoever lives there can't have an account;"
            " another file may name them in its `places`"
        )


def _otherwise(before: Version, after: Version) -> Iterator[str]:
    """Promises that no example shows any more, and examples that are decided otherwise now."""
    if unseen := sorted(_unshown(*after) - _unshown(*before)):
        yield f"no example shows {', '.join(unseen)} any more; write one of your own in `cases/`"
    failed = {each.case.sentence for _, each in _failing(*before)}
    for file, each in _failing(*after):
        if each.case.sentence not in failed:
            yield f"{file}: {each.case.sentence} ({each.failure})"


def _unshown(folder: Path, policy: Policy) -> set[str]:
    cases = [case for each in load_cases(folder, policy).values() for case in each]
    return set(unshown(policy, cases, load_without(folder)))


def _failing(folder: Path, policy: Policy) -> Iterator[tuple[str, CaseResult]]:
    for file, cases in load_cases(folder, policy).items():
        results = [run_case(policy, case) for case in cases]
        yield from ((file, each) for each in results if each.failure)


def _still_named(policy: Policy, after: Policy, kind: str, names: tuple[str, ...]) -> Iterator[str]:
    """Sentences that name what is gone, and clauses that nothing but words carries any more."""
    yield from only_words(policy, after)
    yield from _of_kinds(policy, after)
    first = after.head.languages[0]
    said, now = policy.words[first], after.words[first]
    for name in names:
        if kind == "recipient":
            called = policy.recipients[name].name
        else:
            called = said.sentences.get(_CALLED.get(kind, "").format(name), "")
        for key, (file, path) in now.places.items() if called else ():
            if called in now.sentences[key] and not key.startswith("countries."):
                shown = "/".join(("texts/*", file.rpartition("/")[2]))
                yield f"{shown}: {dotted(path)} speaks of \u201c{called}\u201d"


def _of_kinds(policy: Policy, after: Policy) -> Iterator[str]:
    """Sentences that speak of a kind of use of which there is none any more, a line a file.

    They are found by what the first question calls the kind; a long word in any of its forms.
    """
    done = {each.kind for each in after.purposes.values()}
    now = after.words[after.head.languages[0]]
    for kind in dict.fromkeys(each.kind for each in policy.purposes.values()):
        called = "".join(now.sentences[key] for key in after.briefly((kind,)))
        if kind in done or not called:
            continue
        stem = called[:_STEM] if len(called) > _STEM and " " not in called else called
        begins = "(?<![a-z])" if stem.isascii() else ""
        speaks = re.compile(begins + re.escape(stem), re.IGNORECASE)
        found: dict[str, list[str]] = {}
        for key, (file, path) in now.places.items():
            if (
                key not in now.ours
                and not key.startswith(_KEPT_READY)
                and speaks.search(now.sentences[key])
            ):
                found.setdefault("/".join(("texts/*", file.rpartition("/")[2])), []).append(
                    dotted(path)
                )
        for file, keys in found.items():
            yield f"{file}: {', '.join(keys)} may speak of \u201c{called}\u201d"
