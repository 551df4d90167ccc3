"""Handing a letter to a mail provider's own API, by django-anymail."""

from __future__ import annotations

import importlib
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.mail import EmailMultiAlternatives

from plainview.platform import outbound

_NEVER_THERE = {"NewConnectionError", "ConnectTimeoutError"}
"""What urllib3, by which the providers' libraries speak, says when it never had a connection."""


def hand_over(url: str, raw: bytes) -> None:
    """Hand it to a provider's API by django-anymail, which may reach the provider's host only."""
    backend = backend_of(url)
    api = urlsplit(getattr(backend, "api_url", ""))
    host, port = api.hostname or "", api.port or (443 if api.scheme == "https" else 80)
    private = "api_url" in dict(parse_qsl(urlsplit(url).query))  # the operator named it
    judged = {each.place for each in outbound.resolve(host, port, private=private)}
    try:
        with outbound.admitting({(host, port), *judged}):
            backend.send_messages([_anew(raw)])
    except Exception as error:  # whatever a provider's library raises may repeat the letter
        status = getattr(getattr(error, "response", None), "status_code", 0)
        lasting = 400 <= status < 500 and status not in (408, 429)
        raise outbound.Refused(
            "the mail provider did not take it",
            code=f"http-{status}",
            lasting=lasting,
            unsure=outbound.doubtful(status) if status else _reached(error),
        ) from None


def backend_of(url: str) -> Any:
    """What speaks to a provider. Raises ModuleNotFoundError, or what it lacks."""
    parts = urlsplit(url)
    module = importlib.import_module(f"anymail.backends.{parts.hostname}")
    return module.EmailBackend(**dict(parse_qsl(parts.query)))


def _reached(error: BaseException) -> bool:
    """Whether a provider may have had a letter that no answer came to."""
    cause = error.__cause__ or error
    reason = getattr(next(iter(cause.args), None), "reason", None)
    kinds = {each.__name__ for each in type(reason).__mro__}
    return kinds.isdisjoint(_NEVER_THERE)


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
