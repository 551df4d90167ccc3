"""The words a policy is written in: one struct for each kind of table in the folder.

Fields without default are required. Identifiers come from the table's own name or, for a
jurisdiction, from its file's name.
"""

from plainview.engine.declarations.documents import DOCUMENTS, FACTS, Clause, Document
from plainview.engine.declarations.keeping import (
    Dormancy,
    Mail,
    MustKeep,
    Retention,
    Right,
    RightFile,
    Schedule,
)
from plainview.engine.declarations.messages import MessageFile
from plainview.engine.declarations.places import (
    Authority,
    Clocks,
    ConsentTerms,
    Duty,
    Jurisdiction,
    RightThere,
    Settlement,
    Telling,
    Transfers,
)
from plainview.engine.declarations.purposes import (
    WEIGHED,
    Category,
    CategoryFile,
    Controller,
    Head,
    Purpose,
    PurposeFile,
    SensitiveKind,
    Source,
)
from plainview.engine.declarations.recipients import (
    Closed,
    Key,
    OwnKey,
    Programme,
    ProgrammeFile,
    Recipient,
    RecipientFile,
    Safeguard,
    StorageFile,
)
from plainview.engine.declarations.register import (
    SIGNIFICANT,
    AutomatedDecision,
    DecisionFile,
    Measure,
    MeasureFile,
)
from plainview.engine.declarations.rules import (
    Footing,
    Kind,
    Named,
    Rule,
    RuleBook,
    Scope,
    Signal,
    When,
)
from plainview.engine.declarations.wordings import TODAY, WORDED, Comparison, WordingFile
from plainview.engine.declarations.words import (
    BASES,
    CASE_BASES,
    STEADY_BASES,
    Basis,
    Carrier,
    ChangeKind,
    Declaration,
    Guard,
    Heading,
    Ids,
    PromiseKind,
    Reason,
    SafeguardKind,
)
