"""Enforces: the only package that knows the engine, and the only way to personal data."""
