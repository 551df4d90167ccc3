"""Handing a letter to a mail provider's own API, by django-anymail.

Its libraries know neither a deadline over the whole exchange nor an end of the answer, and go on to
where an answer points. So they write the request, and `outbound.exchange` carries it.
"""

from __future__ import annotations

import importlib
import io
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.mail import EmailMultiAlternatives
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest, Response
from urllib3 import HTTPResponse

from plainview.platform import outbound

LIMITS = outbound.Limits(seconds=30.0)
_ALL_REFUSED = "AnymailRecipientsRefused"
_UNKNOWN = frozenset({401, 402, 403})
"""It does not know us, or not any more: what an operator mends, and no letter's fault."""


class NoProvider(LookupError):
    """No provider of that name has an API that letters go by."""


def hand_over(url: str, raw: bytes) -> None:
    """Hand it to a provider's API, and to no other host. Raises a Trouble, NoProvider."""
    backend = backend_of(url)
    private = "api_url" in dict(parse_qsl(urlsplit(url).query))  # the operator named it
    backend.open()
    for scheme in ("https://", "http://"):
        backend.session.mount(scheme, _Carried(backend.api_url, private=private))
    try:
        backend.send_messages([_anew(raw)])
    except outbound.Trouble:
        raise
    except Exception as error:  # whatever a provider's library raises may repeat the letter
        raise _refused(error) from None
    finally:
        backend.close()


def backend_of(url: str) -> Any:
    """What speaks to a provider. Raises NoProvider, or what it lacks."""
    parts = urlsplit(url)
    try:
        module = importlib.import_module(f"anymail.backends.{parts.hostname}")
    except ModuleNotFoundError:
        raise NoProvider(parts.hostname) from None
    backend = module.EmailBackend(**dict(parse_qsl(parts.query)))
    if not getattr(backend, "api_url", ""):
        raise NoProvider(parts.hostname)
    return backend


class _Carried(HTTPAdapter):
    """Carries what a library asks of its provider, as every other exchange is carried."""

    def __init__(self, api: str, *, private: bool) -> None:
        super().__init__()
        self._place, self._private = urlsplit(api).netloc, private

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """Raises a Trouble: no redirect is followed, and no other host is asked."""
        url: str = request.url or ""
        if urlsplit(url).netloc != self._place:
            raise outbound.Forbidden("a provider's library asked somebody else", lasting=True)
        body: Any = request.body or b""
        answer = outbound.exchange(
            request.method or "POST",
            url,
            body=body.encode() if isinstance(body, str) else body,
            headers={name: str(value) for name, value in request.headers.items()},
            limits=LIMITS,
            private=self._private,
            once=True,
        )
        if 300 <= answer.status < 400:
            raise outbound.Refused("the mail provider sends on", code=f"http-{answer.status}")
        said = io.BytesIO(answer.body)
        response = HTTPResponse(said, answer.headers, answer.status, preload_content=False)
        return self.build_response(request, response)


def _refused(error: Exception) -> outbound.Refused:
    """What a library made of an answer. One that says yes in other words may have the letter."""
    if type(error).__name__ == _ALL_REFUSED:
        return outbound.Refused("the receivers were refused", code="receivers", lasting=True)
    status = getattr(getattr(error, "response", None), "status_code", 0)
    if status in _UNKNOWN:
        return outbound.Refused("the mail provider does not know us", code="credentials")
    return outbound.Refused(
        "the mail provider did not take it",
        code=f"http-{status}",
        lasting=400 <= status < 500 and status not in (408, 429),
        unsure=not status or status < 300 or outbound.doubtful(status),
    )


def _anew(raw: bytes) -> EmailMultiAlternatives:
    """The message of the wire as one that a backend takes."""
    parsed = message_from_bytes(raw, _class=Parsed, policy=policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    ours = {"from", "to", "subject", "mime-version", "content-type", "content-transfer-encoding"}
    message = EmailMultiAlternatives(
        str(parsed["Subject"]),
        text.get_content() if text else "",
        str(parsed["From"]),
        [str(parsed["To"])],
        headers={name: str(value) for name, value in parsed.items() if name.lower() not in ours},
    )
    if html is not None:
        message.attach_alternative(html.get_content(), "text/html")
    for part in parsed.iter_attachments():
        message.attach(part.get_filename(), part.get_content(), part.get_content_type())
    return message
