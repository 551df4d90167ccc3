"""The tables of what people keep. A subject is an account, or a device that may be recognised.

`used_at` is the day on which its owner last looked at their own pages; what nobody looks at for so
long as the schedule `lists` says goes by itself.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.domains.catalogue.models import Collection, Person, Title
from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import Travels, personal, subject

MOST_STARS = 5


@subject("subject", row="viewing", travels=Travels("lists", ("list", "title")))
class Saved(models.Model):
    """A title on one of somebody's lists."""

    class List(models.TextChoices):
        LATER = "later", _("Watch later")
        FAVOURITES = "favourites", _("Favourites")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    list = personal(models.CharField(max_length=10, choices=List.choices), "viewing.list")
    title = personal(models.ForeignKey(Title, models.CASCADE, related_name="+"), "viewing.list")
    saved_at = personal(models.DateTimeField(default=timezone.now), "viewing.list")
    used_at = personal(models.DateTimeField(default=timezone.now), "viewing.list", event="last-use")

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "list", "title"], name="library_saved_once")
        ]


@subject("subject", row="community", travels=Travels("lists", ("title", "person", "collection")))
class Follow(models.Model):
    """A series, person or collection that somebody wants to hear of; just one of the three.

    `seen_at` is when they last saw what was new of it: newer arrivals are told.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    title = personal(
        models.ForeignKey(Title, models.CASCADE, null=True, related_name="+"), "community.follows"
    )
    person = personal(
        models.ForeignKey(Person, models.CASCADE, null=True, related_name="+"), "community.follows"
    )
    collection = personal(
        models.ForeignKey(Collection, models.CASCADE, null=True, related_name="+"),
        "community.follows",
    )
    followed_at = personal(models.DateTimeField(default=timezone.now), "community.follows")
    seen_at = personal(models.DateTimeField(default=timezone.now), "community.follows")
    used_at = personal(
        models.DateTimeField(default=timezone.now), "community.follows", event="last-use"
    )

    class Meta:
        ordering = ["-followed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", each], name=f"library_follow_{each}_once")
            for each in ("title", "person", "collection")
        ]


@subject(
    "subject",
    row="community",
    public=models.Q(public=True),
    travels=Travels("lists", ("title",), {"public": False}),
)
class Rating(models.Model):
    """The stars that somebody gave a title: for themselves, unless they made them public.

    A public one counts in the title's average. Whose it is, is shown to nobody (P1.1.5e).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    subject = models.BigIntegerField()
    title = personal(
        models.ForeignKey(Title, models.CASCADE, related_name="+"), "community.ratings"
    )
    stars = personal(
        models.PositiveSmallIntegerField(
            validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)]
        ),
        "community.ratings",
    )
    public = personal(models.BooleanField(default=False), "community.ratings")
    rated_at = personal(models.DateTimeField(default=timezone.now), "community.ratings")
    used_at = personal(
        models.DateTimeField(default=timezone.now), "community.ratings", event="last-use"
    )

    class Meta:
        ordering = ["-rated_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "title"], name="library_rating_once")
        ]


@subject("subject", row="viewing")
class Pause(models.Model):
    """Somebody's history rests: what it holds stays, nothing is added. Gone when it goes on.

    `used_at` is the day of the last film that it kept out of the history.
    """

    subject = models.BigIntegerField(primary_key=True)
    since = personal(models.DateTimeField(default=timezone.now), "viewing.pause")
    used_at = personal(
        models.DateTimeField(default=timezone.now), "viewing.pause", event="last-use"
    )
