"""Backups, and that nobody comes back by one.

Owns the archives, the ledger of what must not come back, and the barrier that keeps the site shut
after a restore until the ledger is replayed. Knows no key that opens an archive.
"""
