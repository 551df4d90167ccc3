"""What was accepted of whom: a ledger that only grows, so that no merge or deletion lessens it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plainview.domains.subtitles.models.studio import SUBTITLES, Edition, contributor
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import impersonal, personal, subject


@subject("account", row="contributions")
class Agreement(models.Model):
    """A version of the contributors' terms that somebody accepted, before their first line."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    version = personal(models.CharField(max_length=10), SUBTITLES)
    made_at = personal(models.DateTimeField(auto_now_add=True), SUBTITLES)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(fields=["account", "version"], name="subtitles_agreed_once")
        ]


@subject("account", row="contributions", public=~Q(name=""))
class Byline(models.Model):
    """The name under which somebody wants to stand at the end of films; empty for not at all."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    name = personal(models.CharField(max_length=60, blank=True), SUBTITLES)


@subject("account", row="contributions", public=Q(counted=True))
class Thanks(models.Model):
    """Somebody's thanks to all who made a film's lines in a language; once."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    edition = personal(models.ForeignKey(Edition, models.CASCADE, related_name="thanks"), SUBTITLES)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    counted = impersonal(models.BooleanField(default=True), "true of every row: all are counted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "account"], name="subtitles_thanked_once")
        ]


@subject("account", row="contributions", public=Q(characters__gte=0))
class Accepted(models.Model):
    """One piece of work that a release accepted; its person may leave, the entry stays.

    `piece` names it within its edition (`line 41 version 3`), so that nothing counts twice.
    """

    class Kind(models.TextChoices):
        TIMING = "timing", _("Timing")
        WRITING = "writing", _("Text")
        REVIEW = "review", _("Review")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    edition = personal(
        models.ForeignKey(Edition, models.CASCADE, related_name="accepted"), SUBTITLES
    )
    account = contributor()
    kind = personal(models.CharField(max_length=7, choices=Kind.choices), SUBTITLES)
    piece = personal(models.CharField(max_length=60), SUBTITLES)
    characters = personal(models.PositiveIntegerField(default=0), SUBTITLES)
    made_at = personal(models.DateTimeField(auto_now_add=True), SUBTITLES)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "piece"], name="subtitles_accepted_once"
            ),
        ]
