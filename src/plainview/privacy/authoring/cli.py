"""`plainview policy`: check, explain, prove, render, test and start a policy folder.

For those who write the policy, so it needs neither database nor running site.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from plainview.engine import (
    DOCUMENTS,
    STATES,
    Decision,
    Jurisdiction,
    Policy,
    PolicyErrors,
    UnknownCategory,
    UnknownPurpose,
    UnknownRecipient,
    explain,
    load,
    load_cases,
    load_without,
    retired,
    run_case,
    unsaid,
    unshown,
)
from plainview.platform import languages
from plainview.privacy import record as record_sheets
from plainview.privacy.authoring import day as policy_day
from plainview.privacy.authoring import person
from plainview.privacy.authoring.folder import (
    FOLDER,
    LANGUAGE,
    OF_FILES,
    loaded,
    only_words,
    spoken,
    to_mend,
    told,
)
from plainview.privacy.authoring.proofs import promises, prove, schema
from plainview.privacy.authoring.removing import remove
from plainview.privacy.authoring.start import init
from plainview.privacy.authoring.translations import faults, of_policy
from plainview.privacy.authoring.versions import diff, propose, publish, version_named, versions
from plainview.privacy.notice import PRIVACY, blocks_of, compose, to_html, to_markdown


@click.group()
def policy() -> None:
    """Read, check and explain the privacy policy.

    The policy is a folder of TOML files: what is held, why, on which footing, who gets it, how
    long it stays. The site does what it says and nothing else. Begin with `plainview policy
    check`; then ask it something: `plainview policy explain --presence DE recommend`.
    """


@policy.command()
@FOLDER
@OF_FILES
def check(folder: Path) -> None:
    """Find everything that is wrong with a policy folder, at once.

    Each problem names file, line and key, and what to do. Reviews that are due (assessments of
    interest, safeguards of transfers), examples and invariants count too, and what the software
    can't do without. Exits with 1 when there is something to mend.
    """
    found = loaded(folder)
    if wrong := to_mend(folder, found):
        raise told(PolicyErrors(wrong))
    click.echo(
        f"version {found.version}, fingerprint {found.fingerprint[:16]}: "
        f"purposes: {len(found.purposes)}, categories: {len(found.categories)}, "
        f"recipients: {len(found.recipients)}, jurisdictions: {len(found.jurisdictions)}; "
        "nothing to mend"
    )
    for note in (*_notes(folder, found), *faults(folder, found)):
        click.echo(f"  note: {note}")


def _notes(folder: Path, found: Policy) -> Iterator[str]:
    """What is no fault and yet not done: keys of old, words not translated or read by a lawyer."""
    for key in retired(folder):
        yield f"{key} says nothing any more; remove it"
    for language in found.head.languages:
        if language not in languages.FINISHED:
            yield f"pages do not speak `{language}`, so nobody is offered it (docs/translating.md)"
    model = load(Path(settings.SHIPPED_POLICY))
    for clause in only_words(model, found):
        yield f"{clause}: say it otherwise, or take it out"
    if lawless := {code for code in model.places if len(code) == len("IE")} - set(found.places):
        yield (
            f"no law has {', '.join(sorted(lawless))}: whoever lives there can't have an account;"
            " name them in `places` of `jurisdictions/row.toml`, or of a file of their own"
        )
    for what, remedy in unsaid(found):
        yield f"{what}; {remedy}"
    for language, keys in found.untranslated().items():
        if keys:
            yield f"{len(keys)} sentences are not yet shipped in `{language}`"
    for language, files in found.unreviewed().items():
        if files:
            yield f"no lawyer has reviewed `{language}`: {', '.join(files)}"


@policy.command(name="explain")
@FOLDER
@click.option("--presence", metavar="CODE", help="Where they are: DE, US-CA; US = state unknown.")
@click.option("--residence", metavar="CODE", help="Where they say they live.")
@click.option("--allow", multiple=True, metavar="PURPOSE", help="They said yes to it.")
@click.option(
    "--affirm", multiple=True, metavar="PURPOSE", help="Yes in two steps, after a signal."
)
@click.option("--deny", multiple=True, metavar="PURPOSE", help="They said no to it.")
@click.option("--object", "objects", multiple=True, metavar="PURPOSE", help="They object to it.")
@click.option(
    "--upheld", multiple=True, metavar="PURPOSE", help="Their objection to it was upheld."
)
@click.option(
    "--unanswered", multiple=True, metavar="PURPOSE", help="A change to it waits for them."
)
@click.option("--restrict", multiple=True, metavar="NAME", help="A purpose or category set aside.")
@click.option("--signal", multiple=True, metavar="NAME", help="A signal their browser sends: gpc.")
@click.option(
    "--age", type=click.Choice(["certified-adult", "minor", "uncertified"]), default="uncertified"
)
@click.option("--plan", default="none", metavar="NAME", help="Their plan.")
@click.option("--feature", multiple=True, metavar="NAME", help="A feature they asked for.")
@click.option("--case", "cases", multiple=True, metavar="GROUND", help="Ground of an open case.")
@click.option("--recipient", metavar="NAME", help="And hand it to this recipient.")
@click.option("--unknown", multiple=True, metavar="FACT", help="Nobody knows it: age, choices.")
@click.option("--officer", is_flag=True, help="Say it with the rule, the law and the fact.")
@LANGUAGE
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this day.")
@click.option("--version", "name", metavar="NAME", help="By this version; `then`: that of the day.")
@click.argument("purpose")
@OF_FILES
def explain_(
    folder: Path, purpose: str, day: dt.datetime | None, name: str | None, **facts: Any
) -> None:
    """Decide PURPOSE for a person you describe, and say why.

    Whatever you leave out is as for somebody new: nothing chosen, no signal. A place left out is
    unknown, and the unknown is the strictest. For example:

    \b
      plainview policy explain --presence DE --residence US-CA targeted-ads
      plainview policy explain --presence US-CA --signal gpc --allow targeted-ads targeted-ads
      plainview policy explain --officer --presence DE --unknown age recommend

    With --at the law of that day decides, and of what they said only what they had said by then:
    each may end in its date, as `--allow recommend@2026-03-01 --signal gpc@2026-05-01`. Add
    `--version then`, and the version that this site was on at the end of that day decides.
    """
    found = version_named(name, day) if name else loaded(folder)
    facts["language"] = spoken(found, facts["language"])
    facts |= {name: _code(facts[name]) for name in ("presence", "residence")}
    moment = None if day is None else day.date()
    if moment is not None:
        if moment < found.head.effective:
            click.echo(f"this policy takes effect on {found.head.effective}\n", err=True)
        found = found.on(moment)
    try:
        facts = policy_day.by(moment, facts, found)
    except policy_day.DateError as error:
        raise click.ClickException(str(error)) from None
    for note in person.idle(found, facts):
        click.echo(f"{note}\n", err=True)
    standing = person.described(found, facts)
    try:
        decision = explain(found, standing, purpose, facts["recipient"], language=facts["language"])
    except (UnknownPurpose, UnknownRecipient) as error:
        raise click.ClickException(str(error.args[0])) from None
    click.echo(_answer(found, decision, officer=facts["officer"]))


@policy.command()
@FOLDER
@click.option("--all", "every", is_flag=True, help="Those that are in order too.")
@click.option("--place", metavar="CODE", help="Of this place and what it inherits: DE, US-TX.")
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="Stale as of this day.")
@OF_FILES
def facts(folder: Path, every: bool, place: str | None, day: dt.datetime | None) -> None:
    """List the facts of law that are unverified, disputed, or past their day of review.

    Where a time or an age is in doubt the stricter counts already; this is what to read up on.
    """
    found = loaded(folder)
    today = dt.datetime.now(dt.UTC).date() if day is None else day.date()
    only = None if place is None else _law(found, place)
    ids = found.jurisdictions if only is None else (only.id, *only.parents)
    told = [each for each in found.stated(today) if each.jurisdiction in ids]
    for each in told:
        if each.states or every:
            states = ", ".join(each.states) or each.provenance
            review = f"; review by {each.review_by}" if each.review_by else ""
            click.echo(f"{each.jurisdiction}: {each.what}: {each.of or '-'}\n  {states}{review}")
    counts = {state: sum(state in each.states for each in told) for state in STATES}
    summary = ", ".join(f"{count} {state}" for state, count in counts.items())
    click.echo(f"{len(told)} facts: {summary}")


def _law(found: Policy, place: str) -> Jurisdiction:
    """The law of a place by its code, or a law by its id. Raises ClickException for neither."""
    if place.lower() in found.jurisdictions:
        return found.jurisdictions[place.lower()]
    if place.upper() in found.places:
        return found.jurisdiction(place.upper())
    raise click.ClickException(f"the policy names no place `{place}`; a state is `US-CA`")


def _code(text: str | None) -> str | None:
    return text.upper() if text else None


def _answer(found: Policy, decision: Decision, *, officer: bool) -> str:
    said = decision.for_officer if officer else decision.because
    lines = [("permitted" if decision else "denied") + f": {said}", ""]
    facts = {
        "purpose": decision.purpose,
        "recipient": decision.recipient,
        "basis": decision.basis,
        "article": decision.article,
        "clause": decision.clause,
        "rule": decision.rule,
        "fact": decision.fact,
        "place": f"{decision.place} ({found.jurisdictions[decision.place].name})",
        "withheld": ", ".join(sorted(decision.withheld)),
    }
    lines += [f"  {name:<10}{value}" for name, value in facts.items() if value]
    return "\n".join(lines)


@policy.command()
@FOLDER
@click.option("--format", "kind", type=click.Choice(["markdown", "html"]), default="markdown")
@LANGUAGE
@click.option("--document", type=click.Choice(DOCUMENTS), default=PRIVACY, help="Which to write.")
@click.option("--place", metavar="CODE", help="Whose law lists speak of: DE, US-CA; else every.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@OF_FILES
def render(
    folder: Path, kind: str, language: str, document: str, place: str | None, out: Path | None
) -> None:
    """Write the notice for people, as Markdown or HTML; or another of the documents.

    Words come from `texts/`, every list from the policy's own data: change the data and the
    notice follows. `plainview policy render --format html --out notice.html`
    """
    found = loaded(folder)
    language = spoken(found, language)
    if place is not None:
        _law(found, place)
    blocks = blocks_of(compose(found, language, document, presence=_code(place)))
    _written(to_html(blocks, language) if kind == "html" else to_markdown(blocks), out)


@policy.command()
@FOLDER
@click.option(
    "--what",
    type=click.Choice(record_sheets.NAMES),
    default="record",
    show_default=True,
    help="The record, or assessments of interests, impact or transfers.",
)
@click.option("--format", "kind", type=click.Choice(["html", "csv"]), default="html")
@LANGUAGE
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@OF_FILES
def record(folder: Path, what: str, kind: str, language: str, out: Path | None) -> None:
    """Write the record of processing (GDPR, Article 30), or the scaffold of an assessment.

    All that the policy knows is filled in; what only people can judge is asked. As a page to
    print, or as CSV. `plainview policy record --what interests --out interests.html`
    """
    found = loaded(folder)
    language = spoken(found, language)
    is_page = kind == "html"
    sheet = record_sheets.sheet(found, what, language, terms=not is_page)
    _written(
        record_sheets.to_html(sheet, language) if is_page else record_sheets.to_csv(sheet), out
    )


def _written(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        try:
            out.write_text(text, "utf-8", newline="")
        except OSError as error:
            raise click.ClickException(f"can't write {out}: {error.strerror}") from None
        click.echo(f"wrote {out}")


@policy.command()
@FOLDER
@OF_FILES
def test(folder: Path) -> None:
    """Decide the example people of `cases/` and compare with what is expected.

    An example is a sentence, some facts, a purpose, and the decision with its reason. Write one
    for every promise you make; nobody needs to program for it. Exits with 1 when one fails.
    """
    found = loaded(folder)
    try:
        files = load_cases(folder, found)
        results = [(file, run_case(found, case)) for file in files for case in files[file]]
    except PolicyErrors as errors:
        raise told(errors) from None
    except (UnknownPurpose, UnknownRecipient, UnknownCategory) as error:
        raise click.ClickException(str(error.args[0])) from None
    failed = [(file, result) for file, result in results if result.failure]
    for file, result in failed:
        click.echo(f"{file}: {result.case.sentence}\n  {result.failure}")
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(results)} examples fail")
    if not results:
        raise click.ClickException("no examples; write some in `cases/`")
    click.echo(f"{len(results)} examples, all decided as they should be")
    cases = [result.case for _, result in results]
    if missing := unshown(found, cases, load_without(folder)):
        click.echo(f"  note: no example shows {', '.join(missing)}")


for each in (init, remove, prove, diff, promises, schema, of_policy, versions, propose, publish):
    policy.add_command(each)
