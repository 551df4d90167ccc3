"""JSON Schemas of the policy's files, made of the structs that read them, for editors.

Taplo and Even Better TOML read the `#:schema` line at the head of a file: they complete keys,
show what each means and underline what can't be right, before `check` is asked.
"""

import re
from fnmatch import fnmatchcase
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from plainview.engine.cases import CaseFile
from plainview.engine.declarations import (
    CategoryFile,
    DecisionFile,
    Document,
    Head,
    Jurisdiction,
    MeasureFile,
    MessageFile,
    ProgrammeFile,
    PurposeFile,
    RecipientFile,
    Retention,
    RightFile,
    RuleBook,
    WordingFile,
)
from plainview.engine.declarations.invariants import InvariantFile

FOLDER = "schema"
# file or pattern -> the name of its schema, and what reads it
FILES: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "policy.toml": ("policy", Head),
    "rules.toml": ("rules", RuleBook),
    "categories.toml": ("categories", CategoryFile),
    "purposes/*.toml": ("purpose", PurposeFile),
    "recipients.toml": ("recipients", RecipientFile),
    "programmes.toml": ("programmes", ProgrammeFile),
    "decisions.toml": ("decisions", DecisionFile),
    "measures.toml": ("measures", MeasureFile),
    "messages.toml": ("messages", MessageFile),
    "wordings.toml": ("wordings", WordingFile),
    "documents/*.toml": ("document", Document),
    "rights.toml": ("rights", RightFile),
    "retention.toml": ("retention", Retention),
    "jurisdictions/*.toml": ("jurisdiction", Jurisdiction),
    "cases/*.toml": ("cases", CaseFile),
    "invariants.toml": ("invariants", InvariantFile),
}
_HEAD = re.compile(r"\A#:schema .*\n")


class NoSchema(LookupError):
    """A file that no schema is for, as the texts: any key may hold a sentence there."""


def schema_of(file: str) -> dict[str, Any]:
    """Return the schema of a file, named as in the folder. Raises NoSchema."""
    name, kind = _of(file)
    schema = msgspec.json.schema(kind, ref_template="#/$defs/{name}")
    kinds = {each.__name__: each for each in _structs(kind)}
    for title, definition in schema["$defs"].items():
        _finish(definition, kinds[title])
    whole = schema["$defs"].pop(kind.__name__)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{name}.json",
        **whole,
        "$defs": dict(sorted(schema["$defs"].items())),
    }


def written(folder: Path) -> dict[Path, str]:
    """Return what `schema/` and the heads of the files should be: path to whole text."""
    found = {}
    for file, (name, _) in FILES.items():
        text = msgspec.json.format(msgspec.json.encode(schema_of(file)), indent=1).decode()
        found[folder / FOLDER / f"{name}.json"] = text + "\n"
    for path in sorted(folder.rglob("*.toml")):
        file = path.relative_to(folder).as_posix()
        try:
            name, _ = _of(file)
        except NoSchema:
            continue
        up = "../" * file.count("/")
        line = f"#:schema {up or './'}{FOLDER}/{name}.json\n"
        found[path] = line + _HEAD.sub("", path.read_text("utf-8"))
    return found


def _of(file: str) -> tuple[str, type[msgspec.Struct]]:
    for pattern, found in FILES.items():
        if fnmatchcase(file, pattern):
            return found
    known = ", ".join(f"`{pattern}`" for pattern in FILES)
    raise NoSchema(f"no schema for `{file}`; there are some for {known}")


def _finish(definition: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    """Make of a definition what the reader does: no other keys, no null, ids from names."""
    definition["additionalProperties"] = False
    words = cleandoc(kind.__doc__ or "")
    definition["description"] = " ".join(words.split("\n\n")[0].split())
    properties = definition["properties"]
    for field in msgspec.structs.fields(kind):
        if field.encode_name == "id" and not field.required:
            del properties["id"]
            continue
        own = properties[field.encode_name]
        options = [each for each in own.get("anyOf", ()) if each != {"type": "null"}]
        if len(options) == 1:
            own = properties[field.encode_name] = options[0]
        own.pop("default", None)
        if "prefixItems" in own:  # as drafts before 2020 say it, which editors read
            own["items"] = own.pop("prefixItems")
        said = _said_of(field.encode_name, words)
        if said and "$ref" not in own:
            own["description"] = said


def _said_of(key: str, words: str) -> str:
    """Return the sentence of a docstring that speaks of a key first."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z`])", " ".join(words.split()))
    return next((each for each in sentences if f"`{key}`" in each), "")


def _structs(kind: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    found: set[type[msgspec.Struct]] = set()
    waiting: list[Any] = [kind]
    while waiting:
        each = waiting.pop()
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            if each not in found:
                found.add(each)
                waiting += [field.type for field in msgspec.structs.fields(each)]
        else:
            waiting += [inner for inner in getattr(each, "__args__", ()) if inner is not each]
    return found
