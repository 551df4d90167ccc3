"""The rights desk: what is held of a person, a copy of it, and the way out.

Owns reports of erasure and nothing else. All it does is derived from the marks at the columns and
from the policy; no domain writes a line for it. Things outside the database join as holdings.
"""
