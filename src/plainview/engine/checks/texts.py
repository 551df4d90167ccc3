"""Checks of texts/ and documents/: each declaration has its words in every shipped language.

No document is missing, each clause has one address, lists and facts exist.
"""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from plainview.engine.declarations import (
    DOCUMENTS,
    FACTS,
    TODAY,
    WEIGHED,
    WORDED,
    Guard,
    Heading,
    Reason,
    SafeguardKind,
)
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader, dotted
from plainview.engine.words import Words

# Words that may be more than today's declarations need.
_VOCABULARY = frozenset({"notice", "countries"})
# Words of ours that a policy chooses from.
_VOCABULARIES = {
    "safeguards": SafeguardKind,
    "guards": Guard,
    "headings": Heading,
    "reasons": Reason,
}
# The facts that sentences about declarations fill in; the others stand as they are.
_NAMED = frozenset({"purpose", "place", "recipient"})
_FACTS = {
    "because": _NAMED,
    "officer": _NAMED | {"rule", "basis", "article", "fact", "clause"},
    "guards": frozenset({"threshold", "months"}),
    "wordings": frozenset({"uses"}),
    "decisions": frozenset({"least", "most", "dormancy", "unconfirmed"}),
    **dict.fromkeys(DOCUMENTS, FACTS),
}
OFFICER_KEYS = ("permitted", "denied", "doubt", "silent", "none", "recipient", "ours", "unnamed")
RECIPIENT_KEYS = ("purpose", "pending", "name")


def check_texts(folder: Folder, reader: Reader) -> None:
    """Each needed key exists in each language; no text is left for something gone (P0h).

    The first language says which words there are beside those that declarations need, and which
    `{facts}` each fills in; the others follow it.
    """
    needed = dict.fromkeys(needed_keys(folder))
    allowed = set(optional_keys(folder))
    lost = {_stem(file.partition("/")[0]) for file in reader.lost}
    declared = {_stem(key) for key in (*needed, *allowed)} - _VOCABULARY - lost
    for language, words in folder.words.items():
        if not words.sentences:
            remedy = f"write its words in `texts/{language}/`, or take it out of `languages`"
            problem = f"language `{language}` has no texts"
            reader.add("policy.toml", ("languages",), problem, remedy)
            continue
        first = folder.words[folder.head.languages[0]]
        for key in needed if words is first else needed | dict.fromkeys(first.sentences):
            if words.sentences.get(key, "").strip():
                continue
            if words is not first and folder.head.is_first_language_only(key):
                continue
            if f"texts/{language}/{_stem(key)}.toml" not in reader.lost:
                _add_missing(reader, language, key)
        for key, (file, place) in words.places.items():
            if key in needed:
                continue
            said = key.partition(".")[2]
            if key not in allowed and _stem(key) in declared:
                problem = f"words for `{said}`, which is declared nowhere"
                reader.add(file, place, problem, "remove them, or declare what they speak of")
            elif first.sentences and key not in first.sentences:
                problem = f"words for `{said}`, which `{folder.head.languages[0]}` lacks"
                reader.add(file, place, problem, "remove them, or write them there too")
        _check_blanks(reader, words, first, declared)


def check_first_language_only(folder: Folder, reader: Reader) -> None:
    """What is said to stand in the first language alone does stand there."""
    first = folder.words[folder.head.languages[0]] if folder.head.languages else None
    for n, name in enumerate(folder.head.first_language_only):
        if first is not None and not any(_below(key, name) for key in first.sentences):
            remedy = "remove it, or name a file or table of `texts/`, as `notice.law`"
            path = ("first_language_only", n)
            reader.add("policy.toml", path, f"no words are called `{name}`", remedy)


def _below(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}.")


def _check_blanks(reader: Reader, words: Words, first: Words, declared: set[str]) -> None:
    """A sentence fills in what the first language's does; that one, what there is to fill in."""
    for key in dict.fromkeys((*words.filled, *first.filled)):
        if key not in words.places:
            continue
        blanks, (file, place) = words.blanks(key), words.places[key]
        if words is first:
            known = _FACTS.get(_stem(key), frozenset()) if _stem(key) in declared else blanks
            dropped: frozenset[str] = frozenset()
        elif key in first.sentences:
            known = first.blanks(key)
            dropped = known - blanks
        else:
            continue
        for blank in sorted(dropped):
            remedy = f"say it too, as the first language does: {first.sentences[key]!r}"
            reader.add(file, place, f"`{{{blank}}}` is left out", remedy)
        for blank in sorted(blanks - known):
            listed = ", ".join(f"`{{{name}}}`" for name in sorted(known)) or "nothing"
            problem = f"nothing fills in `{{{blank}}}`"
            reader.add(file, place, problem, f"remove it; filled in here: {listed}")


def _add_missing(reader: Reader, language: str, key: str) -> None:
    stem, _, rest = key.partition(".")
    file = f"texts/{language}/{stem}.toml"
    path: Path = (rest,) if stem == "categories" else tuple(rest.split("."))
    remedy = f'add `{dotted(path)} = "..."` to `{file}`'
    reader.add(file, path, f"no words for `{rest}`", remedy)


def _stem(key: str) -> str:
    return key.partition(".")[0]


def needed_keys(folder: Folder) -> Iterator[str]:
    """Yield every key that some declaration needs words for."""
    for id_, purpose in folder.purposes.items():
        yield f"purposes.{id_}.name"
        yield f"purposes.{id_}.why"
        if purpose.loses:
            yield f"purposes.{id_}.without"
        for word in WEIGHED if purpose.assessment else ():
            if not getattr(purpose.assessment, word):
                yield f"purposes.{id_}.{word}"
    for kind in ("categories", "sources", "recipients", "rights", "sensitive", "measures"):
        for id_ in _declared(folder, kind):
            yield f"{kind}.{id_}"
    for id_, recipient in folder.recipients.items():
        if recipient.role == "joint":
            yield f"joint.{id_}"
    for schedule in folder.retention.schedule:
        yield f"retention.{schedule}"
    for kind, declared in (("topic", folder.messages.topic), ("service", folder.messages.service)):
        for id_ in declared:
            yield f"messages.{kind}.{id_}"
    compared = {id_ for each in folder.wordings.comparison.values() for id_ in each.wordings}
    for kind, ids, words in (
        ("programmes", folder.programmes, ("name", "terms", "leaving", "method")),
        ("wordings", sorted(compared - {TODAY}), WORDED),
        ("decisions", folder.decisions, ("name", "logic", "effect")),
    ):
        for id_ in ids:
            yield from (f"{kind}.{id_}.{word}" for word in words)
    for vocabulary, known in _VOCABULARIES.items():
        for word in get_args(known):
            yield f"{vocabulary}.{word}"
    yield from _of_places(folder)
    yield from _of_documents(folder)
    yield from _reasons(folder)


def _of_places(folder: Folder) -> Iterator[str]:
    countries = {it for recipient in folder.recipients.values() for it in recipient.countries}
    countries |= {place for law in folder.retention.must_keep.values() for place in law.places}
    for document in folder.documents.values():
        countries |= {link.region for clause in document.clauses for link in clause.link}
    for country in sorted({folder.head.controller.country, *countries} - {""}):
        yield f"countries.{country}"
    for place in folder.jurisdictions.values():
        if not place.parent:
            yield f"jurisdictions.{place.id}"
            yield f"local.optout.{place.id}"


def _of_documents(folder: Folder) -> Iterator[str]:
    for covered in folder.head.covers:
        yield f"notice.covers.{covered}"
    for kind in folder.rules.kind:
        yield f"notice.kinds.{kind}"
    for means in sorted({right.means for right in folder.rights.values()}):
        yield f"notice.means.{means}"
    for duty in folder.head.duty:
        yield f"duties.{duty}"
    for id_, document in folder.documents.items():
        yield f"{id_}.title"
        yield f"{id_}.lead"
        for section in document.section:
            yield f"{id_}.sections.{section.id}"
            for clause in section.clause:
                yield f"{id_}.clauses.{clause.id}"


def optional_keys(folder: Folder) -> Iterator[str]:
    """Yield the keys of words that a declaration may have.

    A jurisdiction with a parent inherits them; recipients and authorities have names; a kind of
    data is said of somebody else (`theirs`) where its words speak to the person; a recipient may
    become one that answers together with us.
    """
    for id_ in folder.category:
        yield f"theirs.{id_}"
    for id_ in folder.recipients:
        yield f"joint.{id_}"
    for id_ in (*folder.recipients, *folder.jurisdictions):
        yield f"called.{id_}"
    for place in folder.jurisdictions:
        yield f"jurisdictions.{place}"
        yield f"local.optout.{place}"


def _declared(folder: Folder, kind: str) -> Iterator[str]:
    if kind == "categories":
        yield from folder.category
    elif kind in ("sources", "sensitive"):
        yield from folder.categories.source if kind == "sources" else folder.categories.sensitive
    else:
        yield from getattr(folder, kind)


def _reasons(folder: Folder) -> Iterator[str]:
    places = [place for place in folder.jurisdictions.values() if not place.strictest_of]
    own = [rule for purpose in folder.purposes.values() for rule in purpose.rule]
    rules = [*folder.rules.rule, *own]
    for basis in sorted(
        {basis for place in places for basis in place.kinds.values()}
        | {rule.allow for rule in rules if rule.allow not in ("", "local")}
    ):
        yield f"because.permitted.{basis}"
        yield f"because.silent.{basis}"
        yield f"bases.{basis}"
    yield "because.silent.none"
    yield "because.doubt"
    rules += [rule for recipient in folder.recipients.values() for rule in recipient.rule]
    for rule in rules:
        if rule.deny:
            yield f"because.denied.{rule.id}"
    for key in OFFICER_KEYS:
        yield f"officer.{key}"
    for key in RECIPIENT_KEYS:
        yield f"because.recipient.{key}"


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
