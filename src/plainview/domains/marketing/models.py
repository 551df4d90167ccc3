"""A piece of news: a few lines about one topic, in one language or several, for a time."""

from __future__ import annotations

from django.db import models

from plainview.domains.catalogue.texts import Words, words
from plainview.platform.identifiers import new_key
from plainview.privacy.declarations import about_nobody


@about_nobody("what the service says to everybody who wants to hear it")
class News(models.Model):
    """`topic` is one of the policy's `messages.toml`; both days belong to the time it is shown.

    `texts` has a heading and a text for each language that it is told in. People are told in the
    order of their numbers; all up to `mailed_upto` and `pushed_upto` have been.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    topic = models.CharField(max_length=40)
    texts = models.JSONField(default=dict)
    title = models.ForeignKey("catalogue.Title", models.CASCADE, null=True, blank=True)
    first = models.DateField()
    last = models.DateField()
    mailed_at = models.DateTimeField(null=True, editable=False)
    pushed_at = models.DateTimeField(null=True, editable=False)
    mailed_upto = models.BigIntegerField(default=-1, editable=False)
    pushed_upto = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        ordering = ("-first", "-pk")

    def __str__(self) -> str:
        return f"news {self.key}"

    @property
    def heading(self) -> Words:
        """What stands above it, in the reader's language as far as it is told in it."""
        return self.told_in("")[0]

    @property
    def text(self) -> Words:
        """What it says, in the language of its heading."""
        return self.told_in("")[1]

    @property
    def languages(self) -> list[str]:
        """The languages that it is told in."""
        return list(self.texts)

    @property
    def path(self) -> str:
        """The page that it leads to."""
        return self.title.get_absolute_url() if self.title else "/"

    def told_in(self, language: str) -> tuple[Words, Words]:
        """Heading and text in a language (of the page, if empty), else in one that there is."""
        heading = words(self.texts, "heading", language=language)
        text = self.texts.get(heading.language, {}).get("text", "")
        return heading, Words(text, heading.language)
