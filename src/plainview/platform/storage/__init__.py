"""Files as they come and go: how much a request may bring, byte ranges, signed addresses.

Knows paths and keys, never what a file is or who asks for it.
"""
