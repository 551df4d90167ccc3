"""What it costs nginx to check signed addresses: the shipped configuration against a bare location.

Two servers of one nginx each, with the same files, are asked in turns over kept connections for a
playlist and for a segment of 500 kB by its range. Each figure is a ratio of medians: of requests a
second, and of the processor time that nginx itself spent on a request, which does not depend on how
fast the client is. Goal: 0.95 or more of the bare one's rate.

    tools/bench.py delivery
"""

import argparse
import os
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import browsers
from django.conf import settings

from plainview.domains.playback.services import delivering
from plainview.platform.storage.signing import sign

ROOT = Path(__file__).resolve().parents[1]

GOAL = 0.95
KEY = "abcdefghjkmn"
SEGMENT = 500_000
PORTS = {"signed": 18480, "bare": 18481}
TICK = os.sysconf("SC_CLK_TCK")
BARE = """
server {{
    listen 127.0.0.1:{port};
    access_log off;
    location /stream/ {{
        alias {packages}/;
        types {{ application/vnd.apple.mpegurl m3u8; video/mp4 mp4; }}
        sendfile on;
        tcp_nopush on;
        sendfile_max_chunk 1m;
    }}
}}
"""


class Cost(NamedTuple):
    """Requests a second, and microseconds of nginx's own processor time for one."""

    rate: float
    micros: float


def start(program: str, folder: Path, servers: str) -> subprocess.Popen[bytes]:
    """An nginx with one process for these servers."""
    folder.mkdir()
    (folder / "plainview-place.conf").write_text('map "" $place { default ""; }')
    (folder / "plainview-stream.conf").write_text(delivering.for_nginx())
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\nkeepalive_requests 10000000;\n{temporary}{servers}\n}}\n"
    )
    running = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    time.sleep(1)
    return running


def spent(running: "subprocess.Popen[bytes]") -> float:
    """Processor seconds of nginx's workers."""
    total = 0.0
    for child in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def asked(
    running: "subprocess.Popen[bytes]", port: int, request: bytes, length: int, times: int
) -> Cost:
    """Ask so often over one connection, sixteen requests at a time, and read all answers."""
    before, began = spent(running), time.perf_counter()
    buffer = bytearray(2**20)
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(request)
        head = wire.recv(65536)
        if b" 200 " not in head[:20] and b" 206 " not in head[:20]:
            raise SystemExit(head[:200].decode())
        answer = head.index(b"\r\n\r\n") + 4 + length
        got = len(head)
        sent = 1
        while got < answer * times:
            while sent < times and sent - got // answer < 16:
                wire.sendall(request)
                sent += 1
            got += wire.recv_into(buffer)
    seconds = time.perf_counter() - began
    return Cost(times / seconds, (spent(running) - before) / times * 1e6)


def main() -> None:
    """Run, print rates and ratios; end with status 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each")
    options = parser.parse_args()
    program = browsers.nginx()
    if not program:
        raise SystemExit("no nginx: install nginx-light or set NGINX")
    package = Path(settings.MEDIA_ROOT) / "packages" / KEY
    package.mkdir(parents=True, exist_ok=True)
    (package / "v720.mp4").write_bytes(os.urandom(SEGMENT * 8))
    (package / "v720.m3u8").write_text("#EXTM3U\n" + "#EXTINF:4.0,\nv720.mp4\n" * 200)
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    shipped = shipped.replace("listen 8080", f"listen 127.0.0.1:{PORTS['signed']}")
    bare = BARE.format(port=PORTS["bare"], packages=package.parent)
    with tempfile.TemporaryDirectory(prefix="plainview-delivery-") as name:
        folder = Path(name)
        shipped = shipped.replace("/var/cache/plainview-pages", str(folder / "cache"))
        shipped = shipped.replace("/var/cache/plainview-films", str(folder / "films"))
        running = {
            "signed": start(program, folder / "signed", shipped),
            "bare": start(program, folder / "bare", bare),
        }
        try:
            missed = compare(running, package, options.rounds)
        finally:
            for each in running.values():
                each.terminate()
                each.wait(10)
    raise SystemExit(1 if missed else 0)


def compare(running: "dict[str, subprocess.Popen[bytes]]", package: Path, rounds: int) -> bool:
    """Measure both kinds of file; whether a goal was missed."""
    token = sign(KEY, int(time.time()) + 3600, delivering.keys(), time.time())
    places = {"signed": f"/stream/{token}/{KEY}", "bare": f"/stream/{KEY}"}
    playlist = (package / "v720.m3u8").stat().st_size
    kinds = (
        ("playlist", "v720.m3u8", "", playlist, 12_000),
        ("segment", "v720.mp4", f"Range: bytes={SEGMENT}-{2 * SEGMENT - 1}\r\n", SEGMENT, 1500),
    )
    missed = False
    for kind, file, header, length, times in kinds:
        costs: dict[str, list[Cost]] = {"signed": [], "bare": []}
        for number in range(rounds + 1):
            for way in sorted(places, reverse=number % 2 == 0):
                line = f"GET {places[way]}/{file} HTTP/1.1\r\nHost: x\r\n{header}\r\n".encode()
                cost = asked(running[way], PORTS[way], line, length, times)
                if number:  # the first warms up
                    costs[way].append(cost)
        rates = {way: statistics.median(c.rate for c in found) for way, found in costs.items()}
        micros = {way: statistics.median(c.micros for c in found) for way, found in costs.items()}
        ratio = rates["signed"] / rates["bare"]
        print(f"{kind}: signed {rates['signed']:.0f}/s, bare {rates['bare']:.0f}/s;")
        print(f"  nginx itself {micros['signed']:.1f} µs, bare {micros['bare']:.1f} µs a request")
        print(f"{kind}, signed / bare nginx: {ratio:.3f} (goal >= {GOAL})")
        missed = missed or ratio < GOAL
    return missed


if __name__ == "__main__":
    main()
