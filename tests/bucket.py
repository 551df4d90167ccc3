"""A bucket as services that speak S3 keep one: moto's, over real HTTP, in this process.

It counts what it is asked, lets a test act at a request, and can be away, gone or shut.
"""

from __future__ import annotations

import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import moto.settings
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Says nothing."""


class FilmsBucket:
    """A bucket named `films`. `asked` has (method, path, bytes wanted) of each request."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server: BaseWSGIServer | None = None
        self.port = 0
        self.asked: list[tuple[str, str, str]] = []
        self.before: Callable[[str, str], object] = lambda method, path: None
        self.come_back()
        self._send("POST", "/moto-api/reset")
        self.make()
        self.asked.clear()

    @property
    def url(self) -> str:
        return f"s3+http://key:a%2Fsecret@127.0.0.1:{self.port}/films?region=eu-central-1"

    @contextmanager
    def encrypted(self, certificate: Path) -> Iterator[str]:
        """Answer by TLS as well, as localhost; the address to use."""
        keys = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        keys.load_cert_chain(certificate)
        server = make_server(
            "127.0.0.1", 0, self, threaded=True, request_handler=_Silent, ssl_context=keys
        )
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"s3://key:a%2Fsecret@localhost:{server.server_port}/films?region=eu-central-1"
        finally:
            server.shutdown()
            server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if "moto-api" not in path:
            self.asked.append((method, path, environ.get("HTTP_RANGE", "")))
            self.before(method, path)
        return self._app(environ, start_response)

    def make(self) -> None:
        """Make the bucket."""
        self._send("PUT", "/films")

    def vanish(self) -> None:
        """Delete the bucket, which is empty."""
        self._send("DELETE", "/films")

    def go_away(self) -> None:
        """Answer nobody. What is in the bucket stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def come_back(self) -> None:
        """Answer again, at the same port."""
        self._server = make_server(
            "127.0.0.1", self.port, self, threaded=True, request_handler=_Silent
        )
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Refuse the key while the block runs."""
        open_to_all = moto.settings.INITIAL_NO_AUTH_ACTION_COUNT
        moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        try:
            yield
        finally:
            moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = open_to_all

    def files(self) -> dict[str, int]:
        """The size of each file of films by its path, as another program lists them."""
        import boto3  # noqa: PLC0415 - half a second, for those who ask alone

        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="eu-central-1",
            aws_access_key_id="key",
            aws_secret_access_key="a/secret",
        )
        pages = client.get_paginator("list_objects_v2").paginate(Bucket="films", Prefix="packages/")
        return {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", ())}

    def _send(self, method: str, path: str) -> None:
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, method=method)
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


@pytest.fixture
def films_bucket() -> Iterator[FilmsBucket]:
    """A bucket that is empty, for one test."""
    made = FilmsBucket()
    try:
        yield made
    finally:
        made.go_away()
