"""Writes the one FFmpeg command that makes a whole package from a single decoding.

All files are named relative to the package's folder; the source is an open descriptor.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from plainview.platform.media.facts import Audio, Limits, Probe, Video
from plainview.platform.media.ladder import SEGMENT_SECONDS, Plan, Stills
from plainview.platform.media.whitelist import DEMUXERS, PROTOCOLS

POSTER: Final = "poster.jpg"
SMALL_POSTER: Final = "poster.webp"
SHEETS: Final = "thumbnails-%d.jpg"

_QUIET: Final = ("-nostdin", "-hide_banner", "-loglevel", "error", "-nostats", "-y")
_NO_METADATA: Final = ("-map_metadata", "-1", "-map_chapters", "-1")
# FFmpeg's `-progress` is silent until every output has begun, and the posters begin at the end;
# so the encoder of the largest rendition tells the time of each picture it has made.
_TOLD: Final = ("-stats_enc_post", "pipe:1", "-stats_enc_post_fmt", "{t}")
# Browsers wait for ever for more of what lasts less than a fifth of a second.
_LEAST_MS: Final = 500
_LEAST_SOUND: Final = f"apad=whole_dur={_LEAST_MS}ms"
# Read before a stretch, so that filters which look back see what they would see in the whole film.
_BEFORE: Final = 2.0
# How FFmpeg names sound from all around: of which order, and whether stereo goes beside it.
_AMBISONIC: Final = re.compile(r"ambisonic (\d{1,2})(\+stereo)?")
_CLOCK: Final = "aresample=48000:async=1:first_pts=0"
# Everything at -3 dB beside the front, the low end at -6 dB; twice full scale at most reaches
# the limiter, which holds peaks at -1 dB. Speech in the centre keeps its place and its loudness.
_DOWNMIX: Final = (
    ":center_mix_level=0.7071:surround_mix_level=0.7071:lfe_mix_level=0.5:rematrix_maxval=2,"
    "aformat=channel_layouts=stereo,"
    "alimiter=limit=0.89:attack=5:release=60:level=0:latency=1"
)
_TO_SDR: Final = (
    "zscale=tin={curve}:pin=bt2020:min=bt2020nc:t=linear:npl=203,format=gbrpf32le,"
    "zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
)

_SHEETS: Final = (
    "-map",
    "[sheets]",
    *_NO_METADATA,
    "-fps_mode",
    "passthrough",
    "-q:v",
    "5",
    SHEETS,
)
_SINGLE: Final = ("-frames:v", "1", "-update", "1")
_POSTERS: Final = (
    *("-map", "[poster]", *_NO_METADATA, *_SINGLE, "-q:v", "3", POSTER),
    *("-map", "[small]", *_NO_METADATA, *_SINGLE, "-c:v", "libwebp", SMALL_POSTER),
)


def reading(source: int, limits: Limits, threads: int) -> list[str]:
    """The arguments that open the source, and nothing else than the source."""
    return [
        *("-protocol_whitelist", PROTOCOLS, "-format_whitelist", DEMUXERS),
        *("-max_pixels", str(limits.most_pixels), "-max_streams", "200"),
        # What a container wants cropped stays: the plan is made for whole pictures.
        *("-threads", str(threads), "-reinit_filter:v", "0", "-apply_cropping", "codec"),
        *("-fd", str(source), "-i", "fd:"),
    ]


def command(
    ffmpeg: str,
    source: int,
    facts: Probe,
    plan: Plan,
    limits: Limits,
    threads: int,
    gains: Mapping[int, float],
) -> list[str]:
    """The whole command: renditions, sounds (changed by `gains`), seek-bar pictures and posters."""
    arguments = [ffmpeg, *_QUIET, *reading(source, limits, threads)]
    arguments += ["-filter_complex_threads", str(threads)]
    arguments += ["-filter_complex", ";".join(_graph(facts, plan, gains))]
    arguments += [*_renditions(plan, limits), *_sounds(plan, limits)]
    return [*arguments, *_SHEETS, *_POSTERS]


def part(
    ffmpeg: str,
    source: int,
    facts: Probe,
    plan: Plan,
    limits: Limits,
    threads: int,
    stretch: tuple[int, int | None],
) -> list[str]:
    """The command for the renditions of a stretch: its first frame, and the one after its last.

    Reading begins a little before; times count from the film's start, so that each frame is the one
    that the whole film would have there. What comes before the stretch is thrown away undecoded.
    """
    first, last = stretch
    begins = max(0.0, float(first / plan.fps) - _BEFORE)
    arguments = [ffmpeg, *_QUIET, "-copyts", "-start_at_zero"]
    arguments += ["-ss", f"{begins:.3f}"] if begins else []
    arguments += [*reading(source, limits, threads), "-filter_complex_threads", str(threads)]
    top = plan.steps[0]
    ends = "" if last is None else f":end_frame={last}"
    ways = "".join(f"[w{number}]" for number in range(len(plan.steps)))
    chains = [
        f"[0:{facts.video.index}]{_picture(facts, top.width, top.height, plan.fps)},"
        f"trim=start_frame={first}{ends},setpts=PTS-STARTPTS,split={len(plan.steps)}{ways}",
        *_shrinking(plan),
    ]
    return [*arguments, "-filter_complex", ";".join(chains), *_renditions(plan, limits)]


def sounds(
    ffmpeg: str, source: int, plan: Plan, limits: Limits, gains: Mapping[int, float]
) -> list[str]:
    """The command for all sounds of a film, whole, so that no seam is heard."""
    arguments = [ffmpeg, *_QUIET, "-progress", "pipe:1", "-vn", "-sn", "-dn"]
    arguments += reading(source, limits, threads=1)
    arguments += ["-filter_complex", ";".join(_voices(plan, gains))]
    return [*arguments, *_sounds(plan, limits)]


def stills(ffmpeg: str, source: int, plan: Plan, threads: int) -> list[str]:
    """The command for the seek-bar pictures of a finished film, from one of its renditions."""
    still = plan.stills
    graph = f"[0:v]select=not(mod(n\\,{still.every})),{_tiled(still)}[sheets]"
    arguments = [ffmpeg, *_QUIET, "-progress", "pipe:1", *_own(source, threads)]
    return [*arguments, "-filter_complex", graph, *_SHEETS]


def posters(ffmpeg: str, source: int, plan: Plan, threads: int) -> list[str]:
    """The command for the posters of a finished film, from key frames of its largest rendition."""
    still = plan.stills
    every = max(1, round(still.every * still.poster_every / plan.group))
    graph = f"[0:v]select=not(mod(n\\,{every})),{_chosen(still)},split[poster][small]"
    arguments = [ffmpeg, *_QUIET, "-progress", "pipe:1", "-skip_frame", "nokey"]
    arguments += _own(source, threads)
    return [*arguments, "-filter_complex", graph, *_POSTERS]


def _own(source: int, threads: int) -> list[str]:
    """Opens a file of ours."""
    return ["-threads", str(threads), "-f", "mov", "-fd", str(source), "-i", "fd:"]


def _renditions(plan: Plan, limits: Limits) -> list[str]:
    longest = str(limits.longest_ms / 1000)
    arguments: list[str] = []
    for number, step in enumerate(plan.steps):
        arguments += ["-map", f"[v{number}]", "-t", longest, *_NO_METADATA]
        arguments += ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high"]
        arguments += ["-crf", "23", "-maxrate", str(step.most_bits)]
        arguments += ["-bufsize", str(step.most_bits), *_key_frames(plan.group)]
        arguments += [] if number else _TOLD
        arguments += [*_fragments("+frag_keyframe"), f"{step.name}.mp4"]
    return arguments


def _sounds(plan: Plan, limits: Limits) -> list[str]:
    longest = str(limits.longest_ms / 1000)
    arguments: list[str] = []
    for number, _ in enumerate(plan.audio, start=1):
        arguments += ["-map", f"[a{number}]", "-t", longest, *_NO_METADATA]
        arguments += ["-c:a", "aac", "-b:a", "128k", "-frag_duration", f"{SEGMENT_SECONDS}000000"]
        arguments += [*_fragments(""), f"a{number}.mp4"]
    return arguments


def listening(ffmpeg: str, source: int, sounds: Sequence[Audio], limits: Limits) -> list[str]:
    """The command that measures sounds as they will be mixed; `loudness.py` reads what it says."""
    arguments = [ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "info", "-nostats"]
    arguments += ["-progress", "pipe:1", "-vn", "-sn", "-dn", *reading(source, limits, threads=1)]
    chains = [
        f"{_sound(stream)},ebur128@a{number}=peak=true:framelog=quiet[a{number}]"
        for number, stream in enumerate(sounds)
    ]
    arguments += ["-filter_complex", ";".join(chains)]
    for number, _ in enumerate(sounds):
        arguments += ["-map", f"[a{number}]"]
    return [*arguments, "-t", str(limits.longest_ms / 1000), "-f", "null", "-"]


def captions(source: int, facts: Probe) -> list[str]:
    """The arguments that open what is written into the pictures of the source, as text.

    They are counted from where the film's clock begins, which may be before the first picture.
    """
    options = (
        f"fd={source}",
        f"protocol_whitelist={PROTOCOLS}",
        f"format_whitelist={DEMUXERS}",
    )
    opened = "\\:".join(options)
    graph = f"movie=filename='fd\\:':format_opts='{opened}':s={facts.video.index}:threads=2"
    begins = f"{-facts.begins_us / 1e6:.6f}"
    return ["-copyts", "-itsoffset", begins, "-f", "lavfi", "-i", f"{graph}[out+subcc]"]


def _key_frames(group: int) -> tuple[str, ...]:
    """A key frame at every `group`-th picture and nowhere else, the same in all renditions."""
    every = str(group)
    forced = f"expr:not(mod(n,{every}))"
    return ("-g", every, "-keyint_min", every, "-sc_threshold", "0", "-force_key_frames", forced)


def _fragments(more: str) -> tuple[str, ...]:
    return ("-movflags", f"+cmaf+delay_moov+skip_trailer{more}", "-f", "mp4")


def _graph(facts: Probe, plan: Plan, gains: Mapping[int, float]) -> list[str]:
    top = plan.steps[0]
    ways = "".join(f"[w{number}]" for number in range(len(plan.steps)))
    chains = [
        f"[0:{facts.video.index}]{_picture(facts, top.width, top.height, plan.fps)},"
        f"split={len(plan.steps) + 1}{ways}[stills]"
    ]
    return [*chains, *_shrinking(plan), _still_pictures(plan.stills), *_voices(plan, gains)]


def _shrinking(plan: Plan) -> list[str]:
    return [
        f"[w{number}]"
        + (f"scale={step.width}:{step.height}:flags=bicubic" if number else "null")
        + f"[v{number}]"
        for number, step in enumerate(plan.steps)
    ]


def _voices(plan: Plan, gains: Mapping[int, float]) -> list[str]:
    return [
        f"{_sound(stream)}{_gain(gains.get(stream.index, 0.0))},{_LEAST_SOUND}[a{number}]"
        for number, stream in enumerate(plan.audio, start=1)
    ]


def _picture(facts: Probe, width: int, height: int, fps: Fraction) -> str:
    """From whatever the decoder gives to even frames of square pixels that any browser shows.

    FFmpeg has turned the picture upright before this. A first picture that comes late is held
    from the start on, so that all tracks begin together.
    """
    video = facts.video
    matrix = ":out_color_matrix=bt709" if video.rgb else ""
    chain = [f"setparams=colorspace={_customary(video)}"] if video.untold and not video.hdr else []
    chain += ["bwdif=mode=send_frame:deint=interlaced"] if video.interlaced else []
    chain.append(f"scale={width}:{height}:flags=bicubic:out_range=tv{matrix}")
    if video.hdr:
        chain.append(_TO_SDR.format(curve=video.hdr))
    chain += [f"fps={fps.numerator}/{fps.denominator}:start_time=0", "setsar=1", "format=yuv420p"]
    if (missing := _LEAST_MS - facts.duration_ms) > 0:
        chain.append(f"tpad=stop_mode=clone:stop_duration={missing}ms")
    return ",".join(chain)


def _customary(video: Video) -> str:
    """How colours are written where nothing says it: by size, and so for every rendition alike.

    A browser would ask each rendition's own size, and change its mind where a film changes quality.
    """
    return "bt709" if video.coded_width >= 1280 or video.coded_height >= 720 else "smpte170m"


def _still_pictures(stills: Stills) -> str:
    return (
        f"[stills]select=not(mod(n\\,{stills.every})),split[few][fewer];"
        f"[few]{_tiled(stills)}[sheets];"
        f"[fewer]select=not(mod(n\\,{stills.poster_every})),{_chosen(stills)},split[poster][small]"
    )


def _tiled(stills: Stills) -> str:
    side = stills.side
    return f"scale={stills.width}:{stills.height}:flags=area,tile={side}x{side}"


def _chosen(stills: Stills) -> str:
    size = f"{stills.poster_width}:{stills.poster_height}"
    return f"scale={size}:flags=area,thumbnail=n={stills.poster_candidates}"


def _gain(decibels: float) -> str:
    return f",volume={decibels:.2f}dB" if decibels else ""


def _sound(stream: Audio) -> str:
    """Stereo at 48 kHz from the film's own start on, silence where the stream has gaps."""
    read = f"[0:{stream.index}]{_CLOCK}"
    if stream.beside >= 0:
        halves = f"l{stream.index}", f"r{stream.index}"
        other = f"[0:{stream.beside}]{_CLOCK},aformat=channel_layouts=mono[{halves[1]}]"
        return (
            f"{read},aformat=channel_layouts=mono[{halves[0]}];{other};"
            f"[{halves[0]}][{halves[1]}]join=inputs=2:channel_layout=stereo:map=0.0-FL|1.0-FR"
        )
    if stream.channels == 1:
        return f"{read},pan=stereo|c0=c0|c1=c0"
    if stream.channels == 2:
        return f"{read},aformat=channel_layouts=stereo"
    if stream.layout.endswith("channels"):
        return f"{read},pan=stereo|c0=c0|c1=c1"
    if around := _AMBISONIC.fullmatch(stream.layout):
        return f"{read},{_facing_front(int(around[1]), beside=bool(around[2]))}"
    return read + _DOWNMIX


def _facing_front(order: int, *, beside: bool) -> str:
    """Left and right of ambisonic sound (ACN, SN3D), and of what stereo goes `beside` it.

    Two cardioids that look to the sides, of the first two channels: all around, left less right.
    """
    sides = "0.5*c0+0.5*c1", "0.5*c0-0.5*c1"
    first = (order + 1) ** 2
    ways = (f"{side}+c{first + at}" if beside else side for at, side in enumerate(sides))
    return "pan=stereo|" + "|".join(f"c{at}={way}" for at, way in enumerate(ways))
