"""What the times of a film's packets say: how long it lasts, and how fast its pictures follow.

Headers leave that out, or say it wrongly. A clock may begin late; and it may jump: broadcasts and
discs count anew where a programme begins, where a recording was cut and where files were laid one
behind the other. FFmpeg takes the length of such a file to be what its clock says last, less what
it says first; it plays what is between, without the jumps.
"""

import itertools
import time
from contextlib import suppress
from fractions import Fraction
from typing import Any, Final

import av
import av.error
from av.container import InputContainer
from av.video.stream import VideoStream

MOST_PACKETS: Final = 4000
_ENDS: Final = frozenset(("matroska,webm", "nut", "asf", "mov,mp4,m4a,3gp,3g2,mj2"))
"""Formats of which some programs write when a film ends, and some how long it lasts."""
_JUMPING: Final = frozenset(("mpeg", "mpegts"))
"""Formats whose clock may jump, where FFmpeg then counts on (`AVFMT_TS_DISCONT`)."""
_AHEAD, _BACK = 10.0, -0.1
"""Seconds beyond which FFmpeg takes a step for a jump (`-dts_delta_threshold`)."""
_LOOKS: Final = 16
_LARGEST: Final = 1 / 4
"""What share of the film may go by from one look to the next."""
_PATIENCE: Final = 500
"""Packets that a look waits for one that says its time."""


class Clock:
    """The first and the last moment that packets tell, in seconds, and how many tell theirs."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.last = 0.0
        self._begins = 0.0
        self._told = 0

    def hear(self, packet: Any) -> None:
        """Take in what a packet says of its time, if it says any."""
        moment = packet.pts if packet.pts is not None else packet.dts
        if moment is None or packet.time_base is None:
            return
        begins = float(moment * packet.time_base)
        self.first = begins if self.first is None else min(self.first, begins)
        self.last = max(self.last, begins + float((packet.duration or 0) * packet.time_base))
        self._begins = max(self._begins, begins)
        self._told += 1

    @property
    def seconds(self) -> float | None:
        """From the first moment to the end of the last; None if there are not two."""
        return self.last - self.first if self.first is not None and self.last > self.first else None

    @property
    def rate(self) -> Fraction | None:
        """Packets a second, from where the first begins to where the last does; None of one."""
        if self.first is None or self._begins <= self.first:
            return None
        return Fraction((self._told - 1) / (self._begins - self.first)).limit_denominator(1001)


def late(container: InputContainer, streams: list[Any]) -> float | None:
    """Seconds of a film whose clock begins late, where its header says when it ends; else None.

    The last packets tell which of the two the header says.
    """
    begins, declared = (container.start_time or 0), (container.duration or 0)
    if container.format.name not in _ENDS or begins <= av.time_base or declared <= begins:
        return None
    clock = Clock()
    with suppress(av.error.FFmpegError):
        container.seek(begins + declared)
        for packet in itertools.islice(container.demux(streams), MOST_PACKETS):
            clock.hear(packet)
    longer = clock.last > declared / av.time_base + 1
    return None if longer else (declared - begins) / av.time_base


def jumping(container: InputContainer, film: VideoStream, size: int, until: float) -> float | None:
    """Seconds that the film in a file of `size` bytes lasts if its clock jumps; None if it doesn't.

    Where it does, the file is read to its end, but no longer than `until` on the monotonic clock:
    None then, too. Leaves the container somewhere. Raises what FFmpeg raises.
    """
    if container.format.name not in _JUMPING or not _jumps(container, film, size):
        return None
    container.seek(0, any_frame=True, unsupported_byte_offset=True)
    total, step, last = 0.0, 0.0, None
    for packet in container.demux(film):
        if packet.dts is None:
            continue
        moment = float(packet.dts * packet.time_base)
        if last is not None and _BACK <= moment - last <= _AHEAD:
            step = moment - last
        total, last = total + step, moment
        if time.monotonic() > until:
            return None
    return total + step


def _jumps(container: InputContainer, film: VideoStream, size: int) -> bool:
    """Whether times at places as far apart from each other are in no order, or far from even."""
    found = [_moment(container, film, size * look // _LOOKS) for look in range(_LOOKS)]
    times = [moment for moment in found if moment is not None]
    if len(times) < 2:
        return False
    most = max(_AHEAD, (max(times) - min(times)) * _LARGEST)
    return any(not _BACK <= after - before <= most for before, after in itertools.pairwise(times))


def _moment(container: InputContainer, film: VideoStream, place: int) -> float | None:
    """What the film's clock says behind this byte, in seconds; None if it says nothing there."""
    container.seek(place, any_frame=True, unsupported_byte_offset=True)
    for read, packet in enumerate(container.demux(film)):
        if packet.dts is not None:
            return float(packet.dts * packet.time_base)
        if read > _PATIENCE:
            break
    return None
