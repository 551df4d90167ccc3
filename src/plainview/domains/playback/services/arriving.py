"""Films that come in by pieces (tus 1.0), and outlive a kill of either side.

The file itself says how much of it has come, so there is no count that could be wrong after a kill.
An address opens an arrival for the one account it was made for, whatever is kept about that.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.playback.models import Arrival, Sender
from plainview.platform.storage.bodies import BrokenOff
from plainview.privacy.decisions.register import Made, overruled
from plainview.privacy.gate.standing import permitting

CREDIT: Final = "contribute"
KEPT: Final = timedelta(hours=48)
"""So long after its last piece an unfinished film is kept."""
SPARE: Final = 1_000_000_000
"""Room that is left on the disk for everything else."""
MOST_OPEN: Final = 20
BEGUN: Final = "begun"
"""The decision of the policy that `expect` makes."""
FILMS: Final = "films"
"""Unfinished films of one sender; more are a mistake or worse."""
CHECKSUMS: Final = ("sha1", "sha256", "sha512")
GIGABYTE: Final = 1_000_000_000
_BLOCK: Final = 256 * 1024
_KEY_LENGTH: Final = 12


class Refused(Exception):
    """Why a piece or a film is not taken: `status` is what HTTP or tus calls it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def expect(*, account: int, source_name: str, size: int, modified: int = 0) -> Arrival:
    """Begin to take a film of `size` bytes in. Under a door that serves `contribute`.

    Raises Refused: 413 beyond the operator's limit, 507 without room for it, 429 for too many.
    """
    if size > settings.ENV.max_upload_gb * GIGABYTE:
        raise Refused(413, f"larger than {settings.ENV.max_upload_gb} GB")
    folder = Path(settings.MEDIA_ROOT) / "arriving"
    folder.mkdir(parents=True, exist_ok=True)
    coming = sum(max(0, each.size - each.offset) for each in Arrival.objects.all())
    if shutil.disk_usage(folder).free < coming + size + SPARE:
        raise Refused(507, "not enough room on the disk")
    if _waits(account):
        raise Refused(429, "too many unfinished films")
    with transaction.atomic():
        arrival = Arrival.objects.create(
            source_name=Path(source_name).name[-255:] or "film",
            size=size,
            modified=modified,
            expires_at=timezone.now() + KEPT,
        )
        if permitting([account], CREDIT):
            Sender.objects.create(arrival=arrival, account_id=account)
    return arrival


def address_of(arrival: Arrival, account: int) -> str:
    """The last part of the address of an arrival: its key, sealed for one account."""
    return f"{arrival.key}-{_sealer().signature(f'{arrival.key}:{account}')}"


def arriving(address: str, account: int) -> Arrival | None:
    """The arrival at an address, if it was made for that account and is not over."""
    key, _, seal = address.partition("-")
    try:
        _sealer().unsign(f"{key}:{account}:{seal}")
    except BadSignature:
        return None
    if len(key) != _KEY_LENGTH:
        return None
    return Arrival.objects.filter(key=key, expires_at__gt=timezone.now()).first()


def _waits(account: int) -> bool:
    """Whether somebody finishes a film before they begin another, unless a person let them."""
    open_ = Sender.objects.filter(account=account).count()
    return open_ >= MOST_OPEN and FILMS not in overruled(BEGUN, account)


def explained(account: int) -> list[Made]:
    """That somebody begins no further film, and by what (P6c)."""
    if not _waits(account):
        return []
    on_their_way = Sender.objects.filter(account=account).count()
    inputs = (
        (_("Films on their way"), str(on_their_way)),
        (_("As many as one account sends at once"), str(MOST_OPEN)),
    )
    reason = _("You began to send many films. Finish or take back some first.")
    return [Made(FILMS, reason, inputs)]


def unfinished(account: int) -> list[Arrival]:
    """What somebody began to send and did not put on yet, the latest first."""
    open_ = Arrival.objects.filter(sender__account=account, expires_at__gt=timezone.now())
    return list(open_[:MOST_OPEN])


def take(
    arrival: Arrival, *, offset: int, length: int, read: Callable[[int], bytes], checksum: str = ""
) -> int:
    """Append a piece that begins at `offset`; how many bytes there are then.

    What arrives before a connection breaks is kept, unless a checksum (tus: `sha1 <base64>`) was to
    be kept too. Raises Refused: 409 for another offset, 413 beyond the film's end, 423 while
    another piece comes, 460 for bytes that are not what was sent, 400 for an unknown checksum.
    """
    summing, right = _checksum(checksum)
    descriptor = os.open(arrival.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(423, "another piece of it is coming in") from None
        here = os.fstat(descriptor).st_size
        if offset != here:
            raise Refused(409, f"it goes on at {here}")
        if here + length > arrival.size:
            raise Refused(413, "more than the film was said to have")
        there = _append(descriptor, here, length, read, summing)
        if summing is not None and summing.digest() != right:
            os.ftruncate(descriptor, here)
            raise Refused(460, "the checksum is another")
    finally:
        os.close(descriptor)
    Arrival.objects.filter(pk=arrival.pk).update(expires_at=timezone.now() + KEPT)
    return there


def _append(
    descriptor: int, at: int, length: int, read: Callable[[int], bytes], summing: Any
) -> int:
    end = at + length
    while at < end:
        try:
            block = read(min(_BLOCK, end - at))
        except (OSError, BrokenOff):  # the sender is gone: what came is kept
            break
        if not block:
            break
        try:
            written = os.pwrite(descriptor, block, at)
        except OSError as full:
            raise Refused(507, full.strerror or "the disk takes no more") from full
        if summing is not None:
            summing.update(block[:written])
        at += written
    return at


def _checksum(said: str) -> tuple[Any, bytes]:
    if not said:
        return None, b""
    name, _, value = said.partition(" ")
    if name not in CHECKSUMS:
        raise Refused(400, f"checksums are {', '.join(CHECKSUMS)}")
    try:
        return hashlib.new(name), base64.b64decode(value, validate=True)
    except ValueError:
        raise Refused(400, "a checksum is base64") from None


def withdraw(arrival: Arrival) -> None:
    """Forget a film that was coming in, and what came of it."""
    path = arrival.path
    with transaction.atomic():
        arrival.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def forget_late() -> list[Path]:
    """Remove what was never finished; what was removed."""
    gone = []
    for arrival in Arrival.objects.filter(expires_at__lte=timezone.now()):
        arrival.path.unlink(missing_ok=True)
        gone.append(arrival.path)
        with suppress(IntegrityError):  # its sender's row can't be seen now; the next time it can
            withdraw(arrival)
    return gone


def _sealer() -> Signer:
    return Signer(salt="plainview.arriving")
