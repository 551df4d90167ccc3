"""The table of awkward and hostile films: what each is, how it is made, and its right verdict.

A film that `plays` is packaged and looked at; every other verdict is the code of a `MediaError`.
`size` is that of the largest rendition, `seconds` the length, `voices` the number of sounds kept.
"""

from dataclasses import dataclass

from plainview.platform.media.tests import looking
from plainview.platform.media.tests.making import (
    BEEP,
    CORNER,
    MOVING,
    QUICK,
    archive,
    avi_size,
    changed,
    channels_apart,
    cover_art,
    described,
    film,
    first_part,
    joined,
    kept_elsewhere,
    late,
    left_half,
    linked_segment,
    many_voices,
    matroska_length,
    of_a_camera,
    picture,
    piped,
    sample_entry_size,
    scratched,
    song_with_still,
    text,
    then,
    two_programmes,
    type_of_maker,
    untimed,
    with_best_shots,
    without_its_beginning,
)

PLAYS = "plays"

LOUD = "aevalsrc=" + "|".join(["sin(2*PI*440*t)"] * 6) + ":channel_layout=5.1:sample_rate=48000"
CENTRE = "aevalsrc=0|0|0.5*sin(2*PI*440*t)|0|0|0:channel_layout=5.1:sample_rate=48000"
EIGHT = "aevalsrc=" + "|".join(["0.3*sin(2*PI*330*t)"] * 8) + ":channel_layout=7.1"
AROUND = "aevalsrc=0.5*sin(2*PI*440*t)|0.4*sin(2*PI*440*t)|0|0:channel_layout=4.0"
CHAOS = "select=gt(mod(n\\,7)\\,2)"
KEY = "76a6c65c5ea762046bd749a2e632ccbb"
LOCKED = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", KEY, "-encryption_kid", KEY)


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    name: str
    make: type_of_maker
    verdict: str = PLAYS
    size: tuple[int, int] = (320, 180)
    seconds: float = 2.0
    voices: int = 1
    rate: float = 25.0
    remarks: tuple[str, ...] = ()
    look: looking.Look = looking.at_nothing_more


AWKWARD = (
    Case("plain", film()),
    Case("silent", film(audio=None), voices=0),
    Case("half a second", film(seconds=0.5), seconds=0.5),
    Case("two frames", film(seconds=0.08), seconds=0.5, look=looking.at_a_sound_that_begins),
    Case("a moment of sound", film("-af", "atrim=end=0.08"), look=looking.at_a_sound_that_begins),
    Case("sound a moment longer than its last segment", film("-c:a", "aac", seconds=4), seconds=4),
    Case("picture a moment longer than its last segment", film(audio=None, seconds=4.08), seconds=4,
         voices=0),
    Case("one key frame in nine seconds", film("-c:v", "libx264", "-preset", "ultrafast", "-g",
         "999", "-keyint_min", "999", "-sc_threshold", "0", seconds=9), seconds=9),
    Case("odd size", film("-pix_fmt", "yuv444p", video="testsrc2=size=321x181:rate=25")),
    Case("one pixel wide", film("-c:v", "rawvideo", "-vf", "format=bgr24,crop=1:64",
                                format="avi"), size=(2, 64)),
    Case("upright phone film", film(video="testsrc2=size=180x320:rate=25"), size=(180, 320)),
    Case("turned by metadata", then(film(video=CORNER), before=("-display_rotation", "90")),
         size=(180, 320), look=looking.at_red_corner("bottom left")),
    Case("upside down by metadata", then(film(video=CORNER), before=("-display_rotation", "180")),
         look=looking.at_red_corner("bottom right")),
    Case("not turned", film(video=CORNER), look=looking.at_red_corner("top left")),
    Case("wide pixels", film("-vf", "setsar=64/45", video="testsrc2=size=180x144:rate=25"),
         size=(256, 144)),
    Case("tall pixels", film("-vf", "setsar=1/2", video="testsrc2=size=320x90:rate=25"),
         size=(160, 90)),
    Case("absurd pixels", film("-vf", "setsar=1000/1"), size=(320, 180)),
    Case("uneven frame times", film("-vf", CHAOS, "-fps_mode", "vfr", format="matroska"),
         look=looking.at_even_frames),
    Case("frame times of a telephone", film("-vf", "setpts=(N+0.4*mod(N\\,3))/13/TB", "-fps_mode",
         "vfr"), look=looking.at_even_frames),
    Case("one frame a second", film(video="testsrc2=size=320x180:rate=1", seconds=5),
         rate=1.0, seconds=5),
    Case("120 frames a second", film(video="testsrc2=size=320x180:rate=120"), rate=60.0),
    Case("NTSC rate", film(video="testsrc2=size=320x180:rate=30000/1001"), rate=30000 / 1001),
    Case("starts after an hour", film("-output_ts_offset", "3600", format="mpegts")),
    Case("Matroska whose clock starts after ten seconds", film("-output_ts_offset", "10",
                                                               format="matroska")),
    Case("a stream that somebody joined late", changed(film(
        "-movflags", "frag_keyframe+empty_moov+default_base_moof", seconds=5),
        without_its_beginning), seconds=2),
    Case("stands still for half its time", film(
        "-vf", "select=lt(n\\,30)+not(mod(n\\,5))", "-fps_mode", "vfr", seconds=4), seconds=4),
    Case("a camera's DV", film("-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-ac", "2", format="dv",
                               video="testsrc2=size=720x576:rate=25"), size=(768, 576)),
    Case("to be cropped, says its container", changed(film(video=CORNER), left_half),
         look=looking.at_red_corner("top left")),
    Case("high definition that says nothing of its colours",
         film(video="testsrc2=size=960x720:rate=25"), size=(960, 720),
         look=looking.at_colours(1)),
    Case("told to those who do not see it", described, voices=2, look=looking.at_descriptions),
    Case("picture begins a second late", late(video=1.0), seconds=3),
    Case("sound begins a second late", late(audio=1.0), seconds=3,
         look=looking.at_silence_first),
    Case("interlaced", film("-vf", "tinterlace=interleave_top,fieldorder=tff", "-c:v",
                            "mpeg2video", "-flags", "+ildct+ilme", "-r", "25", format="mpegts",
                            video="testsrc2=size=320x240:rate=50"),
         size=(320, 240), look=looking.at_facts(interlaced=True)),
    Case("ten bits", film("-pix_fmt", "yuv420p10le"), look=looking.at_facts(hdr="")),
    Case("high dynamic range", film(
        "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
        "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"),
        look=looking.at_facts(hdr="smpte2084")),
    Case("red, green, blue", film("-c:v", "ffv1", "-pix_fmt", "gbrp", format="matroska",
                                  video=CORNER),
         look=looking.at_red_corner("top left")),
    Case("see-through", film("-c:v", "qtrle", "-pix_fmt", "argb", format="mov")),
    Case("5.1, all at full scale", film("-c:a", "flac", audio=LOUD, format="matroska"),
         look=looking.at_loudness(least=0.5, most=1.0)),
    Case("5.1, only the centre speaks", film("-c:a", "flac", audio=CENTRE, format="matroska"),
         look=looking.at_loudness(least=0.15, most=0.5)),
    Case("7.1", film("-c:a", "pcm_s16le", audio=EIGHT, format="matroska"),
         look=looking.at_loudness(least=0.2, most=1.0)),
    Case("mono at 8 kHz", film("-c:a", "pcm_mulaw", "-ar", "8000", format="mov")),
    Case("sound in a codec nobody knows", changed(
        film("-c:a", "pcm_s16le", format="mov"), lambda data: data.replace(b"sowt", b"zzzz")),
         voices=0, remarks=("sound-dropped",)),
    Case("six sounds", many_voices, voices=4, remarks=("more-audio-than-kept",),
         look=looking.at_voices("fr", "en", "ja", "ko")),
    Case("a broadcast of two programmes", two_programmes, remarks=("other-programmes",),
         look=looking.at_voices("ko")),
    Case("WebM of a browser's recorder, without a length", changed(piped(film(
        "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus",
        format="webm"), "webm"), untimed)),
    Case("AVI", film("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le", format="avi")),
    Case("Windows Media", film("-c:v", "wmv2", "-c:a", "wmav2", format="asf")),
    Case("left and right apart, in MXF",
         channels_apart("-c:v", "mpeg2video", format="mxf"), look=looking.at_the_right_alone),
    Case("two sounds of left and right each, in MXF",
         channels_apart("-c:v", "mpeg2video", format="mxf", sounds=2),
         voices=2, look=looking.at_the_right_alone),
    Case("left and right apart and named, in MOV",
         channels_apart("-c:v", "prores_ks", format="mov", named=True),
         look=looking.at_the_right_alone),
    Case("bare H.264", film(audio=None, format="h264"), voices=0),
    Case("moving GIF", film("-c:v", "gif", video="testsrc2=size=320x180:rate=10", audio=None,
                            format="gif"), voices=0, rate=10.0),
    Case("size changes midway", joined(film(format="mpegts"), film(
        "-output_ts_offset", "2", format="mpegts", video="testsrc2=size=640x360:rate=25")),
        seconds=4),
    Case("sound layout changes midway", joined(
        film("-c:a", "aac", format="mpegts"),
        film("-c:a", "aac", "-output_ts_offset", "2", format="mpegts", audio=LOUD)), seconds=4),
    Case("a broadcast whose clock jumps ten hours ahead", joined(film(format="mpegts"), film(
        "-output_ts_offset", "36000", format="mpegts")), seconds=4),
    Case("a broadcast whose clock begins anew", joined(film(
        "-output_ts_offset", "36000", format="mpegts"), film(format="mpegts")), seconds=4),
    Case("recordings one behind the other, each with a clock of its own", joined(
        *[film("-c:a", "aac", format="mpegts")] * 3), seconds=6),
    Case("slides of a lecture", film(
        "-c:v", "libx264", "-g", "99", "-c:a", "libopus", "-application", "lowdelay",
        "-frame_duration", "2.5", video="testsrc2=size=320x180:rate=1/12", seconds=24,
        format="matroska"), seconds=24, rate=12.0),
    Case("in pieces, without a length", film(
        "-c:a", "aac", "-movflags", "empty_moov+frag_keyframe+default_base_moof", seconds=6),
        seconds=6, look=looking.at_rate(25)),
    Case("a motion photo with its best shots beside it", with_best_shots, voices=0),
    Case("Motion JPEG of a camera that tells how each picture was taken", of_a_camera, voices=0),
    Case("sound from all around, the voice at the left", film(
        "-c:a", "libopus", "-mapping_family", "2", audio=AROUND, format="matroska"),
        look=looking.at_the_left_louder),
    Case("scratched", changed(film("-c:v", "mpeg2video", "-b:v", "2M", format="mpegts"),
                              scratched)),
    Case("its description lies about the size", changed(film(), sample_entry_size(32, 16))),
    Case("cut off late", changed(film(seconds=10, format="matroska"), first_part(0.7)),
         seconds=7.0, remarks=("shorter-than-declared",)),
    Case("Matroska that continues in another file", changed(
        piped(film(format="matroska"), "matroska"), linked_segment)),
)  # fmt: skip

M3U8 = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{}\n#EXT-X-ENDLIST\n"
SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n"
MPD = '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'

HOSTILE = (
    Case("empty", text(""), "empty"),
    Case("text", text("Dear diary, today I saw a film.\n" * 50), "not-media"),
    Case("web page", text("<!doctype html><title>404</title>Not found"), "not-media"),
    Case("archive", archive, "not-media"),
    Case("only zeros", text(bytes(100_000)), "not-media"),
    Case("noise", text(bytes((n * n * 7919 + n // 3) % 251 for n in range(50_000))), "not-media"),
    Case("playlist of a local file", text(M3U8.format("/etc/passwd")), "playlist"),
    Case("playlist of another host", text(M3U8.format("http://127.0.0.1:9/a.ts")), "playlist"),
    Case("playlist behind a byte order mark",
         text("\ufeff" + M3U8.format("file:///etc/passwd")), "playlist"),
    Case("concat script", text("ffconcat version 1.0\nfile '/etc/passwd'\n"), "playlist"),
    Case("DASH manifest", text(MPD), "playlist"),
    Case("session description", text(SDP), "playlist"),
    Case("MP4 whose data is another file", changed(film(), kept_elsewhere),
         "references-elsewhere"),
    Case("PNG as MP4", picture("image2", "-c:v", "png", "-update", "1"), "picture"),
    Case("JPEG as MP4", picture("image2", "-c:v", "mjpeg", "-update", "1"), "picture"),
    Case("WebP as MP4", picture("webp"), "picture"),
    Case("still GIF as MP4", picture("gif", "-c:v", "gif"), "picture"),
    Case("SVG as MP4", text(SVG), "picture"),
    Case("PDF as MP4", text("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"), "picture"),
    Case("a film of one frame", picture("mp4", *QUICK), "picture"),
    Case("song", film(video=None, format="mp3"), "audio-only"),
    Case("song in MP4", film(video=None), "audio-only"),
    Case("song with its sleeve", cover_art, "audio-only"),
    Case("song over one still", song_with_still, "audio-only"),
    Case("MP4 cut off before its index", changed(film(), first_part(0.6)), "truncated"),
    Case("MP4 of nothing but its index", changed(film("-movflags", "+faststart"),
                                                 lambda data: data[: data.index(b"mdat") + 60]),
         "truncated"),
    Case("cut off early", changed(film(seconds=10, format="matroska"), first_part(0.2)),
         "truncated"),
    Case("says a minute, holds two seconds", changed(film(format="matroska"),
                                                     matroska_length(60)), "truncated"),
    Case("says a thousand years", changed(film(format="matroska"), matroska_length(3e10)),
         "too-long"),
    Case("four hundred million pixels", changed(
        film("-c:v", "rawvideo", "-pix_fmt", "yuv420p", format="avi", seconds=0.2),
        avi_size(20_000, 20_000)), "too-many-pixels"),
    Case("encrypted", film(*LOCKED, "-c:a", "aac"), "encrypted"),
)  # fmt: skip

TABLE = AWKWARD + HOSTILE

__all__ = ["AWKWARD", "BEEP", "HOSTILE", "MOVING", "PLAYS", "TABLE", "Case"]
