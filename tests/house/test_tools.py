"""What tools and benches take from elsewhere is there: no suite runs most of them."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BESIDE = {
    path.stem: path for path in chain((ROOT / "tools").glob("*.py"), (ROOT / "bench").glob("*.py"))
}
"""Whatever lies there, by the name under which the others import it."""


def test_what_tools_and_benches_take_is_there():
    gone = [
        f"{path.relative_to(ROOT)}: {module}.{name}"
        for path in BESIDE.values()
        for module, name in taken(ast.parse(path.read_text()))
        if not is_there(module, name)
    ]
    assert gone == []


def taken(source: ast.Module) -> Iterator[tuple[str, str]]:
    """Each module that is imported, with each name taken of it; "" for it alone."""
    modules: dict[str, str] = {}
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names)
            modules |= {each.asname or each.name: each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), each.name) for each in node.names)
            held = {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
            modules |= {name: said for name, said in held.items() if is_module(said)}
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id, "")
            if module in BESIDE or module.startswith("plainview."):
                yield module, node.attr


def is_module(name: str) -> bool:
    place = ROOT / "src" / name.replace(".", "/")
    return place.with_suffix(".py").exists() or place.is_dir()


def is_there(module: str, name: str) -> bool:
    """Of what is neither ours nor beside, whether it is installed."""
    if module in BESIDE:  # most of them act when they are imported
        told = rf"^(?:def |class |from .* import .*|import )?{name}\b"
        return bool(re.search(told, BESIDE[module].read_text(), re.MULTILINE))
    if not module.startswith("plainview"):
        return importlib.util.find_spec(module.partition(".")[0]) is not None
    found = importlib.import_module(module)
    return not name or hasattr(found, name) or is_module(f"{module}.{name}")
