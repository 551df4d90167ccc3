"""A long film's work in parts: each a job that any worker takes, the last one asks for the joining.

What a part makes stands in a folder of its own under the ingest's staging, and gets its place by
one rename; so a death in the middle leaves a folder that the retry clears. Whether all are done is
asked with the ingest's row locked, so that exactly one part asks for the joining.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction

from plainview.domains.playback.models import Ingest, Part
from plainview.platform import media
from plainview.platform.jobs import queue
from plainview.platform.storage.whole import put_whole

PART = "playback.part"
JOIN = "playback.join"
FACTS = "facts.json"
_OPEN = (Ingest.State.WAITING, Ingest.State.WORKING)


def part_out(
    ingest: Ingest, facts: media.Probe, stretches: Sequence[tuple[int, int | None]]
) -> None:
    """Ask for the parts of a film, all or none; nothing if that was done before."""
    ingest.staging.mkdir(parents=True, exist_ok=True)
    keep_facts(ingest, facts)
    with transaction.atomic():
        if Part.objects.filter(ingest=ingest).exists():
            return
        sound = Part(ingest=ingest, number=0)
        pictures = [
            Part(ingest=ingest, number=number, first_frame=first, end_frame=end)
            for number, (first, end) in enumerate(stretches, start=1)
        ]
        for part in (sound, *pictures):
            part.save()
            queue.enqueue(PART, part_id=part.pk)


def encode(part: Part) -> None:
    """Encode a part, if that is still to be done, and ask for the joining if it was the last one.

    Raises MediaError, CantJoin.
    """
    ingest = part.ingest
    if not part.folder.exists():
        facts = kept_facts(ingest)
        place = part.folder.with_suffix(f".{os.getpid()}")
        for left in ingest.staging.glob(f"{part.folder.name}.*"):
            shutil.rmtree(left, ignore_errors=True)
        place.mkdir()
        try:
            _encode(part, ingest.incoming / "source", place, facts)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        place.rename(part.folder)
    _end(part)


def _end(part: Part) -> None:
    """Note that a part is done, and ask for the joining if no other is left."""
    ingest = part.ingest
    with transaction.atomic():
        locked = Ingest.objects.select_for_update().get(pk=ingest.pk)
        fresh = Part.objects.filter(pk=part.pk, done=False).update(done=True)
        parts = Part.objects.filter(ingest=ingest)
        left = parts.filter(done=False).count()
        share = (parts.count() - left) * 95 // parts.count()
        Ingest.objects.filter(pk=locked.pk).update(progress=share)
        if fresh and not left:
            queue.enqueue(JOIN, ingest_id=ingest.pk)


def _encode(part: Part, source: Path, place: Path, facts: media.Probe) -> None:
    if part.first_frame is None:
        media.encode_sounds(source, place, facts, loudness=settings.ENV.loudness or None)
    else:
        media.encode_part(source, place, facts, (part.first_frame, part.end_frame))


def joined(ingest: Ingest, facts: media.Probe) -> media.Package:
    """The finished package in its place, made of the parts. Raises MediaError, CantJoin."""
    if ingest.target.exists():
        return media.read_package(ingest.target)
    place = ingest.staging / "joined"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    parts = list(Part.objects.filter(ingest=ingest))
    sound = next(part.folder for part in parts if part.has_sound)
    # A joining that died may have moved the sounds already: they are linked, not moved.
    copy = ingest.staging / "sounds"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(sound, copy, copy_function=os.link)
    pictures = [part.folder for part in parts if not part.has_sound]
    contents = media.join(pictures, copy, place, facts)
    ingest.target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(place, ingest.target)
    return contents


def forget_parts(ingest: Ingest) -> None:
    """Forget that a film was parted: it is encoded in one run."""
    Part.objects.filter(ingest=ingest).delete()


def is_open(ingest: Ingest) -> bool:
    """Whether there is still something to be done for it."""
    return ingest.state in _OPEN


def keep_facts(ingest: Ingest, facts: media.Probe) -> None:
    """Write down what was learned of the film, for whoever encodes a part of it."""
    put_whole(ingest.staging / FACTS, msgspec.json.encode(facts, enc_hook=str))


def kept_facts(ingest: Ingest) -> media.Probe:
    """What was written down. Raises OSError."""
    text = (ingest.staging / FACTS).read_bytes()
    return msgspec.json.decode(text, type=media.Probe, dec_hook=media.fraction)
