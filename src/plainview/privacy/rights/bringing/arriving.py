"""An invitation to another service, and the copy that comes from there piece by piece.

Whoever proves to know the secret may send one copy for the account that made the invitation, and
hear what became of it; nothing else of the person is told.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import SplitResult

from django.conf import settings
from django.utils import timezone

from plainview.platform.encryption import cipher
from plainview.privacy.rights.bringing import reading, services
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.bringing.services import Moved, State
from plainview.privacy.rights.sending import protocol
from plainview.privacy.rights.sending.protocol import Beginning, Invitation, Progress

LASTS = timedelta(hours=1)
"""So long an invitation waits for its first use."""


class Used(Exception):
    """The invitation was used for something else, or what it let in is read already."""


class Misplaced(Exception):
    """The piece does not belong where the copy ends now, or has not the right length."""


def possible() -> bool:
    """Whether others can reach us as the protocol wants it, encrypted."""
    public: SplitResult = settings.PUBLIC
    return public.scheme == "https"


def invite(subject: int) -> None:
    """Make an invitation for a person, in the place of an earlier one or what it brought."""
    secret = base64.b64encode(protocol.new_secret()).decode()
    until = timezone.now() + LASTS
    services.begin(subject, State.INVITED, secret=cipher().encrypted(secret), until=until)


def find(name: str) -> Bringing | None:
    """What belongs to an invitation of that name, unless its time is over."""
    row = Bringing.objects.filter(key=name).exclude(secret="").first()
    return row if row is not None and timezone.now() < services.ends_at(row) else None


def invitation(row: Bringing) -> Invitation:
    """The invitation by which a copy comes."""
    secret = base64.b64decode(cipher().decrypted(row.secret))
    host = str(settings.PUBLIC.netloc).lower().removesuffix(":443")
    return Invitation(host, row.key, secret)


def begin(row: Bringing, said: Beginning) -> None:
    """Expect a copy: the first word binds the invitation. Raises TooMuch, Used."""
    if not 0 < said.size <= reading.LONGEST_FILE:
        raise reading.TooMuch
    open_ = Bringing.objects.filter(pk=row.pk, state=State.INVITED)
    if not open_.update(state=State.ARRIVING, size=said.size, digest=said.digest):
        row.refresh_from_db()
        if (row.size, row.digest) != (said.size, said.digest):
            raise Used
    row.refresh_from_db()


def add(row: Bringing, offset: int, piece: bytes) -> None:
    """Take a piece in; one that is here already is taken for granted. Raises Used, Misplaced."""
    if row.state == State.INVITED:
        raise Misplaced
    if offset + len(piece) <= row.came:
        return
    if row.state != State.ARRIVING:
        raise Used
    if offset != row.came or len(piece) != min(protocol.PIECE, row.size - offset):
        raise Misplaced
    try:
        services.add(row, piece)
    except Moved:
        raise Misplaced from None
    finally:
        row.refresh_from_db()


def progress(row: Bringing) -> Progress:
    """How far a copy is, with proof that it is we who say so."""
    proof = invitation(row).proof(protocol.TELL, row.state, row.digest)
    return Progress(row.state, row.came, row.digest, proof)
