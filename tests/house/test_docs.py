"""The docs are true: what they name exists, and what exists is named."""

from __future__ import annotations

import functools
import re
import subprocess
from pathlib import Path

import click
import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from plainview import cli
from plainview.settings.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
PRODUCT = ROOT / "src/plainview"
VERBS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_link_to_a_file_leads_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{named(page)} links to {target}"


def test_the_house_names_each_part_of_a_storey_that_is_there_and_no_other():
    """Whoever begins here finds what belongs where in one table."""
    rows = re.findall(r"^\| `src/plainview/(\w+)/` \| (.*) \|$", PAGES[1].read_text(), re.MULTILINE)
    said = {storey: set(re.findall(r"`(\w+)`", words)) for storey, words in rows}
    parts = {path.stem for path in (PRODUCT / "platform").glob("[a-z]*")}
    assert said["platform"] == parts
    rooms = {path.parent.name for path in (PRODUCT / "privacy").glob("[a-z]*/__init__.py")}
    assert said["privacy"] == rooms - {"management", "migrations", "templatetags"}


def test_every_decision_stands_in_the_list_by_its_heading():
    """Whoever looks for why something is as it is finds it by its name."""
    folder = ROOT / "docs/decisions"
    entry = re.compile(r"^- (\d+\. )\[(.*)\]\((.*)\)$", re.MULTILINE)
    listed = entry.findall((folder / "README.md").read_text())
    pages = [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]
    assert [path.name for path in pages] == [name for _, _, name in listed]
    for number, title, name in listed:
        assert (folder / name).read_text().startswith(f"# {number}{title}\n")


PROGRAM = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").glob("*.py")]
"""Programs name verbs and commands too, in what they tell people to do."""


def commands_in(page: Path) -> list[str]:
    """What a page tells people to type after `plainview`: in back-ticks, or a line of a block."""
    text = page.read_text().replace("\\\n", " ")
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = "\n".join([*re.findall(r"`([^`\n]+)`", text), *blocks])
    return re.findall(r"^[^A-Za-z\n]*(?:\S*/)?plainview ([a-z].*?)(?:  .*)?$", lines, re.MULTILINE)


def test_every_make_verb_and_command_named_exists_with_its_options():
    for page in PAGES + PROGRAM:
        for verb in re.findall(r"`make ([a-z]+)", page.read_text()):
            assert verb in VERBS, f"{named(page)} names make {verb}"
        judge_commands(page)


def judge_commands(page: Path) -> None:
    for said in commands_in(page):
        name, *words = re.split(r" [|#] ", said)[0].split()
        assert name in cli.COMMANDS, f"{named(page)} names plainview {said}"
        command = cli.Commands().get_command(click.Context(cli.cli), name)
        while isinstance(command, click.Group) and words and words[0].isalpha():
            inner = command.commands.get(words.pop(0))
            assert inner, f"{named(page)} names plainview {said}"
            command = inner
        options = {each for part in command.params for each in part.opts + part.secondary_opts}
        for word in words if name != "manage" else []:
            flag = re.match(r"\[?(--?[a-z][a-z-]*)", word)
            assert not flag or flag[1] in options | {"--help"}, f"{named(page)}: {said}"


def test_nothing_has_two_rows_in_one_table():
    for page in PAGES:
        for table in re.findall(r"(?:^\|.*\n)+", page.read_text(), re.MULTILINE):
            heads = re.findall(r"^(\| `[^|]+\|)", table, re.MULTILINE)
            assert len(heads) == len(set(heads)), f"{named(page)}: {sorted(heads)}"


def test_every_setting_named_exists():
    known = {row[0] for row in Environment.described()}
    for page in PAGES:
        for variable in re.findall(r"PLAINVIEW_[A-Z_]+[A-Z]", page.read_text()):
            assert variable in known, f"{named(page)} names {variable}"


def test_the_page_of_settings_lists_each_with_its_words():
    text = (ROOT / "docs/settings.md").read_text()
    for variable, kind, default, words in Environment.described():
        shown = f"`{default}`" if default else ""
        assert f"| `{variable}` | {kind} | {shown} | {words} |" in text


def test_the_page_of_commands_lists_each_command_and_verb():
    text = (ROOT / "docs/commands.md").read_text()
    for command in cli.COMMANDS:
        assert f"`plainview {command}`" in text
    for verb in VERBS - {"help"}:
        assert f"`make {verb}`" in text


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_teaches_in_its_help(name):
    command = cli.Commands().get_command(click.Context(cli.cli), name)
    assert command is not None
    words = command.get_help(click.Context(command)) if name != "manage" else command.help
    assert words and len(words.split()) > 8


THIRD_PARTIES = ("accounts/", "accounts/security/")  # sets of addresses, named as a whole


def routes(patterns=None, prefix="") -> list[str]:
    """Every address of the service as `/titles/<slug>/`."""
    found = []
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + re.sub(r"<\w+:", "<", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) not in THIRD_PARTIES:
                found += routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append("/" + route)
    return found


def test_the_map_of_doors_names_every_address():
    text = (ROOT / "docs/doors.md").read_text()
    missing = [route for route in routes() if f"`{route}`" not in text]
    assert not missing, f"name them in docs/doors.md: {missing}"


def test_the_map_of_doors_names_no_address_that_is_gone():
    """That something answers at each, `test_a_head_is_answered_wherever_a_get_is` sees."""
    text = (ROOT / "docs/doors.md").read_text()
    for route in re.findall(r"`(/[^`<…]*)`", text):
        assert resolve(route), route


def test_every_dependency_has_its_line():
    text = (ROOT / "docs/dependencies.md").read_text().lower()
    for name in ("run", "dev", "node"):
        for line in (ROOT / f"requirements/{name}.in").read_text().splitlines():
            package = re.match(r"[a-z][a-z0-9-]*", line)
            if package:
                assert package[0] in text, f"{package[0]} of requirements/{name}.in"


@functools.cache
def anchors(page: Path) -> set[str]:
    """Where a link into a page may lead: its headings, as GitHub names them."""
    prose = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    words = (re.sub(r"\]\([^)]*\)|[^\w\- ]", "", head.lower()) for head in heads)
    return {word.strip().replace(" ", "-") for word in words}


def test_every_link_into_a_page_finds_its_heading():
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text()):
            found = (page.parent / target if target else page).resolve()
            assert anchor in anchors(found), f"{named(page)} links to {target}#{anchor}"


def test_the_unit_is_started_again_until_its_database_is_there():
    """By itself systemd gives up after five starts in ten seconds, as after a loss of power."""
    said = (ROOT / "deploy/plainview.service").read_text()
    pause = re.search(r"^RestartSec=(\d+)$", said, re.MULTILINE)
    assert "\nRestart=on-failure\n" in said and pause and int(pause[1]) * 5 > 10


def test_the_command_of_an_operator_hands_on_settings_as_they_stand(tmp_path):
    """As systemd does: nothing in a password is taken for the shell's own."""
    settings = tmp_path / "env"
    url = "postgresql://plain:p$a'ss&w%20rd#@[::1]/films?host=/run x"
    settings.write_text(f"# ours\n\nPLAINVIEW_DATABASE_URL={url}\nPLAINVIEW_PORT=8001")
    script = (ROOT / "deploy/plainview").read_text().replace("/etc/plainview/env", str(settings))
    script, ends = script.split("exec ")
    assert ends.split()[:4] == [
        "setpriv", "--reuid=plainview", "--regid=plainview", "--init-groups",
    ]  # fmt: skip
    tell = 'printf "%s\\n" "$PLAINVIEW_DATABASE_URL" "$PLAINVIEW_PORT" "$@"; umask'
    said = subprocess.run(
        ["sh", "-c", script + tell, "plainview", "backup", "a b"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said.splitlines() == [url, "8001", "backup", "a b", "0027"]
    settings.unlink()
    away = subprocess.run(["sh", "-c", script + tell], capture_output=True, text=True, check=False)
    assert (away.returncode, away.stdout) == (1, "")
    assert str(settings) in away.stderr
