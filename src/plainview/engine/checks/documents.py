"""Checks of documents/: none is missing, each clause has one address, lists and facts exist."""

from collections import Counter

from plainview.engine.declarations.documents import DOCUMENTS, FACTS
from plainview.engine.folder import Folder
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader


def check_documents(folder: Folder, reader: Reader) -> None:
    """Every document is there; no id of a clause or section is used twice; facts are known."""
    for id_ in DOCUMENTS:
        if id_ not in folder.documents:
            file = f"documents/{id_}.toml"
            remedy = "write it; `plainview policy init` starts one"
            reader.add(file, (), f"document `{id_}` is missing", remedy)
    for id_, document in folder.documents.items():
        file = f"documents/{id_}.toml"
        if id_ not in DOCUMENTS:
            remedy = nearest(id_, DOCUMENTS, "remove the file: no page would show it")
            reader.add(file, (), f"unknown document `{id_}`", remedy)
        used = Counter(section.id for section in document.section)
        used.update(clause.id for clause in document.clauses)
        for name, times in used.items():
            if times > 1:
                remedy = "give each section and clause an id of its own: it is an address"
                reader.add(file, (), f"`{name}` names {times} parts", remedy)
        for n, section in enumerate(document.section):
            for m, clause in enumerate(section.clause):
                if clause.only_if and clause.only_if not in FACTS:
                    path = ("section", n, "clause", m, "only_if")
                    remedy = nearest(clause.only_if, FACTS, "remove it")
                    reader.add(file, path, f"unknown fact `{clause.only_if}`", remedy)
