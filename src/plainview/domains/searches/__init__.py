"""What somebody looked for: their own searches, to look again by.

Owns those rows, each of which its owner deletes. Never finds anything (`platform/search`), never
changes an order, and asks nobody's permission by itself: the gate does.
"""
