"""Whether the code on the disk is still what this process runs.

What strangers send is read by programs of ours that start anew each time. While the service is
updated below a worker, they are those of another version, or half there: what they fail of is no
fault of a film, a picture or a letter.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

_Stamps = dict[str, tuple[int, int]]
_LIBRARIES: Final = ("av", "msgspec")
_folders: Final = [Path(__file__).parent]


def _stamps() -> _Stamps:
    """What tells files apart, by their names: when they were written, and how long they are."""
    found = [path for folder in _folders for path in folder.glob("*.py")]
    found += [Path(spec.origin) for name in _LIBRARIES if (spec := find_spec(name)) and spec.origin]
    stamps: _Stamps = {}
    for path in found:
        try:
            told = path.stat()
        except FileNotFoundError:
            continue
        stamps[str(path)] = told.st_mtime_ns, told.st_size
    return stamps


_begun: Final = _stamps()


def follow(folder: Path) -> None:
    """Count the code in `folder` as well: programs of ours that start anew are there too."""
    if folder not in _folders:
        _folders.append(folder)
        _begun.update(_stamps())


def is_another() -> bool:
    """Whether it was replaced since this process began."""
    return _stamps() != _begun
