"""Search in every script: text becomes terms here, the same on every database engine."""
