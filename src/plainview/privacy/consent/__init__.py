"""Consent: what people were shown, what they answered, and for which device or account.

Owns the ledger of answers, the texts shown, devices and their links to accounts, and the cookie
that carries a device's answers. Never decides: the engine does, from the standing written here.
"""
