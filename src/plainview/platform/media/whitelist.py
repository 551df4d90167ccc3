"""What FFmpeg may use to read a source: one protocol, and the demuxers that open one file only.

Left out on purpose: everything that follows references (HLS, DASH, concat, SDP, IMF, image
sequences, VobSub, QuickTime links are refused before), that talks to devices or networks, and that
takes any text or picture for a film (tty, ANSI art, image pipes).
"""

from typing import Final

PROTOCOLS: Final = "fd"

_FILMS: Final = (
    "mov matroska webm mpegts mpeg avi flv live_flv asf ogg mxf rm ivr wtv nut nsv gxf dv "
    "yuv4mpegpipe ivf h261 h263 h264 hevc vvc av1 obu m4v mpegvideo vc1 vc1test dirac cavsvideo "
    "avs avs2 avs3 evc gif apng webp_anim jpegxl_anim mjpeg_2000 nuv pva vividas "
    "dhav lmlm4 smjpeg 4xm bink smk roq ea film_cpk flic idcin ipmovie mm rl2 rpl vmd wc3movie "
    "wsvqa xmv mv mvi cine filmstrip anm amv swf viv vivo thp tiertexseq sol usm luodat pmp mods "
    "moflex kux hnm bethsoftvid dsicin dxa jv yop"
)
# Without these a song would only be "not a film"; with them the verdict says that it is sound.
_SOUNDS: Final = "mp3 aac wav w64 flac aiff ac3 eac3 dts amr au caf tta ape wv mpc mpc8 tak alac"

DEMUXERS: Final = ",".join((*_FILMS.split(), *_SOUNDS.split()))
