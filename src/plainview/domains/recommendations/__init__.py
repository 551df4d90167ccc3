"""Titles that go together, and what somebody may like because of it.

Owns no rows. What titles have in common is about nobody; a reason taken from what somebody watched
or kept is read for the purpose `recommend` alone, and a title that may reveal something about its
viewer is neither a reason nor a suggestion (P1.2.7b).
"""
