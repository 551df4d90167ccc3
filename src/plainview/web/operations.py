"""Doors for those who keep the service running: is it alive, is it ready, what does it count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from plainview import __version__
from plainview.platform.addresses import link
from plainview.platform.jobs.models import Job
from plainview.platform.storage.room import full
from plainview.privacy import schema
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import controller
from plainview.web.language import offered


@serves("browse", source="use")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@serves("browse", source="use")
def readyz(request: HttpRequest) -> HttpResponse:
    """The service can do its work: 200, or 503 with what is missing."""
    problems = []
    try:
        if schema.unknown():
            problems.append(schema.NEWER)
        if schema.is_carried():
            problems.append(f"{schema.HALFWAY}: {schema.TAKE_AGAIN}")
        elif schema.waiting():
            problems.append("migrations are waiting: run `plainview manage migrate`")
        if schema.only_read():
            problems.append("the database can only be read")
    except DatabaseError:
        problems.append("the database does not answer")
    problems += _folders()
    return JsonResponse(
        {"ready": not problems, "problems": problems}, status=503 if problems else 200
    )


def _folders() -> Iterator[str]:
    """What keeps a folder from taking what people do."""
    places = [("data", settings.DATA), ("media", settings.MEDIA_ROOT)]
    if settings.ENV.ledger_dir:  # who says no, or leaves, is written down there first
        places.append(("ledger", Path(settings.ENV.ledger_dir)))
    for name, folder in places:
        if not folder.is_dir():
            yield f"the {name} folder is missing"
        elif not os.access(folder, os.W_OK):
            yield f"nothing can be written into the {name} folder"
        elif full(folder):
            yield f"the disk of the {name} folder is full"


@serves("browse", source="use")
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus, of work and never of people; only for the operator's networks."""
    if not _from_operator(request):
        raise Http404
    registry = CollectorRegistry()
    Gauge("plainview_build_info", "The running version.", ["version"], registry=registry).labels(
        __version__
    ).set(1)
    jobs = Gauge("plainview_jobs", "Jobs by state.", ["state"], registry=registry)
    for state in Job.State.values:
        jobs.labels(state).set(0)
    for row in Job.objects.values("state").annotate(number=Count("id")):
        jobs.labels(row["state"]).set(row["number"])
    late = Job.objects.filter(
        state=Job.State.WAITING, run_at__lt=timezone.now() - timedelta(minutes=1)
    )
    Gauge("plainview_jobs_late", "Jobs due for over a minute.", registry=registry).set(late.count())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _from_operator(request: HttpRequest) -> bool:
    """The connection itself is from a permitted network and no proxy passed it on."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    told = filter(None, map(str.strip, settings.ENV.metrics_from.split(",")))
    networks = map(ip_network, told)
    return any(address in network for network in networks if network.version == address.version)


@serves("browse", source="use")
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116)."""
    contact = settings.ENV.security_contact or f"mailto:{controller().email}"
    expires = (timezone.now() + timedelta(days=180)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    languages = ", ".join(offered())
    canonical = link("security-txt")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {canonical}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
