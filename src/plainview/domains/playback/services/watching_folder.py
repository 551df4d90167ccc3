"""A folder into which films are put: each becomes a draft title, and its file says how it went.

A file is taken when nobody has written to it for a minute, by moving it (with its subtitles and its
`.json`) to `taken/<key>/`; when its ingest has ended, on to `done/` or, with the reason, `failed/`.
One that can't be taken keeps no other waiting.
Every step is a rename, so that a kill leaves a folder that the next look finds.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Final

import msgspec
from django.conf import settings
from django.utils import translation

from plainview.domains.playback.models import Ingest
from plainview.domains.playback.ports import Ports
from plainview.domains.playback.services.ingesting import begin_ingest
from plainview.domains.playback.services.naming import readable
from plainview.domains.playback.services.telling import notes
from plainview.platform.decoding import UNREADABLE
from plainview.platform.identifiers import new_key

QUIET_SECONDS: Final = 60
UNFINISHED: Final = frozenset(
    (".part", ".tmp", ".filepart", ".crdownload", ".download", ".partial")
)
REASON: Final = "reason.txt"
NOTES: Final = "notes.txt"
OURS: Final = frozenset(("taken", "done", "failed"))
_LONGEST_NAME: Final = 200
"""Bytes of a film's name in the name of its folder; 255 are all that a name may have."""
_LARGEST_TEXT: Final = 10 * 2**20
_LARGEST_WORDS: Final = 64 * 1024


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the `.json` beside a film may say."""

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    language: Annotated[str, msgspec.Meta(max_length=35, pattern="^[A-Za-z0-9-]*$")] = "und"


def look() -> list[str]:
    """Take what is new, and put away what has ended; a line on each. Nothing without a folder."""
    if not settings.ENV.watch_folder:
        return []
    root = Path(settings.ENV.watch_folder)
    with _alone(root) as alone:
        if not alone:
            return []
        said = list(_put_away(root))
        return [*said, *(_take(root, film) for film in _ready(root))]


def left_alone() -> list[str]:
    """What lies in the folder and is not taken now, and why; a line on each."""
    found = []
    for path in sorted(Path(settings.ENV.watch_folder).iterdir()):
        ours = path.is_dir() and (path.name in OURS or path.name.startswith("."))
        if not ours and (why := _why_left(path)):
            found.append(f"{readable(path.name)}: {why}")
    return found


@contextmanager
def _alone(root: Path) -> Iterator[bool]:
    """Whether nobody else looks through the folder now. Raises OSError if there is none."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def _ready(root: Path) -> list[Path]:
    """Films to which nobody has written for a while."""
    return [path for path in sorted(root.iterdir()) if not _why_left(path)]


def _why_left(path: Path) -> str:
    """Why a path is not taken now; nothing for a film that is ready.

    `ctime` counts alone: no copy sets it back, and none brings one of a clock that is ahead.
    """
    kind = path.suffix.lower()
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return "was taken away again"
    if stat.S_ISDIR(facts.st_mode):
        return "a folder is not looked into; put its films beside it"
    if kind in Ports.texts | {".json"}:
        return "waits for a film of its name"
    if path.name.startswith(".") or kind in UNFINISHED:
        return "has the name of something unfinished"
    if time.time() - facts.st_ctime < QUIET_SECONDS:
        return f"was written to less than {QUIET_SECONDS} seconds ago"
    return ""


def _take(root: Path, film: Path) -> str:
    """Move a film with what belongs to it, and ask for its ingest; a line on it."""
    key = new_key()
    place = root / "taken" / key
    try:
        place.mkdir(parents=True)
        for beside in _beside(film):
            beside.rename(place / beside.name)
        film.rename(place / film.name)
    except OSError as problem:  # what was moved already goes back with the next look
        return f"{readable(film.name)} can't be moved: {problem.strerror or problem}"
    return _begin(root, place, place / film.name, key)


def _beside(film: Path) -> list[Path]:
    """Subtitles (`film.srt`, `film.ko.srt`) and words (`film.json`) of a film.

    What begins with the longer name of another film (`film.part two.en.srt`) is that one's.
    """
    there = list(film.parent.iterdir())
    texts = Ports.texts | {".json"}
    others = [
        f"{path.stem}."
        for path in there
        if path.suffix.lower() not in texts and path.stem.startswith(f"{film.stem}.")
    ]
    return [
        path
        for path in there
        if path.name.startswith(f"{film.stem}.")
        and path.name != film.name
        and path.suffix.lower() in texts
        and not path.name.startswith(tuple(others))
    ]


def _begin(root: Path, place: Path, film: Path, key: str) -> str:
    try:
        if any(not stat.S_ISREG(each.lstat().st_mode) for each in place.iterdir()):
            return _failed(root, place, "Links, pipes and devices are not taken, only files.")
        words = _words(place / f"{film.stem}.json")
        texts = [path for path in sorted(place.iterdir()) if path.suffix.lower() in Ports.texts]
        if any(path.stat().st_size > _LARGEST_TEXT for path in texts):
            return _failed(root, place, "A subtitle file is too large.")
        begin_ingest(
            film,
            source_name=film.name,
            name=words.name,
            language=words.language,
            key=key,
            draft=True,
            link=True,
            subtitles=[(path.name, path.read_bytes()) for path in texts],
        )
    except UNREADABLE as problem:
        return _failed(root, place, f"{readable(film.stem)}.json can't be read: {problem}")
    except OSError as problem:
        return _failed(root, place, f"It can't be read or kept: {problem.strerror or problem}")
    return f"{readable(film.name)} is taken as {key}"


def _words(path: Path) -> Words:
    if not path.exists():
        return Words()
    if path.stat().st_size > _LARGEST_WORDS:
        raise msgspec.ValidationError("it is too large")
    return msgspec.json.decode(path.read_bytes(), type=Words)


def _put_away(root: Path) -> Iterator[str]:
    """Move on what has ended; what was taken but never asked for goes back."""
    for place in sorted((root / "taken").glob("*")):
        ingest = Ingest.objects.filter(key=place.name).first()
        if ingest is None:
            _give_back(root, place)
        elif ingest.state == Ingest.State.READY:
            _note(place, ingest)
            yield f"{ingest.source_name} is done: {_moved(root, place, 'done')}"
        elif ingest.state == Ingest.State.FAILED:
            yield _failed(root, place, f"{ingest.problem} {ingest.remedy}")


def _give_back(root: Path, place: Path) -> None:
    """Put what was taken back where it lay, beside what has come there since under its name."""
    back = list(place.iterdir())
    before = f"{place.name} " if any(os.path.lexists(root / each.name) for each in back) else ""
    for path in back:
        path.rename(root / f"{before}{path.name}")
    place.rmdir()


def _note(place: Path, ingest: Ingest) -> None:
    """Say beside a film that is done what of it was left out or changed."""
    with translation.override("en"):
        said = [each.words for each in notes(ingest)]
    if said:
        _write(place, NOTES, "\n".join(said))


def _failed(root: Path, place: Path, reason: str) -> str:
    _write(place, REASON, reason.strip())
    return f"{_moved(root, place, 'failed')}: {reason}"


def _write(place: Path, name: str, words: str) -> None:
    """A new file beside a film; what lies there under its name stays, and no link is followed."""
    free = f"{place.name} {name}" if os.path.lexists(place / name) else name
    with suppress(FileExistsError), open(place / free, "x", encoding="utf-8") as file:
        file.write(f"{words}\n")


def _moved(root: Path, place: Path, where: str) -> str:
    """The folder's new place, named after its film and key."""
    films = [p for p in place.iterdir() if p.suffix.lower() not in Ports.texts | {".json", ".txt"}]
    stem = readable(films[0].stem) if films else ""
    short = stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    target = root / where / (f"{short}-{place.name}" if short else place.name)
    target.parent.mkdir(exist_ok=True)
    place.rename(target)
    return str(target.relative_to(root))
