"""Files as they come and go: how much a request may bring, byte ranges, signed addresses.

Knows paths and keys, never what a file is or who asks for it.
"""

ROOM = 100 * 2**20
"""Bytes that have to be free for what people do; with less a disk is as good as full."""
