"""The rights desk: what is held of a person, a copy of it, and the way out.

Owns erasures with their reports, legal holds, and what outlives an erasure. All it does is derived
from the marks at the columns and the policy; no domain writes a line for it. Things outside the
database join as holdings.
"""
