"""`plainview policy remove`: takes declarations out of a folder, with all that stands for them.

What is taken out leaves gaps that `check` names, each with file and key. A gap that speaks of what
is gone is closed there; whatever else is left is for people to decide, and then nothing is written.
"""

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from plainview.engine import (
    MARKS,
    Policy,
    PolicyErrors,
    Problem,
    dotted,
    load,
    marks,
    nearest,
)
from plainview.privacy import page_words
from plainview.privacy.authoring.cutting import Path as Key
from plainview.privacy.authoring.cutting import cut
from plainview.privacy.authoring.folder import FOLDER, OF_FILES, loaded, of_examples, to_mend, told
from plainview.privacy.authoring.remains import Version, to_read_over
from plainview.privacy.consent import storage

_FILES = {"law": "jurisdictions/{}.toml", "purpose": "purposes/{}.toml"}
_TABLES = {
    "recipient": "recipients.toml",
    "category": "categories.toml",
    "decision": "decisions.toml",
    "programme": "programmes.toml",
    "measure": "measures.toml",
    "right": "rights.toml",
}
_KNOWN: dict[str, Callable[[Policy], Iterable[str]]] = {
    "law": lambda policy: policy.jurisdictions,
    "purpose": lambda policy: policy.purposes,
    "recipient": lambda policy: policy.recipients,
    "category": lambda policy: policy.categories,
    "decision": lambda policy: policy.decisions,
    "programme": lambda policy: policy.programmes,
    "measure": lambda policy: policy.measures,
    "right": lambda policy: policy.rights,
    "language": lambda policy: policy.head.languages,
    "clause": lambda policy: [
        f"{document.id}/{clause.id}"
        for document in policy.documents.values()
        for clause in document.clauses
    ],
}
_FALLS = {
    "case", "invariant", "decision", "must_keep", "schedule", "keys", "gives", "safeguard",
    "representative",
}  # fmt: skip
"""Tables of declarations that go with the last of what they are about."""
_MAY_EMPTY = {"closes", "rights", "touches"}
"""Lists that may be left out: nothing is permitted without them that was not before."""
_PART = re.compile(r'"([^"]*)"|\[(\d+)\]|([\w-]+)')
_SERVES_NOTHING = "is used by no purpose"
_ROUNDS = 12
_SHOWN = 8


@click.command()
@click.argument("kind", type=click.Choice(sorted(_KNOWN)))
@click.argument("names", metavar="ID...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would go, and write nothing.")
@FOLDER
@OF_FILES
def remove(kind: str, names: tuple[str, ...], dry_run: bool, folder: Path) -> None:
    """Take what you do not do out of a policy folder, with all that stands for it alone.

    \b
      plainview policy remove law us us-ca --folder my-policy
      plainview policy remove purpose targeted-ads ad-measurement --folder my-policy
      plainview policy remove language fr --folder my-policy
      plainview policy remove clause privacy/advertisers --folder my-policy

    Its words in each language go, its mentions in lists and its examples. Nothing is written
    unless `check` takes what is left. Then read over what is listed: sentences that still speak
    of it.
    """
    policy = loaded(folder)
    _refuse(policy, kind, names)
    with tempfile.TemporaryDirectory() as made:
        left = Path(made) / "policy"
        shutil.copytree(folder, left)
        removal = _Removal(left, policy, kind, names)
        removal.carry_out()
        after = loaded(left)
        if wrong := _wrong(left, after, _wrong(folder, policy, ())):
            raise told(PolicyErrors(wrong))
        _prune_marks(left, after)
        for line in removal.told():
            click.echo(line)
        over = list(to_read_over(Version(folder, policy), Version(left, after), kind, names))
        try:
            if not dry_run:
                _write(folder, left)
        except OSError as error:
            said = f"can't write {error.filename}: {error.strerror}; the folder is half done"
            raise click.ClickException(said) from None
    click.echo("nothing is written" if dry_run else f"written to {folder}")
    if over:
        click.echo(f"\nto read over ({len(over)}):")
        for line in over:
            click.echo(f"  {line}")


def _refuse(policy: Policy, kind: str, names: tuple[str, ...]) -> None:
    """Raise ClickException for what is not there, or what others stand on."""
    known = list(_KNOWN[kind](policy))
    for name in names:
        if name not in known:
            raise click.ClickException(f"no {kind} `{name}`: {nearest(name, known, 'see `check`')}")
        why = ""
        if kind == "law":
            heirs = [
                law.id for law in policy.jurisdictions.values()
                if law.parent == name and law.id not in names
            ]  # fmt: skip
            if heirs:
                why = f"is the parent of {', '.join(heirs)}; name them too, or give them another"
            elif "*" in policy.jurisdictions[name].strictest_of:
                why = "says what holds where nobody knows the place; it stays"
        elif kind == "language" and name == known[0]:
            why = "leads: the others were made from it; put another first in `languages`"
        elif kind == "recipient" and policy.recipients[name].carries == "mail":
            why = "carries the mail; let another do so first"
        if why:
            raise click.ClickException(f"{kind} `{name}` {why}")


class _Removal:
    """Cuts in the files of a folder that is nobody's yet."""

    def __init__(self, folder: Path, policy: Policy, kind: str, names: tuple[str, ...]) -> None:
        self.folder, self.kind, self.names = folder, kind, names
        laws = policy.jurisdictions
        self.places = {code for name in names if kind == "law" for code in laws[name].places}
        self.gone = {*names, *self.places}
        if kind == "law":
            kept = {law.regime for id_, law in laws.items() if id_ not in names}
            self.gone |= {laws[name].regime for name in names} - kept
        self.taken: dict[str, list[str]] = {}  # by file, with `*` for each language

    def carry_out(self) -> None:
        """Take the declarations out, then close each gap that speaks of them.

        Raises ClickException naming each gap that does not, with file, line and remedy.
        """
        for name in self.names:
            if self.kind in _FILES:
                (self.folder / _FILES[self.kind].format(name)).unlink()
                self.taken[_FILES[self.kind].format(name)] = ["the file"]
            elif self.kind in _TABLES:
                self._cut(_TABLES[self.kind], [(self.kind, name)])
            elif self.kind == "clause":
                self._cut_clause(*name.split("/"))
            else:
                shutil.rmtree(self.folder / "texts" / name)
                self.taken[f"texts/{name}"] = ["the folder"]
                languages = tomllib.loads((self.folder / "policy.toml").read_text("utf-8"))
                at = languages["languages"].index(name)
                self._cut("policy.toml", [("languages", at)])
        if self.kind == "law":
            self._examples_of_places()
            self._safeguards()
        for _ in range(_ROUNDS):
            gaps = _gaps(self.folder)
            if not gaps or not self._close(gaps):
                break
        if gaps:
            raise told(PolicyErrors(gaps))
        for kind, file in _TABLES.items():
            if not self._at(file, (kind,)):  # `check` asks nothing of words for none of a kind
                for texts in sorted((self.folder / "texts").glob(f"*/{file}")):
                    name = texts.relative_to(self.folder).as_posix()
                    self._cut(name, [(key,) for key in self._at(name, ()) if key != "reviewed_by"])

    def _close(self, gaps: list[Problem]) -> bool:
        """Cut what speaks of what is gone; return whether anything was."""
        cuts: dict[str, set[Key]] = {}
        for gap in gaps:
            path = tuple(
                int(number) if number else quoted or bare
                for quoted, number, bare in _PART.findall(gap.key)
            )
            if (found := self._closing(gap, path)) is not None:
                cuts.setdefault(gap.file, set()).add(found)
        whole = {file: self._with_what_falls(file, paths) for file, paths in cuts.items()}
        for file, taken in whole.items():
            self._cut(file, taken or ())
        return any(whole.values())

    def _closing(self, gap: Problem, path: Key) -> Key | None:
        """The path to cut for a gap at `path`, or None where that is for people to decide."""
        value = self._at(gap.file, path)
        if gap.file.startswith("texts/"):
            return path if value is not None and gap.problem.startswith("words for") else None
        if isinstance(value, str) and value.partition("/")[0] in self.gone:
            return path if isinstance(path[-1], int) else _declaration(path)
        if gap.problem.endswith(_SERVES_NOTHING):
            self.gone.add(str(path[-1]))
            return path
        if path[-1] in self.gone and (path[0] not in _TABLES or len(path) > len(("kind", "id"))):
            return path
        if path[0] == "case" and self._names(value):
            return self._in_example(path, value)
        return None

    def _in_example(self, path: Key, value: Any) -> Key:
        """A fact of an example that is not asked about, or the example where it is all there is."""
        for part, said in value.items() if isinstance(value, dict) else enumerate(value):
            if len(value) > 1 and (part in self.gone or said in self.gone):
                return (*path, part)
        return path[:2]

    def _with_what_falls(self, file: str, paths: set[Key]) -> set[Key] | None:
        """The paths, and in place of each list that they empty what is left out with it.

        A list that must not be left empty, since more could be permitted without it, stays as it
        is, and is what the command names. None where somebody has to carry mail or push.
        """
        found = set()
        for path in paths:
            if any(path[:length] in paths for length in range(1, len(path))):
                continue  # it goes with what is around it
            held = self._at(file, path[:-1])
            if not isinstance(path[-1], int) or not isinstance(held, list):
                found.add(path)
                continue
            emptied = all((*path[:-1], n) in paths for n in range(len(held)))
            if not emptied or path[0] == "case":
                found.add(path)
            elif (falls := _declaration(path)) is not None:
                found.add(falls)
            elif path[-2] in _MAY_EMPTY or path[2:3] == ("receives",):
                found.add(path[:-1])
        return found if file != _TABLES["recipient"] else self._with_recipients(found)

    def _with_recipients(self, paths: set[Key]) -> set[Key] | None:
        """The paths, and with them each recipient that would receive nothing any more.

        None where one of them carries mail or push: somebody has to.
        """
        for id_, recipient in (self._at(_TABLES["recipient"], ("recipient",)) or {}).items():
            receives = ("recipient", id_, "receives")
            if all((*receives, purpose) in paths for purpose in recipient.get("receives", {})):
                if recipient.get("carries"):
                    return None
                self.gone.add(id_)
                paths.add(receives[:2])
        return paths

    def _examples_of_places(self) -> None:
        for file in sorted((self.folder / "cases").glob("*.toml")):
            name, cuts = f"cases/{file.name}", set[Key]()
            for n, case in enumerate(self._at(name, ("case",)) or ()):
                everywhere = case.get("everywhere", [])
                if self.places & {case.get("presence"), case.get("residence")} or (
                    everywhere and self.places.issuperset(everywhere)
                ):
                    cuts.add(("case", n))
                for m, code in enumerate(everywhere):
                    if code in self.places:
                        cuts.add(("case", n, "everywhere", m))
            self._cut(name, cuts)

    def _safeguards(self) -> None:
        """A safeguard names the laws by which it holds; `check` takes one too many."""
        file, cuts = _TABLES["recipient"], set[Key]()
        for id_, recipient in (self._at(file, ("recipient",)) or {}).items():
            for n, safeguard in enumerate(recipient.get("safeguard", ())):
                at = ("recipient", id_, "safeguard", n, "regimes")
                said = enumerate(safeguard.get("regimes", ()))
                cuts |= {(*at, m) for m, regime in said if regime in self.gone}
        self._cut(file, self._with_what_falls(file, cuts) or ())

    def _cut_clause(self, document: str, id_: str) -> None:
        file = f"documents/{document}.toml"
        for n, section in enumerate(self._at(file, ("section",))):
            for m, clause in enumerate(section.get("clause", ())):
                if clause["id"] == id_:
                    self._cut(file, [("section", n, "clause", m)])

    def _names(self, value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(self._names, (*value, *value.values())))
        if isinstance(value, list):
            return any(map(self._names, value))
        return value in self.gone

    def _at(self, file: str, path: Key) -> Any:
        with suppress(OSError, KeyError, IndexError, TypeError):
            value: Any = tomllib.loads((self.folder / file).read_text("utf-8"))
            for part in path:
                value = value[part]
            return value
        return None

    def told(self) -> Iterator[str]:
        """Yield what was taken out, a line a file."""
        for file, taken in self.taken.items():
            once = list(dict.fromkeys(taken))
            more = f" and {len(once) - _SHOWN} more" if len(once) > _SHOWN else ""
            yield f"{file}: {', '.join(once[:_SHOWN])}{more}"

    def _cut(self, file: str, paths: Iterable[Key]) -> None:
        shown = re.sub("^texts/[^/]+/", "texts/*/", file)
        for path in sorted(paths, key=str):
            value = self._at(file, path)
            said = dotted(path)
            if isinstance(value, dict) and isinstance(path[-1], int):
                named = value.get("sentence") or value.get("id")
                said = f"\u201c{named}\u201d" if named else said
            elif isinstance(path[-1], int) and isinstance(value, str):
                said = f"{dotted(path[:-1])} ({value})"
            self.taken.setdefault(shown, []).append(said)
        where = self.folder / file
        where.write_text(cut(where.read_text("utf-8"), paths), "utf-8")


def _declaration(path: Key) -> Key | None:
    """The declaration around a path that goes with it, if one does: an example, a rule's scope."""
    for at, part in enumerate(path):
        if part in _FALLS:
            return path[: at + 2]
        if part == "rule" and {"for", "when"} & set(path[at:]):
            return path[: at + 2]
    return None


def _gaps(folder: Path) -> list[Problem]:
    try:
        policy = load(folder, storage.declared(), standing=page_words.standing)
    except PolicyErrors as errors:
        return errors.problems
    return of_examples(folder, policy)


def _wrong(folder: Path, policy: Policy, known: Iterable[Problem]) -> list[Problem]:
    """What `check` finds in a folder that loads, but for what it is `known` to find anyway."""
    before = {(each.file, each.problem) for each in known}
    new = [each for each in to_mend(folder, policy) if (each.file, each.problem) not in before]
    # The software names a purpose at many doors: one of them is enough to say so.
    return list(
        {each.problem.partition(" names ")[2] or each.problem: each for each in new}.values()
    )


def _prune_marks(folder: Path, policy: Policy) -> None:
    """Forget from what the words were made that are gone; what is stale stays so."""
    for language in policy.head.languages[1:]:
        before = marks(folder, language)
        kept = {key: before[key] for key in before if key in policy.words[language].places}
        if kept.keys() != before.keys():
            lines = (f"{json.dumps(key)}: {json.dumps(kept[key])}" for key in sorted(kept))
            path = folder / "texts" / language / MARKS
            path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _write(folder: Path, left: Path) -> None:
    for file in sorted(folder.rglob("*"), reverse=True):
        made = left / file.relative_to(folder)
        if not made.exists():
            file.rmdir() if file.is_dir() else file.unlink()
        elif file.is_file() and file.read_bytes() != made.read_bytes():
            file.write_bytes(made.read_bytes())
