"""Letters go through the door that all mail leaves by."""

from tests.disclosures.conftest import folders, mailbox, member  # noqa: F401
