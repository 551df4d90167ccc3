"""A policy folder, read but not yet judged: every declaration, and the files they stand in."""

import hashlib
from typing import Any

import msgspec

from plainview.engine.declarations import (
    Category,
    CategoryFile,
    Head,
    Jurisdiction,
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
)
from plainview.engine.inheriting import Statutes, read_statutes
from plainview.engine.reading import Reader
from plainview.engine.words import Words, read_words


class Folder(msgspec.Struct, frozen=True):
    """All declarations of one folder, by id; jurisdictions as of the day it takes effect."""

    head: Head
    rules: RuleBook
    categories: CategoryFile
    purposes: dict[str, Purpose]
    recipients: dict[str, Recipient]
    programmes: dict[str, Programme]
    rights: dict[str, Right]
    retention: Retention
    statutes: Statutes
    jurisdictions: dict[str, Jurisdiction]
    words: dict[str, Words]

    @property
    def category(self) -> dict[str, Category]:
        """The categories by id."""
        return self.categories.category


def read_folder(reader: Reader) -> Folder:
    """Read every file of the folder. What is wrong is gathered in `reader.problems`."""
    head = reader.read("policy.toml", Head)
    optional = reader.names("programmes.toml")
    statutes = read_statutes(reader)
    return Folder(
        head=head,
        rules=reader.read("rules.toml", RuleBook),
        categories=reader.read("categories.toml", CategoryFile),
        purposes=_purposes(reader),
        recipients=reader.read("recipients.toml", RecipientFile).recipient,
        programmes=reader.read(optional[0], ProgrammeFile).programme if optional else {},
        rights=reader.read("rights.toml", RightFile).right,
        retention=reader.read("retention.toml", Retention),
        statutes=statutes,
        jurisdictions=statutes.on(head.effective),
        words={language: read_words(reader, language) for language in head.languages},
    )


def fingerprint(raw: dict[str, dict[str, Any]]) -> str:
    """Return the SHA-256 of what the files say, whatever their comments, order and spacing."""
    return hashlib.sha256(msgspec.json.encode(raw, order="sorted")).hexdigest()


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
        if not purposes and file in reader.raw:
            reader.add(
                file, (), "the file declares no purpose", f"begin it with `[purpose.{stem}]`"
            )
    return dict(sorted(found.items(), key=lambda item: item[1].bit))


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".toml")
