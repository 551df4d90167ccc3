"""The standing: what each person permits, folded into one integer, beside what it was folded by."""

from __future__ import annotations

from django.db import models

from plainview.privacy.declarations import SELF, impersonal, personal, subject


@subject(SELF, row="consent")
class Standing(models.Model):
    """What one person permits: bit n stands for the purpose with that bit in the policy.

    A missing row denies. From `valid_until` (epoch seconds) on the row denies too, until it is
    folded anew. The gate's row filter reads this table on behalf of every purpose.
    """

    subject = models.BigIntegerField(primary_key=True)
    permitted = personal(models.BigIntegerField(), "consent.choices")
    valid_until = personal(models.BigIntegerField(null=True), "consent.choices")
    policy = impersonal(models.CharField(max_length=64), "which policy it was folded by")
    epoch = impersonal(models.IntegerField(default=0), "counts how often it was folded")

    class Meta:
        db_table = "privacy_standing"

    def __str__(self) -> str:
        return "a standing"
