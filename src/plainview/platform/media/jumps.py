"""How long a film lasts whose clock jumps on its way.

Broadcasts and discs count their times anew where a programme begins, where a recording was cut and
where files were laid one behind the other. FFmpeg takes the length of such a file to be what its
clock says last, less what it says first; it plays what is between, without the jumps.
"""

import time
from itertools import pairwise
from typing import Final

from av.container import InputContainer
from av.video.stream import VideoStream

_JUMPING: Final = frozenset(("mpeg", "mpegts"))
"""Formats whose clock may jump, where FFmpeg then counts on (`AVFMT_TS_DISCONT`)."""
_AHEAD, _BACK = 10.0, -0.1
"""Seconds beyond which FFmpeg takes a step for a jump (`-dts_delta_threshold`)."""
_LOOKS: Final = 16
_LARGEST: Final = 1 / 4
"""What share of the film may go by from one look to the next."""
_PATIENCE: Final = 500
"""Packets that a look waits for one that says its time."""


def lasts(container: InputContainer, film: VideoStream, size: int, until: float) -> float | None:
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
    return any(not _BACK <= after - before <= most for before, after in pairwise(times))


def _moment(container: InputContainer, film: VideoStream, place: int) -> float | None:
    """What the film's clock says behind this byte, in seconds; None if it says nothing there."""
    container.seek(place, any_frame=True, unsupported_byte_offset=True)
    for read, packet in enumerate(container.demux(film)):
        if packet.dts is not None:
            return float(packet.dts * packet.time_base)
        if read > _PATIENCE:
            break
    return None
