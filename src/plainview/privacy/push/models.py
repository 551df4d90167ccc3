"""A browser that takes messages of an account, until it signs out or the person says no."""

from __future__ import annotations

from django.db import models

from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.declarations import impersonal, personal, subject

PUSH = "device.push"


@subject("account", row="device")
class Subscription(models.Model):
    """A push subscription (RFC 8030) of one browser in which an account is signed in.

    `endpoint` is the address that the browser's push service gave out, `p256dh` and `auth` what a
    message for it is encrypted with (RFC 8291). `sitting` tells the session again with which it
    ends.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField(db_index=True)
    recipient = personal(models.CharField(max_length=60), PUSH)
    endpoint = personal(models.TextField(), PUSH)
    digest = personal(models.CharField(max_length=64, unique=True), PUSH)
    p256dh = personal(models.CharField(max_length=100), PUSH)
    auth = personal(models.CharField(max_length=40), PUSH)
    sitting = personal(models.CharField(max_length=64), PUSH)
    since = personal(models.DateTimeField(), PUSH, event="last-use")
    made_for = impersonal(models.CharField(max_length=64), "which key of ours it was made for")
    key = impersonal(
        models.CharField(max_length=12, unique=True, default=new_key),
        "how a page calls it; it opens nothing",
    )

    class Meta:
        db_table = "privacy_push"
