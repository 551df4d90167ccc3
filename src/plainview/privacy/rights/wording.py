"""Values as people read them: dates in their language, names for numbers, words for codes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plainview.platform.languages import dates, numbers
from plainview.privacy.consent.questions import called, language, say
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.rights import tables

EXACT = 2**53
"""Numbers from here on are identifiers, written as they are."""
Cell: TypeAlias = "tuple[Field[Any, Any], Any]"
Names = Mapping[Cell, str]
_ANSWERS = ("granted", "affirmed", "denied")


def label(table: str, field: Field[Any, Any]) -> str:
    """What a column is called: the policy's words for it, else its own name."""
    words = in_force().words
    for tongue in (language(), in_force().head.languages[0]):
        sentences = words[tongue].sentences if tongue in words else {}
        for key in (f"held.{table}.{field.column}", f"held.column.{field.column}"):
            if key in sentences:
                return sentences[key]
    return str(capfirst(field.verbose_name))


def category(id_: str) -> str:
    """What a kind of data is called."""
    return str(capfirst(say(f"categories.{id_}")))


def theirs(id_: str) -> str:
    """What a kind of data is called to the staff, who read of somebody else."""
    policy = in_force()
    first = policy.words[policy.head.languages[0]].sentences
    return say(f"theirs.{id_}" if f"theirs.{id_}" in first else f"categories.{id_}")


def names(fields: Sequence[Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> Names:
    """The public names of what the rows point to, where that is about nobody. Needs a duty."""
    wanted: dict[Field[Any, Any], set[Any]] = {}
    for row in rows:
        for cell in zip(fields, row, strict=True):
            for field, value in _cells(cell[1]) or [cell]:
                if value is not None and _points_to_nobody(field):
                    wanted.setdefault(field, set()).add(value)
    found: dict[Cell, str] = {}
    for field, keys in wanted.items():
        remote: Any = field.related_model
        targets = remote._base_manager.select_related().in_bulk(keys)
        found |= {(field, key): name_of(target) for key, target in targets.items()}
    return found


def _cells(raw: Any) -> list[Cell]:
    """What an entry would show of a whole row in one column, by `table.column`; else none."""
    if not isinstance(raw, dict):
        return []
    found = []
    for key, each in raw.items():
        name, _dot, column = key.partition(".")
        table = registry().tables.get(name)
        held = table.columns.get(column) if table else None
        field: Any = tables.fields(table).get(column) if table else None
        if held is not None and field is not None and "." in held.mark.category:
            with suppress(ValidationError):  # the column held something else then
                each = field.to_python(each)
            found.append((field, each))
    return found


def _points_to_nobody(field: Field[Any, Any]) -> bool:
    if not isinstance(field, ForeignKey):
        return False
    remote: Any = field.remote_field.model
    table = registry().tables.get(remote._meta.db_table)
    return table is not None and not table.personal and field.target_field.primary_key


def name_of(target: Any) -> str:
    """The public name of a row about nobody."""
    name = getattr(target, "name", "")
    return str(getattr(name, "text", name) or target)


def value(field: Field[Any, Any], raw: Any, found: Names) -> str:
    """One value in words; empty for nothing."""
    if raw is None or raw == "":
        return ""
    if isinstance(raw, str | int) and (field, raw) in found:
        return found[field, raw]
    if cells := _cells(raw):
        said = ((label(f.model._meta.db_table, f), value(f, each, found)) for f, each in cells)
        return _joined(_told(name, text) for name, text in said if text)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(raw, raw))
    if field.column == "recipient" and isinstance(raw, str):
        return called(raw)
    if field.column == "purpose" and isinstance(raw, str):
        return _key(raw)
    if field.column == "facts" and isinstance(raw, str):
        return _standing(raw)
    if field.column == "valid_until" and isinstance(raw, int):
        return _fact("valid_until", raw)
    return in_words(raw)


def _standing(written: str) -> str:
    """What decides for somebody, as they would say it; what nobody ever said is left out."""
    try:
        facts = json.loads(written)
    except ValueError:
        return written
    said = {key: _fact(key, each) for key, each in facts.items() if each and each != "none"}
    return _joined(_told(_called(key), text) for key, text in said.items())


def _called(fact: str) -> str:
    """What a fact is called: like the kind of data that it is, where that says it."""
    if fact in ("choices", "signals"):
        return category(f"consent.{fact}")
    return _worded(f"held.facts.{fact}", fact)


def _fact(key: str, said: Any) -> str:
    match key:
        case "presence" | "residence":
            return _worded(f"jurisdictions.{said}", said)
        case "age":
            return _worded(f"held.known.{said}", said)
        case "objections":
            states = {"pending": "weighed"}
            weighed = ((_key(id_), states.get(state, state)) for id_, state in said.items())
            return _listed(f"{id_} ({_worded(f'held.known.{now}', now)})" for id_, now in weighed)
        case "restrictions":
            kinds = ("purposes", "categories", "disputed")
            held = [name for one in said for kind in kinds for name in one.get(kind, ())]
            return _listed(dict.fromkeys(_key(name.partition(" ")[0]) for name in held))
        case "pending":
            return _listed(map(_key, said))
        case "valid_until":
            return dates.written(dt.datetime.fromtimestamp(said, dt.UTC), "DATE_FORMAT")
    return in_words(said)


def _worded(key: str, otherwise: str) -> str:
    """The policy's words under a key; a policy of before may lack them."""
    policy = in_force()
    first = policy.words[policy.head.languages[0]].sentences
    return say(key) if key in first else otherwise


def in_words(raw: Any) -> str:
    """A value without its field."""
    if isinstance(raw, bool):
        return _("Yes") if raw else _("No")
    if isinstance(raw, dt.datetime):
        local = timezone.localtime(raw) if timezone.is_aware(raw) else raw
        return dates.written(local, "DATETIME_FORMAT")
    if isinstance(raw, dt.date):
        return dates.written(raw, "DATE_FORMAT")
    if isinstance(raw, bytes | memoryview):
        return _("%(size)s bytes") % {"size": numbers.written(len(raw))}
    if isinstance(raw, int) and abs(raw) < EXACT:
        return str(raw)
    if isinstance(raw, str) and raw[:1] in "{[":
        try:
            raw = json.loads(raw)
        except ValueError:
            return str(raw)
    if isinstance(raw, dict):
        return _record(raw) if raw.get("@type") == "dpv:ConsentRecord" else _object(raw)
    if isinstance(raw, list):
        return _listed(in_words(each) for each in raw)
    return _answer(raw) if isinstance(raw, str) else str(raw)


def _object(raw: Mapping[str, Any]) -> str:
    """A JSON object by its keys; answers to many questions as who said yes or no to which."""
    if not raw or not all(isinstance(each, str) and each in _ANSWERS for each in raw.values()):
        return _joined(_told(_key(key), in_words(each)) for key, each in raw.items())
    said: dict[str, list[str]] = {}
    for key, answer in sorted(raw.items(), key=lambda each: _ANSWERS.index(each[1])):
        said.setdefault(_answer(answer), []).append(_key(key))
    return _joined(_told(word, _listed(names)) for word, names in said.items())


def _record(raw: Mapping[str, Any]) -> str:
    """What a record of the log says: which receipt it is of, when, and what was said."""
    states = raw["dpv:hasConsentStatus"]
    at = dt.datetime.fromisoformat(states[0]["dpv:isIndicatedAtTime"])
    answers = {id_: each["pv:answer"] for each in states for id_ in each["dpv:hasPurpose"]}
    said = (_told(_("Receipt"), raw["dct:identifier"]), in_words(at), _object(answers))
    return _joined(filter(None, said))


def _told(name: str, text: str) -> str:
    return f"{name}{_worded('notice.colon', ': ')}{text}"


def _joined(parts: Iterable[str]) -> str:
    return _worded("notice.semicolon", "; ").join(parts)


def _listed(parts: Iterable[str]) -> str:
    return _worded("notice.comma", ", ").join(parts)


def _key(key: str) -> str:
    """A key of a JSON object; a purpose goes by its name, a kind of data by its own."""
    if key in in_force().categories:
        return say(f"categories.{key}")
    return say(f"purposes.{key}.name") if key in in_force().purposes else key


def _answer(text: str) -> str:
    return {"granted": _("Yes"), "affirmed": _("Yes"), "denied": _("No")}.get(text, text)
