"""Checks of policy.toml, rights.toml and retention.toml: duties, rights, and an end for all."""

import re
from itertools import pairwise

from plainview.engine.clocks import NEVER
from plainview.engine.declarations import Dormancy
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

DUTIES = ("audit", "backup", "correction", "erasure", "export", "migrate")
_DURATION = re.compile(r"P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?|PT\d+H|P0D")
KEEPING = "retention.toml"
LONGEST_NAME = 50


def check_head(folder: Folder, reader: Reader) -> None:
    """The duties the gate knows are all declared, and no others but tests' own; changes touch known
    purposes; the version has a name that can stand in an address.
    """
    for duty in DUTIES:
        if duty not in folder.head.duty:
            remedy = f"add `[duty.{duty}]` with name and why"
            reader.add("policy.toml", ("duty",), f"duty `{duty}` is not declared", remedy)
    for duty, declared in folder.head.duty.items():
        if duty not in DUTIES and not declared.tests_only:
            remedy = nearest(duty, DUTIES, "remove it: the gate opens no other")
            reader.add("policy.toml", ("duty", duty), f"unknown duty `{duty}`", remedy)
    version = folder.head.version
    if not _is_an_address(version):
        remedy = 'write it short and without slashes, as `version = "2026-11-20"`'
        problem = f"`{version}` can't stand in an address, as the name of a version does"
        reader.add("policy.toml", ("version",), problem, remedy)
    minors = folder.head.minors
    for key in ("suspend_within", "erase_within"):
        _check_duration(reader, ("minors", key), getattr(minors, key), "policy.toml")
    if not folder.head.languages:
        remedy = 'name one at least, as `languages = ["en"]`'
        reader.add("policy.toml", ("languages",), "the policy speaks no language", remedy)
    for n, change in enumerate(folder.head.change):
        for m, touched in enumerate(change.touches):
            purpose, _, recipient = touched.partition("/")
            if purpose not in folder.purposes or (recipient and recipient not in folder.recipients):
                remedy = "name a `purpose` or a `purpose/recipient` of the policy"
                path: Path = ("change", n, "touches", m)
                reader.add("policy.toml", path, f"unknown purpose `{touched}`", remedy)


def _is_an_address(version: str) -> bool:
    """Whether `/legal/privacy/<version>/` leads to a version, also with `.2` behind its name."""
    fits = version.isprintable() and version.strip() == version and len(version) <= LONGEST_NAME
    return fits and "/" not in version and version not in ("", ".", "..", "versions")


def check_rights(folder: Folder, reader: Reader) -> None:
    """What a right closes is known, and each has a way and a time wherever one lives (P5.2c)."""
    places = [place for place in folder.jurisdictions.values() if not place.strictest_of]
    for id_, right in folder.rights.items():
        at = ("right", id_)
        if right.means == "button" and not right.door:
            remedy = 'add `door`, the page with the button, as `door = "/privacy/choices/"`'
            reader.add("rights.toml", at, f"right `{id_}` has a button and no page for it", remedy)
        if right.door and not right.door.startswith("/"):
            remedy = "write the address of a page of ours, beginning with `/`"
            path: Path = (*at, "door")
            reader.add("rights.toml", path, f"`{right.door}` is no place of the service", remedy)
        _check_duration(reader, (*at, "within"), right.within, "rights.toml")
        _check_duration(reader, (*at, "window"), right.window, "rights.toml")
        for place in places:
            there = place.rights.get(id_)
            time = (there.answer or place.clocks.answer) if there else ""
            if not right.within and time in NEVER:
                remedy = "add `within`, our own longest time where a law sets none"
                problem = f"right `{id_}` has no time to be answered in `{place.id}`"
                reader.add("rights.toml", at, problem, remedy)
                break
        for n, purpose in enumerate(right.closes):
            if purpose not in folder.purposes:
                remedy = nearest(purpose, folder.purposes, "remove it")
                closed = ("right", id_, "closes", n)
                reader.add("rights.toml", closed, f"unknown purpose `{purpose}`", remedy)


def check_retention(folder: Folder, reader: Reader) -> None:
    """Every category has exactly one schedule, and every time is a duration (P9c)."""
    kept: dict[str, str] = {}
    retention = folder.retention
    for id_, schedule in retention.schedule.items():
        at = ("schedule", id_)
        _check_duration(reader, (*at, "keep"), schedule.keep)
        if not schedule.categories:
            remedy = f"remove it, and the words for `{id_}` in each `texts/…/{KEEPING}`"
            reader.add(KEEPING, at, f"schedule `{id_}` is for no category", remedy)
        for n, category in enumerate(schedule.categories):
            path: Path = (*at, "categories", n)
            if category not in folder.category:
                remedy = nearest(category, folder.category, "declare it in `categories.toml`")
                reader.add(KEEPING, path, f"unknown category `{category}`", remedy)
            if category in kept:
                remedy = f"keep it here or in `{kept[category]}`"
                reader.add(KEEPING, path, f"`{category}` has two schedules", remedy)
            kept.setdefault(category, id_)
    for category in folder.category:
        if category not in kept:
            remedy = "add it to the `categories` of a schedule"
            reader.add(KEEPING, ("schedule",), f"`{category}` would be kept forever", remedy)
    known_places = {code for place in folder.jurisdictions.values() for code in place.places}
    for id_, law in retention.must_keep.items():
        at = ("must_keep", id_)
        _check_duration(reader, (*at, "keep"), law.keep)
        if law.purpose not in folder.purposes:
            remedy = nearest(law.purpose, folder.purposes, "declare it in `purposes/`")
            reader.add(KEEPING, (*at, "purpose"), f"unknown purpose `{law.purpose}`", remedy)
        for key, known, what in (
            ("categories", folder.category, "category"),
            ("places", known_places | {"*"}, "place"),
        ):
            for n, word in enumerate(getattr(law, key)):
                if word not in known:
                    remedy = nearest(word, known, f"declare the {what} first")
                    reader.add(KEEPING, (*at, key, n), f"unknown {what} `{word}`", remedy)
    _check_duration(reader, ("backups",), retention.backups)
    _check_duration(reader, ("holds", "longest"), retention.holds.longest)
    if retention.unconfirmed is not None:
        _check_duration(reader, ("unconfirmed", "keep"), retention.unconfirmed.keep)
    _check_dormancy(reader, retention.dormancy)


def _check_dormancy(reader: Reader, dormancy: Dormancy) -> None:
    """Nobody's account ends without a letter before it (P9a)."""
    rising = (0, *dormancy.notices, dormancy.months)
    if not dormancy.notices or any(a >= b for a, b in pairwise(rising)):
        problem = "each letter comes after so many months, and all before the account ends"
        reader.add(KEEPING, ("dormancy", "notices"), problem, "write them rising, as `[33, 35]`")


def _check_duration(
    reader: Reader, path: tuple[str | int, ...], text: str, file: str = KEEPING
) -> None:
    if text and not _DURATION.fullmatch(text):
        remedy = "write years, months and days as `P1Y`, `P6M`, `P30D`, hours as `PT24H`"
        reader.add(file, path, f"`{text}` is no length of time", remedy)
