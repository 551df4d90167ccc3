"""Search in every script: text becomes terms here, the same on every database engine.

Owns the index, whose rows say what they are of by a kind and a number; the rooms above say what is
put into it and who may see what is found. Knows nothing of whoever asks.
"""

FULL_TEXT = ("search_entry", "search_passage", "search_word")
"""Tables over whose terms the engine keeps a full-text index."""
