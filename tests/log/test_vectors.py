"""The page and the command say the same of the same (`frontend/proof/tests/vectors.json`)."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

from plainview import verify

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "frontend/proof/tests/vectors.json").read_text())
ENDS = {"holds": 0, "broken": 1, "unreadable": 2, "untold": 3}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_p2_11e_the_command_ends_as_the_page_does(case, tmp_path):
    files = [tmp_path / f"{number}" for number in range(len(case["texts"]))]
    for file, text in zip(files, case["texts"], strict=True):
        file.write_text(text)
    words = ["appended" if case["what"] == "grown" else case["what"], *map(str, files)]
    if case["what"] == "grown":
        (tmp_path / "proof").write_text(json.dumps({"path": case["path"]}))
        words.append(str(tmp_path / "proof"))
    keys = [case["key"]]
    if case["word"] == "anew":  # the page knows one key; the command is given the next one too
        name = verify.read_head(case["texts"][1]).origin
        keys.append(_renamed(case["key"], name))
    for key in keys:
        words += ["--key", key]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = verify.main(words)
    assert code == ENDS[case["end"]], said.getvalue()


def _renamed(key: str, name: str) -> str:
    """The same key under the name of another epoch."""
    read = verify.read_key(key)
    again = verify.Key(name, read.raw)
    encoded = verify.base64.b64encode(b"\x01" + read.raw).decode()
    return f"{name}+{again.id.hex()}+{encoded}"
