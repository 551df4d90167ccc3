"""What the editor's script does: one act a post, answered in JSON with what stands there now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.views.finding import Desk, desk_at
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


@serves("contribute", source="form")
@never_cache
@same_origin_post
@require_POST
def act(request: HttpRequest, key: str, language: str) -> JsonResponse:
    """Do one `act`: save, claim, let-go, note, add, retime, split, merge, shift, here or go."""
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
        text = formats.editable_text(conflict.text)
        return JsonResponse({**told, "text": text}, status=CONFLICT)
    except services.Refusal as refusal:
        told = {"code": refusal.code, "message": refusal.message}
        return JsonResponse(told, status=STATUS[refusal.code])
    except ValueError:
        return JsonResponse({"code": "unknown"}, status=UNKNOWN)


def number(post: Post, name: str) -> int:
    """A posted whole number, with a sign for a shift. Raises ValueError."""
    text = post.get(name, "")
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 15:
        raise ValueError(name)
    return int(text)


def _save(desk: Desk, post: Post) -> dict[str, object]:
    saved = services.save_line(
        desk.edition.pk,
        number(post, "segment"),
        account=desk.account,
        text=post.get("text", ""),
        based_on=number(post, "version"),
        reason=post.get("reason", ""),
        manages=desk.manages,
    )
    text = formats.editable_text(saved.text)
    return {"version": saved.version, "text": text, "filled": saved.filled}


def _claim(desk: Desk, post: Post) -> dict[str, object]:
    made = services.claim(
        desk.edition, account=desk.account, from_ms=number(post, "from"), manages=desk.manages
    )
    return {"from": made.from_ms, "until": made.until_ms}


def _let_go(desk: Desk, post: Post) -> dict[str, object]:
    services.let_go(desk.edition, account=desk.account)
    return {}


def _note(desk: Desk, post: Post) -> dict[str, object]:
    segment = number(post, "segment")
    made = services.note(desk.edition, segment, account=desk.account, text=post.get("text", ""))
    return {"number": made.number}


def _add(desk: Desk, post: Post) -> dict[str, object]:
    made = services.add_segment(
        desk.edition.pk,
        account=desk.account,
        start_ms=number(post, "start"),
        end_ms=number(post, "end"),
        manages=desk.manages,
    )
    return {"segment": made.pk, "timing": made.version}


def _retime(desk: Desk, post: Post) -> dict[str, object]:
    made = services.retime(
        desk.edition.pk,
        number(post, "segment"),
        account=desk.account,
        start_ms=number(post, "start"),
        end_ms=number(post, "end"),
        based_on=number(post, "timing"),
        manages=desk.manages,
    )
    return {"timing": made.version}


def _split(desk: Desk, post: Post) -> dict[str, object]:
    _first, second = services.split_segment(
        desk.edition.pk,
        number(post, "segment"),
        account=desk.account,
        at_ms=number(post, "at"),
        texts=(post.get("first", ""), post.get("second", "")),
        manages=desk.manages,
    )
    return {"segment": second.pk}


def _merge(desk: Desk, post: Post) -> dict[str, object]:
    merged = services.merge_segments(
        desk.edition.pk, number(post, "segment"), account=desk.account, manages=desk.manages
    )
    return {"merged": merged is not None}


def _shift(desk: Desk, post: Post) -> dict[str, object]:
    moved = services.shift_segments(
        desk.edition.pk,
        account=desk.account,
        from_ms=number(post, "from"),
        by_ms=number(post, "by"),
        manages=desk.manages,
    )
    return {"moved": moved}


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
    "note": _note,
    "add": _add,
    "retime": _retime,
    "split": _split,
    "merge": _merge,
    "shift": _shift,
    "here": _here,
    "go": _go,
}
