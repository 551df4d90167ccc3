"""A folder into which films are put: each becomes a draft title, and its file says how it went.

A file is taken when nobody has written to it for a minute, by moving it (with its subtitles and its
`.json`) to `taken/<key>/`; when its ingest has ended, on to `done/` or, with the reason, `failed/`.
Every step is a rename, so that a kill leaves a folder that the next look finds.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import msgspec
from django.conf import settings

from plainview.domains.playback.models import Ingest
from plainview.domains.playback.services.ingesting import begin_ingest
from plainview.platform.identifiers import new_key

QUIET_SECONDS: Final = 60
TEXTS: Final = frozenset((".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp"))
UNFINISHED: Final = frozenset(
    (".part", ".tmp", ".filepart", ".crdownload", ".download", ".partial")
)
REASON: Final = "reason.txt"
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
    """Films to which nobody has written for a while. `ctime` counts, since no copy sets it back."""
    found = []
    for path in sorted(root.iterdir()):
        kind = path.suffix.lower()
        if path.name.startswith(".") or kind in UNFINISHED | TEXTS | {".json"}:
            continue
        facts = path.lstat()
        if stat.S_ISDIR(facts.st_mode):
            continue
        if time.time() - max(facts.st_mtime, facts.st_ctime) >= QUIET_SECONDS:
            found.append(path)
    return found


def _take(root: Path, film: Path) -> str:
    """Move a film with what belongs to it, and ask for its ingest; a line on it."""
    key = new_key()
    place = root / "taken" / key
    place.mkdir(parents=True)
    for beside in _beside(film):
        beside.rename(place / beside.name)
    film.rename(place / film.name)
    return _begin(root, place, place / film.name, key)


def _beside(film: Path) -> list[Path]:
    """Subtitles (`film.srt`, `film.ko.srt`) and words (`film.json`) of a film."""
    return [
        path
        for path in film.parent.iterdir()
        if path.name.startswith(f"{film.stem}.")
        and path.name != film.name
        and path.suffix.lower() in TEXTS | {".json"}
    ]


def _begin(root: Path, place: Path, film: Path, key: str) -> str:
    try:
        if any(not stat.S_ISREG(each.lstat().st_mode) for each in place.iterdir()):
            return _failed(root, place, "Links, pipes and devices are not taken, only files.")
        words = _words(place / f"{film.stem}.json")
        texts = [path for path in sorted(place.iterdir()) if path.suffix.lower() in TEXTS]
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
    except msgspec.MsgspecError as problem:
        return _failed(root, place, f"{film.stem}.json can't be read: {problem}")
    except OSError as problem:
        return _failed(root, place, f"It can't be read or kept: {problem.strerror or problem}")
    return f"{film.name} is taken as {key}"


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
            for path in place.iterdir():
                path.rename(root / path.name)
            place.rmdir()
        elif ingest.state == Ingest.State.READY:
            yield f"{ingest.source_name} is done: {_moved(root, place, 'done')}"
        elif ingest.state == Ingest.State.FAILED:
            yield _failed(root, place, f"{ingest.problem} {ingest.remedy}")


def _failed(root: Path, place: Path, reason: str) -> str:
    (place / REASON).write_text(f"{reason.strip()}\n", encoding="utf-8")
    return f"{_moved(root, place, 'failed')}: {reason}"


def _moved(root: Path, place: Path, where: str) -> Path:
    """The folder's new place, named after its film and key."""
    films = [p for p in place.iterdir() if p.suffix.lower() not in TEXTS | {".json", ".txt"}]
    name = f"{films[0].stem[:80]}-{place.name}" if films else place.name
    target = root / where / name
    target.parent.mkdir(exist_ok=True)
    place.rename(target)
    return target.relative_to(root)
