"""Decides: reads a privacy policy written as data and answers what it permits, and why.

Pure Python: no web framework, no clock, and no file is touched after `load`. Only
`plainview.privacy` imports this package.

The pipeline, one module a stage: `positions` and `reading` turn the folder into the structs of
`declarations`, `linking` and `checks` find what does not fit, `compiling` makes rule books,
`standing` holds what is known of a person, `deciding` folds and explains.
"""

from plainview.engine.cases import Case, CaseResult, load_cases, run_case
from plainview.engine.clocks import Calendar, Dates, NoSuchRight, Pause, dates
from plainview.engine.deciding import (
    Decision,
    UnknownRecipient,
    decide,
    explain,
    fold,
    permits,
    withheld,
)
from plainview.engine.declarations import (
    BASES,
    Category,
    Controller,
    Duty,
    Jurisdiction,
    Programme,
    Purpose,
    Recipient,
    Retention,
    Right,
    Rule,
    Source,
)
from plainview.engine.loading import load, overdue
from plainview.engine.policy import Policy, UnknownCategory, UnknownPurpose
from plainview.engine.problems import PolicyErrors, Problem
from plainview.engine.standing import Restriction, Standing

__all__ = [
    "BASES",
    "Calendar",
    "Case",
    "CaseResult",
    "Category",
    "Controller",
    "Dates",
    "Decision",
    "Duty",
    "Jurisdiction",
    "NoSuchRight",
    "Pause",
    "Policy",
    "PolicyErrors",
    "Problem",
    "Programme",
    "Purpose",
    "Recipient",
    "Restriction",
    "Retention",
    "Right",
    "Rule",
    "Source",
    "Standing",
    "UnknownCategory",
    "UnknownPurpose",
    "UnknownRecipient",
    "dates",
    "decide",
    "explain",
    "fold",
    "load",
    "load_cases",
    "overdue",
    "permits",
    "run_case",
    "withheld",
]
