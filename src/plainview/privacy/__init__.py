"""ENFORCES. The only package that knows the engine: marks, gate, consent, rights, retention.

One folder a room, each with what it owns in its first lines; the files beside them are what all
rooms stand on (`registry` reads the marks, `permissions` and `visitors` say what somebody permits).
Knows no domain: those declare, publish and register.
"""
