"""CARRIES. Jobs, media, storage, search, live channels: thin ports on well-kept engines.

Knows nothing of people or purposes, and imports nothing above it.
"""
