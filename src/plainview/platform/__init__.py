"""CARRIES. Jobs, media, storage, search and the like: thin ports on well-kept engines.

Knows nothing of people or purposes, and imports nothing above it.
"""
