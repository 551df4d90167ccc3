"""The door for mail servers that hand letters over by themselves."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from plainview.privacy.disclosures.signing import Unsigned, verified
from plainview.privacy.disclosures.views import for_machines, problem
from plainview.privacy.gate.doors import serves
from plainview.privacy.post import services
from plainview.privacy.post.letters import LONGEST

SHORTEST = 32


@serves("rights", source="mail", everyone=services.DOOR.everyone)
@never_cache
@for_machines
def arrived(request: HttpRequest) -> HttpResponse:
    """A letter to the privacy address as it came (message/rfc822), signed with the post's secret.

    201 for one that is new, 200 for one that was here before; with anything else the mail server
    keeps it and tries again.
    """
    secret = settings.POST_SECRET
    if len(secret) < SHORTEST:
        raise Http404("nobody hands letters over here")
    raw = request.read(LONGEST + 1)
    if len(raw) > LONGEST:
        return problem(413, "longer than any letter that is taken here")
    try:
        verified(secret, request.headers, raw, time.time())
    except Unsigned:
        return problem(401, "not signed with the key agreed, or too long ago")
    if not raw.strip():
        return problem(422, "there is no letter in it")
    new = services.take(raw)
    return JsonResponse({"taken": new}, status=201 if new else 200)
