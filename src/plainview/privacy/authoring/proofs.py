"""`plainview policy prove`, `promises` and `schema`: what the machine knows of a folder."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from plainview.engine import (
    Invariant,
    Policy,
    PolicyErrors,
    Proof,
    Prover,
    TooManyPeople,
    load_invariants,
    tell,
)
from plainview.engine.counterexamples import Counterexample
from plainview.engine.schemas import FILES, NoSchema, schema_of, written
from plainview.privacy.authoring.folder import FOLDER, OF_FILES, loaded, told

_OPTIONS: dict[tuple[str, object], str] = {
    ("choice", "granted"): "allow",
    ("choice", "affirmed"): "affirm",
    ("choice", "denied"): "deny",
    ("objection", "pending"): "object",
    ("objection", "upheld"): "upheld",
    ("restricted", "yes"): "restrict",
    ("pending", "yes"): "unanswered",
}
_UNKNOWN = {
    "choice": "choices",
    "objection": "objections",
    "restricted": "restrictions",
    "signal": "signals",
    "feature": "features",
    "case": "cases",
}


@click.command()
@FOLDER
@click.option(
    "--by",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Another folder whose `invariants.toml` to prove this one by.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@OF_FILES
def prove(folder: Path, by: Path | None, as_json: bool) -> None:
    """Prove that the law's invariants hold for everybody.

    Each sentence of `invariants.toml` is checked for every combination of the facts that a
    purpose's rules read, in every place and pair of places: not a sample, all of them; now, and
    under each change of a law that is dated ahead. One that does not hold is shown as the smallest
    person who shows it, with the rule that lets it happen. Exits with 1 when one is broken.
    """
    found = loaded(folder)
    started = time.perf_counter()
    first = Prover(found)
    provers = [first, *map(first.under, _eras(found))]
    try:
        invariants = load_invariants(by or folder, found)
        shown = [_shown(provers, each) for each in invariants]
    except PolicyErrors as errors:
        raise told(errors) from None
    except TooManyPeople as error:
        raise click.ClickException(str(error)) from None
    seconds = time.perf_counter() - started
    folds = sum(prover.folds for prover in provers)
    holding = sum(each.proof.holds for each in shown)
    if as_json:
        click.echo(json.dumps(_record(found, shown, folds, seconds), indent=1))
    else:
        click.echo("\n".join(_line(each, found) for each in shown))
        days = "" if len(provers) == 1 else f" and {len(provers)} states of the law"
        click.echo(
            f"\n{holding} of {len(shown)} hold, for {sum(each.combinations for each in shown):,} "
            f"combinations of people, places{days}, answered by {folds} folds in {seconds:.2f} s"
        )
    if holding < len(shown):
        raise SystemExit(1)


class _Shown(NamedTuple):
    """What became of an invariant: under the first law that breaks it, else the first of all."""

    proof: Proof
    era: Policy
    combinations: int


def _eras(policy: Policy) -> Iterator[Policy]:
    """Yield the policy as each dated change of a law leaves it."""
    while policy.until < dt.date.max:
        policy = policy.on(policy.until)
        yield policy


def _shown(provers: list[Prover], invariant: Invariant) -> _Shown:
    proofs = [(prover.prove(invariant), prover.policy) for prover in provers]
    proof, era = next((each for each in proofs if not each[0].holds), proofs[0])
    return _Shown(proof, era, sum(each.combinations for each, _ in proofs))


def _line(shown: _Shown, policy: Policy) -> str:
    proof, era, _ = shown
    sentence = proof.invariant.sentence
    if proof.counterexample is not None:
        since = "" if era is policy else f"from {era.since} on, "
        lines = [f"BROKEN  {sentence}", f"        {since}{tell(era, proof)}"]
        more = [purpose for purpose in proof.broken if purpose != proof.counterexample.purpose]
        if more:
            lines.append("        so are " + ", ".join(f"`{purpose}`" for purpose in more))
        lines.append(f"        {proof.invariant.id}: {proof.invariant.source}")
        lines.append(f"        plainview policy explain {_asked(era, proof.counterexample)}")
        return "\n".join(lines)
    return f"holds   {sentence}" if proof.purposes else f"nobody  {sentence}"


def _asked(policy: Policy, example: Counterexample) -> str:
    """Return what to say to `explain` to see the decision about who is shown."""
    someone, purpose = example.other or example.someone, example.purpose
    words = []
    for name, place in (("presence", someone.presence), ("residence", someone.residence)):
        if place is not None and (code := _code_of(policy, place)):
            words.append(f"--{name} {code}")
    for fact, value in someone.facts.items():
        if value is None:
            words.append(f"--unknown {_UNKNOWN.get(fact, fact)}")
        elif fact in ("signal", "feature", "case"):
            words += [f"--{fact} {each}" for each in value]
        elif fact in ("age", "plan"):
            words += [f"--{fact} {value}"] if value not in ("uncertified", "none") else []
        elif (fact, value) in _OPTIONS:
            words.append(f"--{_OPTIONS[fact, value]} {purpose}")
    return " ".join((*words, purpose))


def _code_of(policy: Policy, place: str) -> str:
    """Return a code that leads to a jurisdiction, or to one that inherits all from it."""
    laws = policy.jurisdictions.values()
    codes = [law.places[0] for law in laws if law.places and place in (law.id, *law.parents)]
    own = policy.jurisdictions[place].places
    return next(iter((*own, *codes)), "")


def _record(policy: Policy, shown: list[_Shown], folds: int, seconds: float) -> dict[str, Any]:
    return {
        "version": policy.version,
        "fingerprint": policy.fingerprint,
        "holds": all(each.proof.holds for each in shown),
        "combinations": sum(each.combinations for each in shown),
        "folds": folds,
        "seconds": round(seconds, 3),
        "invariants": [
            {
                "id": proof.invariant.id,
                "sentence": proof.invariant.sentence,
                "source": proof.invariant.source,
                "promises": proof.invariant.promises,
                "holds": proof.holds,
                "purposes": proof.purposes,
                "combinations": combinations,
                "broken": proof.broken,
                "since": None if era is policy else era.since.isoformat(),
                "shown": None if proof.holds else tell(era, proof),
                "person": _person(proof),
            }
            for proof, era, combinations in shown
        ],
    }


def _person(proof: Proof) -> Any:
    example = proof.counterexample
    if example is None:
        return None
    standing = (example.other or example.someone).standing(example.purpose)
    return {"purpose": example.purpose, "standing": json.loads(standing.to_json())}


@click.command()
@FOLDER
@OF_FILES
def promises(folder: Path) -> None:
    """List the promises of the notice, and what in the folder carries each.

    A declaration carries a promise when its `promises` name it. Exits with 1 when one is carried
    by nothing: it would be words only.
    """
    found = loaded(folder)
    if not found.promises:
        raise click.ClickException("no promises; list them in `promises.csv`")
    bare = [id_ for id_ in found.promises if id_ not in found.carried]
    for id_, promise in found.promises.items():
        click.echo(f"{id_}  {promise.promise}")
        for carrier in found.carried.get(id_, ()):
            click.echo(
                f"    {carrier.file}: {carrier.key}" if carrier.key else f"    {carrier.file}"
            )
    if bare:
        listed = ", ".join(bare)
        raise click.ClickException(
            f"{len(bare)} of {len(found.promises)} are carried by nothing: {listed}"
        )
    click.echo(f"\n{len(found.promises)} promises, each carried by something")


@click.command()
@FOLDER
@click.option(
    "--write", is_flag=True, help="Write `schema/`, and the line at the head of each file."
)
@click.option("--check", is_flag=True, help="Say whether they are as they should be.")
@click.argument("file", required=False)
@OF_FILES
def schema(folder: Path, write: bool, check: bool, file: str | None) -> None:
    """Print the JSON Schema of FILE, as `purposes/recommend.toml`, or write them all.

    Editors that know Taplo (Even Better TOML, for one) read the `#:schema` line at the head of a
    file: they complete its keys, say what each means and underline what can't be right.
    """
    if file is not None:
        try:
            click.echo(json.dumps(schema_of(file), indent=1, ensure_ascii=False))
        except NoSchema as error:
            raise click.ClickException(str(error)) from None
        return
    if not (write or check):
        click.echo("\n".join(f"{file}  schema/{name}.json" for file, (name, _) in FILES.items()))
        return
    stale = {
        path: text
        for path, text in written(folder).items()
        if not path.exists() or path.read_text("utf-8") != text
    }
    if check and stale:
        listed = ", ".join(f"`{path.relative_to(folder)}`" for path in stale)
        raise click.ClickException(f"stale: {listed}\n\n  plainview policy schema --write")
    for path, text in stale.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    click.echo(f"{len(stale)} files written" if write else "fresh")
