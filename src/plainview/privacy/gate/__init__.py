"""The gate: personal data is touched for a purpose or not at all, below everyone's code.

Promises: P2a, P2.11d.
"""
