"""The house stands as ARCHITECTURE.md says: what import-linter can't see is said here."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "plainview"
CODE = sorted(
    path
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts and "__pycache__" not in path.parts
)
FRONTEND = [
    path
    for suffix in ("*.ts", "*.css")
    for path in sorted((ROOT / "frontend").rglob(suffix))
    if "node_modules" not in path.parts
]
DOMAIN_ROOMS = {
    "__init__", "models", "services", "queries", "views", "forms", "urls", "tasks", "commands",
    "ports", "templates", "migrations", "tests",
    # rooms that only some domains need, each with its reason
    "adapter",  # accounts: django-allauth asks for one
    "passwords",  # accounts: what Django's settings name as judges of a password
    "texts",  # catalogue: words in several languages
    "search",  # catalogue: the search column
    "document",  # catalogue: a title as forms, files and history carry it
    "licensing",  # catalogue: the rule over licences, without rows, clock or request
    "formats",  # subtitles: the file formats
    "quality",  # subtitles: how they are measured and checked
    "live",  # subtitles: how people in the studio hear each other
    "access",  # staff: who may enter the desk
    "permissions",  # staff: which role may do what
    "navigation",  # staff: the rooms of the desk
    "languages",  # staff: every language by name, for forms
    "translating",  # staff: strings of pages and sentences of the policy, in one shape
}  # fmt: skip


READERS = [ROOT / "tools", ROOT / "bench"]
WORD = re.compile(r"\w+")
IMPORTED = re.compile(r"^ *from ([\w.]+) import (?:\(([^)]*)\)|([^#\n]+))", re.MULTILINE)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def read(path: Path) -> tuple[str | None, list[str]]:
    """The docstring of a module, and the functions and constants that it defines."""
    module = ast.parse(path.read_text())
    return ast.get_docstring(module), list(defined(module))


def defined(module: ast.Module) -> Iterator[str]:
    """The functions and constants of a module; a decorator may hand one on to somebody."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def test_no_page_with_our_forms_hides_where_they_come_from():
    """A page under `no-referrer` sends its forms with `Origin: null` (Fetch § 3.2): refused.

    Our own policy, `same-origin`, tells no other site an address either.
    """
    said = re.compile(r"""referrer" content="no-referrer|Referrer-Policy"\] = "no-referrer""")
    pages = [*CODE, *SOURCE.rglob("*.html")]
    assert [named(path) for path in pages if said.search(path.read_text())] == []


def test_no_file_outgrows_400_lines():
    """Split it by what a person does. Whoever checks us reads and keeps one file (P2.11e)."""
    tests = sorted((ROOT / "tests").rglob("*.py"))
    files = [path for path in CODE + tests + FRONTEND if path != SOURCE / "verify.py"]
    assert [named(path) for path in files if len(path.read_text().splitlines()) > 400] == []


def test_every_function_and_constant_of_a_module_is_read_somewhere():
    """What nothing calls is deleted. Django reads its settings and handlers by their names."""
    code = {path: path.read_text() for path in CODE if "tests" not in path.parts}
    readers = [path.read_text() for part in READERS for path in sorted(part.rglob("*.py"))]
    readers += [path.read_text() for path in sorted(SOURCE.rglob("templates/**/*.html"))]
    words = Counter(chain.from_iterable(map(WORD.findall, [*code.values(), *readers])))
    unread = [
        f"{named(path)}: {name}"
        for path in code
        if path.parent.name != "settings" and path.name != "urls.py"
        for name in read(path)[1]
        if words[name] == 1
    ]
    assert unread == []


def taken(package: str, texts: list[tuple[str, list[tuple[str, str, str]]]]) -> set[str]:
    """The names that anybody takes from a package: imported, or read off the package itself."""
    parent, _, last = package.rpartition(".")
    found: set[str] = set()
    for text, imports in texts:
        for source, inside, line in imports:
            if source not in (package, parent):
                continue
            names = [each.split(" as ") for each in re.split(r"\s*,\s*", (inside or line).strip())]
            if source == package:
                found |= {name[0] for name in names}
            for alias in (name[-1] for name in names if source == parent and name[0] == last):
                found |= set(re.findall(rf"\b{alias}\.(\w+)", text))
    return found


def test_what_a_package_hands_on_is_taken_by_somebody():
    """A package hands on what its first file imports of its rooms; what nobody asks for goes."""
    tops = [CODE, *(sorted((ROOT / top).rglob("*.py")) for top in ("tests", "tools", "bench"))]
    read = (path.read_text() for path in chain.from_iterable(tops))
    texts = [(text, IMPORTED.findall(text)) for text in read]
    left = []
    for path in (each for each in CODE if each.name == "__init__.py"):
        package = ".".join(("plainview", *path.parent.relative_to(SOURCE).parts))
        text = path.read_text()
        handed = {
            alias.asname or alias.name
            for node in ast.parse(text).body
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}.")
            for alias in node.names
        }
        own = Counter(WORD.findall(text))
        left += [
            f"{named(path)}: {name}"
            for name in sorted(handed - taken(package, texts))
            if own[name] == 1
        ]
    assert left == []


def test_journeys_lie_in_their_folder_and_nothing_else_does():
    """`make test` looks for journeys there alone, and for everything else around it."""
    folder = ROOT / "tests" / "journeys"
    for path in (each for top in ("tests", "src") for each in (ROOT / top).rglob("test_*.py")):
        is_one = re.search(r"^@?.*pytest\.mark\.journey\b", path.read_text(), re.MULTILINE)
        assert bool(is_one) == (path.parent == folder), named(path)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is committed, only git knows")
def test_nothing_that_a_service_made_lies_in_the_repository():
    """Its keys, its database, what was fetched for it: each service makes its own where it runs."""
    listing = ["git", "-c", f"safe.directory={ROOT}", "ls-files"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    made = re.compile(r".*(-key|setup-token|\.(sqlite3(-\w+)?|log|whl|pem))")
    assert [each for each in listed.splitlines() if made.fullmatch(each)] == []


def test_no_folder_or_file_is_a_dumping_ground():
    dumps = {"utils", "util", "helpers", "common", "core", "base", "misc"}
    found = []
    beside = (path for room in ("bench", "tests", "tools") for path in (ROOT / room).rglob("*.py"))
    for path in (each for each in [*CODE, *beside] if each.name != "__init__.py"):
        parts = {*path.relative_to(ROOT).parts[:-1], path.stem}
        if "gate" in parts:
            parts -= {"base"}  # Django demands that name of a database backend
        found += [named(path)] if parts & dumps else []
    assert found == []


@pytest.mark.parametrize(
    "domain",
    [p for p in sorted((SOURCE / "domains").iterdir()) if (p / "__init__.py").exists()],
    ids=lambda p: p.name,
)
def test_every_domain_follows_the_plan(domain):
    rooms = {path.stem for path in domain.iterdir() if path.name != "__pycache__"}
    assert rooms <= DOMAIN_ROOMS
    assert ast.get_docstring(ast.parse((domain / "__init__.py").read_text())), (
        "say what it owns and what it never does"
    )


def test_no_domain_reaches_into_the_insides_of_another():
    """Another domain is reached through its services, queries and models' names only."""
    allowed = {
        "services",
        "queries",
        "models",
        "ports",
        "formats",
        "texts",
        "search",
        "licensing",
        "document",
    }
    pattern = re.compile(r"from plainview\.domains\.(\w+)\.(\w+)|from plainview\.domains\.(\w+) ")
    for path in (p for p in CODE if "domains" in p.parts and "tests" not in p.parts):
        own = path.relative_to(SOURCE / "domains").parts[0]
        for match in pattern.finditer(path.read_text()):
            other, room = match.group(1) or match.group(3), match.group(2)
            assert other == own or room is None or room in allowed, f"{named(path)}: {match[0]}"


def test_every_module_says_what_it_is_for():
    silent = [
        named(path)
        for path in CODE
        if path.name != "__init__.py" and "tests" not in path.parts and not read(path)[0]
    ]
    assert silent == []
