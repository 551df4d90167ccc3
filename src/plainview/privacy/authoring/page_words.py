"""The words that pages say whatever a policy declares, held against those of an operator's folder.

`load` asks for the words of declarations. Headings, buttons and the heads of tables belong to the
pages: the folder that comes with the product has each of them, and a folder begun with an earlier
version may lack some.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plainview.engine import Policy, Problem

FILES = ("choices", "notice")
_DECLARED = ("choices.kind.", "notice.covers.", "notice.kinds.", "notice.means.")


def missing(policy: Policy, shipped: Path) -> list[Problem]:
    """Return a problem for each word of the folder `shipped` that pages say and `policy` lacks.

    Asked for in the policy's first language, which stands in for the others.
    """
    first = policy.head.languages[0]
    written = policy.words[first].sentences
    found = []
    for file in FILES:
        source = shipped / "texts" / first / f"{file}.toml"
        if not source.exists():
            source = shipped / "texts" / "en" / f"{file}.toml"
        for key, said in _sentences(tomllib.loads(source.read_text("utf-8")), ""):
            whole = f"{file}.{key}"
            if not whole.startswith(_DECLARED) and not written.get(whole, "").strip():
                remedy = f"add `{key} = {json.dumps(said, ensure_ascii=False)}`, in your own words"
                found.append(
                    Problem(f"texts/{first}/{file}.toml", 1, key, "pages say this", remedy)
                )
    return found


def _sentences(table: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            if key != "reviewed_by":
                yield from _sentences(value, f"{path}{key}.")
        elif isinstance(value, str):
            yield f"{path}{key}", value
