"""A policy folder, read but not yet judged: every declaration, and the files they stand in."""

import hashlib
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from plainview.engine.compiling import Rulings
from plainview.engine.declarations import (
    AutomatedDecision,
    Category,
    CategoryFile,
    Closed,
    DecisionFile,
    Document,
    Head,
    Jurisdiction,
    Mail,
    Measure,
    MeasureFile,
    MessageFile,
    OwnKey,
    Programme,
    ProgrammeFile,
    Purpose,
    PurposeFile,
    Recipient,
    RecipientFile,
    Retention,
    Right,
    RightFile,
    RuleBook,
    Schedule,
    StorageFile,
    WordingFile,
)
from plainview.engine.inheriting import Statutes, read_statutes
from plainview.engine.promises import Promise, read_promises
from plainview.engine.reading import Reader
from plainview.engine.words import Words, read_words

T = TypeVar("T", bound=msgspec.Struct)
STORAGE = "storage.toml"
"""What our own pages keep in a browser. The software declares it, and says it when a version is
made; a version from before it did has no such file."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder declares and a policy has as it stands, by id."""

    head: Head
    purposes: dict[str, Purpose]
    recipients: dict[str, Recipient]
    closed: Closed
    programmes: dict[str, Programme]
    decisions: dict[str, AutomatedDecision]
    measures: dict[str, Measure]
    messages: MessageFile
    wordings: WordingFile
    rights: dict[str, Right]
    mail: Mail | None
    retention: Retention
    jurisdictions: dict[str, Jurisdiction]
    documents: dict[str, Document]
    words: dict[str, Words]
    promises: dict[str, Promise]
    own_keys: dict[str, OwnKey] | None


class Folder(Declared, frozen=True, kw_only=True, dict=True):
    """All declarations of one folder, by id; jurisdictions as of the day it takes effect."""

    rules: RuleBook
    categories: CategoryFile
    statutes: Statutes

    @cached_property
    def laws(self) -> tuple[Jurisdiction, ...]:
        """The jurisdictions with rules of their own, but for heirs that add none."""
        found = []
        for place in self.jurisdictions.values():
            parent = self.jurisdictions.get(place.parent)
            same = parent is not None and all(
                getattr(place, term) == getattr(parent, term)
                for term in ("regime", "model", "kinds", "bases", "transfers")
            )
            if not place.strictest_of and not same:
                found.append(place)
        return tuple(found)

    @cached_property
    def rulings(self) -> Rulings:
        """The rules that bear on each purpose at each place."""
        receiving = (rule for each in self.recipients.values() for rule in each.rule)
        return Rulings(self.purposes, self.rules.rule, receiving)

    @cached_property
    def laws_alike(self) -> tuple[tuple[Jurisdiction, ...], ...]:
        """Those laws, together where the same rules of the policy bear on each purpose."""
        found: dict[int, list[Jurisdiction]] = {}
        for law in self.laws:
            found.setdefault(self.rulings.alike(law), []).append(law)
        return tuple(map(tuple, found.values()))

    @property
    def category(self) -> dict[str, Category]:
        """The categories by id."""
        return self.categories.category

    def kept(self) -> dict[str, Schedule]:
        """The schedule of each category that has one."""
        return {
            category: schedule
            for schedule in self.retention.schedule.values()
            for category in schedule.categories
        }


def read_folder(reader: Reader) -> Folder:
    """Read every file of the folder. What is wrong is gathered in `reader.problems`."""
    head = reader.read("policy.toml", Head)
    statutes = read_statutes(reader)
    recipients = reader.read("recipients.toml", RecipientFile)
    rights = reader.read("rights.toml", RightFile)
    return Folder(
        head=head,
        rules=reader.read("rules.toml", RuleBook),
        categories=reader.read("categories.toml", CategoryFile),
        purposes=_purposes(reader),
        recipients=recipients.recipient,
        closed=recipients.closed,
        programmes=_optional(reader, "programmes.toml", ProgrammeFile).programme,
        decisions=_optional(reader, "decisions.toml", DecisionFile).decision,
        measures=_optional(reader, "measures.toml", MeasureFile).measure,
        messages=_optional(reader, "messages.toml", MessageFile),
        wordings=_optional(reader, "wordings.toml", WordingFile),
        rights=rights.right,
        mail=rights.mail,
        retention=reader.read("retention.toml", Retention),
        statutes=statutes,
        jurisdictions=statutes.on(head.effective),
        documents=_documents(reader),
        words={language: read_words(reader, language) for language in head.languages},
        promises=read_promises(reader),
        own_keys=_own_keys(reader),
    )


def fingerprint(raw: dict[str, dict[str, Any]]) -> str:
    """Return the SHA-256 of what the files say, whatever their comments, order and spacing.

    Promises: P11a.
    """
    return hashlib.sha256(msgspec.json.encode(raw, order="sorted")).hexdigest()


def _optional(reader: Reader, file: str, kind: type[T]) -> T:
    return reader.read(file, kind) if reader.names(file) else kind()


def _purposes(reader: Reader) -> dict[str, Purpose]:
    found: dict[str, Purpose] = {}
    for file in reader.names("purposes/*.toml"):
        stem = _stem(file)
        purposes = reader.read(file, PurposeFile).purpose
        for id_, purpose in purposes.items():
            if id_ == stem:
                found[id_] = purpose
                continue
            remedy = f"rename the table to `[purpose.{stem}]`, or move it to `purposes/{id_}.toml`"
            reader.add(file, ("purpose", id_), f"purpose `{id_}` stands in another's file", remedy)
            if len(purposes) == 1:  # most likely a slip of the pen: the others mean this one
                found[stem] = msgspec.structs.replace(purpose, id=stem)
        if not purposes and file not in reader.lost:
            reader.add(
                file, (), "the file declares no purpose", f"begin it with `[purpose.{stem}]`"
            )
    return dict(sorted(found.items(), key=lambda item: item[1].bit))


def _own_keys(reader: Reader) -> dict[str, OwnKey] | None:
    return reader.read(STORAGE, StorageFile).key if reader.names(STORAGE) else None


def _documents(reader: Reader) -> dict[str, Document]:
    found = {}
    for file in reader.names("documents/*.toml"):
        document = reader.read(file, Document)
        found[_stem(file)] = msgspec.structs.replace(document, id=_stem(file))
    return found


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".toml")
