"""The table of own searches."""

from django.db import models
from django.utils import timezone

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import personal, subject

SEARCHES = "activity.searches"
LONGEST = 100


@subject("subject", row="activity")
class Search(models.Model):
    """Something that was looked for; its subject is an account, or a device that may be recognised.

    `words` are the query as the index has it, by which the same one asked again is known. It feeds
    nothing but its owner's own pages (P0d, P2.1.3a).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    query = personal(models.CharField(max_length=LONGEST), SEARCHES)
    words = personal(models.CharField(max_length=2 * LONGEST), SEARCHES)
    searched_at = personal(models.DateTimeField(default=timezone.now), SEARCHES, event="collection")

    class Meta:
        ordering = ["-searched_at", "-id"]
        indexes = [models.Index(fields=["subject", "-searched_at"], name="searches_search_latest")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "words"], name="searches_search_once")
        ]
