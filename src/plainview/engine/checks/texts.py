"""Checks of texts/: every declaration has its words in every shipped language."""

from collections.abc import Iterator
from typing import get_args

from plainview.engine.declarations import SafeguardKind
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.reading import Reader, dotted

# Words that may be more than today's declarations need.
_VOCABULARY = frozenset({"notice", "countries", "safeguards"})
RECIPIENT_KEYS = ("purpose", "pending", "name")


def check_texts(folder: Folder, reader: Reader) -> None:
    """Each needed key exists in each language; no text is left for something gone."""
    needed = dict.fromkeys(needed_keys(folder))
    for language, words in folder.words.items():
        if not words.sentences:
            remedy = f"write its words in `texts/{language}/`, or take it out of `languages`"
            problem = f"language `{language}` has no texts"
            reader.add("policy.toml", ("languages",), problem, remedy)
            continue
        for key in needed:
            if not words.sentences.get(key, "").strip():
                stem, _, rest = key.partition(".")
                file = f"texts/{language}/{stem}.toml"
                path: Path = (rest,) if stem == "categories" else tuple(rest.split("."))
                remedy = f'add `{dotted(path)} = "..."` to `{file}`'
                reader.add(file, path, f"no words for `{rest}`", remedy)
        declared = {key.partition(".")[0] for key in needed} - _VOCABULARY
        for key, (file, place) in words.places.items():
            if key.partition(".")[0] in declared and key not in needed:
                problem = f"words for `{key.partition('.')[2]}`, which is declared nowhere"
                reader.add(file, place, problem, "remove them, or declare what they speak of")


def needed_keys(folder: Folder) -> Iterator[str]:
    """Yield every key that some declaration needs words for."""
    for id_, purpose in folder.purposes.items():
        yield f"purposes.{id_}.name"
        yield f"purposes.{id_}.why"
        if purpose.loses:
            yield f"purposes.{id_}.without"
    for kind in ("categories", "sources", "recipients", "rights", "jurisdictions", "programmes"):
        for id_ in _declared(folder, kind):
            yield f"{kind}.{id_}"
    for schedule in folder.retention.schedule:
        yield f"retention.{schedule}"
    countries = {recipient.country for recipient in folder.recipients.values()}
    for country in sorted({folder.head.controller.country, *countries} - {""}):
        yield f"countries.{country}"
    for duty in folder.head.duty:
        yield f"duties.{duty}"
    for safeguard in get_args(SafeguardKind):
        yield f"safeguards.{safeguard}"
    yield from _reasons(folder)


def _declared(folder: Folder, kind: str) -> Iterator[str]:
    if kind == "categories":
        yield from folder.category
    elif kind == "sources":
        yield from folder.categories.source
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
    for key in RECIPIENT_KEYS:
        yield f"because.recipient.{key}"
