"""Translations without GNU gettext: `update` collects strings, `compile` makes .mo, `check` judges.

A language listed in settings.LANGUAGES is finished: `check` fails if one of its strings is missing,
fuzzy, obsolete or has other placeholders than the original.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

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
ENDINGS = ("py", "html", "txt")  # mails are templates too
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|%[sd]")


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
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(b"")
    template = collected()
    for path in po_files():
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = f"# Plainview in {catalog.locale.english_name}."
        catalog.fuzzy = False
        for dated in ("creation_date", "revision_date"):  # the history knows when
            setattr(catalog, dated, EPOCH)
        with path.open("wb") as file:
            write_po(
                file, catalog, width=100, no_location=True, omit_header=False, sort_output=True
            )
        missing = sum(1 for message in catalog if message.id and not _complete(message.string))
        print(f"{path.parent.parent.name}: {len(catalog)} strings, {missing} to translate")


def compile_all() -> None:
    """Write the .mo file beside each .po file."""
    for path in po_files():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


def check() -> int:
    """Print what is wrong with the finished languages; returns the number of problems."""
    template = collected()
    problems = []
    for path in po_files():
        language, catalog = path.parent.parent.name, read(path)
        for wanted in template:
            if not wanted.id:
                continue
            message = catalog.get(wanted.id, wanted.context)
            words = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
            if message is None or not _complete(message.string) or message.fuzzy:
                problems.append(f"{language}: not translated: {words!r}")
            elif not _same_placeholders(wanted.id, message.string):
                problems.append(f"{language}: other placeholders than the original: {words!r}")
        problems += [
            f"{language}: no longer used: {message.id!r}"
            for message in catalog
            if message.id and template.get(message.id, message.context) is None
        ]
    print("\n".join(problems) or "Every string of every finished language is translated.")
    return len(problems)


def _complete(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _same_placeholders(original: object, translated: object) -> bool:
    """Whether each plural form names no placeholder that the original lacks, and singulars all."""
    if isinstance(original, str) and isinstance(translated, str):
        return sorted(PLACEHOLDER.findall(original)) == sorted(PLACEHOLDER.findall(translated))
    known = {p for form in original for p in PLACEHOLDER.findall(form)}  # type: ignore[attr-defined]
    return all(set(PLACEHOLDER.findall(form)) <= known for form in translated)  # type: ignore[attr-defined]


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
