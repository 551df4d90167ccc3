"""What the editor's script does: one act a post, answered in JSON with what stands there now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from plainview.domains.subtitles import services
from plainview.domains.subtitles.models import Edition
from plainview.domains.subtitles.views.finding import Desk, desk_at
from plainview.domains.subtitles.views.rows import lines_of, proposals_of
from plainview.platform.decoding import UNREADABLE
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

STATUS = {
    "not-yours": 403,
    "not-in-this-state": 403,
    "claimed": 423,
    "gone": 410,
    "bad-times": 422,
    "invalid": 422,
    "terms": 403,
    "too-many": 429,
}
UNSIGNED, CONFLICT, UNKNOWN = 401, 409, 400
Post = Any
Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""What a column of whole numbers holds."""


@serves("contribute", source="form")
@same_origin_post
@require_POST
def act(request: HttpRequest, key: str, language: str) -> JsonResponse:
    """Do one `act`: save, claim, let-go, or an act on segments."""
    if request.visitor.account is None:  # type: ignore[attr-defined]
        return JsonResponse({"code": "signed-out"}, status=UNSIGNED)
    desk = desk_at(request, key, language)
    do = ACTS.get(request.POST.get("act", ""))
    try:
        if do is None:
            raise ValueError("no such act")
        return JsonResponse(do(desk, request.POST))
    except services.Conflict as conflict:
        told = {"code": "conflict", "version": conflict.version}
        return JsonResponse({**told, "text": conflict.text}, status=CONFLICT)
    except services.Refusal as refusal:
        told = {"code": refusal.code, "message": refusal.message}
        return JsonResponse(told, status=STATUS[refusal.code])
    except (ValueError, *UNREADABLE):
        return JsonResponse({"code": "unknown"}, status=UNKNOWN)


def number(post: Post, name: str) -> int:
    """A posted whole number, with or without a sign. Raises ValueError."""
    text = post.get(name, "")
    size = number_in(text.removeprefix("-"))
    if size is None or size >= 10**15:
        raise ValueError(name)
    return -size if text.startswith("-") else size


def _save(desk: Desk, post: Post) -> dict[str, object]:
    saved = services.save_line(
        desk.edition.pk,
        number(post, "segment"),
        text=post.get("text", ""),
        based_on=number(post, "version"),
        reason=post.get("reason", ""),
        standing=desk.standing,
        **desk.who,
    )
    return {"version": saved.version, "text": saved.text}


def _claim(desk: Desk, post: Post) -> dict[str, object]:
    made = services.claim(desk.edition, from_ms=max(0, number(post, "from")), **desk.who)
    return {"from": made.from_ms, "until": made.until_ms}


def _let_go(desk: Desk, post: Post) -> dict[str, object]:
    services.let_go(desk.edition, account=desk.account)
    return {}


def _add(desk: Desk, post: Post) -> dict[str, object]:
    made = services.add_segment(
        desk.edition.pk, start_ms=number(post, "start"), end_ms=number(post, "end"), **desk.who
    )
    return {
        "segment": made.pk,
        "timing": made.version,
        "rows": _standing(desk, post, made.pk),
    }


def _times(desk: Desk, post: Post) -> dict[str, object]:
    kind = list[tuple[Number, Number, int, int]]
    changes = msgspec.json.decode(post.get("changes", ""), type=kind)
    moved = services.set_all_times(
        desk.edition.pk,
        [services.Change(*each) for each in changes],
        act=post.get("as", "retime"),
        **desk.who,
    )
    return {
        "times": [
            {"id": each.pk, "start": each.start_ms, "end": each.end_ms, "timing": each.version}
            for each in moved
        ]
    }


def _split(desk: Desk, post: Post) -> dict[str, object]:
    first, second = services.split_segment(
        desk.edition.pk,
        number(post, "segment"),
        at_ms=number(post, "at"),
        texts=(post.get("first", ""), post.get("second", "")),
        based_on=number(post, "version") if "version" in post else None,
        **desk.who,
    )
    return {"segment": second.pk, "rows": _standing(desk, post, first.pk, second.pk)}


def _merge(desk: Desk, post: Post) -> dict[str, object]:
    merged = services.merge_segments(
        desk.edition.pk,
        number(post, "segment"),
        number(post, "other") if "other" in post else None,
        text=post.get("text"),
        **desk.who,
    )
    if merged is None:
        return {"merged": False}
    first, second = merged
    return {"merged": True, "gone": [second.pk], "rows": _standing(desk, post, first.pk)}


def _part(desk: Desk, post: Post) -> dict[str, object]:
    first, second = services.part_segments(
        desk.edition.pk,
        number(post, "segment"),
        number(post, "other"),
        end_ms=number(post, "end"),
        **desk.who,
    )
    return {"rows": _standing(desk, post, first.pk, second.pk)}


def _remove(desk: Desk, post: Post) -> dict[str, object]:
    gone = services.remove_segment(
        desk.edition.pk, number(post, "segment"), based_on=number(post, "timing"), **desk.who
    )
    return {"gone": [gone.pk]}


def _bring_back(desk: Desk, post: Post) -> dict[str, object]:
    back = services.bring_back(desk.edition.pk, number(post, "segment"), **desk.who)
    return {"segment": back.pk, "rows": _standing(desk, post, back.pk)}


def _standing(desk: Desk, post: Post, *segments: int) -> list[dict[str, object]]:
    source = Edition.objects.filter(video=desk.video, language=post.get("source", "")).first()
    return lines_of(desk.edition, source, segments)


def _propose(desk: Desk, post: Post) -> dict[str, object]:
    found = services.propose(desk.edition, **desk.who)
    return {"proposals": proposals_of(found)}


def _take_up(desk: Desk, post: Post) -> dict[str, object]:
    times = (number(post, "start"), number(post, "end")) if "start" in post else None
    made, late = services.take_up(desk.edition.pk, _proposed(post), times=times, **desk.who)
    return {"rows": _standing(desk, post, *(each.pk for each in made)), "late": len(late)}


def _turn_down(desk: Desk, post: Post) -> dict[str, object]:
    wanted = _proposed(post)
    done = services.turn_down(desk.edition.pk, wanted, **desk.who)
    return {"settled": done}


def _put_back(desk: Desk, post: Post) -> dict[str, object]:
    back, gone = services.put_back(desk.edition.pk, _proposed(post), **desk.who)
    return {"proposals": proposals_of(back), "gone": gone}


def _proposed(post: Post) -> list[int]:
    return msgspec.json.decode(post.get("proposals", ""), type=list[Number])


def _here(desk: Desk, post: Post) -> dict[str, object]:
    services.be_here(desk.edition, account=desk.account, segment=number(post, "segment"))
    return {}


def _go(desk: Desk, post: Post) -> dict[str, object]:
    services.go(desk.edition, account=desk.account)
    return {}


ACTS: dict[str, Callable[[Desk, Post], dict[str, object]]] = {
    "save": _save,
    "claim": _claim,
    "let-go": _let_go,
    "add": _add,
    "times": _times,
    "split": _split,
    "merge": _merge,
    "part": _part,
    "remove": _remove,
    "bring-back": _bring_back,
    "propose": _propose,
    "take-up": _take_up,
    "turn-down": _turn_down,
    "put-back": _put_back,
    "here": _here,
    "go": _go,
}
