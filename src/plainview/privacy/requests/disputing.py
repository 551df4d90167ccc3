"""A fact that somebody says is wrong: set aside at the gate while a person looks, then put right.

Which facts those are follows from the marks: all that is held of people and that they can't change
themselves. While it is disputed no purpose reads it but storing, claims, the rights of others and
what the person asks for (P5.2.1.3a; GDPR Art. 18(1)(a)); whoever got it is told what is right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from django import forms
from django.db import models
from django.utils.translation import gettext as _

from plainview.engine import Standing as Facts
from plainview.engine.standing import Restriction
from plainview.platform.languages import speaking
from plainview.privacy import permissions
from plainview.privacy.consent import questions
from plainview.privacy.declarations import SELF, append_only_models
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.requests import machine
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import GRANTS, Matter, Request
from plainview.privacy.rights import holds, queries, tables, wording
from plainview.privacy.rights import services as rights

CORRECT, LABEL = "correct", 140
RECORDS = frozenset({"record", "safety"})
"""What notes what passed between us, or would show a break-in, is rewritten by nobody."""
KEPT = RECORDS | {"law", "needed"}
"""For such a reason nothing of a row goes before its time, so the row doesn't either."""
FACT = Matter.About.FACT
Shown = tuple[tuple[str, str], ...]


class About(NamedTuple):
    """What a request is about, as a door took it: see `Matter`."""

    about: Matter.About
    name: str
    entry: str = ""
    shown: Shown = ()


class Change(NamedTuple):
    """What an officer does with a disputed fact: new values by column, or the row goes."""

    values: Mapping[str, Any] = {}
    remove: bool = False


class NoSuchFact(LookupError):
    """The row is gone, or holds nothing of the category that could be disputed."""


class Unchanged(ValueError):
    """What is granted is put right: there is no other value, and the row stays."""


def fact(subject: int, token: str, category: str) -> About:
    """The fact of a token that its person was shown (`queries.Entry.wrong`), as it stands now.

    Raises django.core.signing.BadSignature for one that is not theirs, and NoSuchFact.
    """
    table, key = queries.of_token(token, subject)
    return _about(subject, category, table.name, key)


def _about(subject: int, category: str, name: str, key: str) -> About:
    table = registry().tables.get(name)
    shown = None if table is None else queries.entry(subject, category, table, key)
    if shown is None or not queries.disputable(category):
        raise NoSuchFact(category)
    return About(FACT, category, f"{name} {key}", shown)


def of_standing(subject: int, fact_: str) -> About:
    """A fact as a standing has it (`Restriction.disputed`). Raises NoSuchFact."""
    category, _space, entry = fact_.partition(" ")
    name, _space, key = entry.partition(" ")
    return _about(subject, category, name, key) if entry else every(category)


def every(category: str) -> About:
    """All that is held of a category, where somebody can't say which entry is wrong."""
    return About(FACT, category)


MOST = 25
"""So many entries of a kind can be named in one list; the others by their page."""


def kinds(subject: int) -> list[tuple[str, str]]:
    """The kinds of what is held of a person that they can't change themselves, in words."""
    held = queries.held(subject)
    return [(id_, wording.category(id_)) for id_ in held if queries.disputable(id_)]


def choices(subject: int) -> list[tuple[str, str]]:
    """Those kinds, each with its latest entries, as an officer names what is disputed."""
    found = []
    for category, name in kinds(subject):
        found.append((category, _("%(kind)s: all of it") % {"kind": name}))
        for each in queries.entries(subject, category).entries[:MOST]:
            said = "; ".join(value for _label, value in each.values)
            if said:
                table, key = queries.of_token(each.wrong, subject)
                found.append((f"{category} {table.name} {key}", f"{name}: {said}"[:LABEL]))
    return found


def named(row: Request, chosen: str) -> None:
    """An officer says which fact it is (one of `choices`): it is set aside from now on.

    What was named before is used again, unless it is the same. Raises NoSuchFact.
    """
    if not row.member or row.kind != CORRECT:
        raise NoSuchFact(chosen)
    about = of_standing(row.subject, chosen)
    lift(row)
    with Opened(DOOR):
        Matter.objects.filter(request=row).delete()
        keep(row, about)
    close(row)


def keep(row: Request, about: About) -> Matter:
    """Write down what a request is about; in the transaction that files it."""
    shown = json.dumps(about.shown, ensure_ascii=False)
    return Matter.objects.create(
        request=row, about=about.about, name=about.name, entry=about.entry, shown=shown
    )


def of(row: Request) -> Matter | None:
    """What a request is about, if that is one thing."""
    with Opened(DOOR):
        return Matter.objects.filter(request=row).first()


class Told(NamedTuple):
    """What a request is about, for a page: its name, and what stood there when they asked."""

    name: str
    shown: list[tuple[str, str]]


def told(matter: Matter, unchanged: list[tuple[str, str]] | None = None) -> Told:
    """A matter in words; of a fact that stands as it stood, `unchanged` in whose reads them."""
    shown = unchanged or [(label, value) for label, value in json.loads(matter.shown or "[]")]
    if matter.about == FACT:
        return Told(wording.category(matter.name), shown)
    return Told(questions.say(f"decisions.{matter.name}.name"), shown)


def close(row: Request) -> bool:
    """Set aside what a request says is wrong, and tell who got it; False if it names nothing."""
    matter = _disputed(row)
    if matter is None:
        return False
    rests = Restriction(ground="accuracy-disputed", disputed=frozenset({_said(matter)}))

    def closed(facts: Facts) -> Facts:
        others = (each for each in facts.restrictions or () if each != rests)
        return msgspec.structs.replace(facts, restrictions=(*others, rests))

    permissions.change(row.subject, closed)
    recalls.corrected(row.subject, frozenset({matter.name}), asked=True)
    return True


def lift(row: Request) -> None:
    """Let it be used again: the person has been told why."""
    matter = _disputed(row)
    if matter is None or permissions.read(row.subject) is None or _asked_elsewhere(row, matter):
        return
    said = frozenset({_said(matter)})

    def lifted(facts: Facts) -> Facts:
        left = tuple(each for each in facts.restrictions or () if each.disputed != said)
        return msgspec.structs.replace(facts, restrictions=left)

    permissions.change(row.subject, lifted, for_good=not _replaced_values(row, matter))
    recalls.corrected(row.subject, frozenset({matter.name}), asked=True)


def _replaced_values(row: Request, matter: Matter) -> bool:
    """Whether other values may stand there now, which no copy of before has.

    Put back from such a copy, the fact is wrong once more, and rests until somebody looks.
    """
    done = row.outcome in GRANTS
    return done and bool(matter.entry) and now(matter, row.subject) is not None


def _asked_elsewhere(row: Request, matter: Matter) -> bool:
    """Whether another request of theirs about the same fact is still running."""
    with Opened(DOOR):
        same = Matter.objects.filter(about=FACT, name=matter.name, entry=matter.entry)
        running = same.filter(request__subject=row.subject, request__state__in=machine.RUNNING)
        return running.exclude(request=row).exists()


def _disputed(row: Request) -> Matter | None:
    matter = of(row) if row.kind == CORRECT and row.member else None
    return matter if matter is not None and matter.about == FACT else None


def _said(matter: Matter) -> str:
    """The fact as a standing has it."""
    return f"{matter.name} {matter.entry}".rstrip()


def now(matter: Matter, subject: int) -> list[tuple[str, str]] | None:
    """What stands there now; None where nothing does, or where it is not one row."""
    table, key = _place(matter)
    if table is None:
        return None
    found = queries.entry(subject, matter.name, table, key)
    return None if found is None else list(found)


def as_it_stood(matter: Matter, row: Request) -> list[tuple[str, str]] | None:
    """What stands there now, in the language at hand, if it is what stood there when they asked."""
    with speaking(row.language):
        same = json.dumps(now(matter, row.subject), ensure_ascii=False) == matter.shown
    return now(matter, row.subject) if same else None


def holders(matter: Matter, subject: int) -> list[str]:
    """The names of those who got the fact, as the ledger has it."""
    return recalls.holders(subject, frozenset({matter.name})) if matter.about == FACT else []


def _place(matter: Matter) -> tuple[Table | None, str]:
    name, _space, key = matter.entry.partition(" ")
    return registry().tables.get(name), key


def fields(matter: Matter, subject: int) -> dict[str, forms.Field]:
    """A form field for each column of the fact that a person can put right, by its column.

    What points to something else can only go, with the row. A record is not rewritten: what is
    wrong in it is said beside it. So nobody's roles, and no look at anybody, are changed here.
    """
    table, key = _place(matter)
    if table is None or not _rewritten(table, matter.name):
        return {}
    found: dict[str, forms.Field] = {}
    with duty("export"):
        row: Any = tables.about(table, subject).filter(pk=key).first()
        for column in _columns(table, matter.name) if row is not None else ():
            field = column.formfield(
                required=False,
                label=wording.label(table.name, column),
                initial=column.value_from_object(row),
            )
            if field is not None:
                found[str(column.column)] = field
    return found


def stands(matter: Matter, subject: int) -> str:
    """Why an entry is neither written anew nor deleted, in a sentence; "" where one of both can be.

    What is wrong in it is said beside it, in the answer.
    """
    if not matter.entry or fields(matter, subject) or removable(matter, subject):
        return ""
    known = in_force().categories[matter.name]
    return questions.say(f"reasons.{known.no_edit or known.no_remove or 'record'}")


def removable(matter: Matter, subject: int) -> bool:
    """Whether the row of the fact may go: not of what is only ever added to, or held for a claim.

    Nor where the policy says why people can't remove it themselves, which holds for us too, and not
    the row that is the person: an account goes by leaving. Of a whole kind that is named without an
    entry, whether no law keeps any of it.
    """
    if not matter.entry:
        return _all_removable(subject, matter.name)
    table, _key = _place(matter)
    if table is None or _kept_for_ever(table) or _stays(table):
        return False
    with duty("export"):
        return subject not in holds.held_of(table.name)


def _all_removable(subject: int, category: str) -> bool:
    with duty("export"):
        return all(
            queries.removable(table, subject)
            for table in tables.tables()
            if any(_columns_of(part, category) for part in tables.parts(table))
            and tables.about(table, subject).exists()
        )


def _columns_of(part: tables.Part, category: str) -> list[models.Field[Any, Any]]:
    return [field for field in part.fields if part.category(field) == category]


def _kept_for_ever(table: Table) -> bool:
    return table.model in append_only_models()


def _rewritten(table: Table, category: str) -> bool:
    return not _kept_for_ever(table) and in_force().categories[category].no_edit not in RECORDS


def _stays(table: Table) -> bool:
    known = in_force().categories
    kept = any(known[each].no_remove in KEPT for each in table.categories if each in known)
    return kept or any(path.name == SELF for path in table.subjects)


def _columns(table: Table, category: str) -> list[models.Field[Any, Any]]:
    return [
        field
        for part in tables.parts(table)
        for field in _columns_of(part, category)
        if field.editable
        and not field.is_relation
        and not field.primary_key
        and not isinstance(field, models.BinaryField | models.FileField | models.JSONField)
    ]


def put_right(row: Request, change: Change) -> str:
    """Put a disputed fact right; return what was done. Raises Unchanged.

    Belongs into the transaction of the answer, whose `lift` tells whoever got the wrong one.
    """
    matter = _disputed(row)
    if matter is None:
        return ""
    if not matter.entry:
        return _all_put_right(row.subject, matter.name, change)
    table, key = _place(matter)
    if table is None or now(matter, row.subject) is None:
        return _("The entry is not there any more.")
    if change.remove and removable(matter, row.subject):
        rights.take_out(row.subject, table, key)
        return _("We deleted the entry.")
    return _replaced(matter, row.subject, table, key, change.values)


def _all_put_right(subject: int, category: str, change: Change) -> str:
    """All of a kind goes, or words say what was done: nothing is changed in silence."""
    if not queries.entries(subject, category).entries:
        return _("Nothing of it is held any more.")
    if change.remove and _all_removable(subject, category):
        rights.remove_all(subject, category)
        return _("We deleted all of it.")
    raise Unchanged(category)


def _replaced(
    matter: Matter, subject: int, table: Table, key: str, values: Mapping[str, Any]
) -> str:
    open_ = _columns(table, matter.name) if _rewritten(table, matter.name) else ()
    columns = {str(each.column): each for each in open_}
    lines = []
    with duty("correction"):
        rows = tables.about(table, subject).filter(pk=key)
        row = rows.select_for_update().get()
        for name, value in values.items():
            column = columns.get(name)
            if column is None or _alike(column.value_from_object(row), value):
                continue
            clean = _empty(column) if value in (None, "") else value
            rows.update(**{column.attname: clean})
            label = wording.label(table.name, column)
            lines.append(f"{label}: {wording.value(column, clean, {}) or '–'}")
    if not lines:
        raise Unchanged(matter.name)
    return _("It now says: %(facts)s") % {"facts": "; ".join(lines)}


def _alike(before: Any, after: Any) -> bool:
    return before == after or (before in (None, "") and after in (None, ""))


def _empty(column: models.Field[Any, Any]) -> Any:
    if column.null:
        return None
    if column.empty_strings_allowed:
        return ""
    raise Unchanged(str(column.column))
