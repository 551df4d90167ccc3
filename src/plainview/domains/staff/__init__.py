"""The staff's desk: pages by which editors, translators, moderators and officers do their work.

Owns cases, and the record of what the staff looked at and changed. Reaches what others own by their
services and queries alone: what a member of the staff may open is `permissions`, whether they may
now is `access`, and about whom, a case says.
"""
