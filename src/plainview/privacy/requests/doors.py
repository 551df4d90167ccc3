"""The doors that the services of requests open for themselves, whoever calls them."""

from plainview.privacy.gate.scope import Door

_WHY = "a request may be about somebody without an account, and come in by mail or letter"
DOOR = Door("plainview.privacy.requests", "rights", source="form", everyone=_WHY)
FINDING = Door(
    "plainview.privacy.requests.finding",
    "rights",
    source="staff",
    everyone="whether somebody has an open request is asked before anything of theirs is opened",
    lists=frozenset({"requests.rights"}),
)
PROVING = Door("plainview.privacy.requests.proving", "verification", source="form", everyone=_WHY)
