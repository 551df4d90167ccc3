"""The record of processing and the assessments that belong to it, made from the policy.

Nothing here is written by hand: what an officer hands to an authority is what the site runs on.
"""

from plainview.privacy.record.sheets import NAMES, Entry, Sheet, UnknownSheet, sheet, titles
from plainview.privacy.record.writing import to_csv, to_html
