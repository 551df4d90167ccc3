"""The tree against an implementation that somebody else wrote (`oracle.py` says whose, and how).

What it answered for the trees of one to seventy leaves is kept beside the tests; the soak asks it
anew, for larger ones too.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import venv
from pathlib import Path

import pytest
from tests.log.test_tree import continues, tree_of

from plainview import verify
from plainview.privacy.log.merkle import Tree, leaf_hash

HERE = Path(__file__).parent
KEPT = json.loads((HERE / "oracle.json").read_text())
PYMERKLE = "pymerkle==7.0.0"


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def ours(tree: Tree) -> dict[str, list]:
    """What our tree answers to the same questions, every path in full."""
    sizes = range(1, tree.size + 1)
    return {
        "roots": [tree.root(size).hex() for size in sizes],
        "inclusion": [_hex(tree.inclusion(index, size) for index in range(size)) for size in sizes],
        "consistency": [
            _hex(tree.consistency(first, size) for first in range(1, size + 1)) for size in sizes
        ],
    }


def _hex(paths) -> list[list[str]]:
    return [[step.hex() for step in path] for path in paths]


def digests(paths: list[list[list[str]]]) -> list[str]:
    return [hashlib.sha256(json.dumps(each).encode()).hexdigest() for each in paths]


def test_p2_11e_roots_and_all_proofs_of_seventy_trees_are_those_of_another_implementation():
    tree = tree_of(leaves(KEPT["trees"]))
    said = ours(tree)
    assert KEPT["trees"] == 70
    assert said["roots"] == KEPT["roots"]
    assert digests(said["inclusion"]) == KEPT["inclusion"]
    assert digests(said["consistency"]) == KEPT["consistency"]


def test_p2_11e_its_roots_and_our_proofs_satisfy_every_verifier():
    tree, roots = tree_of(leaves(70)), [bytes.fromhex(each) for each in KEPT["roots"]]
    for size in (1, 2, 3, 7, 8, 33, 64, 65, 70):
        for index in range(size):
            path = tree.inclusion(index, size)
            leaf = leaf_hash(str(index).encode())
            assert verify.root_of(leaf, index, size, path) == roots[size - 1]
            earlier = index + 1
            grown = tree.consistency(earlier, size)
            assert continues(earlier, size, roots[earlier - 1], roots[size - 1], grown)


@pytest.mark.soak
def test_p2_11e_asked_anew_it_says_the_same_of_larger_trees_too(tmp_path):
    venv.create(tmp_path, with_pip=True)
    python = tmp_path / "bin" / "python"
    got = subprocess.run([python, "-m", "pip", "install", "-q", PYMERKLE], check=False)
    if got.returncode:
        pytest.skip(f"no registry to have {PYMERKLE} from")
    asks = [python, HERE / "oracle.py", "300", "--whole"]
    said = json.loads(subprocess.run(asks, check=True, capture_output=True).stdout)
    found = ours(tree_of(leaves(300)))
    for what in ("roots", "inclusion", "consistency"):
        assert said[what] == found[what], what
    assert digests(said["inclusion"][:70]) == KEPT["inclusion"]


def test_the_product_never_imports_the_oracle():
    root = HERE.parents[1]
    files = [*(root / "requirements").glob("*.txt"), *(root / "src").rglob("*.py")]
    assert len(files) > 100
    assert not [each for each in files if "pymerkle" in each.read_text()]
