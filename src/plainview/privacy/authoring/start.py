"""Starts an operator's own policy folder from one that is there."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path

from plainview.engine import Policy, load

_KEPT = (
    "rules.toml",
    "categories.toml",
    "rights.toml",
    "retention.toml",
    "measures.toml",
    "promises.csv",
    "invariants.toml",
)
_KEPT_IF_THERE = ("decisions.toml",)
_FOLDERS = ("purposes", "jurisdictions", "documents", "texts", "cases", "schema")
_GROUP = re.compile(r"^group\w* = .*\n", re.MULTILINE)
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


class StartError(ValueError):
    """A policy can't be started with these words, or there."""


def start(
    folder: Path,
    model: Path,
    today: dt.date,
    *,
    name: str,
    address: str,
    email: str,
    country: str,
    url: str,
) -> dt.date:
    """Write a policy for this controller to `folder`, modelled on the folder `model`.

    Recipients and programmes stay behind: they are somebody else's. Returns the date by which
    the copied assessments of interest must have been weighed anew. Raises StartError when the
    folder is not empty or a word can't be right, PolicyErrors when `model` does not load.
    """
    policy = load(model)
    country = country.strip().upper()
    _refuse_wrong_words(policy, name=name, address=address, email=email, country=country, url=url)
    if folder.exists() and any(folder.iterdir()):
        raise StartError(f"`{folder}` is not empty; name a new folder")
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
    _leave_recipients_behind(folder, model, policy, country)
    facts = {"name": name, "address": address, "email": email, "country": country, "url": url}
    head = _head((model / "policy.toml").read_text("utf-8"), today)
    for key, value in {**facts, "officer": email, "help_url": url}.items():
        head = _with_controller(head, key, value.strip())
    (folder / "policy.toml").write_text(head, "utf-8")
    return review


def _refuse_wrong_words(policy: Policy, **words: str) -> None:
    for key, value in words.items():
        if not value.strip() or "\n" in value:
            raise StartError(f"`{key}` needs one line of text")
    if words["country"] not in policy.places:
        raise StartError(f"`{words['country']}` is no country code; write two letters, as IE")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", words["email"].strip()):
        raise StartError(f"`{words['email']}` is no mail address")
    if not words["url"].strip().startswith(("https://", "http://")):
        raise StartError(f"`{words['url']}` is no address; begin with https://")


def _head(text: str, today: dt.date) -> str:
    text = re.sub(r"^version = .*$", f'version = "{today}"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^effective = .*$", f"effective = {today}", text, count=1, flags=re.MULTILINE)
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
        for gone in ("recipients.toml", "programmes.toml"):
            (texts / gone).unlink(missing_ok=True)
        if f"countries.{country}" not in policy.words[language].sentences:
            with (texts / "countries.toml").open("a", encoding="utf-8") as names:
                names.write(f'{country} = "{country}"\n')
        for name, gone_keys in (("because", own), ("called", policy.recipients)):
            file = texts / f"{name}.toml"
            said = file.read_text("utf-8") if file.exists() else ""
            for key in gone_keys:
                said = re.sub(rf'(?ms)^{re.escape(key)} = (?:""".*?"""|[^\n]*)\n', "", said)
            if said:
                file.write_text(said, "utf-8")
