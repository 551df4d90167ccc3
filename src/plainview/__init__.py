"""Plainview: a community streaming service whose privacy policy runs."""

__version__ = "0.1.0"
