"""Translations without GNU gettext: `update` collects strings, `compile` makes .mo, `check` judges.

A language of `platform.languages.FINISHED` is held to it: `check` fails if one of its strings is
missing, fuzzy, obsolete or has other placeholders than the original, or if the original has a
straight apostrophe or quotation mark outside its tags. Of the others it tells how far they are.
`update` gives a string whose original was reworded its old translation, marked `fuzzy` with the
original it was made from (`# was: …`), so that one sees what changed.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from plainview.platform.languages import FINISHED, placeholders
from plainview.platform.languages.catalogues import WAS

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "plainview"
LOCALE = SOURCE / "web" / "locale"
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
WITHIN = re.compile(r"""\bf["'].*\{(?:_|n?p?gettext)\(""")
STRAIGHT = re.compile(r"""['"]""")
MARKUP = re.compile(r"<[^<>]*>")
ALIKE = 0.7  # of 1, as `difflib` counts
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def collected() -> Catalog:
    """Every translatable string of the code and the templates."""
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.utils.translation.template import templatize  # noqa: PLC0415

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    catalog = Catalog(project="Plainview", version="1", charset="utf-8")
    letters = [path for path in SOURCE.rglob("*.txt") if "templates" in path.parts]
    pages = sorted(SOURCE.rglob("*.html"))
    for path in sorted(SOURCE.rglob("*.py")) + pages + sorted(letters):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            calls = templatize(text, origin=str(path))
            text = "\n".join(line.strip() for line in calls.splitlines())
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
        for line, message, _comments, context in found:
            place = (str(path.relative_to(SOURCE)), line)
            catalog.add(message, locations=[place], context=context)
    return catalog


def po_files() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, charset="utf-8")


def update(*languages: str) -> None:
    """Bring every .po file up to date; a language named on the command line is begun."""
    for language in languages:
        path = LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(b"")
    template = collected()
    for path in po_files():
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True)
        hand_on(catalog)
        catalog.header_comment = f"# Plainview in {catalog.locale.english_name}."
        catalog.fuzzy = False
        for dated in ("creation_date", "revision_date"):  # the history knows when
            setattr(catalog, dated, EPOCH)
        with path.open("wb") as file:
            write_po(
                file, catalog, width=100, no_location=True, omit_header=False, sort_output=True
            )
        missing = sum(1 for message in catalog if message.id and not _complete(message.string))
        stale = sum(1 for message in catalog if message.id and message.fuzzy)
        print(f"{_tag(path)}: {len(catalog)} strings, {missing} to translate, {stale} stale")


def hand_on(catalog: Catalog) -> None:
    """Give a new string the translation of the one that went and reads most like it, as stale."""
    gone = {_first(each.id): each for each in catalog.obsolete.values() if _complete(each.string)}
    catalog.obsolete.clear()
    for message in catalog:
        if not message.fuzzy:
            message.user_comments = [c for c in message.user_comments if not c.startswith(WAS)]
        if not message.id or _complete(message.string) or any(_forms(message.string)):
            continue
        near = get_close_matches(_first(message.id), gone, n=1, cutoff=ALIKE)
        if near and message.pluralizable == gone[near[0]].pluralizable:
            message.string = gone[near[0]].string
            message.flags.add("fuzzy")
            message.user_comments = [f"{WAS}{near[0]}"]


def compile_all() -> None:
    """Write the .mo file beside each .po file."""
    for path in po_files():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


def check() -> int:
    """Print what is wrong with the finished languages; returns the number of problems."""
    template = collected()
    unread = [
        f"{path.relative_to(ROOT)}: a string within an f-string is not collected"
        for path in sorted(SOURCE.rglob("*.py"))
        if WITHIN.search(path.read_text("utf-8"))
    ]
    unread += [
        f"{place}:{line}: a straight apostrophe or quotation mark: {form!r}"
        for message in template
        for form in (_forms(message.id) if message.id else ())
        if STRAIGHT.search(MARKUP.sub("", form))
        for place, line in message.locations[:1]
    ]
    found = {_tag(path): faults(_tag(path), template, read(path)) for path in po_files()}
    problems = unread + [f"{tag}: not begun" for tag in FINISHED[1:] if tag not in found]
    for tag, faulty in found.items():
        if tag in FINISHED:
            problems += [f"{tag}: {fault}" for fault in faulty]
        else:
            print(f"{tag} is being made: {len(faulty)} of {len(template)} strings to go.")
    print("\n".join(problems) or "Every string of every finished language is translated.")
    return len(problems)


def faults(language: str, template: Catalog, catalog: Catalog) -> list[str]:
    """What keeps a language from being finished, string by string."""
    found = []
    for wanted in template:
        if not wanted.id:
            continue
        message = catalog.get(wanted.id, wanted.context)
        words = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
        if message is None or not _complete(message.string):
            found.append(f"not translated: {words!r}")
        elif message.fuzzy:
            found.append(f"stale: {words!r}, {'; '.join(message.user_comments)}")
        elif any(placeholders.faults(language, _forms(wanted.id), _forms(message.string))):
            found.append(f"other placeholders than the original: {words!r}")
    return found + [
        f"no longer used: {message.id!r}"
        for message in catalog
        if message.id and template.get(message.id, message.context) is None
    ]


def _tag(path: Path) -> str:
    """The BCP 47 tag of a .po file's folder."""
    return path.parent.parent.name.replace("_", "-")


def _complete(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _first(id_: object) -> str:
    return id_ if isinstance(id_, str) else id_[0]  # type: ignore[index]


def _forms(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string),)


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "update":
        update(*rest)
        compile_all()
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        raise SystemExit(1 if check() else 0)
    else:
        raise SystemExit("usage: messages.py update [LANGUAGE …] | compile | check")
