"""Reads a policy folder into structs, and goes on after each problem to find the next."""

import codecs
import datetime as dt
import fnmatch
import re
import types
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from plainview.engine.declarations import Carrier, Ids
from plainview.engine.parsing import parse
from plainview.engine.positions import Path, locate
from plainview.engine.problems import Problem, nearest

T = TypeVar("T", bound=msgspec.Struct)

Source = FilePath | Mapping[str, bytes]
"""A policy's folder, or its files: bytes by names with slashes."""

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
_MARK, _REPLACED = "\ufeff", "\ufffd"
_BLANKS: dict[Any, Any] = {str: "", int: 0, bool: False, dt.date: dt.date.min}


class Reader:
    """Reads the files of a folder, or of names with their bytes; notes `problems` with them all.

    `raw` holds the plain values, for the fingerprint; `lost` the files of which a whole table or
    more could not be read; `promised` the places where declarations name promises; `retired` the
    keys that are still written and say nothing any more. `given` are texts of files that the
    folder need not have.
    """

    def __init__(self, folder: Source, given: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.given = {name: text for name, text in (given or {}).items() if not self._has(name)}
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self.lines: dict[str, dict[Path, int]] = {}
        self.raw: dict[str, dict[str, Any]] = {}
        self.lost: set[str] = set()
        self.promised: list[tuple[str, Path, Ids]] = []
        self.retired: list[str] = []
        self._torn: set[tuple[str, Path]] = set()  # tables of which a key could not be read

    def add(self, file: str, path: Path, problem: str, remedy: str) -> None:
        """Note a problem at `path` of `file`, or at the nearest table above it that has a line."""
        if file not in self.lines:
            self.lines[file] = locate(self.texts.get(file, ""))
        lines = self.lines[file]
        at = path
        while at and at not in lines:
            at = at[:-1]
        self.add_at(file, lines.get(at, 1), dotted(path), problem, remedy)

    def add_at(self, file: str, line: int, key: str, problem: str, remedy: str) -> None:
        """Note a problem on a line (from 1) of `file`."""
        self.problems.append(Problem(file, line, key, problem, remedy))

    def text(self, file: str) -> str | None:
        """Return what a file says, or None after noting that it can't be had."""
        if file in self.given:
            return self.given[file]
        try:
            data = self._bytes(file)
        except (FileNotFoundError, KeyError):
            self.lost.add(file)
            self.add(file, (), "the file is missing", f"create `{file}` in the policy folder")
            return None
        except OSError as error:
            self.lost.add(file)
            self.add(file, (), "the file can't be read", f"make it readable: {error.strerror}")
            return None
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.lost.add(file)
            self.add(file, (), "the file is UTF-16", "save it as UTF-8")
            return None
        text = data.decode("utf-8", errors="replace")
        if text.startswith(_MARK):
            text = text.removeprefix(_MARK)
            remedy = "save it as UTF-8 without a byte-order mark"
            self.add_at(file, 1, "", "the file begins with a byte-order mark", remedy)
        if (bad := text.find(_REPLACED)) >= 0 and _REPLACED.encode() not in data:
            line = text.count("\n", 0, bad) + 1
            self.add_at(file, line, "", "the file is not all UTF-8 text", "save it as UTF-8")
        return text

    def table(self, file: str) -> dict[str, Any] | None:
        """Return what could be parsed of a file, or None after noting why it can't be had."""
        text = self.text(file)
        if text is None:
            return None
        parsed = parse(text)
        for fault in parsed.faults:
            if fault.lost:
                self._torn.add((file, fault.table))
                if not fault.table:
                    self.lost.add(file)
            self.add_at(file, fault.line, dotted(fault.table), fault.problem, fault.remedy)
        self.texts[file] = parsed.text
        self.raw[file] = parsed.value
        return parsed.value

    def read(self, file: str, kind: type[T]) -> T:
        """Return the file as `kind`. What is wrong is noted, and blank where it could not be."""
        table = self.table(file)
        if table is not None and (whole := _whole(file, self.texts[file], kind)):
            read, reader = whole
            self.promised += reader.promised
            self.retired += reader.retired
            return cast("T", read)
        return self._struct(file, (), table, kind)

    def part(self, file: str, path: Path, value: Any, kind: type[T]) -> T:
        """Return a table within a file as `kind`, like `read`."""
        return self._struct(file, path, value, kind)

    def names(self, pattern: str) -> list[str]:
        """Return the files matching `pattern`, relative to the folder, sorted."""
        found = fnmatch.filter(self.given, pattern)
        if isinstance(self.folder, FilePath):
            paths = (path.relative_to(self.folder) for path in self.folder.glob(pattern))
            found += [path.as_posix() for path in paths]
        else:
            found += fnmatch.filter(self.folder, pattern)
        return sorted(name for name in found if name.count("/") == pattern.count("/"))

    def _has(self, file: str) -> bool:
        if isinstance(self.folder, FilePath):
            return (self.folder / file).exists()
        return file in self.folder

    def _bytes(self, file: str) -> bytes:
        if isinstance(self.folder, FilePath):
            return (self.folder / file).read_bytes()
        return self.folder[file]

    def _struct(self, file: str, path: Path, value: Any, kind: type[T]) -> T:
        # A missing table was noted by whoever looked for it, a torn one by the parser.
        silent = value is None or (file, path) in self._torn
        if value is not None and not isinstance(value, dict):
            self.add(file, path, "expected a table", f"write it as `[{dotted(path)}]`")
            silent, value = True, None
        value = value or {}
        fields = _fields(kind)
        retired = value.keys() & getattr(kind, "RETIRED", frozenset())
        self.retired += [f"{file}: `{dotted((*path, key))}`" for key in retired]
        for key in value.keys() - fields.keys() - retired:
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
        if issubclass(kind, Carrier) and found.get("promises"):
            self.promised.append((file, path, found["promises"]))
        return kind(**found)

    def _value(self, file: str, path: Path, value: Any, kind: Any) -> Any:
        kind = _plain(kind)
        if _is_struct(kind):
            return self._struct(file, path, value, kind)
        inner = get_args(kind)
        if get_origin(kind) is dict and isinstance(value, dict):
            value = self._named(file, path, value, _literals(inner[0]))
        if get_origin(kind) is dict and _is_struct(inner[1]) and isinstance(value, dict):
            return {
                name: self._entry(file, (*path, name), name, entry, inner[1])
                for name, entry in value.items()
            }
        if get_origin(kind) is dict and isinstance(value, dict):
            # One entry that is wrong leaves the others as they are.
            found = len(self.problems)
            read = {
                name: self._value(file, (*path, name), entry, inner[1])
                for name, entry in value.items()
            }
            wrong = {problem.key for problem in self.problems[found:]}
            return {
                name: entry for name, entry in read.items() if dotted((*path, name)) not in wrong
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

    def _named(
        self, file: str, path: Path, entries: dict[str, Any], words: list[str]
    ) -> dict[str, Any]:
        """Return the entries whose names are among the words allowed there, if it names any."""
        known = ", ".join(f"`{word}`" for word in words)
        for name in entries if words else ():
            if name not in words:
                remedy = nearest(name, words, f"remove it; what may stand here: {known}")
                self.add(file, (*path, name), f"unknown key `{name}`", remedy)
        return {name: entry for name, entry in entries.items() if not words or name in words}

    def _entry(self, file: str, path: Path, name: str, value: Any, kind: type[T]) -> T:
        entry = self._struct(file, path, value, kind)
        if "id" in getattr(kind, "__struct_fields__", ()):
            entry = msgspec.structs.replace(entry, id=name)
        return entry


@lru_cache(maxsize=1024)
def _whole(file: str, text: str, kind: type[Any]) -> tuple[Any, Reader] | None:
    """Return a text with nothing wrong as `kind`, and who read it; else None.

    It is read once a process, as `parse` has it.
    """
    reader = Reader({})
    read = reader._struct(file, (), parse(text).value, kind)
    return None if reader.problems else (read, reader)


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


@cache
def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


@cache
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
    if origin is tuple and Ellipsis not in get_args(kind):
        return tuple(map(_blank, get_args(kind)))
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
