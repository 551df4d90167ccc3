"""Judges a folder that could be read: does it hang together, and does it keep its promises.

One module a subject. Each check takes the folder and the reader, and notes what it finds there.
"""

import datetime as dt
from collections.abc import Callable

from plainview.engine.checks.categories import check_categories
from plainview.engine.checks.interests import check_interests
from plainview.engine.checks.keeping import check_head, check_retention, check_rights
from plainview.engine.checks.places import check_places
from plainview.engine.checks.purposes import check_purposes
from plainview.engine.checks.recipients import check_programmes, check_recipients
from plainview.engine.checks.registers import check_decisions, check_messages, check_vocabulary
from plainview.engine.checks.rules import check_rules
from plainview.engine.checks.texts import check_documents, check_first_language_only, check_texts
from plainview.engine.checks.wordings import check_wordings
from plainview.engine.folder import Folder
from plainview.engine.promises import check_promises
from plainview.engine.reading import Reader

_PURPOSES = ("policy.toml", "rules.toml", "categories.toml", "purposes/", "jurisdictions/")
# Each check, and the files whose declarations it takes for whole.
CHECKS: tuple[tuple[Callable[[Folder, Reader], None], tuple[str, ...]], ...] = (
    (check_head, ("policy.toml", "purposes/", "recipients.toml")),
    (check_categories, (*_PURPOSES, "retention.toml")),
    (check_rules, _PURPOSES),
    (check_purposes, _PURPOSES),
    (check_interests, (*_PURPOSES, "retention.toml", "recipients.toml", "decisions.toml")),
    (check_places, ("rules.toml", "jurisdictions/")),
    (check_recipients, (*_PURPOSES, "recipients.toml", "retention.toml")),
    (check_programmes, ("purposes/", "programmes.toml")),
    (check_decisions, ("decisions.toml", "purposes/")),
    (check_messages, ("messages.toml", "purposes/")),
    (check_wordings, ("wordings.toml", "policy.toml")),
    (check_vocabulary, ()),
    (check_rights, ("rights.toml", "purposes/", "jurisdictions/")),
    (check_retention, ("categories.toml", "purposes/", "jurisdictions/", "retention.toml")),
    (check_documents, ()),
    (check_texts, ("policy.toml", "rules.toml")),
    (check_first_language_only, ("policy.toml",)),
)


def check(folder: Folder, reader: Reader) -> None:
    """Note everything that does not fit in `reader.problems`.

    A check that relies on a file of which a table or more could not be read is left out: it
    would find what follows from that, and nothing new.
    """
    for one, relied_on in CHECKS:
        if not any(file.startswith(relied_on) for file in reader.lost):
            one(folder, reader)
    check_promises(folder.promises, reader)


def check_reviews(folder: Folder, reader: Reader, today: dt.date) -> None:
    """Note assessments and safeguards whose date of review lies before `today` (P3.1.3g, P7b)."""
    for purpose in folder.purposes.values():
        if purpose.assessment and purpose.assessment.review < today:
            reader.add(
                f"purposes/{purpose.id}.toml",
                ("purpose", purpose.id, "assessment", "review"),
                f"the assessment was due for review on {purpose.assessment.review}",
                "weigh the interest again, then write the new `done` and `review`",
            )
    for recipient in folder.recipients.values():
        for index, safeguard in enumerate(recipient.safeguard):
            if safeguard.review < today:
                reader.add(
                    "recipients.toml",
                    ("recipient", recipient.id, "safeguard", index, "review"),
                    f"the safeguard was due for review on {safeguard.review}",
                    "review it, then write the new `review`",
                )
