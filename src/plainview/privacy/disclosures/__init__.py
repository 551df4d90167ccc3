"""The only door outward: cuts, records, delivers and calls back whatever leaves about people.

Owns the ledger of who got what, the connections to recipients, and mail. Never decides: the policy
says who may have what, and a person's standing whether of them.
"""
