"""Whether archives are still what they were: their bytes, or with their key every file in them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from django.utils import timezone

from plainview.privacy.backups import archive, shelf
from plainview.privacy.backups.shelf import Archive


def verify(each: Archive, identity: Path | None = None) -> Archive:
    """Compare an archive with what stands beside it, and note that; return it as it stands now.

    With the file of its secret key it is opened too, and each file in it compared with the list
    that is sealed with it; nothing is written. Raises archive.Broken, and OSError.
    """
    if shelf.digest(each.path) != each.label.sha256:
        raise archive.Broken("its bytes are not those that were written")
    now = timezone.now().replace(microsecond=0).isoformat()
    label = msgspec.structs.replace(each.label, read=now)
    if identity is not None:
        with archive.opened(each.path, archive.identities(identity)) as content:
            for _name, _stream in content.members():
                pass  # each is read, and compared at the end
        label = msgspec.structs.replace(label, opened=now)
    shelf.write(each.path, label)
    return Archive(each.path, label)
