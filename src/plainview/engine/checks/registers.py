"""Checks of decisions.toml and of the terms that everything is nearest to."""

from collections.abc import Iterable, Iterator

from plainview.engine import vocabulary
from plainview.engine.declarations import BASES, SIGNIFICANT
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

DECISIONS = "decisions.toml"
MARKETING = "marketing"


def check_decisions(folder: Folder, reader: Reader) -> None:
    """A program decides nothing grave, from nothing but its purpose's categories (P6a, P6b).

    What lets somebody in or keeps them out goes by a fixed rule, never by a model.
    """
    for id_, decision in folder.decisions.items():
        at: Path = ("decision", id_)
        if decision.effect in SIGNIFICANT:
            remedy = "let a person decide it, and take it out of the register"
            problem = f"no program decides with a `{decision.effect}` effect"
            reader.add(DECISIONS, (*at, "effect"), problem, remedy)
        if decision.effect == "access" and decision.model:
            remedy = "let it go by a fixed rule, and write `model = false`"
            reader.add(DECISIONS, (*at, "model"), "a model decides about access", remedy)
        purpose = folder.purposes.get(decision.purpose)
        if purpose is None:
            remedy = nearest(decision.purpose, folder.purposes, "declare it in `purposes/`")
            reader.add(DECISIONS, (*at, "purpose"), f"unknown purpose `{decision.purpose}`", remedy)
            continue
        for n, category in enumerate(decision.inputs):
            if category not in purpose.uses:
                remedy = nearest(category, purpose.uses, f"add it to the `uses` of `{purpose.id}`")
                problem = f"purpose `{purpose.id}` does not use `{category}`"
                reader.add(DECISIONS, (*at, "inputs", n), problem, remedy)
        for n, category in enumerate(decision.moments):
            if category not in folder.category:
                remedy = nearest(category, folder.category, "declare it in `categories.toml`")
                problem = f"unknown category `{category}`"
                reader.add(DECISIONS, (*at, "moments", n), problem, remedy)
        if decision.effect == "discount" and decision.band is None:
            remedy = "add `band`, the least and the most of the list price in percent"
            reader.add(DECISIONS, at, "a discount without a published band", remedy)
        if decision.band is not None and not 0 <= decision.band[0] <= decision.band[1] <= 100:
            remedy = "write the least first, as `band = [0, 30]`"
            reader.add(DECISIONS, (*at, "band"), "the band is none", remedy)


def check_vocabulary(folder: Folder, reader: Reader) -> None:
    """Every `dpv` is a term of the Data Privacy Vocabulary, and every basis one of ours."""
    for basis in folder.rules.basis:
        if basis not in BASES:
            remedy = nearest(basis, BASES, "remove it")
            reader.add("rules.toml", ("basis", basis), f"unknown basis `{basis}`", remedy)
    for file, path, term, known in _terms(folder):
        if term and term not in known:
            remedy = nearest(term, known, "leave it out where no term fits")
            reader.add(file, (*path, "dpv"), f"`{term}` is no term that fits here", remedy)


def _terms(folder: Folder) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    for id_, purpose in folder.purposes.items():
        yield f"purposes/{id_}.toml", ("purpose", id_), purpose.dpv, vocabulary.PURPOSES
    for id_, category in folder.category.items():
        yield "categories.toml", ("category", id_), category.dpv, vocabulary.CATEGORIES
    for id_, footing in folder.rules.basis.items():
        yield "rules.toml", ("basis", id_), footing.dpv, vocabulary.BASES
    for id_, right in folder.rights.items():
        yield "rights.toml", ("right", id_), right.dpv, vocabulary.RIGHTS
    for id_, measure in folder.measures.items():
        yield "measures.toml", ("measure", id_), measure.dpv, vocabulary.MEASURES


def check_messages(folder: Folder, reader: Reader) -> None:
    """News reaches people by purposes that they can refuse (P3.1.2b, P5.1.2a)."""
    said = folder.messages
    listed = [("channels", n, each) for n, each in enumerate(said.channels)]
    listed += [("waiting", n, each) for n, each in enumerate(said.waiting)]
    for key, n, channel in listed:
        purpose = folder.purposes.get(channel)
        if purpose is None:
            remedy = nearest(channel, folder.purposes, f"declare it in `purposes/{channel}.toml`")
            reader.add("messages.toml", (key, n), f"unknown purpose `{channel}`", remedy)
        elif purpose.kind != MARKETING:
            problem = f"purpose `{channel}` is of kind `{purpose.kind}`"
            remedy = f"name a purpose of kind `{MARKETING}`, which people can refuse"
            reader.add("messages.toml", (key, n), problem, remedy)
        elif key == "waiting" and channel in said.channels:
            problem = f"`{channel}` is a channel and waits for one"
            reader.add("messages.toml", (key, n), problem, "take it from one of the two")
    for channel, most in said.weekly.items():
        if channel not in said.channels or most < 1:
            problem = f"`{channel}` can't take {most} pieces of news a week"
            remedy = "name one of the `channels`, and a number from 1 on"
            reader.add("messages.toml", ("weekly", channel), problem, remedy)
