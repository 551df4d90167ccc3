"""A piece of news: a few lines about one topic, in one language, for a time."""

from __future__ import annotations

from django.db import models

from plainview.platform.identifiers import new_key
from plainview.privacy.declarations import about_nobody


@about_nobody("what the service says to everybody who wants to hear it")
class News(models.Model):
    """`topic` is one of the policy's `messages.toml`; both days belong to the time it is shown."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    topic = models.CharField(max_length=40)
    language = models.CharField(max_length=35)
    heading = models.CharField(max_length=90)
    text = models.CharField(max_length=280)
    title = models.ForeignKey("catalogue.Title", models.CASCADE, null=True, blank=True)
    first = models.DateField()
    last = models.DateField()
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-first", "-pk")

    def __str__(self) -> str:
        return self.heading
