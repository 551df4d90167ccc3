"""Enforces: the only package that knows the engine. Marks, gate, consent, rights, retention."""
