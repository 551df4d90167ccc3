"""The log's tables: leaves, which stay; what opens them, which is a person's; tree and heads."""

from __future__ import annotations

from django.db import models

from plainview.privacy.declarations import (
    UNTOLD,
    about_nobody,
    append_only,
    impersonal,
    personal,
    subject,
)

_HASHES = "hashes of salted commitments: without the salt of its entry a hash says nothing"
_LOOKS = "access.looks"
_OURS = "what we state of our own log"


@append_only(once=("index",))
@about_nobody(_HASHES)
class Leaf(models.Model):
    """A leaf's hash (RFC 9162 section 2.1.1), written in the transaction of what it commits to.

    `id` counts in the order in which leaves came; `index` is its place in the tree, which it is
    given soon after, once and for ever.
    """

    id = models.BigAutoField(primary_key=True)
    hash = models.BinaryField(max_length=32)
    index = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "privacy_log_leaf"


@append_only()
@subject("subject", row="consent")
class Entry(models.Model):
    """What opens a leaf: its hash is SHA-256(00 ‖ SHA-256(salt ‖ body)), body as canonical JSON.

    It goes with the person; the leaf stays, and nothing leads from it to anybody any more.
    """

    leaf = models.OneToOneField(Leaf, models.PROTECT, primary_key=True)
    subject = models.BigIntegerField(db_index=True)
    kind = impersonal(models.CharField(max_length=20), "which of our ledgers it is an entry of")
    body = personal(models.TextField(), "consent.choices")
    salt = personal(models.BinaryField(max_length=32), "consent.choices")

    class Meta:
        db_table = "privacy_log_entry"


@append_only(anew=(UNTOLD,))
@subject("person", "staff", row="access", untold=UNTOLD)
class Act(models.Model):
    """Something done by the staff: a person's data opened, a form of the desk sent.

    Its leaf commits to `body`, canonical JSON which names people only by a hash of their number
    and a salt of their own; with the salt the name goes, and the act still verifies. Until the day
    `untold_until` a law forbids to tell the person of it.
    """

    leaf = models.OneToOneField(Leaf, models.PROTECT, primary_key=True)
    person = personal(models.BigIntegerField(null=True, db_index=True), _LOOKS, of="person")
    staff = personal(models.BigIntegerField(null=True, db_index=True), _LOOKS, of="staff")
    person_salt = personal(models.BinaryField(max_length=32, null=True), _LOOKS, of="person")
    staff_salt = personal(models.BinaryField(max_length=32, null=True), _LOOKS, of="staff")
    at = personal(models.DateTimeField(), _LOOKS, event="collection")
    untold_until = personal(models.DateField(null=True), _LOOKS, of="person")
    what = impersonal(models.CharField(max_length=20), "which kind of act it was")
    body = impersonal(models.TextField(), "names people by salted hashes only")
    salt = impersonal(models.BinaryField(max_length=32), "opens what names nobody")

    class Meta:
        db_table = "privacy_log_act"
        ordering = ("-leaf",)


@append_only()
@about_nobody("what the service itself did: a duty opened, a policy put into force")
class Deed(models.Model):
    """Something that the service did, and answers for; committed to as an act is."""

    leaf = models.OneToOneField(Leaf, models.PROTECT, primary_key=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    body = models.TextField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        db_table = "privacy_log_deed"
        ordering = ("-leaf",)


@append_only()
@about_nobody(_HASHES)
class Node(models.Model):
    """The root of a complete subtree, of a height that is a multiple of six (`merkle.WIDTH`)."""

    key = models.BigIntegerField(primary_key=True)
    """The level, as a multiple of six, in the upper bits; the number within it in the lower 48."""
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "privacy_log_node"


@append_only()
@about_nobody(_OURS)
class Epoch(models.Model):
    """A stretch in which the log was only appended to; a new one begins where that is not so.

    `size` entries carried over. `lost` is the last head of the epoch before that was found, if the
    log cannot go on from it.
    """

    class Because(models.TextChoices):
        FIRST = "first", "the log began"
        RESTORED = "restored", "the database was put back to an earlier state"
        KEY_LOST = "key-lost", "the signing key was lost"

    number = models.IntegerField(primary_key=True)
    origin = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    because = models.CharField(max_length=10, choices=Because.choices)
    size = models.BigIntegerField()
    lost = models.TextField(blank=True)

    class Meta:
        db_table = "privacy_log_epoch"

    def __str__(self) -> str:
        return self.origin


@append_only()
@about_nobody(_OURS)
class Key(models.Model):
    """A public key that signs heads; the one before signed it, but for the first of an epoch."""

    id = models.BigAutoField(primary_key=True)
    public = models.CharField(max_length=300)
    epoch = models.ForeignKey(Epoch, models.PROTECT)
    size = models.BigIntegerField()
    began_at = models.DateTimeField()
    endorsed = models.TextField(blank=True)

    class Meta:
        db_table = "privacy_log_key"

    def __str__(self) -> str:
        return self.public


@append_only()
@about_nobody(_OURS)
class Head(models.Model):
    """A signed tree head, as published."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.ForeignKey(Epoch, models.PROTECT)
    size = models.BigIntegerField(db_index=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        db_table = "privacy_log_head"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"head of {self.size}"


@append_only()
@about_nobody("what others state of our own log")
class Stamp(models.Model):
    """A head as somebody else timestamped it (RFC 3161): their reply, as it came."""

    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey(Head, models.PROTECT)
    recipient = models.CharField(max_length=60)
    at = models.DateTimeField()
    token = models.BinaryField()

    class Meta:
        db_table = "privacy_log_stamp"
        ordering = ("-id",)


@append_only()
@about_nobody("which declared recipient got a head of our own log; addresses stand nowhere here")
class Mailed(models.Model):
    """A head as it was mailed to somebody outside who keeps it."""

    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey(Head, models.PROTECT)
    recipient = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "privacy_log_mailed"
        ordering = ("-id",)
        constraints = [models.UniqueConstraint("recipient", "head", name="privacy_log_mailed_once")]
