"""The work on the queue: telling people of a change, batch by batch."""

from datetime import timedelta

from plainview.privacy.changes import publishing, sending
from plainview.privacy.tasks import task

send = task(
    publishing.SEND,
    serves=sending.PURPOSE,
    source="derived",
    everyone="a change of the policy is told to everybody",
    attempts=12,
    longest=timedelta(minutes=10),
    given_up=sending.stuck,
)(sending.send)
