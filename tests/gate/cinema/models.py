"""Every shape of table that the gate knows: of one person, of two, public, shared, by a path."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plainview.privacy.declarations import SELF, Via, about_nobody, impersonal, personal, subject


@about_nobody("describes films")
class Film(models.Model):
    title = models.CharField(max_length=50)
    minutes = models.IntegerField(default=90)
    note = models.TextField(default="")


@subject(SELF, row="account")
class Member(models.Model):
    id = models.BigIntegerField(primary_key=True)
    email = personal(models.CharField(max_length=80, default=""), "contact.email")
    name = personal(models.CharField(max_length=80, default=""), "profile.name")
    state = personal(models.CharField(max_length=10, default="active"), "account.state")
    settings = personal(
        models.JSONField(default=dict), "account.state", keys=["volume", "captions"]
    )
    theme = impersonal(models.CharField(max_length=10, default=""), "a colour")
    friends = personal(models.ManyToManyField("self", symmetrical=False), "messages.text")


@subject("member")
class Viewing(models.Model):
    member = models.ForeignKey(Member, models.CASCADE)
    film = personal(models.ForeignKey(Film, models.CASCADE), "viewing.history")
    minutes = personal(models.IntegerField(default=0), "viewing.history")
    build = impersonal(models.CharField(max_length=20, default=""), "describes our software")


@subject("member")
class Rating(models.Model):
    """A rating outlives the account: its member may become NULL."""

    member = models.ForeignKey(Member, models.SET_NULL, null=True)
    film = personal(models.ForeignKey(Film, models.CASCADE), "ratings.stars")
    stars = personal(models.IntegerField(default=3), "ratings.stars")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "film"], name="one_rating")]


@subject("author", public=Q(state="published"))
class Review(models.Model):
    author = models.ForeignKey(Member, models.CASCADE)
    text = personal(models.TextField(default=""), "reviews.text")
    state = personal(models.CharField(max_length=10, default="draft"), "reviews.text")


@subject("sender", "recipient")
class Message(models.Model):
    """A message outlives its sender, and is the recipient's alone then."""

    sender = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="sent")
    recipient = models.ForeignKey(Member, models.CASCADE, related_name="received")
    text = personal(models.TextField(default=""), "messages.text", of="sender")
    read = personal(models.BooleanField(default=False), "messages.text", of="recipient")


@subject("host", shared=[Via("cinema.Guest", "party", "member")])
class Party(models.Model):
    host = models.ForeignKey(Member, models.CASCADE)
    place = personal(models.CharField(max_length=50, default=""), "party.seat")


@subject("member")
class Guest(models.Model):
    party = personal(models.ForeignKey(Party, models.CASCADE), "party.seat")
    member = models.ForeignKey(Member, models.CASCADE)


@subject("message__sender", "message__recipient")
class Attachment(models.Model):
    """Leads to its people by a path, as third parties' tables do."""

    message = personal(models.ForeignKey(Message, models.CASCADE), "messages.text")
    path = personal(models.CharField(max_length=50, default=""), "messages.text")


@subject("viewing_ptr__member")
class LongViewing(Viewing):
    """A table that continues another one's rows."""

    pauses = personal(models.IntegerField(default=0), "viewing.history")
