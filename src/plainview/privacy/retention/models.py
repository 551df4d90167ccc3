"""When an account was last used, and the letters that come before one ends that nobody uses."""

from django.db import models

from plainview.platform.identifiers import new_id
from plainview.privacy.declarations import impersonal, personal, subject

STATE = "account.state"


@subject("account", row="account")
class LastUse(models.Model):
    """The day of an account's last use, where the row that told of it has had its time and went."""

    account = models.BigIntegerField(primary_key=True)
    on = personal(models.DateField(), STATE, use=True)

    class Meta:
        db_table = "privacy_last_use"


@subject("account", row="account")
class Warned(models.Model):
    """A letter that named to somebody the day on which their account ends.

    `nth` says which of the policy's letters it is, from one. `delivery` is the key of its delivery
    in the ledger of disclosures, by which one knows whether it went.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField(db_index=True)
    nth = personal(models.PositiveSmallIntegerField(), STATE)
    written_at = personal(models.DateTimeField(), STATE)
    ends_on = personal(models.DateField(), STATE)
    delivery = impersonal(
        models.CharField(max_length=26, unique=True), "a random name of a delivery"
    )

    class Meta:
        db_table = "privacy_warned"
