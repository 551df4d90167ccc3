"""Writes docs/promises.md: for each promise the policy, the code and the tests that keep it.

    python tools/promises.py            say whether the page is fresh and nothing was lost
    python tools/promises.py --write    write it anew; a promise that was kept must still be
    python tools/promises.py --write --drop P1.2.3a    let that one go, on purpose

Nothing is listed by hand. The policy names promises under `promises`, code in its docstrings, tests
in their names, docstrings and tables. The state of each is a lock: it may only rise.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plainview.engine import Policy, Promise, load, load_cases, load_invariants

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "promises.md"
STATES = ("to come", "unproved", "in part", "kept")
NAMED = re.compile(r"\bP(?:\d+|C)(?:\.\d+)*[a-z]\b")
IN_A_NAME = re.compile(r"p(?:\d+|c)(?:_\d+)*[a-z](?=_|$)")
# The title of a row in a table of tests: `P3.1a one basis less`.
IN_A_TABLE = re.compile(rf"(?:{NAMED.pattern}[ ,:]+)+(?=\w)")
# What brings the rooms that are not there yet.
CAPABILITIES = {
    "domains/accounts/providers": "signing in with other services",
    "domains/ads": "advertising",
    "domains/analytics": "figures and research",
    "domains/billing": "plans and payments",
    "domains/community": "community",
    "domains/marketing/measuring": "measuring what news brings",
    "domains/marketing/programmes": "rewards for data",
    "domains/marketing/surveys": "surveys",
    "domains/recommendations": "recommendations",
    "domains/support/tickets": "tickets of the help desk",
    "privacy/disclosures/buyers": "handing the service to a buyer",
    "privacy/retention/connections": "records of access that a law asks for",
}


class Kept(NamedTuple):
    """What keeps one promise: places of the policy, of the code and of the tests."""

    policy: list[str]
    code: list[str]
    tests: list[str]


def gather(policy: Policy, folder: Path) -> dict[str, Kept]:
    """Return what keeps each promise."""
    code, tests = _named_in_code(), _named_in_tests(policy)
    for file, cases in load_cases(folder, policy).items():
        for promise in {case.promise for case in cases}:
            count = sum(case.promise == promise for case in cases)
            tests[promise].append(f"policy/{file} ({count})")
    for invariant in load_invariants(folder, policy):
        for promise in invariant.promises:
            tests[promise].append(f"policy/invariants.toml {invariant.id}")
    return {
        id_: Kept(
            [f"{each.file} {each.key}".strip() for each in policy.carried.get(id_, ())],
            sorted(set(code[id_])),
            sorted(set(tests[id_])),
        )
        for id_ in policy.promises
    }


def state(promise: Promise, kept: Kept) -> str:
    """Return how far a promise is kept."""
    if not (kept.code and kept.tests):
        return "to come" if missing(promise) else "unproved"
    return "in part" if missing(promise) else "kept"


def missing(promise: Promise) -> list[str]:
    """Return the rooms that the promise needs and that nobody has built yet."""
    return [room for room in promise.rooms if room in CAPABILITIES and not _built(room)]


def _built(room: str) -> bool:
    """Whether a room does something: one with services, not only a format."""
    folder = ROOT / "src" / "plainview" / room
    return (folder / "services.py").exists() or (folder / "services").exists()


def _named_in_code() -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "src" / "plainview").rglob("*.py")):
        if "tests" in file.parts:
            continue
        short, text = str(file.relative_to(ROOT / "src" / "plainview")), file.read_text()
        if not NAMED.search(text):
            continue
        for name, words in _docstrings(ast.parse(text), ""):
            for promise in NAMED.findall(words):
                found[promise].append(f"{short} {name}".strip())
    return found


def _docstrings(node: ast.AST, path: str) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of everything public or not in a module."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    if isinstance(node, documented):
        yield path, ast.get_docstring(node) or ""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, documented):
            name = getattr(inner, "name", "")
            yield from _docstrings(inner, f"{path}.{name}".strip("."))


def _in_a_title(words: str) -> list[str]:
    """The promises that the title of a case begins with."""
    titled = IN_A_TABLE.match(words)
    return NAMED.findall(titled[0]) if titled else []


def _named_in_tests(policy: Policy) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    spoken = {id_.lower().replace(".", "_"): id_ for id_ in policy.promises}
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "src").rglob("test_*.py")]
    for file in sorted(files):
        short, text = str(file.relative_to(ROOT)), file.read_text()
        if not (NAMED.search(text) or IN_A_NAME.search(text)):
            continue
        for name, node in _tests_of(ast.parse(text)):
            for word in IN_A_NAME.findall(name):
                if word in spoken:
                    found[spoken[word]].append(f"{short} {name}")
            for _, words in _docstrings(node, ""):
                for promise in NAMED.findall(words):
                    found[promise].append(f"{short} {name}")
            for inner in ast.walk(node):
                words = inner.value if isinstance(inner, ast.Constant) else None
                for promise in _in_a_title(words) if isinstance(words, str) else ():
                    found[promise].append(f"{short} {name or words}")
    for file in sorted((ROOT / "tests").rglob("*.toml")):
        short = str(file.relative_to(ROOT))
        for title in tomllib.loads(file.read_text()):
            for promise in _in_a_title(title):
                found[promise].append(f"{short} {title}")
    for file in sorted((ROOT / "frontend").glob("*/*.test.ts")):
        for promise in NAMED.findall(file.read_text()):
            found[promise].append(str(file.relative_to(ROOT)))
    return found


def _tests_of(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield what stands in a module of tests, with its name; of a class, each of its tests."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                name = getattr(inner, "name", "")
                yield f"{node.name}.{name}" if name else node.name, inner
        else:
            yield getattr(node, "name", ""), node


def page(policy: Policy, kept: dict[str, Kept]) -> str:
    """Return the page."""
    states = {id_: state(promise, kept[id_]) for id_, promise in policy.promises.items()}
    counts = ", ".join(f"{list(states.values()).count(each)} {each}" for each in reversed(STATES))
    lines = [
        "# Promises",
        "",
        "What the notice promises, and what keeps each promise: entries of the policy, code that",
        "enforces it, tests that name it. Written by `tools/promises.py` from `policy/`, from",
        "docstrings and from tests. `make check` fails when it is stale, and a test when a promise",
        "that was kept no longer is.",
        "",
        f"{len(states)} promises: {counts}.",
        "",
        "- **kept**: every room it needs is there; code enforces it and tests name it",
        "- **in part**: code and tests keep what is built; a room is still to come",
        "- **unproved**: the rooms are there, but no code names it or no test does",
        "- **to come**: waits for the capability named",
    ]
    section = None
    for id_, promise in policy.promises.items():
        if promise.section.partition(".")[0] != section:
            section = promise.section.partition(".")[0]
            title = f"Section {section}" if section[0].isdigit() else section
            lines += ["", f"## {title}"]
        lines += ["", f"### {id_}: {states[id_]}", "", promise.promise + ".", ""]
        for head, places in zip(("Policy", "Code", "Tests"), kept[id_], strict=True):
            lines.append(f"- {head}: " + ("; ".join(f"`{each}`" for each in places) or "none"))
        for room in missing(promise):
            lines.append(f"- Comes with {CAPABILITIES[room]} (`{room}`)")
    return "\n".join(lines) + "\n"


def recorded() -> dict[str, str]:
    """Return the state of each promise as the page has it."""
    if not PAGE.exists():
        return {}
    heads = re.findall(r"^### (\S+): (.+)$", PAGE.read_text(), re.MULTILINE)
    return dict(heads)


def lost(now: dict[str, str]) -> list[str]:
    """Return the promises whose state the page has higher than it is now, each in words."""
    return [
        f"{id_} was {before} and is {now.get(id_, 'gone')}"
        for id_, before in recorded().items()
        if STATES.index(before) > STATES.index(now.get(id_, STATES[0]))
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--drop", action="append", default=[], metavar="PROMISE")
    arguments = parser.parse_args()
    folder = ROOT / "policy"
    policy = load(folder)
    kept = gather(policy, folder)
    now = {id_: state(promise, kept[id_]) for id_, promise in policy.promises.items()}
    gone = [line for line in lost(now) if line.partition(" ")[0] not in arguments.drop]
    if gone:
        print("no longer proved; bring back the code or test that names it:")
        print("\n".join(f"  {line}" for line in gone))
        return 1
    text = page(policy, kept)
    if arguments.write:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        print("docs/promises.md is stale: .venv/bin/python tools/promises.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
