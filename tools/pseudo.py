"""Two invented languages that show what pages make of translations before there are any.

`python tools/pseudo.py DATA POLICY` writes the strings of pages below the data folder DATA and a
copy of the policy that speaks them to POLICY. Then `plainview serve` with these two folders offers
`en-XA`, English with accents and longer by a third, and `ar-XB`, English mirrored word by word on
pages from right to left. What is neither accented nor mirrored never went through translation; what
is cut off at its closing bracket has no room.
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from messages import LOCALE, ROOT, read

from plainview.privacy.translations import toml

ACCENTS = str.maketrans("aceginorsuyzACEGINORSUYZ", "áçéğîñöŕšüýžÁÇÉĞÎÑÖŔŠÜÝŽ")
KEPT = re.compile(r"%\([a-z_]+\)[sd]|%[sd%]|\{[a-z_]*\}|</?[a-z][^>]*>|&[a-z]+;")
WORD = re.compile(r"[^\W\d_]+")
FILLING = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
OVERRIDE, END = "\u202e", "\u202c"


def longer(text: str) -> str:
    """`en-XA`: accents on the letters, and a third or more in length."""
    if not text.strip():
        return text
    wanted, filling = max(4, len(text) // 3), ""
    for word in FILLING * (wanted // 50 + 1):
        if len(filling) >= wanted:
            break
        filling += f" {word}"
    return f"[{_outside(text, lambda part: part.translate(ACCENTS))}{filling}]"


def mirrored(text: str) -> str:
    """`ar-XB`: each word written from right to left."""
    return _outside(text, lambda part: WORD.sub(lambda word: f"{OVERRIDE}{word[0]}{END}", part))


def _outside(text: str, change: Any) -> str:
    """What stands between placeholders and tags, changed."""
    parts, at = [], 0
    for kept in KEPT.finditer(text):
        parts += [change(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, change(text[at:])])


MADE = {"en-XA": ("en", longer), "ar-XB": ("ar", mirrored)}


def write_strings(data: Path) -> None:
    """Write the strings of pages below the data folder."""
    known = read(LOCALE / "ko" / "LC_MESSAGES" / "django.po")
    for tag, (base, made) in MADE.items():
        catalog = Catalog(locale=base, charset="utf-8", fuzzy=False)
        for message in known:
            if not message.id:
                continue
            plural = isinstance(message.id, tuple | list)
            forms = [message.id[0], *[message.id[1]] * (catalog.num_plurals - 1)] if plural else []
            said = tuple(map(made, forms)) if plural else made(message.id)
            catalog.add(message.id, said, context=message.context)
        folder = data / "translations" / "locale" / tag.replace("-", "_") / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "django.mo").open("wb") as file:
            write_mo(file, catalog)


def write_policy(folder: Path) -> None:
    """Write a copy of the policy that speaks them."""
    shutil.copytree(ROOT / "policy", folder)
    for tag, (_base, made) in MADE.items():
        for path in sorted((folder / "texts" / "en").glob("*.toml")):
            words = tomllib.loads(path.read_text("utf-8"))
            words.pop("reviewed_by", None)
            into = folder / "texts" / tag / path.name
            into.parent.mkdir(exist_ok=True)
            into.write_text(toml(_deep(words, made)), "utf-8")
    head = folder / "policy.toml"
    names = ", ".join(f'"{tag}"' for tag in MADE)
    text = re.sub(
        r"^(languages = \[.*)\]", rf"\1, {names}]", head.read_text("utf-8"), flags=re.MULTILINE
    )
    head.write_text(text, "utf-8")


def _deep(words: dict[str, Any], made: Any) -> dict[str, Any]:
    return {
        key: _deep(value, made) if isinstance(value, dict) else made(value)
        for key, value in words.items()
    }


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: pseudo.py DATA POLICY")
    write_strings(Path(sys.argv[1]))
    write_policy(Path(sys.argv[2]))
