"""Search in every script: text becomes terms here, the same on every database engine."""

FULL_TEXT = ("search_entry", "search_passage", "search_word")
"""Tables over whose terms the engine keeps a full-text index."""
