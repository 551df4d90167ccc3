"""Drives a Firefox by Marionette, which every Firefox has built in and needs no driver beside it.

The newer WebDriver BiDi was tried first: in a headless Firefox 153 its window never gets the focus
(`document.hasFocus()` is false), so that Enter and Space reach a button as trusted events and press
nothing, on a page with one button and no script too. Marionette gives the window the focus.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ENTER, SPACE, TAB = "\ue007", " ", "\ue004"


class Firefox:
    """One running Firefox; commands are those of WebDriver."""

    def __init__(self, port: int, url: str) -> None:
        self.url = url
        self._count = 0
        self._unread = b""
        self._socket = self._connected(port)
        self._received()  # its greeting
        self.command("WebDriver:NewSession")

    def _connected(self, port: int) -> socket.socket:
        deadline = time.monotonic() + 60
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=60)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _received(self) -> Any:
        while b":" not in self._unread:
            self._unread += self._read()
        length, _, self._unread = self._unread.partition(b":")
        while len(self._unread) < int(length):
            self._unread += self._read()
        message, self._unread = self._unread[: int(length)], self._unread[int(length) :]
        return json.loads(message)

    def _read(self) -> bytes:
        read = self._socket.recv(65536)
        assert read, "Firefox has gone"
        return read

    def command(self, name: str, **parameters: Any) -> Any:
        """Send a command; what it returns. Fails for an error."""
        self._count += 1
        message = json.dumps([0, self._count, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._received()
        assert not error, error
        return result

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def go(self, path: str) -> None:
        """Open a page of the service."""
        self.command("WebDriver:Navigate", url=self.url + path)

    def ask(self, expression: str) -> Any:
        """The value of an expression on the page; of a promise, what it comes to."""
        script = f"const done = arguments[0]; Promise.resolve({expression}).then(done)"
        return self.command("WebDriver:ExecuteAsyncScript", script=script, args=[])["value"]

    def until(self, expression: str) -> bool:
        """Whether an expression becomes true within ten seconds."""
        deadline = time.monotonic() + 10
        while not (true := bool(self.ask(expression))) and time.monotonic() < deadline:
            time.sleep(0.1)
        return true

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keys", "actions": strokes}]
        self.command("WebDriver:PerformActions", actions=actions)

    def tab(self) -> tuple[str, str]:
        """Open another tab and go there: the one that was, and the new one."""
        here = self.command("WebDriver:GetWindowHandle")["value"]
        other = self.command("WebDriver:NewWindow", type="tab")["handle"]
        self.switch(other)
        return here, other

    def switch(self, handle: str) -> None:
        """Go to a tab."""
        self.command("WebDriver:SwitchToWindow", handle=handle)

    @property
    def source(self) -> str:
        """The page as HTML; without script too."""
        return str(self.command("WebDriver:GetPageSource")["value"])

    @property
    def cookies(self) -> set[str]:
        """The names of the cookies of the page."""
        return {each["name"] for each in self.command("WebDriver:GetCookies")}


@contextmanager
def running(
    program: str, profile: Path, port: int, url: str, preferences: dict[str, Any]
) -> Iterator[Firefox]:
    """A new Firefox with a profile of its own and these preferences."""
    profile.mkdir(parents=True, exist_ok=True)
    known = {"marionette.port": port, **preferences}
    pairs = ((json.dumps(name), json.dumps(value)) for name, value in known.items())
    (profile / "user.js").write_text("".join(f"user_pref({', '.join(pair)});\n" for pair in pairs))
    process = subprocess.Popen(
        [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
        env={**os.environ, "HOME": str(profile)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with closing(Firefox(port, url)) as firefox:
            yield firefox
    finally:
        process.terminate()
        process.wait(20)
