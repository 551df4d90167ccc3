"""`plainview policy init`: starts an operator's own policy folder from one that is there."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from plainview.engine import Policy, load
from plainview.platform import languages
from plainview.privacy.authoring.folder import OF_FILES, loaded
from plainview.privacy.places.territories import with_article

_KEPT = (
    "rules.toml",
    "categories.toml",
    "rights.toml",
    "retention.toml",
    "measures.toml",
    "promises.csv",
    "invariants.toml",
)
_KEPT_IF_THERE = ("decisions.toml", "messages.toml")
_FOLDERS = ("purposes", "jurisdictions", "documents", "texts", "cases", "schema")
_GROUP = re.compile(r"^(group\w*|leader|officer_\w+) = .*\n", re.MULTILINE)
_CLOSED = re.compile(r"(?ms)^\[closed\]\n.*?(?=^$|^\[)")
_ASSESSED = re.compile(r"^(done|review) = .*$", re.MULTILINE)
_DAYS_TO_WEIGH = 30


_NOBODY = """\
# Who receives what, for which purpose, in which role and where. Nobody, so far. Whoever carries
# your mail comes first, with a line in texts/<language>/recipients.toml for each language, as
# `postbox = "carries our mail"`:
#
# [recipient.postbox]
# name = "Postbox Mail"
# clause = "4.1.1"
# role = "processor"
# country = "IE"
# carries = "mail"
# contract = { reference = "our number of it", since = 2026-11-01 }
# receives.service-messages = ["contact.email"]
"""


def _right(context: click.Context, option: click.Parameter, word: str) -> str:
    """The word of an option if it can be right; who was asked for it is asked again if not."""
    word = word.strip()
    if not word or "\n" in word:
        raise click.BadParameter("it needs one line of text")
    if option.name == "country":
        word = word.upper()
        if len(word) != len("IE") or word not in load(Path(settings.POLICY_DIR)).places:
            raise click.BadParameter(f"`{word}` is no country code; write two letters, as IE")
    if option.name == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", word):
        raise click.BadParameter(f"`{word}` is no mail address")
    if option.name == "url" and not re.match(r"https?://[^\s/]", word):
        raise click.BadParameter(f"`{word}` is no address; begin with https://")
    return word


def _asks(name: str, question: str, help_: str) -> Any:
    return click.option(f"--{name}", prompt=question, help=help_, callback=_right)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@_asks("name", "Who answers for the service", "The controller's name.")
@_asks("address", "Postal address", "Its postal address.")
@_asks("email", "Mail address for privacy", "Where people write to.")
@_asks("country", "Country (two letters, as IE)", "Its country, as IE.")
@_asks("url", "Address of the site", "As https://films.example/")
@OF_FILES
def init(folder: Path, **controller: str) -> None:
    """Start your own policy in FOLDER.

    Writes a folder that passes `check`, with the purposes, rules and jurisdictions this site was
    made for and no recipients. Then it is yours: read it with a lawyer, file by file.
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"`{folder}` is not empty; name a new folder")
    today = dt.datetime.now(dt.UTC).date()
    try:
        review = _start(folder, Path(settings.POLICY_DIR), today, controller)
    except OSError as error:
        raise click.ClickException(f"can't write {error.filename}: {error.strerror}") from None
    loaded(folder)
    click.echo(
        f"wrote {folder}\n\nnext:\n"
        f"  1. read {folder / 'purposes'}, and take out what you do not do:\n"
        "     plainview policy remove --help\n"
        f"  2. name who receives data in {folder / 'recipients.toml'}, and first who carries mail\n"
        f"  3. weigh each interest yourself: `[purpose.*.assessment]`, by {review}\n"
        f"  4. plainview policy check --folder {folder}; then `prove` and `test`, likewise\n"
        f"  5. PLAINVIEW_POLICY_DIR={folder} plainview serve"
    )


def _start(folder: Path, model: Path, today: dt.date, controller: dict[str, str]) -> dt.date:
    """Write a policy for this controller to `folder`, modelled on the folder `model`.

    Recipients and programmes stay behind: they are somebody else's. Returns the date by which
    the copied assessments of interest must have been weighed anew. Raises PolicyErrors when
    `model` does not load.
    """
    policy = load(model)
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for file in (*_KEPT, *filter(lambda file: (model / file).exists(), _KEPT_IF_THERE)):
        shutil.copy(model / file, folder / file)
    for inner in _FOLDERS:
        shutil.copytree(model / inner, folder / inner)
    review = today + dt.timedelta(days=_DAYS_TO_WEIGH)
    dates = {"done": today, "review": review}
    for purpose in (folder / "purposes").glob("*.toml"):
        text = purpose.read_text("utf-8")
        text = _ASSESSED.sub(lambda match: f"{match[1]} = {dates[match[1]]}", text)
        purpose.write_text(text, "utf-8")
    _leave_recipients_behind(folder, model, policy, controller["country"])
    head = _head((model / "policy.toml").read_text("utf-8"), today)
    for key, value in (controller | {"officer": controller["email"]}).items():
        head = _with_controller(head, key, value)
    (folder / "policy.toml").write_text(head, "utf-8")
    for each in (*made, *folder.rglob("*")):  # root writes it, and the service's user reads it
        each.chmod(0o755 if each.is_dir() else 0o644)
    return review


def _head(text: str, today: dt.date) -> str:
    text = re.sub(r"^version = .*$", f'version = "{today}"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^effective = .*$", f"effective = {today}", text, count=1, flags=re.MULTILINE)
    text = re.sub(
        r"(?s)^(?:#[^\n]*\n)?\[\[representative\]\].*?(?=^#|^\[)", "", text, flags=re.MULTILINE
    )
    text = re.sub(r"(?s)^\[\[change\]\].*?(?=^# Duties|^\[duty)", "", text, flags=re.MULTILINE)
    return _GROUP.sub("", text)


def _with_controller(head: str, key: str, value: str) -> str:
    """Return policy.toml with one line of its controller written anew."""
    before, title, table = head.partition("[controller]\n")
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    return (
        before
        + title
        + re.sub(rf"^{key} = .*$", lambda _: line, table, count=1, flags=re.MULTILINE)
    )


def _leave_recipients_behind(folder: Path, model: Path, policy: Policy, country: str) -> None:
    closed = _CLOSED.search((model / "recipients.toml").read_text("utf-8"))
    (folder / "recipients.toml").write_text(
        _NOBODY + (f"\n# All that may leave at all.\n{closed[0]}" if closed else "")
    )
    (folder / "cases" / "recipients.toml").unlink(missing_ok=True)
    own = {rule.id for recipient in policy.recipients.values() for rule in recipient.rule}
    for language in policy.head.languages:
        texts = folder / "texts" / language
        for gone in ("recipients.toml", "joint.toml", "programmes.toml"):
            (texts / gone).unlink(missing_ok=True)
        if f"countries.{country}" not in policy.words[language].sentences:
            name = languages.locale(language).territories.get(country, country)
            name = with_article(name, country, language)
            with (texts / "countries.toml").open("a", encoding="utf-8") as names:
                names.write(f"{country} = {json.dumps(name, ensure_ascii=False)}\n")
        for name, gone_keys in (("because", own), ("called", policy.recipients)):
            file = texts / f"{name}.toml"
            said = file.read_text("utf-8") if file.exists() else ""
            for key in gone_keys:
                said = re.sub(rf'(?ms)^{re.escape(key)} = (?:""".*?"""|[^\n]*)\n', "", said)
            if said:
                file.write_text(said, "utf-8")
