"""Checks of categories.toml: sources, families, places to change and delete, who may touch what."""

from plainview.engine.compiling import atoms_of, basis_there
from plainview.engine.declarations import Category, Purpose, Schedule, SensitiveKind
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

FILE = "categories.toml"


def check_categories(folder: Folder, reader: Reader) -> None:
    """Every category has known sources, a family, a purpose; sensitive ones only their own.

    Promises: P0b, P1a.
    """
    declared = folder.categories
    kept = folder.kept()
    used = {category for purpose in folder.purposes.values() for category in purpose.uses}
    for id_, category in declared.category.items():
        at = ("category", id_)
        for n, source in enumerate(category.sources):
            if source not in declared.source:
                remedy = nearest(source, declared.source, f"declare `[source.{source}]`")
                reader.add(FILE, (*at, "sources", n), f"unknown source `{source}`", remedy)
        if not category.sources and category.parent:
            remedy = 'name at least one source, as `sources = ["form"]`'
            reader.add(FILE, (*at, "sources"), f"category `{id_}` has no source", remedy)
        if category.parent is not None and category.parent not in declared.category:
            remedy = f"declare `[category.{category.parent}]`"
            reader.add(FILE, at, f"category `{id_}` has no family `{category.parent}`", remedy)
        if id_.count(".") > 1:
            remedy = "write `family.kind`, with one dot"
            reader.add(FILE, at, f"category `{id_}` has more than one dot", remedy)
        if category.parent and id_ not in used:
            remedy = "add it to the `uses` of a purpose, or remove it: what serves no purpose goes"
            reader.add(FILE, at, f"category `{id_}` is used by no purpose", remedy)
        _check_sensitive(folder, reader, id_, category.sensitive)
        _check_kinds(folder, reader, category)
        _check_only(folder, reader, category)
        if category.parent:
            _check_places(reader, category, kept.get(id_))
    for id_, kind in declared.sensitive.items():
        for n, purpose in enumerate(kind.only):
            if purpose not in folder.purposes:
                remedy = nearest(purpose, folder.purposes, "remove it")
                path = ("sensitive", id_, "only", n)
                reader.add(FILE, path, f"unknown purpose `{purpose}`", remedy)


def _check_places(reader: Reader, category: Category, schedule: Schedule | None) -> None:
    """What a person can change and delete says where; the rest says why there is no place.

    Promises: P5.2.1.3b.
    """
    at = ("category", category.id)
    if category.heading is None:
        remedy = 'say which heading people look under, as `heading = "activity"`'
        reader.add(FILE, at, f"category `{category.id}` stands under no heading", remedy)
    removable = schedule is not None and schedule.removable
    for what, door, reason, elsewhere in (
        ("edit", category.edit, category.no_edit, False),
        ("remove", category.remove, category.no_remove, removable),
    ):
        if door and reason:
            remedy = f"keep `{what}` or `no_{what}`"
            reader.add(FILE, (*at, f"no_{what}"), f"`{what}` names a place all the same", remedy)
        elif reason and elsewhere:
            remedy = f"remove it, or take `removable` from the schedule `{_id(schedule)}`"
            problem = "its schedule lets people delete it entry by entry"
            reader.add(FILE, (*at, f"no_{what}"), problem, remedy)
        elif not (door or reason or elsewhere):
            remedy = f'add `{what} = "/settings/..."`, or why not, as `no_{what} = "observed"`'
            problem = f"nobody learns where to {what} `{category.id}`, or why nowhere"
            reader.add(FILE, at, problem, remedy)
        if door and not door.startswith("/"):
            remedy = "write the address of a page of ours, beginning with `/`"
            reader.add(FILE, (*at, what), f"`{door}` is no place of the service", remedy)


def _id(schedule: Schedule | None) -> str:
    return schedule.id if schedule else ""


def _check_only(folder: Folder, reader: Reader, category: Category) -> None:
    """What is kept for some purposes no other uses; what may say anything feeds no profile.

    Promises: P0d, P1.1.3a, P2.5a, P10c.
    """
    for n, name in enumerate(category.only):
        if name not in folder.purposes:
            remedy = nearest(name, folder.purposes, "remove it")
            path = ("category", category.id, "only", n)
            reader.add(FILE, path, f"unknown purpose `{name}`", remedy)
    for purpose in folder.purposes.values():
        if category.id not in purpose.uses:
            continue
        file = f"purposes/{purpose.id}.toml"
        at = ("purpose", purpose.id, "uses", purpose.uses.index(category.id))
        if category.only and purpose.id not in category.only:
            allowed = ", ".join(f"`{name}`" for name in category.only)
            problem = f"`{category.id}` is kept for other purposes than `{purpose.id}`"
            reader.add(file, at, problem, f"remove it; only {allowed} may use it")
        kind = folder.rules.kind.get(purpose.kind)
        if category.free_text and kind is not None and kind.profiles:
            problem = f"`{category.id}` may say anything, so it feeds no profile"
            reader.add(file, at, problem, f"remove it; `{purpose.kind}` is a kind that profiles")


def _check_sensitive(folder: Folder, reader: Reader, id_: str, sensitive: str) -> None:
    """Note sensitive data in any purpose but those that alone may use it (P0d, P0g)."""
    if not sensitive:
        return
    path = ("category", id_, "sensitive")
    kind = folder.categories.sensitive.get(sensitive)
    if kind is None:
        known = folder.categories.sensitive
        remedy = nearest(sensitive, known, f"declare `[sensitive.{sensitive}]`")
        reader.add(FILE, path, f"unknown sensitive kind `{sensitive}`", remedy)
        return
    if not kind.only:
        remedy = "remove the category: this kind of data is not collected"
        reader.add(FILE, path, f"no purpose may touch data of kind `{sensitive}`", remedy)
    for purpose in folder.purposes.values():
        if id_ in purpose.uses and purpose.id not in kind.only:
            file = f"purposes/{purpose.id}.toml"
            at = ("purpose", purpose.id, "uses", purpose.uses.index(id_))
            allowed = ", ".join(f"`{name}`" for name in kind.only) or "no purpose"
            problem = f"`{id_}` is sensitive and `{purpose.id}` may not use it"
            reader.add(file, at, problem, f"remove it; only {allowed} may")
            continue
        if id_ in purpose.uses:
            _check_asked(folder, reader, path, id_, kind, purpose)


def _check_kinds(folder: Folder, reader: Reader, category: Category) -> None:
    """Note a kind of a sensitive family that isn't said to be: a mark holds for one id (P0g)."""
    family = folder.categories.category.get(category.parent or "")
    if family is not None and family.sensitive and not category.sensitive:
        problem = f"its family `{family.id}` is sensitive, and `{category.id}` is not said to be"
        remedy = f'add `sensitive = "{family.sensitive}"`, or take it from the family'
        reader.add(FILE, ("category", category.id), problem, remedy)


def _check_asked(
    folder: Folder, reader: Reader, path: Path, id_: str, kind: SensitiveKind, purpose: Purpose
) -> None:
    """Note a place whose law calls data sensitive, and where it is used without a yes (P1.1.3a)."""
    for code in kind.places:
        law = next((each for each in folder.jurisdictions.values() if code in each.places), None)
        if law is None:
            continue
        rules = folder.rulings.of(purpose, law)
        closed = any(
            rule.deny and rule.unless is None and not atoms_of(rule.when) for rule in rules
        )
        bases = {basis_there(rule, purpose, law) for rule in rules if rule.allow} - {None}
        if not closed and bases - {"consent"}:
            problem = f"`{id_}` is sensitive in `{law.id}`, and `{purpose.id}` asks nobody there"
            remedy = (
                f'write `{purpose.kind} = "consent"` in `[kinds]` of `jurisdictions/{law.id}.toml`'
            )
            reader.add(FILE, path, problem, remedy)
