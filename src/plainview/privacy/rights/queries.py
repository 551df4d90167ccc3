"""What can be asked about oneself: what is held, why, what was chosen, each entry of a kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core import signing

from plainview.privacy.consent import questions
from plainview.privacy.consent.questions import in_a_row, say
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Device, Link
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import holds, planning, tables, wording
from plainview.privacy.rights.person import laws
from plainview.privacy.visitors import Visitor

PAGE = 25
SALT = "plainview.privacy.rights.entry"
_EVERYBODY_HAS = frozenset(
    {"account", "age", "contact", "credentials", "consent", "device", "disclosures"}
)
"""Families; of messages only those of the service, such as the one that confirmed the address, and
of the interface only the language in which one is written to."""
_AND_THESE = frozenset({"messages.service", "interface.language"})


@dataclass(frozen=True, slots=True)
class Use:
    """A purpose that uses a category, and whether it may now."""

    id: str
    name: str
    open: bool
    because: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One category of which something is held.

    `edit` and `remove` are where it is changed and deleted, `fixed` and `stays` why nowhere.
    """

    id: str
    words: str
    rows: int
    sources: str
    keeping: str
    edit: str
    fixed: str
    remove: str
    stays: str
    removable: bool
    secret: bool
    uses: tuple[Use, ...]

    @property
    def now(self) -> list[Use]:
        """The purposes that use it."""
        return [use for use in self.uses if use.open]

    @property
    def never(self) -> list[Use]:
        """The purposes that would and may not."""
        return [use for use in self.uses if not use.open]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as far as a category goes: labelled values, and the token that deletes it.

    `wrong` is the token by which its person says that it is wrong, empty where they change it.
    """

    values: tuple[tuple[str, str], ...]
    token: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of the entries of a category."""

    entries: list[Entry]
    number: int
    more: bool


def held(subject: int) -> dict[str, int]:
    """The categories of which something is held about a person, with how many rows of it.

    A family counts only where a table has nothing of it but the row itself.
    """
    counts: dict[str, int] = {}
    with duty("export"):
        rows = tables.counts(subject)
    for part, number in rows:
        for category in part.categories:
            counts[category] = counts.get(category, 0) + number
    return {id_: counts[id_] for id_ in in_force().categories if id_ in counts}


def rows_of(subject: int, category: str) -> int:
    """How many rows of a category are held about a person."""
    with duty("export"):
        return sum(rows for _part, rows in tables.counts(subject, category))


def held_of_each(subjects: Collection[int]) -> dict[int, frozenset[str]]:
    """The categories of which something is held about each of several people."""
    with duty("export"):
        found = tables.held(subjects)
    return {one: frozenset[str]().union(*(p.categories for p in found[one])) for one in found}


def overview(visitor: Visitor, counts: dict[str, int]) -> list[Held]:
    """What is `held`, category by category, with source, reason and what one may do (P1a)."""
    return [category(visitor, id_, rows) for id_, rows in counts.items()]


def category(visitor: Visitor, id_: str, rows: int) -> Held:
    """One category in words. Raises UnknownCategory."""
    policy = in_force()
    declared = policy.categories[id_]
    schedule = policy.schedule(id_)
    return Held(
        id=id_,
        words=wording.category(id_),
        rows=rows,
        sources=in_a_row(say(f"sources.{source}") for source in declared.sources),
        keeping=say(f"retention.{schedule.id}"),
        edit=declared.edit,
        fixed=say(f"reasons.{declared.no_edit}") if declared.no_edit else "",
        remove=declared.remove,
        stays=say(f"reasons.{declared.no_remove}") if declared.no_remove else "",
        removable=schedule.removable,
        secret=tables.secret(id_),
        uses=tuple(_uses(visitor, id_)),
    )


def _uses(visitor: Visitor, id_: str) -> Iterator[Use]:
    """The purposes that use a category, those that can be refused last."""
    asked = {each.id for each in questions.topics(visitor.facts)}
    found = []
    for purpose in sorted(in_force().purposes_of(id_)):
        if purpose in asked or not in_force().refusable(purpose):
            decision = visitor.explain(purpose)
            found.append(
                Use(
                    purpose,
                    say(f"purposes.{purpose}.name"),
                    visitor.permits(purpose),
                    decision.because,
                    purpose in asked,
                )
            )
    yield from sorted(found, key=lambda use: use.asked)


def refused_everything(visitor: Visitor, counts: dict[str, int]) -> bool:
    """Whether nothing that can be refused is open, nor held more than signing in takes."""
    families = {id_.partition(".")[0] for id_ in counts if id_ not in _AND_THESE}
    open_ = any(visitor.permits(topic.id) for topic in questions.topics(visitor.facts))
    return not open_ and families <= _EVERYBODY_HAS


def device(number: int | None) -> Device | None:
    """The row of a device, if it is still there."""
    if number is None:
        return None
    with duty("export"):
        return Device.objects.filter(pk=number).first()


def linked(number: int | None) -> bool:
    """Whether an account is signed in on the device."""
    if number is None:
        return False
    with duty("export"):
        return Link.objects.filter(device=number).exists()


def entries(subject: int, id_: str, *, search: str = "", page: int = 1) -> Entries:
    """A page of the entries of a category, those that `search` names in any of their words."""
    with duty("export"):
        wanted = search.casefold().split()
        matching = (
            entry
            for entry in _entries(subject, id_)
            if all(any(word in text.casefold() for _, text in entry.values) for word in wanted)
        )
        first = (page - 1) * PAGE
        found = list(islice(matching, first, first + PAGE + 1))
    return Entries(found[:PAGE], page, len(found) > PAGE)


def _entries(subject: int, id_: str) -> Iterator[Entry]:
    for table in tables.tables():
        for part in tables.parts(table):
            shown = [f for f in part.fields if part.category(f) == id_]
            hidden = any(part.category(f) == id_ for f in part.secrets)
            if not shown and not hidden:
                continue
            free, open_ = removable(table, subject), disputable(id_) and bool(shown)
            rows = part.told(subject)
            rows = rows if rows.ordered else rows.order_by("pk")
            rows = rows.values_list("pk", *(f.attname for f in shown))
            chunk = 200
            for number in range(0, rows.count(), chunk):
                some = list(rows[number : number + chunk])
                names = wording.names(shown, [row[1:] for row in some])
                for key, *values in some:
                    words = _worded(table, shown, values, names)
                    token = _token(table, key, subject) if free or open_ else ""
                    yield Entry(words, token if free else "", token if open_ else "")


def _worded(
    table: Table, shown: Sequence[Any], values: Sequence[Any], names: wording.Names
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (wording.label(table.name, field), text)
        for field, raw in zip(shown, values, strict=True)
        if (text := wording.value(field, raw, names))
    )


def entry(subject: int, id_: str, table: Table, key: str) -> tuple[tuple[str, str], ...] | None:
    """What a row of a person's says of a category, labelled; None if there is no such row."""
    with duty("export"):
        for part in tables.parts(table):
            shown = [f for f in part.fields if part.category(f) == id_]
            rows = part.told(subject).filter(pk=key).values_list(*(f.attname for f in shown))
            if shown and (values := rows.first()) is not None:
                return _worded(table, shown, values, wording.names(shown, [values]))
    return None


def disputable(id_: str) -> bool:
    """Whether a fact of a category is put right by us: people can't change it themselves."""
    found = in_force().categories.get(id_)
    return found is not None and "." in id_ and not found.edit and not tables.secret(id_)


def removable(table: Table, subject: int) -> bool:
    """Whether a person may delete a row of the table by itself: nothing of it is held."""
    return subject not in holds.held_of(table.name) and deletable(table, subject)


def deletable(table: Table, subject: int) -> bool:
    """Whether all of a row of the table is a person's to delete, a hold apart."""
    own = {column.mark.category for column in table.columns.values() if column.mark.category}
    schedules = in_force().retention.schedule.values()
    free = {each for schedule in schedules if schedule.removable for each in schedule.categories}
    binding = laws(subject)
    return own <= free and not any(planning.grounds(each, binding) for each in own)


def _token(table: Table, key: Any, subject: int) -> str:
    return signing.Signer(salt=SALT).sign_object([table.name, str(key), str(subject)])


def of_token(token: str, subject: int) -> tuple[Table, str]:
    """The table and key of an entry. Raises django.core.signing.BadSignature if it isn't theirs."""
    try:
        name, key, owner = signing.Signer(salt=SALT).unsign_object(token)
    except ValueError as error:  # signed by us, for a form that an earlier version drew
        raise signing.BadSignature("not what an entry is named by") from error
    if owner != str(subject):
        raise signing.BadSignature("the entry is somebody else's")
    return registry().tables[name], key
