"""Changing titles: each change is a document written whole and kept with what was before."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence

import msgspec
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue.document import (
    USES,
    Document,
    Problem,
    document_of,
    in_order,
    known,
    plain,
    problems,
    taken_away,
)
from plainview.domains.catalogue.models import Credit, Genre, Licence, Person, Revision, Tag, Title
from plainview.domains.catalogue.ports import Ports
from plainview.domains.catalogue.search import belonging
from plainview.domains.catalogue.services.filing import reindex
from plainview.platform.overtaking import looks_again
from plainview.platform.parts import part

PART = 50
"""So many titles are written in one transaction: some 200 ms, in which SQLite has no other."""


class Invalid(Exception):
    """A document that can't be written; `problems` says all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(each.words for each in problems))
        self.problems = problems


class Overtaken(Exception):
    """A change that can't be made or undone by itself: `fields` were changed since."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@looks_again
def save(
    document: Document,
    *,
    act: str = Revision.Act.EDIT,
    title: Title | None = None,
    over: Document | None = None,
    fields: Collection[str] | None = None,
) -> Revision | None:
    """Write a document to its title (by its slug, if none is given), and keep what was before.

    None if nothing changed. Raises Invalid, also for what a claim holds down, whichever way it
    would be shown again; and Overtaken where it was made `over` another document than now stands
    there. If only some `fields` are changed, what is wrong beside them hinders nothing.
    """
    found = problems(document, known([document]))
    if wrong := [each for each in found if fields is None or each.field in fields]:
        raise Invalid(wrong)
    former: list[Model] = []
    revision = _saved(document, act, former, title, over)
    if revision is not None:
        reindex([revision.title], former=former)
    return revision


def differing(documents: Sequence[Document]) -> list[Document]:
    """Those of documents that say something else than stands in the catalogue, under their slugs.

    Nothing is written, so that nobody waits.
    """
    found = []
    for at in range(0, len(documents), PART):
        some = documents[at : at + PART]
        rows = Title.objects.filter(slug__in=[each.slug for each in some])
        rows = rows.prefetch_related("credits__person", "genres", "tags", "licences")
        there = {row.slug: plain(document_of(row)) for row in rows}
        found += [each for each in some if there.get(each.slug) != plain(_kept(each))]
    return found


def save_all(
    documents: Sequence[Document], *, act: str, seconds: float = math.inf
) -> tuple[list[Revision], int]:
    """Write documents that were judged before, each to the title of its slug.

    Returns what changed, and how many documents were left because the `seconds` were over. Some at
    a time, each some in a transaction, with the index: so many titles take minutes, and SQLite has
    one writer. Whoever dies in between has written the first of them.
    """
    saved: list[Revision] = []
    until = time.monotonic() + seconds
    for at in range(0, len(documents), PART):
        if at and time.monotonic() > until:
            return saved, len(documents) - at
        with part():
            saved += _save_some(documents[at : at + PART], act)
    return saved, 0


@looks_again
def _save_some(documents: Sequence[Document], act: str) -> list[Revision]:
    former: list[Model] = []
    saved = [_saved(document, act, former) for document in documents]
    changed = [revision for revision in saved if revision is not None]
    reindex([revision.title for revision in changed], former=former)
    return changed


def _kept(document: Document) -> Document:
    """A document as its title will keep it."""
    return msgspec.structs.replace(document, licences=in_order(document.licences))


def _saved(
    document: Document,
    act: str,
    former: list[Model],
    title: Title | None = None,
    over: Document | None = None,
) -> Revision | None:
    """As `save` does, but for the index; what belonged to the title until now goes to `former`."""
    document = _kept(document)
    old = Title.objects.select_for_update()
    row = old.filter(pk=title.pk) if title is not None else old.filter(slug=document.slug)
    present = row.first()
    before = None if present is None else plain(document_of(present))
    if over is not None and before is not None and before != plain(over):
        raise Overtaken([name for name, value in plain(over).items() if before[name] != value])
    if before == plain(document):
        return None
    if present is not None:
        if _comes_out(present, document) and Ports.held_down(title=present.pk):
            raise Invalid([_claim()])
        former += belonging(present)
    written = _write(document, present or Title(slug=document.slug))
    return Revision.objects.create(title=written, act=act, before=before, after=plain(document))


def claimed(documents: Sequence[Document]) -> dict[str, Problem]:
    """Which of these documents, by their slugs, would show again what a claim holds down."""
    shown = {each.slug for each in documents if each.published_at or each.announced_at}
    hidden = Title.objects.filter(slug__in=shown, published_at=None, announced_at=None)
    return {
        slug: _claim() for pk, slug in hidden.values_list("pk", "slug") if Ports.held_down(title=pk)
    }


def _claim() -> Problem:
    return Problem("published_at", _("A copyright notice holds this title down."))


def undo(revision: Revision) -> Revision | None:
    """Take one change back, wherever it stands in the history.

    Where a picture that it brought was taken away for good, the one before it comes back. Raises
    Overtaken where a later change touched the same fields, and ValueError for a title's first
    document, which nothing was before.
    """
    if revision.before is None:
        raise ValueError("there was nothing before")
    with transaction.atomic():
        title = Title.objects.select_for_update().get(pk=revision.title_id)
        now = plain(document_of(title))
        changed = revision.changed
        later = [name for name in changed if now[name] != revision.after[name]]
        if later := [name for name in later if not _left_empty(name, now, revision.after)]:
            raise Overtaken(later)
        back = now | {name: revision.before[name] for name in changed}
        document = msgspec.convert(back, Document)
        return save(document, act=Revision.Act.UNDO, title=title)


def _left_empty(name: str, now: Mapping[str, object], after: Mapping[str, str]) -> bool:
    """Whether nothing stands in the place of a picture since it was taken away for good."""
    return name in USES and not now[name] and taken_away(after[name]) is not None


def change_many(slugs: list[str], change: dict[str, object], *, add: bool = False) -> int:
    """Set the same fields of several titles (or `add` to lists), all or none; how many changed.

    Raises Invalid, whose problems name their title.
    """
    done, found = 0, []
    with transaction.atomic():
        for title in Title.objects.filter(slug__in=slugs):
            now = plain(document_of(title))
            for name, value in change.items():
                now[name] = [*dict.fromkeys([*now[name], *value])] if add else value  # type: ignore[misc]
            try:
                document = msgspec.convert(now, Document)
                kept = save(document, act=Revision.Act.BULK, title=title, fields=change)
                done += kept is not None
            except Invalid as error:
                found += [
                    Problem(each.field, f"{title.name.text}: {each.words}")
                    for each in error.problems
                ]
        if found:
            raise Invalid(found)
    return done


def publish(*titles: Title) -> int:
    """Put titles into the programme now, all or none; how many. One that is in it keeps its place.

    Raises Invalid, as `change_many` does.
    """
    waiting = [each.slug for each in titles if not each.is_released]
    return change_many(waiting, {"published_at": timezone.now().isoformat()})


def unpublish(*titles: Title) -> int:
    """Show titles to nobody but the staff; their films and what people kept of them stay."""
    out: dict[str, object] = {"published_at": None, "announced_at": None}
    return change_many([each.slug for each in titles], out)


def _comes_out(title: Title, document: Document) -> bool:
    """Whether a title that nobody sees would be shown, or announced."""
    hidden = title.published_at is None and title.announced_at is None
    return hidden and bool(document.published_at or document.announced_at)


def _write(document: Document, title: Title) -> Title:
    fresh = title.pk is None
    for name in (
        "slug", "kind", "texts", "original_language", "year", "countries", "ratings", "reveals",
        "accent", "poster", "backdrop", "artwork", "featured", "announced_at", "published_at",
        "licensed",
    ):  # fmt: skip
        setattr(title, name, getattr(document, name))
    title.save()
    title.genres.set(Genre.objects.filter(slug__in=document.genres))
    title.tags.set(Tag.objects.filter(slug__in=document.tags))
    slugs = {credit.person for credit in document.credits}
    people = {person.slug: person for person in Person.objects.filter(slug__in=slugs)}
    if not fresh:
        title.credits.all().delete()
        title.licences.all().delete()
    Credit.objects.bulk_create(
        Credit(
            title=title,
            person=people[each.person],
            role=each.role,
            texts=each.texts,
            position=position,
        )
        for position, each in enumerate(document.credits)
    )
    Licence.objects.bulk_create(
        Licence(title=title, **msgspec.structs.asdict(each)) for each in document.licences
    )
    return title
