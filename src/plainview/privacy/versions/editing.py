"""Changes to the files of a policy that leave every comment, order and space as somebody wrote it.

What a form knows is put into the tables it stands in; everything else keeps its bytes. Whether the
outcome is a policy is not asked here: the policy's own check reads it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.toml_document import TOMLDocument

RECIPIENTS, RETENTION, HEAD = "recipients.toml", "retention.toml", "policy.toml"
_TIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})\}")
Table = MutableMapping[str, Any]


class Edit:
    """Files of a policy while something is put into them; `files()` is what they are afterwards."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._before = dict(files)
        self._open: dict[str, TOMLDocument] = {}
        self._same: dict[str, str] = {}  # what is written of a file in which nothing was put

    def files(self) -> dict[str, bytes]:
        """Every file as it is now; one in which nothing was put has the bytes it had."""
        made = {name: _written(document) for name, document in self._open.items()}
        return self._before | {
            name: text.encode() for name, text in made.items() if text != self._same.get(name)
        }

    def table(self, file: str, *path: str) -> Table:
        """The table at a path of a file; it is made where there is none."""
        if file not in self._open:
            self._open[file] = tomlkit.parse(self._before.get(file, b"").decode())
            if file in self._before:
                self._same[file] = _written(self._open[file])
        found: Any = self._open[file]
        for name in path:
            if name not in found:
                found[name] = tomlkit.table()
            found = found[name]
        return found  # type: ignore[no-any-return]

    def recipient(
        self, id_: str, values: Mapping[str, Any], receives: Mapping[str, list[str]]
    ) -> None:
        """Put what is said of a recipient, new or known: single keys, and what it gets for what."""
        table = self.table(RECIPIENTS, "recipient", id_)
        for key, value in values.items():
            put(table, key, value)
        known = table.get("receives", {})
        for purpose in [each for each in known if not receives.get(each)]:
            del known[purpose]
        for purpose, categories in receives.items():
            if "receives" in table:  # as dotted keys, a table of its own or an inline one
                put(table["receives"], purpose, categories)
            elif categories:
                table.append(tomlkit.key(["receives", purpose]), categories)  # type: ignore[attr-defined]

    def safeguard(self, id_: str, values: Mapping[str, Any]) -> None:
        """Put what protects data with a recipient abroad, where at most one thing does."""
        table = self.table(RECIPIENTS, "recipient", id_)
        if not any(values.values()):
            table.pop("safeguard", None)
            return
        if not table.get("safeguard"):
            table["safeguard"] = tomlkit.aot()
            table["safeguard"].append(tomlkit.table())
        for key, value in values.items():
            put(table["safeguard"][0], key, value)

    def end_recipient(self, id_: str, languages: Iterable[str]) -> None:
        """Let nobody of this id receive anything, and leave no words of it."""
        self.table(RECIPIENTS, "recipient").pop(id_, None)
        for language in languages:
            for file in ("recipients", "joint"):
                self.table(f"texts/{language}/{file}.toml").pop(id_, None)

    def keep(
        self, category: str, schedule: str, values: Mapping[str, Any], *, own: str = ""
    ) -> str:
        """Put how long a category is kept; with `own` a schedule of this id for it alone.

        Return the schedule that it stands in.
        """
        table = self.table(RETENTION, "schedule", schedule)
        if own:
            rest = self.table(RETENTION, "schedule", schedule)
            rest["categories"].remove(category)
            shared = {key: rest[key] for key in ("removable", "outlives") if key in rest}
            table = self.table(RETENTION, "schedule", own)
            put(table, "categories", [category])
            values = {**values, **shared}
        for key, value in values.items():
            put(table, key, value)
        return own or schedule

    def rests(self, law: str, kinds: Mapping[str, str]) -> None:
        """Put the basis that a law names for each kind of purposes; "" is that of its parent."""
        table = self.table(f"jurisdictions/{law}.toml", "kinds")
        for kind, basis in kinds.items():
            put(table, kind, basis)

    def say(self, file: str, path: Iterable[str], text: str) -> None:
        """Put a sentence of a language at its place; an empty one is taken out."""
        *tables, last = path
        put(self.table(file, *tables), last, text)

    def head(self, name: str, effective: dt.date, summary: str, touches: list[str]) -> None:
        """Put the name and day of a version, and what changes with it, in one `[[change]]`."""
        head = self.table(HEAD)
        put(head, "version", name)
        put(head, "effective", effective)
        changes = head.get("change")
        if not changes:
            changes = tomlkit.aot()
            changes.append(tomlkit.table())
            head["change"] = changes
            changes = head["change"]
        while len(changes) > 1:
            del changes[1]
        put(changes[0], "summary", summary)
        put(changes[0], "material", bool(touches) or None)
        put(changes[0], "touches", touches)


def put(table: Table, key: str, value: Any) -> None:
    """Let a key have a value, or be gone for nothing; the same again changes no byte."""
    if value in (None, "", [], {}):
        table.pop(key, None)
    elif key not in table or table[key] != value:
        if isinstance(value, dict) and isinstance(table.get(key), dict):
            for name in {**table[key], **value}:
                put(table[key], name, value.get(name))
            return
        table[key] = _item(value)


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return value


def _written(document: TOMLDocument) -> str:
    """The text of a document; the library loses the space between a date and a closing brace."""
    return _TIGHT.sub(r"\1 }", tomlkit.dumps(document))
