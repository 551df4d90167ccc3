"""Composes documents: words from the policy's texts, lists and facts from its declarations."""

import datetime as dt
import functools
from collections.abc import Iterator

from plainview.engine import Clause as Declared
from plainview.engine import Document, Jurisdiction, Policy
from plainview.privacy.notice.blocks import (
    Block,
    Clause,
    Composed,
    Heading,
    Items,
    Paragraph,
    Part,
)
from plainview.privacy.notice.lists import listed
from plainview.privacy.notice.speaking import Speaker
from plainview.privacy.policies import in_force

PRIVACY = "privacy"


class UnknownDocument(KeyError):
    """A document that the policy does not have."""


def compose(
    policy: Policy,
    language: str = "en",
    document: str = PRIVACY,
    *,
    presence: str | None = None,
    residence: str | None = None,
) -> Composed:
    """Return a document in a language of the policy, for a reader of a place (P0a, P0h, P7a).

    The places decide what lists say of the reader's own law; without one, of every law. Raises
    UnknownDocument.
    """
    try:
        declared = policy.documents[document]
    except KeyError:
        raise UnknownDocument(document) from None
    return _Composer(policy, declared, language, policy.laws(presence, residence)).composed()


def dated(policy: Policy, document: Document) -> tuple[str, dt.date]:
    """Return the version of a document and the date since which it is in force."""
    return document.version or policy.version, document.effective or policy.head.effective


def blocks_of(composed: Composed) -> Iterator[Block]:
    """Yield a document as one run of blocks, each clause after the other."""
    yield composed.title
    yield composed.stamp
    yield composed.lead
    for part in composed.parts:
        yield part.heading
        for clause in part.clauses:
            yield from clause.blocks


class _Composer:
    def __init__(
        self, policy: Policy, document: Document, language: str, laws: list[Jurisdiction]
    ) -> None:
        self.policy = policy
        self.document = document
        self.laws = laws
        self.speaker = Speaker(policy, language)
        self.facts = self.speaker.facts()
        first = policy.head.languages[0]
        self.stated: set[str] = set()
        self.speakers = {"": self.speaker, first: Speaker(policy, first)}

    def composed(self) -> Composed:
        document, speaker = self.document, self.speaker
        version, effective = dated(self.policy, document)
        keys = [f"{document.id}.clauses.{clause.id}" for clause in document.clauses]
        unreviewed, first = self.policy.unreviewed(), self.policy.head.languages[0]
        language = self.policy.language_of(f"{document.id}.lead", speaker.language)
        text, foreign = self.said(f"{document.id}.lead")
        return Composed(
            document.id,
            Heading(1, speaker.say(f"{document.id}.title"), "title"),
            Paragraph(text, foreign),
            Paragraph(
                speaker.say(
                    "notice.version",
                    version=speaker.apart(version),
                    effective=speaker.day(effective),
                    fingerprint=self.policy.fingerprint,
                )
            ),
            speaker.apart(version),
            effective,
            tuple(self.parts()),
            next(filter(None, map(speaker.foreign, keys)), ""),
            document.id not in unreviewed[first],
            language != first and document.id in unreviewed[language],
        )

    def said(self, key: str) -> tuple[str, str]:
        """The words for a key, facts in the language of the words, and that language if foreign."""
        foreign = self.speaker.foreign(key)
        speaker = self.speakers[foreign]
        return speaker.say(key, **(self.facts if not foreign else speaker.facts())), foreign

    def parts(self) -> Iterator[Part]:
        for number, section in enumerate(self.document.section, 1):
            text, foreign = self.said(f"{self.document.id}.sections.{section.id}")
            heading = Heading(2, text, f"section-{section.id}", foreign)
            shown = [each for each in section.clause if not each.only_if or self.has(each.only_if)]
            clauses = tuple(self.clause(each, f"{number}.{n}") for n, each in enumerate(shown, 1))
            yield Part(heading, str(number), clauses)

    def has(self, fact: str) -> bool:
        return bool(self.facts[fact])

    def clause(self, declared: Declared, number: str) -> Clause:
        leads = tuple(each for each in declared.promises if each not in self.stated)
        self.stated.update(leads)
        blocks = tuple(self.blocks(declared))
        return Clause(f"clause-{declared.id}", number, declared.promises, leads, blocks)

    def blocks(self, declared: Declared) -> Iterator[Block]:
        """The words of a clause, its lists, and pages of others by region (P5.1.3d)."""
        text, foreign = self.said(f"{self.document.id}.clauses.{declared.id}")
        for paragraph in text.split("\n\n"):
            yield Paragraph(paragraph, foreign)
        for name in declared.lists:
            yield from listed(name, self.speaker, self.laws)
        if declared.link:
            yield Items(
                tuple(
                    self.speaker.link(
                        self.speaker.apart(link.name),
                        link.url,
                        self.speaker.say(f"countries.{link.region}") if link.region else "",
                    )
                    for link in declared.link
                )
            )


KEPT = 64


def current(document: str, language: str) -> Composed:
    """A document of the policy in force. Raises UnknownDocument."""
    return _composed(in_force().fingerprint, in_force().since, document, language)


@functools.lru_cache(maxsize=KEPT)
def _composed(fingerprint: str, since: dt.date, document: str, language: str) -> Composed:
    return compose(in_force(), language, document)
