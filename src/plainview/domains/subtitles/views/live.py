"""The live channel of the editor: what others do, as server-sent events."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.domains.subtitles.live import hub, news
from plainview.domains.subtitles.views.finding import desk_at
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves

BUSY = 503


@serves("contribute", source="use")
@login_required
@never_cache
@require_safe
def stream(request: HttpRequest, key: str, language: str) -> HttpResponseBase:
    """What is new in an edition, from `?since=` (or the last event heard) on and as it happens.

    Answers 503 where the process has as many listeners as it can: then one asks for changes.json.
    """
    desk = desk_at(request, key, language)
    since = request.headers.get("Last-Event-ID", "") or request.GET.get("since", "")
    known = number_in(since) or 0
    try:
        events = hub.HUB.listen(desk.edition.pk, known=desk.edition.changes)
    except hub.Full:
        return HttpResponse(status=BUSY, headers={"Retry-After": "30"})
    ((_edition, _mark, fresh),) = news.since([desk.edition], {desk.edition.pk: news.Mark(known)})
    if fresh:
        events.begin_with(hub.event(fresh))
    if not connection.in_atomic_block:
        connection.close()  # a stream asks the database nothing, and lasts for half an hour
    return StreamingHttpResponse(
        events,
        content_type="text/event-stream; charset=utf-8",
        headers={"X-Accel-Buffering": "no"},
    )
