"""Judges a folder that could be read: does it hang together, and does it keep its promises.

One module a subject. Each check takes the folder and the reader, and notes what it finds there.
"""

import datetime as dt

from plainview.engine.checks.categories import check_categories
from plainview.engine.checks.documents import check_documents
from plainview.engine.checks.keeping import check_head, check_retention, check_rights
from plainview.engine.checks.places import check_places
from plainview.engine.checks.purposes import check_purposes
from plainview.engine.checks.recipients import check_programmes, check_recipients
from plainview.engine.checks.rules import check_rules
from plainview.engine.checks.texts import check_first_language_only, check_texts
from plainview.engine.folder import Folder
from plainview.engine.reading import Reader


def check(folder: Folder, reader: Reader) -> None:
    """Note everything that does not fit in `reader.problems`."""
    for one in (
        check_head,
        check_categories,
        check_rules,
        check_purposes,
        check_places,
        check_recipients,
        check_programmes,
        check_rights,
        check_retention,
        check_documents,
        check_texts,
        check_first_language_only,
    ):
        one(folder, reader)


def check_reviews(folder: Folder, reader: Reader, today: dt.date) -> None:
    """Note assessments and safeguards whose date of review lies before `today`."""
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
