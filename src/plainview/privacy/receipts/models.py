"""Handing a receipt from one screen to another."""

from __future__ import annotations

from django.db import models

from plainview.privacy.declarations import impersonal, personal, subject


@subject("subject", row="consent")
class Handover(models.Model):
    """A receipt that whoever holds a random code may take, once and within minutes.

    The code stands on one screen and in no table; `digest` is SHA-256 of it.
    """

    digest = impersonal(
        models.CharField(max_length=64, primary_key=True), "a hash of a random code"
    )
    subject = models.BigIntegerField(db_index=True)
    receipt = personal(models.CharField(max_length=36), "consent.handover")
    made_at = personal(
        models.DateTimeField(auto_now_add=True), "consent.handover", event="collection"
    )

    class Meta:
        db_table = "privacy_handover"
