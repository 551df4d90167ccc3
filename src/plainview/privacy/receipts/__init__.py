"""Receipts: what somebody was asked and what they said, with the proof that it was so (P2.11e).

Owns the documents that leave with a person or an authority (docs/receipts.md), the pages that show
them, and the short-lived capability by which a television hands one over. Writes no answer: that is
`consent`; proves nothing itself: that is `log`.
"""
