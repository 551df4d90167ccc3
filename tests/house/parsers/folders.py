"""The operator's files: the policy and connections."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from tests.fuzzing import Parser
from tests.house.parsers.inputs import POLICY, as_text, place

from plainview.engine import parsing, positions
from plainview.engine.checks import check
from plainview.engine.folder import read_folder
from plainview.engine.reading import Reader
from plainview.privacy.consent import storage
from plainview.privacy.disclosures import (
    connections,
)
from plainview.privacy.versions import archive as versions


def _policy_text(data: bytes) -> str:
    """One file of the shipped policy in the place of its own."""
    name, _, content = data.partition(b"\n")
    file = as_text(name)
    folder = place() / "policy"
    if not folder.exists():
        versions.write(versions.files_of(POLICY), folder)
    if file not in _POLICY_FILES and file not in storage.declared():
        return "no file"
    (folder / file).write_bytes(content)
    try:
        reader = Reader(folder)
        check(read_folder(reader), reader)
        return (
            f"{len(reader.problems)} {sorted({each.problem[:25] for each in reader.problems})[:3]}"
        )
    finally:
        (folder / file).unlink()
        if file in _POLICY_FILES:
            (folder / file).write_bytes((POLICY / file).read_bytes())


_POLICY_FILES = tuple(
    each.relative_to(POLICY).as_posix()
    for each in sorted(POLICY.rglob("*"))
    if each.suffix in (".toml", ".csv") and each.stat().st_size < 40_000
)


def _policy_texts() -> list[bytes]:
    own = storage.declared().items()
    return [
        *(f"{name}\n".encode() + (POLICY / name).read_bytes() for name in _POLICY_FILES),
        *(f"{name}\n{text}".encode() for name, text in own),
    ]


_TOML_WORDS = (b"[a]\n", b"[[a]]\n", b"a.b = 1\n", b'"""', b"'''", b"= {}", b"2026-01-01", b"inf",
               b"\\u0000", b"# ", b"= []", b'= ["a"]\n', b"true", b"[recipients]\n")  # fmt: skip


def _toml(data: bytes) -> str:
    found = parsing.parse(as_text(data))
    if not found.faults:
        positions.locate(as_text(data))
    return f"{len(found.faults)} {sorted({each.problem[:20] for each in found.faults})[:3]}"


def _connections(data: bytes) -> str:
    file = place() / "connections.toml"
    file.write_bytes(data)
    connections._read.cache_clear()
    found = connections._read(file, 0)
    return f"{[(each.kind, each.addresses) for each in found.values()]}"


_CONNECTIONS = b"""[connection.partner]
kind = "webhook"
url = "https://partner.example/in"
key = "k"
private = true
sends = { partners = "P1D" }
[connection.archive]
kind = "heads"
url = "mailto:archive@example.org,b%40c@example.org"
every = "P1D"
"""


PARSERS = (
    Parser(
        "toml",
        _toml,
        lambda: [each.partition(b"\n")[2][:3000] for each in _policy_texts()],
        (),
        _TOML_WORDS,
    ),
    Parser("policy", _policy_text, _policy_texts, (), _TOML_WORDS, few=1),
    Parser(
        "connections", _connections, lambda: [_CONNECTIONS], (ImproperlyConfigured,), _TOML_WORDS
    ),
)
