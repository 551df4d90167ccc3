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
    words += ["--key", case["key"]]
    if "keys" in case:
        (tmp_path / "keys.json").write_text(json.dumps(case["keys"]))
        words += ["--keys", str(tmp_path / "keys.json")]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = verify.main(words)
    assert code == ENDS[case["end"]], said.getvalue()
