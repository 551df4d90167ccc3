"""Changing titles: each change is a document written whole and kept with what was before."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue.document import (
    Document,
    Problem,
    document_of,
    known,
    plain,
    problems,
)
from plainview.domains.catalogue.models import Credit, Genre, Licence, Person, Revision, Tag, Title
from plainview.domains.catalogue.ports import Ports
from plainview.domains.catalogue.search import belonging
from plainview.domains.catalogue.services.filing import reindex


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
    with transaction.atomic():
        old = Title.objects.select_for_update()
        row = old.filter(pk=title.pk) if title is not None else old.filter(slug=document.slug)
        present = row.first()
        before = None if present is None else plain(document_of(present))
        if over is not None and before is not None and before != plain(over):
            raise Overtaken([name for name, value in plain(over).items() if before[name] != value])
        if before == plain(document):
            return None
        comes_out = present is not None and _comes_out(present, document)
        if comes_out and Ports.held_down(title=present.pk):
            words = _("A copyright notice holds this title down.")
            raise Invalid([Problem("published_at", words)])
        written = _write(document, present or Title(slug=document.slug))
        return Revision.objects.create(title=written, act=act, before=before, after=plain(document))


def undo(revision: Revision) -> Revision | None:
    """Take one change back, wherever it stands in the history.

    Raises Overtaken where a later change touched the same fields, and ValueError for a title's
    first document, which nothing was before.
    """
    if revision.before is None:
        raise ValueError("there was nothing before")
    with transaction.atomic():
        title = Title.objects.select_for_update().get(pk=revision.title_id)
        now = plain(document_of(title))
        changed = revision.changed
        if later := [name for name in changed if now[name] != revision.after[name]]:
            raise Overtaken(later)
        back = now | {name: revision.before[name] for name in changed}
        document = msgspec.convert(back, Document)
        return save(document, act=Revision.Act.UNDO, title=title)


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


def publish(title: Title) -> None:
    """Put a title into the programme now; one that is in it keeps its place."""
    if not title.is_released:
        change_many([title.slug], {"published_at": timezone.now().isoformat()})


def unpublish(title: Title) -> None:
    """Show a title to nobody but the staff; its films and what people kept of them stay."""
    change_many([title.slug], {"published_at": None, "announced_at": None})


def _comes_out(title: Title, document: Document) -> bool:
    """Whether a title that nobody sees would be shown, or announced."""
    hidden = title.published_at is None and title.announced_at is None
    return hidden and bool(document.published_at or document.announced_at)


def _write(document: Document, title: Title) -> Title:
    former = [] if title.pk is None else belonging(title)
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
    title.credits.all().delete()
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
    title.licences.all().delete()
    Licence.objects.bulk_create(
        Licence(title=title, **msgspec.structs.asdict(each)) for each in document.licences
    )
    reindex(title, former=former)
    return title
