"""P0b, P1a: nothing that a door leads to writes a kind of data that can't come by its source.

The gate refuses such a write when it is made (`gate/writing.py`), so a way that no test takes would
fail in front of somebody. Here every way is followed through the source: from each declared door to
each function that it calls by name, until another door opens, down to the writes that name their
model, of kinds that its purposes may use: others it is refused anyway. What is called otherwise, or
written through a query in a variable, is not followed.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps

from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry

ROOT = Path(__file__).resolve().parents[2] / "src"
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "acreate"}
NOBODYS = {"demo"}
"""The demonstration puts films on for nobody, by a service that could say for whom."""
OPENS, DOORS = {"Opened"}, {"serves", "runs", "task"}


class Door(NamedTuple):
    """The source of a way in, and its purposes; of those that are not known here, every one."""

    source: str
    purposes: frozenset[str]


@dataclass
class Function:
    """What one function does: writes and calls, each with the door that is open there, or ""."""

    door: Door | None = None
    writes: list[tuple[str, str, set[str], int]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Module:
    """A file: what names in it stand for, its doors, and its functions."""

    names: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)


def declared(call: ast.Call, module: Module, first: int) -> Door:
    """What a declaration says; its purpose is an argument by its place (`first`) or name."""
    said = {each.arg: each.value for each in call.keywords}
    source = said.get("source")
    at = [said.get("serves") or said.get("purpose"), *call.args[first : first + 1]]
    may = said.get("may")
    at += may.elts if isinstance(may, ast.List | ast.Tuple | ast.Set) else [may]
    at += [call.args[first + 1]] if len(call.args) > first + 1 else []
    words = {word(each, module) for each in at if each is not None}
    every = frozenset(in_force().purposes)
    return Door(
        source.value if isinstance(source, ast.Constant) else "derived",
        frozenset(words) if words <= every else every,
    )


def word(node: ast.expr, module: Module) -> str:
    """A word, or what a name of this file stands for; "" where neither is known."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return module.words.get(called(node), "")


def called(node: ast.expr) -> str:
    """A dotted name as it stands, or ""."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := called(node.value)):
        return f"{before}.{node.attr}"
    return ""


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node and in what it holds, without the expressions."""
    for block in ("body", "handlers", "orelse", "finalbody", "cases"):
        for each in getattr(node, block, ()):
            yield each
            yield from statements(each)


def read(path: Path) -> Module:
    """One file, without running it."""
    module, tree = Module(), ast.parse(path.read_text())
    for node in statements(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                module.names[each.asname or each.name] = f"{node.module}.{each.name}"
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            module.words |= {called(target): str(node.value.value) for target in node.targets}
        made = node.value if isinstance(node, ast.Assign) else None
        if isinstance(made, ast.Call) and called(made.func).rpartition(".")[2] == "Door":
            door = declared(made, module, 1)
            module.doors |= {called(target): door for target in node.targets}
        inner = made.func if isinstance(made, ast.Call) else None
        if isinstance(inner, ast.Call) and called(inner.func) == "task" and len(made.args) == 1:
            begun = Function(declared(inner, module, 1), calls=[(called(made.args[0]), "")])
            module.functions[f"task:{node.lineno}"] = begun
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = function(node, module)
    return module


def function(node: ast.FunctionDef, module: Module) -> Function:
    """One function: its doors, and what it does behind which of them."""
    found = Function()
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and called(each.func).rpartition(".")[2] in DOORS:
            found.door = declared(each, module, 1 if called(each.func).endswith("task") else 0)

    def walk(inner: ast.AST, door: str) -> None:
        if isinstance(inner, ast.With):
            for item in inner.items:
                opened = item.context_expr
                if isinstance(opened, ast.Call) and called(opened.func) in OPENS and opened.args:
                    door = f"door:{called(opened.args[0])}"
        if isinstance(inner, ast.Call):
            name = called(inner.func)
            owner, _, verb = name.rpartition(".")
            if verb in WRITES and owner.endswith((".objects", "._default_manager")):
                columns = {each.arg for each in inner.keywords if each.arg} - {"defaults"}
                model = owner.rpartition(".")[0]
                found.writes.append((model, door, columns, inner.lineno))
            elif name:
                found.calls.append((name, door))
        for child in ast.iter_child_nodes(inner):
            walk(child, door)

    for child in node.body:
        walk(child, "")
    return found


@functools.cache
def modules() -> dict[str, Module]:
    """Every file of ours that is no test and no migration, by its dotted name."""
    found = {}
    for path in sorted((ROOT / "plainview").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not {"tests", "migrations", *NOBODYS} & {*parts}:
            found[".".join(parts).removesuffix(".__init__")] = read(path)
    return found


@functools.cache
def resolved(name: str, at: str) -> tuple[str, str] | None:
    """The module and the name in it that a name stands for in a file; None for others' names."""
    first, _, rest = name.partition(".")
    whole = modules()[at].names.get(first, f"{at}.{first}") + (f".{rest}" if rest else "")
    for _hop in range(4):
        place, _, last = whole.rpartition(".")
        if place not in modules():
            return None
        if last in modules()[place].functions or last in modules()[place].doors:
            return place, last
        if last not in modules()[place].names:
            return place, last
        whole = modules()[place].names[last]
    return None


def behind(door: str, at: str, before: Door | None) -> Door | None:
    """The door that a `with Opened(…)` names; None where it is made on the spot."""
    if not door:
        return before
    found = resolved(door.removeprefix("door:"), at)
    return modules()[found[0]].doors.get(found[1]) if found else None


def ways() -> Iterator[tuple[Door, str, str, set[str], int]]:
    """Each write that a door leads to: the door, the file, the model, columns, the line.

    A door that is opened within a function is a way in, whoever calls that.
    """
    seen: set[tuple[Door | None, str, str]] = set()
    todo: list[tuple[Door | None, str, str]] = [
        (each.door, name, key)
        for name, module in modules().items()
        for key, each in module.functions.items()
    ]
    while todo:
        door, place, key = todo.pop()
        if (door, place, key) in seen:
            continue
        seen.add((door, place, key))
        does = modules()[place].functions[key]
        for model, opened, columns, line in does.writes:
            if (inner := behind(opened, place, door)) is not None:
                yield inner, place, model, columns, line
        for name, opened in does.calls:
            inner, found = behind(opened, place, door), resolved(name, place)
            to = modules()[found[0]].functions.get(found[1]) if inner and found else None
            if to is not None and to.door is None:
                todo.append((inner, *found))


@functools.cache
def model_of(name: str, at: str) -> str | None:
    """The table of a model by the name that a file has for it."""
    found = resolved(name, at)
    if found is None:
        return None
    models = [each for each in apps.get_models() if each.__name__ == found[1]]
    ours = [each for each in models if found[0].startswith(each.__module__.split(".models")[0])]
    return ours[0]._meta.db_table if len(ours) == 1 else None


def test_p1a_no_door_leads_to_a_write_that_its_source_can_not_make():
    """P1a, P0b: followed through the source, so that the gate refuses nobody at run time."""
    policy, wrong, followed = in_force(), set(), 0
    for door, place, name, columns, line in ways():
        table = registry().tables.get(model_of(name, place) or "")
        if table is None:
            continue
        followed += 1
        uses = {each for purpose in door.purposes for each in policy.uses(purpose)}
        named = {each.removesuffix("_id") for each in columns}
        for column in table.columns.values():
            category = column.mark.category
            if category not in uses or (named and column.name.removesuffix("_id") not in named):
                continue
            source = door.source
            if source not in policy.sources or not policy.comes_from(category, source):
                wrong.add((source, f"{place}:{line}", f"{table.name}.{column.name}", category))
    assert not wrong, "\n".join(map(str, sorted(wrong)))
    assert followed > 100, "the ways are found at all"


@pytest.mark.parametrize(
    ("source", "category", "comes"),
    [("form", "viewing.list", True), ("partner", "viewing.list", False)],
)
def test_p1a_what_the_gate_asks_is_what_is_asked_here(source, category, comes):
    assert in_force().comes_from(category, source) == comes
