"""The log: what was written in a ledger cannot be rewritten without somebody outside noticing.

Owns leaves, the tree over them, its signed heads and the keys that sign them (`log.models`), and
what opens a leaf for as long as its person is there. `append` belongs into the transaction of a
choice; `proof`, `head` and `consistency` are what can be asked. Form and checking: docs/proof.md.
"""

from plainview.privacy.log.proving import NoSuchEntry, consistency, head, proof
from plainview.privacy.log.sequencing import sequence
from plainview.privacy.log.services import OutsideTransaction, act, append, deed
