"""Checks of categories.toml: sources, families, and who may touch what is sensitive."""

from plainview.engine.folder import Folder
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

FILE = "categories.toml"


def check_categories(folder: Folder, reader: Reader) -> None:
    """Every category has known sources, a family, a purpose; sensitive ones only their own.

    Promises: P0b, P1a.
    """
    declared = folder.categories
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
    for id_, kind in declared.sensitive.items():
        for n, purpose in enumerate(kind.only):
            if purpose not in folder.purposes:
                remedy = nearest(purpose, folder.purposes, "remove it")
                path = ("sensitive", id_, "only", n)
                reader.add(FILE, path, f"unknown purpose `{purpose}`", remedy)


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
