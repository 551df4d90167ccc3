"""Who works on a title's subtitles, as what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plainview.domains.catalogue.models import Title
from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import about_nobody, personal, subject

SUBTITLES = "contributions.subtitles"


class Role(models.TextChoices):
    """What somebody does in a team; each may do what stands in `services.teams`."""

    MANAGER = "manager", _("Channel manager")
    CHIEF_SEGMENTER = "chief-segmenter", _("Chief segmenter")
    SEGMENTER = "segmenter", _("Segmenter")
    MODERATOR = "moderator", _("Language moderator")
    EDITOR = "editor", _("Editor")
    SUBTITLER = "subtitler", _("Subtitler")
    VIEWER = "viewer", _("Viewer")


TITLE_ROLES = (Role.MANAGER, Role.CHIEF_SEGMENTER, Role.SEGMENTER)
LANGUAGE_ROLES = (Role.MODERATOR, Role.EDITOR, Role.SUBTITLER, Role.VIEWER)


@subject("account", row="contributions", public=Q(standing="member"))
class Membership(models.Model):
    """Somebody in the team of a title, for one language or (empty) for the title as a whole."""

    class Standing(models.TextChoices):
        APPLIED = "applied", _("Asked to join")
        MEMBER = "member", _("Member")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    title = personal(models.ForeignKey(Title, models.CASCADE, related_name="+"), SUBTITLES)
    language = personal(models.CharField(max_length=35, blank=True), SUBTITLES)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = personal(models.CharField(max_length=15, choices=Role.choices), SUBTITLES)
    standing = personal(models.CharField(max_length=7, choices=Standing.choices), SUBTITLES)
    words = personal(models.CharField(max_length=500, blank=True), SUBTITLES)
    since = personal(models.DateTimeField(auto_now_add=True), SUBTITLES)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "language", "account"], name="subtitles_membership_once"
            ),
            models.CheckConstraint(
                condition=Q(language="", role__in=TITLE_ROLES)
                | (~Q(language="") & Q(role__in=LANGUAGE_ROLES)),
                name="subtitles_membership_role",
            ),
        ]


@about_nobody("a way into a team, for whoever is given its address; who made it is not kept")
class Invitation(models.Model):
    """An address that makes whoever opens it, once, a member of a team."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    title = models.ForeignKey(Title, models.CASCADE, related_name="+")
    language = models.CharField(max_length=35, blank=True)
    role = models.CharField(max_length=15, choices=Role.choices)
    expires_at = models.DateTimeField()
