"""Asks pymerkle, which somebody else wrote, for the roots and proofs of small trees; writes JSON.

    python3 -m venv oracle && oracle/bin/pip install pymerkle==7.0.0
    oracle/bin/python tests/log/oracle.py 70 > tests/log/oracle.json

pymerkle is GPL: it is asked in a process of its own, whose answers are all that comes back; nothing
of the product imports it or this file. Leaf i is SHA-256(00 ‖ i in decimal), as RFC 9162 hashes.
A root a tree, an audit path a leaf, a consistency proof a smaller tree; all the paths of one tree
are told as SHA-256 of their JSON (`--whole` writes them).
"""

import hashlib
import json
import sys
from importlib.metadata import version

from pymerkle import InmemoryTree


def in_the_order_of_the_rfc(proof, tree):
    """A consistency proof of pymerkle as section 2.1.4.1 has it.

    Both name subtrees from the lowest up. Where the smaller tree ends with a subtree, pymerkle goes
    down to the first leaf after it, of which the RFC needs no more than the root beside; and what
    the verifier has already, the root of the smaller tree where that is one subtree, the RFC omits.
    """
    path, subset = list(proof.path), list(proof.subset)
    if not subset[0]:
        beside = subset.index(1)
        right = path[0]
        for digest in path[1:beside]:
            right = tree.hash_pair(right, digest)
        path = [path[beside], right, *path[beside + 1 :]]
    one_subtree = proof.prior_size & (proof.prior_size - 1) == 0
    return path[1:] if one_subtree or proof.prior_size == proof.size else path


def told(paths, whole):
    written = [[step.hex() for step in path] for path in paths]
    return written if whole else hashlib.sha256(json.dumps(written).encode()).hexdigest()


def main():
    most, whole = int(sys.argv[1]), "--whole" in sys.argv
    tree = InmemoryTree(algorithm="sha256")
    roots, inclusion, consistency = [], [], []
    for size in range(1, most + 1):
        tree.append_entry(str(size - 1).encode())
        roots.append(tree.get_root(size).hex())
        audits = [tree.prove_inclusion(index, size) for index in range(1, size + 1)]
        inclusion.append(told([audit.path[1:] for audit in audits], whole))
        grown = [tree.prove_consistency(first, size) for first in range(1, size + 1)]
        ordered = [in_the_order_of_the_rfc(proof, tree) for proof in grown]
        consistency.append(told(ordered, whole))
    asked = {"source": f"pymerkle {version('pymerkle')}", "trees": most}
    said = {"roots": roots, "inclusion": inclusion, "consistency": consistency}
    sys.stdout.write(json.dumps(asked | said, indent=1) + "\n")


if __name__ == "__main__":
    main()
