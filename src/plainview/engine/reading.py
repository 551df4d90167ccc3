"""Reads a policy folder into structs, and goes on after each problem to find the next."""

import datetime as dt
import re
import tomllib
import types
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from plainview.engine.positions import Path, locate
from plainview.engine.problems import Problem, nearest

T = TypeVar("T", bound=msgspec.Struct)

_ERROR_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_CONCEPTS = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in square brackets",
    "object": "a table",
    "date": "a date",
    "null": "nothing",
}
_BLANKS: dict[Any, Any] = {str: "", int: 0, bool: False, dt.date: dt.date.min}


class Reader:
    """Reads the files of one folder. `problems` gathers all that is wrong with them.

    `raw` holds the
    plain values, for the fingerprint; `unreadable` the files that could not be parsed at all.
    """

    def __init__(self, folder: FilePath) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self.lines: dict[str, dict[Path, int]] = {}
        self.raw: dict[str, dict[str, Any]] = {}
        self.unreadable: list[str] = []

    def add(self, file: str, path: Path, problem: str, remedy: str) -> None:
        """Note a problem at `path` of `file`, or at the nearest table above it that has a line."""
        if file not in self.lines:
            self.lines[file] = locate(self.texts.get(file, ""))
        lines = self.lines[file]
        at = path
        while at and at not in lines:
            at = at[:-1]
        self.problems.append(Problem(file, lines.get(at, 1), dotted(path), problem, remedy))

    def table(self, file: str) -> dict[str, Any] | None:
        """Return the parsed file, or None after noting why it can't be had."""
        try:
            text = (self.folder / file).read_text("utf-8")
        except FileNotFoundError:
            self.unreadable.append(file)
            self.add(file, (), "the file is missing", f"create `{file}` in the policy folder")
            return None
        except (OSError, UnicodeDecodeError) as error:
            self.unreadable.append(file)
            self.add(file, (), "the file can't be read as text", f"save it as UTF-8: {error}")
            return None
        try:
            value = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.unreadable.append(file)
            place = _ERROR_PLACE.search(str(error))
            last = text.count("\n") + 1
            line = int(place.group(1)) if place and place.group(1) else last
            said = _ERROR_PLACE.sub("", str(error))
            said = said[:1].lower() + said[1:]
            remedy = "mend the TOML there; text goes in quotes, lists in square brackets"
            self.problems.append(Problem(file, line, "", said, remedy))
            return None
        self.texts[file] = text
        self.raw[file] = value
        return value

    def read(self, file: str, kind: type[T]) -> T:
        """Return the file as `kind`. What is wrong is noted, and blank where it could not be."""
        return self._struct(file, (), self.table(file), kind)

    def part(self, file: str, path: Path, value: Any, kind: type[T]) -> T:
        """Return a table within a file as `kind`, like `read`."""
        return self._struct(file, path, value, kind)

    def names(self, pattern: str) -> list[str]:
        """Return the files matching `pattern`, relative to the folder, sorted."""
        found = (path.relative_to(self.folder) for path in self.folder.glob(pattern))
        return sorted(path.as_posix() for path in found)

    def _struct(self, file: str, path: Path, value: Any, kind: type[T]) -> T:
        silent = value is None  # the missing table was noted by whoever looked for it
        if not silent and not isinstance(value, dict):
            self.add(file, path, "expected a table", f"write it as `[{dotted(path)}]`")
            silent, value = True, None
        value = value or {}
        fields = _fields(kind)
        for key in value.keys() - fields.keys():
            known = ", ".join(f"`{name}`" for name in sorted(fields) if name != "id")
            remedy = nearest(key, fields, f"remove it; what may stand here: {known}")
            self.add(file, (*path, key), f"unknown key `{key}`", remedy)
        found: dict[str, Any] = {}
        for key, field in fields.items():
            if key in value:
                found[field.name] = self._value(file, (*path, key), value[key], field.type)
            elif field.required:
                found[field.name] = _blank(field.type)
                if not silent:
                    remedy = f"add `{key} = ...`, {_concept(field.type)}"
                    self.add(file, path, f"`{key}` is missing", remedy)
                if _is_struct(field.type):
                    found[field.name] = self._struct(file, (*path, key), None, field.type)
        return kind(**found)

    def _value(self, file: str, path: Path, value: Any, kind: Any) -> Any:
        kind = _plain(kind)
        if _is_struct(kind):
            return self._struct(file, path, value, kind)
        inner = get_args(kind)
        if get_origin(kind) is dict and _is_struct(inner[1]) and isinstance(value, dict):
            return {
                name: self._entry(file, (*path, name), name, entry, inner[1])
                for name, entry in value.items()
            }
        if get_origin(kind) is tuple and _is_struct(inner[0]) and isinstance(value, list):
            return tuple(
                self._struct(file, (*path, n), entry, inner[0]) for n, entry in enumerate(value)
            )
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            self.add(file, path, *_reworded(str(error), value, kind))
            return _blank(kind)

    def _entry(self, file: str, path: Path, name: str, value: Any, kind: type[T]) -> T:
        entry = self._struct(file, path, value, kind)
        if "id" in getattr(kind, "__struct_fields__", ()):
            entry = msgspec.structs.replace(entry, id=name)
        return entry


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def dotted(path: Path) -> str:
    """Return a path as people write it: `purpose.recommend.rule[0].when`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if re.fullmatch(r"[\w-]+", part) else f'"{part}"'
            text += f".{key}" if text else key
    return text


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _plain(kind: Any) -> Any:
    """Return `X` for `X | None`, since TOML has no null."""
    if get_origin(kind) in (Union, types.UnionType):
        options = [option for option in get_args(kind) if option is not type(None)]
        if len(options) == 1:
            return options[0]
    return kind


def _literals(kind: Any) -> list[str]:
    """Return the words a type allows, if it is a choice of words."""
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    if get_origin(kind) in (Union, types.UnionType):
        return [word for option in get_args(kind) for word in _literals(option)]
    if get_origin(kind) is tuple:
        return _literals(get_args(kind)[0])
    return []


def _blank(kind: Any) -> Any:
    kind = _plain(kind)
    if _is_struct(kind):
        return None  # filled by the caller, who knows the place
    words = _literals(kind)
    origin = get_origin(kind)
    if origin in (dict, tuple):
        return origin()
    return words[0] if words else _BLANKS.get(kind)


def _concept(kind: Any) -> str:
    kind = _plain(kind)
    words = _literals(kind)
    origin = get_origin(kind)
    if words and origin is not tuple:
        return "one of " + ", ".join(f"`{word}`" for word in words if word)
    if _is_struct(kind) or origin is dict:
        return "a table"
    if origin is tuple:
        return "a list in square brackets"
    return _CONCEPTS.get(getattr(kind, "__name__", ""), "a value")


def _reworded(error: str, value: Any, kind: Any) -> tuple[str, str]:
    words = [word for word in _literals(kind) if word]
    if "Invalid enum value" in error and words:
        wrong = (
            value
            if isinstance(value, str)
            else next((item for item in value if item not in words), value)
        )
        listed = ", ".join(f"`{word}`" for word in words)
        return f"`{wrong}` is not one of the words allowed here", nearest(
            str(wrong), words, f"write one of {listed}"
        )
    match = _EXPECTED.search(error)
    if match:
        wanted, got = (_CONCEPTS.get(word, word) for word in match.groups())
        return f"expected {wanted}, found {got}", f"write {_concept(kind)}"
    return error[:1].lower() + error[1:], f"write {_concept(kind)}"
