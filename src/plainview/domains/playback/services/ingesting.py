"""Getting films in: asking for an ingest, carrying it out, and leaving nothing behind.

Files move in one direction, each place named by the ingest's key: `incoming/` holds the source,
`staging/` what an attempt writes, `packages/` what is finished, which goes on into the bucket if
there is one. An attempt begins by clearing what a killed one left, and the last act is one
transaction, so a death at any moment is mended by the retry that the job's lease brings.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.domains.catalogue import services as catalogue
from plainview.domains.catalogue.models import Video
from plainview.domains.playback.models import Arrival, Ingest, Package, Part, Upload
from plainview.domains.playback.ports import Ports
from plainview.domains.playback.services import parting, shelving
from plainview.domains.playback.services.arriving import CREDIT, withdraw
from plainview.domains.playback.services.copying import bring
from plainview.domains.playback.services.marking import adopt_chapters, chapters_of
from plainview.domains.playback.services.naming import name_of_file, readable
from plainview.domains.playback.services.outlining import OUTLINE
from plainview.domains.playback.services.placing import Place, give_place_back, take_place
from plainview.domains.playback.services.telling import BUCKET, MACHINE, UPDATING, WAITS, Note, note
from plainview.platform import media
from plainview.platform.identifiers import new_key
from plainview.platform.jobs import queue
from plainview.platform.storage.kept import Unreachable
from plainview.privacy.gate.standing import permitting

log = logging.getLogger("plainview.playback")

TASK = "playback.ingest"
PROGRESS_SECONDS = 1.0
MAY_PASS = {"timeout", "memory", "disk-full", "encoder-died"}
LEAST_TOLD = 0.5

Embedded = tuple[str, str, str, bytes]  # language, name, file name, content


def begin_ingest(
    source: Path,
    *,
    source_name: str,
    name: str = "",
    language: str = "und",
    uploaded_by: User | None = None,
    video: Video | None = None,
    place: Place | None = None,
    keep_source: bool = True,
    arrival: Arrival | None = None,
    link: bool = False,
    key: str = "",
    draft: bool = False,
    subtitles: Sequence[tuple[str, bytes]] = (),
) -> Ingest:
    """Take the film at `source` in: copy it (or move it) and ask for the ingest of it.

    Gives `video` its package, else makes a film called `name` once the package is there. An episode
    has its `place` from now on, and loses it, with a series begun for it, if the film isn't taken.
    `subtitles` are (file name, content) of files that came with it. Who uploaded it is kept if they
    permit it, under a door that serves `contribute`. An `arrival` whose file this is ends in the
    same transaction, so that a kill leaves one of the two. Raises OSError if the file can't be read
    or kept. `link` gives the file a second name instead of copying it; a `draft` is not published.
    """
    ingest = Ingest(
        key=key or new_key(),
        draft=draft,
        source_name=readable(Path(source_name).name)[-255:],
        name=readable(name) or name_of_file(source_name),
        language=language or "und",
        video=video,
        title=video.title if video else None,
        place=place or [],
    )
    ingest.incoming.mkdir(parents=True)
    try:
        bring(
            source, ingest.incoming / "source", keep=keep_source, link=link or arrival is not None
        )
        _put_aside(ingest.incoming / "subtitles", subtitles)
        with transaction.atomic():
            if place is not None:
                ingest.video = take_place(place, name=name, language=language or "und")
                ingest.title = ingest.video.title
            ingest.save()
            if uploaded_by is not None and permitting([uploaded_by.pk], CREDIT):
                Upload.objects.create(ingest=ingest, account_id=uploaded_by.pk)
            queue.enqueue(TASK, ingest_id=ingest.pk)
            if arrival is not None:
                withdraw(arrival)
    except BaseException:
        shutil.rmtree(ingest.incoming, ignore_errors=True)
        raise
    return ingest


def _put_aside(folder: Path, subtitles: Sequence[tuple[str, bytes]]) -> None:
    """Keep subtitle files until the film is there, each in a folder of its number, by its name."""
    for number, (name, data) in enumerate(subtitles):
        place = folder / str(number)
        place.mkdir(parents=True)
        (place / (readable(Path(name).name)[-120:] or "subtitles")).write_bytes(data)


def run_ingest(ingest_id: int) -> None:
    """The job: probe, package, publish. A film that can't be taken ends the ingest with a reason.

    Raises what may pass by itself (a full disk, a dead encoder, a lost lease), to be tried again.
    """
    ingest = Ingest.objects.select_related("video__title").filter(pk=ingest_id).first()
    if ingest is None or ingest.state in (Ingest.State.READY, Ingest.State.FAILED):
        if ingest is not None:
            _clear(ingest)
            if ingest.state == Ingest.State.FAILED:
                give_place_back(ingest)
        return
    Ingest.objects.filter(pk=ingest.pk).update(state=Ingest.State.WORKING)
    source = ingest.incoming / "source"
    with _verdicts(ingest):
        facts = media.probe(source)
        stretches = [] if ingest.whole else media.stretches(facts)
        if stretches and not ingest.target.exists():
            parting.part_out(ingest, facts, stretches)
            return
        _finish(ingest, source, facts, _packaged(ingest, source, facts))


def run_part(part_id: int) -> None:
    """The job of one part. Parts that turn out not to fit let the film be encoded in one run."""
    part = Part.objects.select_related("ingest").filter(pk=part_id).first()
    if part is None or not parting.is_open(part.ingest):
        return
    with _verdicts(part.ingest):
        try:
            parting.encode(part)
        except media.CantJoin as misfit:
            _encode_whole(part.ingest, misfit)


def run_join(ingest_id: int) -> None:
    """The job that makes a package of the parts and publishes it."""
    ingest = Ingest.objects.select_related("video__title").filter(pk=ingest_id).first()
    if ingest is None or not parting.is_open(ingest):
        return
    with _verdicts(ingest):
        facts = parting.kept_facts(ingest)
        try:
            contents = parting.joined(ingest, facts)
        except media.CantJoin as misfit:
            _encode_whole(ingest, misfit)
            return
        _finish(ingest, ingest.incoming / "source", facts, contents)


def give_part_up(part_id: int) -> None:
    """What a part's job does after its last attempt: the whole ingest ends with its reason."""
    part = Part.objects.filter(pk=part_id).first()
    if part is not None:
        give_up(part.ingest_id)


def _encode_whole(ingest: Ingest, misfit: Exception) -> None:
    log.warning("ingest %s is encoded in one run: %s", ingest.key, misfit)
    with transaction.atomic():
        locked = Ingest.objects.select_for_update().get(pk=ingest.pk)
        if locked.whole:
            return
        parting.forget_parts(ingest)
        Ingest.objects.filter(pk=ingest.pk).update(whole=True, progress=0)
        queue.enqueue(TASK, ingest_id=ingest.pk)


@contextmanager
def _verdicts(ingest: Ingest) -> Iterator[None]:
    """End the ingest with its reason, unless that may pass by itself, which is raised on."""
    Ingest.objects.filter(pk=ingest.pk, problem_code=UPDATING).update(problem_code="")
    try:
        yield
    except media.MediaError as error:
        log.warning("ingest %s: %s: %s", ingest.key, error.code, error.detail[:400])
        if error.code in MAY_PASS:
            _remember(ingest, error)
            raise
        if error.code == UPDATING:
            _remember(ingest, error)
            raise queue.NotNow(queue.REPLACED) from None
        _refuse(ingest, error.code, error.message, error.remedy)


def _finish(ingest: Ingest, source: Path, facts: media.Probe, contents: media.Package) -> None:
    _shelve(ingest)
    subtitles, notes = _embedded(ingest, source, facts)
    rate = float(contents.renditions[0].fps)
    read = [
        (
            filename,
            Ports.embedded_subtitles(
                language=language, name=name, filename=filename, data=data, rate=rate
            ),
        )
        for language, name, filename, data in subtitles
    ]
    _publish(ingest, facts, contents, read, notes)
    _clear(ingest)


def _shelve(ingest: Ingest) -> None:
    """Put the package where films are kept. Whoever waits is told why, and the film waits too."""
    try:
        shelving.put(ingest.key)
    except Unreachable as problem:
        words = {"problem_code": WAITS, "problem": BUCKET[0], "remedy": BUCKET[1]}
        Ingest.objects.filter(pk=ingest.pk).update(**words)
        raise queue.NotNow(f"the bucket is {problem.why}") from None


def _packaged(ingest: Ingest, source: Path, facts: media.Probe) -> media.Package:
    """The finished package in its place, made now or by an attempt that died right after it."""
    if ingest.target.exists():
        return media.read_package(ingest.target)
    shutil.rmtree(ingest.staging, ignore_errors=True)
    ingest.staging.mkdir(parents=True)
    contents = media.package(
        source,
        ingest.staging,
        facts,
        progress=_reporter(ingest),
        loudness=settings.ENV.loudness or None,
    )
    ingest.target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(ingest.staging, ingest.target)
    return contents


def _reporter(ingest: Ingest) -> Callable[[float], None]:
    """A progress callback that writes whole per cents, at most one a second."""
    last = {"at": 0.0, "value": -1}

    def report(fraction: float) -> None:
        value, now = int(fraction * 100), time.monotonic()
        if value > last["value"] and now - last["at"] >= PROGRESS_SECONDS:
            last.update(at=now, value=value)
            Ingest.objects.filter(pk=ingest.pk).update(progress=min(value, 99))

    return report


def _embedded(
    ingest: Ingest, source: Path, facts: media.Probe
) -> tuple[list[Embedded], list[Note]]:
    """The subtitles inside the film and those brought with it; notes on what was left out."""
    notes = [
        note(
            "subtitles-unknown" if skipped.codec == "unknown" else "subtitles-are-pictures",
            language=skipped.language or "und",
        )
        for skipped in facts.skipped_subtitles
    ]

    def missed(error: media.MediaError) -> None:
        if error.code in ("disk-full", UPDATING):
            raise error
        notes.append(note(error.code))

    with _folder(ingest.staging / "texts") as folder:
        tracks = media.subtitle_tracks(source, facts, folder, spoken=ingest.language, missed=missed)
        first = {each.language: each for each in reversed(tracks)}
        kept = [each for each in tracks if not each.language or first[each.language] is each]
        found = [(each.language, each.name, each.name, each.path.read_bytes()) for each in kept]
    notes += [
        note("subtitles-twice", language=each.language, name=each.name, kind=each.kind)
        for each in tracks
        if each not in kept
    ]
    brought = sorted((ingest.incoming / "subtitles").glob("*/*"))
    return [*found, *(("", "", path.name, path.read_bytes()) for path in brought)], notes


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _publish(
    ingest: Ingest,
    facts: media.Probe,
    contents: media.Package,
    subtitles: list[tuple[str, Callable[[Video], str]]],
    notes: list[Note],
) -> None:
    """Put the video into the catalogue, with its package and subtitles, in one transaction.

    What takes long was done before: nobody else writes meanwhile, not even who renews the lease.
    """
    with transaction.atomic():
        ingest.refresh_from_db()
        parting.forget_parts(ingest)
        video = ingest.video or catalogue.add_film(
            name=ingest.name, language=ingest.language, published=not ingest.draft
        )
        old = Package.objects.filter(video=video).first()
        if old is not None:
            old.delete()
            transaction.on_commit(lambda: shelving.remove(old.key))
        package = Package.objects.create(
            video=video,
            key=ingest.key,
            duration_ms=contents.duration_ms,
            width=contents.width,
            height=contents.height,
            contents=msgspec.to_builtins(contents, enc_hook=str),
        )
        queue.enqueue(OUTLINE, package_id=package.pk)
        notes += [note(remark) for remark in contents.remarks]
        notes += [_levelled(track) for track in contents.audio if abs(track.gain) >= LEAST_TOLD]
        adopt_chapters(video, facts.chapters, before=chapters_of(old) if old else [])
        for filename, keep in subtitles:
            if why := keep(video):
                notes.append(note("subtitles-unreadable", file=filename, why=why))
        Ingest.objects.filter(pk=ingest.pk).update(
            state=Ingest.State.READY,
            video=video,
            title=video.title,
            progress=100,
            problem_code="",
            problem="",
            remedy="",
            notes=notes,
            finished_at=timezone.now(),
        )


def _levelled(track: media.AudioTrack) -> Note:
    before = track.loudness or 0
    after = round(before + track.gain, 1)
    return note("levelled", name=track.title, before=before, after=after)


def _remember(ingest: Ingest, error: media.MediaError) -> None:
    """Keep the reason of a failed attempt, in case the next ones fail too."""
    Ingest.objects.filter(pk=ingest.pk).update(
        problem_code=error.code, problem=error.message, remedy=error.remedy
    )


def _refuse(ingest: Ingest, code: str, problem: str, remedy: str) -> None:
    """End the ingest with its reason, and leave nothing of the file."""
    parting.forget_parts(ingest)
    _clear(ingest, target=True)
    Ingest.objects.filter(pk=ingest.pk).update(
        state=Ingest.State.FAILED,
        problem_code=code,
        problem=problem,
        remedy=remedy,
        finished_at=timezone.now(),
    )
    give_place_back(ingest)


def give_up(ingest_id: int) -> None:
    """What the job does after its last attempt: the uploader is told why, as far as it is known."""
    ended = [Ingest.State.READY, Ingest.State.FAILED]
    ingest = Ingest.objects.filter(pk=ingest_id).exclude(state__in=ended).first()
    if ingest is None:
        return
    if ingest.problem_code not in ("", WAITS, UPDATING):
        _refuse(ingest, ingest.problem_code, ingest.problem, ingest.remedy)
    else:
        _refuse(ingest, "machine", *MACHINE)


def _clear(ingest: Ingest, *, target: bool = False) -> None:
    for folder in (ingest.incoming, ingest.staging):
        shutil.rmtree(folder, ignore_errors=True)
    if target:
        shelving.remove(ingest.key)
    else:
        with suppress(Unreachable):  # the sweep lets it go later
            shelving.let_go(ingest.key)
