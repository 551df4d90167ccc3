"""Decides: reads a privacy policy written as data and answers what it permits, and why.

Pure Python: no web framework, no clock, and no file is touched after `load`. Only
`plainview.privacy` imports this package.

The pipeline, one module a stage: `parsing`, `positions` and `reading` turn the folder into the
structs of `declarations`, `checks` find what does not fit, `compiling` makes rule books, `standing`
holds what is known of a person, `deciding` folds and decides, `explaining` says why, `proving`
enumerates everybody.
"""

from plainview.engine.breaches import OWED, Clock, clocks
from plainview.engine.cases import (
    A_PLACE,
    PLACE,
    CaseResult,
    load_cases,
    load_without,
    run_case,
    unshown,
)
from plainview.engine.checks.interests import LONGEST_MONTHS, months
from plainview.engine.checks.recipients import WHOLE_DAYS
from plainview.engine.clocks import Calendar, Dates, NoSuchRight, Pause, dates
from plainview.engine.crowds import TooManyPeople
from plainview.engine.deciding import (
    Decision,
    UnknownRecipient,
    decide,
    fold,
    permits,
    set_aside,
    withheld,
)
from plainview.engine.declarations import (
    BASES,
    CASE_BASES,
    DOCUMENTS,
    TODAY,
    WEIGHED,
    Authority,
    Clause,
    Comparison,
    Document,
    Dormancy,
    Guard,
    Jurisdiction,
    Key,
    MustKeep,
    Purpose,
    Recipient,
    Rule,
    Safeguard,
    Schedule,
    Settlement,
)
from plainview.engine.declarations.invariants import Invariant
from plainview.engine.differing import (
    OURS,
    Difference,
    Effect,
    differences,
    effects,
    reached,
    unadmitted,
    unfit,
)
from plainview.engine.explaining import explain, worded
from plainview.engine.folder import STORAGE
from plainview.engine.invariants import load_invariants
from plainview.engine.loading import load, overdue, retired
from plainview.engine.parsing import parse
from plainview.engine.policy import Policy, UnknownCategory, UnknownPurpose
from plainview.engine.positions import Span, spans
from plainview.engine.problems import PolicyErrors, Problem, nearest
from plainview.engine.promises import Promise
from plainview.engine.provenance import STATES
from plainview.engine.proving import Proof, Prover
from plainview.engine.reading import dotted
from plainview.engine.showing import tell
from plainview.engine.standing import Restriction, Standing
from plainview.engine.translating import (
    MARKS,
    mark,
    marks,
    read_language,
    translations,
    write_marks,
)
from plainview.engine.unsaid import abroad, unsaid
from plainview.engine.words import Words, mark_of, sentences_of
