"""What a person decided otherwise than a program did."""

from django.db import models

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import personal, subject

RIGHTS = "requests.rights"


@subject("subject", row="requests")
class Overruled(models.Model):
    """One decision of a program that does not hold for its person, since somebody reviewed it.

    `decision` is one of the policy, `ref` which one it was, in the words of the room that decides.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    decision = personal(models.CharField(max_length=80), RIGHTS)
    ref = personal(models.CharField(max_length=200, blank=True), RIGHTS)
    at = personal(models.DateTimeField(), RIGHTS, event="case-closed")

    class Meta:
        db_table = "privacy_overruled"
        constraints = [
            models.UniqueConstraint("subject", "decision", "ref", name="privacy_overruled_once")
        ]
