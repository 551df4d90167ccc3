"""Keeping no longer than promised: what erasures left standing for a time, and what schedules end.

Owns the days of last use, and who was warned that their account ends. What is due is read off the
marks, the policy's schedules and `rights.models.Kept`.
"""
