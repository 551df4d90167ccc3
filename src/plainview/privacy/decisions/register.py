"""Who explains which decision: joined in `wiring.py`, and held against the policy before any start.

A decision that nobody explains, or that is neither turned off nor reviewed, fails the check (P6c).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.checks import CheckMessage, Error
from django.utils import timezone

from plainview.privacy.decisions.models import Overruled
from plainview.privacy.gate.looks import categories_of
from plainview.privacy.gate.refusals import NotPermitted
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.gate.standing import permitted
from plainview.privacy.policies import in_force

REVIEW = "automated-decision-review"


class Made(NamedTuple):
    """One decision about one person, as it stands now.

    `ref` tells it from others of its kind, "" where there is but one; `reason` is the main reason
    in a sentence, `inputs` what was looked at: labels and values.
    """

    ref: str
    reason: str
    inputs: tuple[tuple[str, str], ...] = ()


Explainer = Callable[[int], list[Made]]
_explained: dict[str, Explainer] = {}
_not_made: set[str] = set()
_changed: set[str] = set()
_of_nobody: set[str] = set()
_marked: dict[str, Callable[[], frozenset[str]]] = {}


def explained_by(decision: str, explainer: Explainer, *, changes: bool) -> None:
    """Let `explainer(subject)` tell what stands decided, behind the decision's own purpose.

    `changes` says that whoever decides asks `overruled`, so that a review changes it by itself.
    """
    _explained[decision] = explainer
    (_changed.add if changes else _changed.discard)(decision)


def goes_by(decision: str, marked: Callable[[], frozenset[str]]) -> None:
    """A decision looks at whatever columns are `marked` for it: the kinds of data that they hold.

    It does so under a duty, beyond any purpose, so the marks are held against the register.
    """
    _marked[decision] = marked


def not_made(*decisions: str) -> None:
    """The service makes none of these, and the policy may allow them or leave them out."""
    _not_made.update(decisions)


def of_nobody(*decisions: str) -> None:
    """What these go by is counted under a hash and leads to nobody: it can be explained to none."""
    for each in decisions:
        explained_by(each, lambda subject: [], changes=False)
        _of_nobody.add(each)


def leads_to_nobody(decision: str) -> bool:
    """Whether what a decision goes by can't be told of one person."""
    return decision in _of_nobody


def is_made(decision: str) -> bool:
    """Whether the service decides this at all."""
    return decision in _explained


def changes(decision: str) -> bool:
    """Whether a review changes the decision by itself."""
    return decision in _changed


def made(subject: int, *decisions: str) -> dict[str, list[Made]]:
    """What stands decided about a person, of each of some decisions; [] where its purpose is
    refused, or nobody makes it.

    Raises NotPermitted where the room that decides looks at what the register does not name (P6a).
    """
    purposes = {each: in_force().decisions[each].purpose for each in decisions}
    with Opened(_ASKING, lambda: subject):
        free = permitted(subject, frozenset(purposes.values()))
    return {
        each: _made(each, subject, purpose) if purpose in free and each in _explained else []
        for each, purpose in purposes.items()
    }


def _made(decision: str, subject: int, purpose: str) -> list[Made]:
    opened = Opened(Door(f"explaining {decision}", purpose, source="derived"), lambda: subject)
    with opened:
        before = len(opened.life.uses)
        found = _explained[decision](subject)
        uses = [columns for by, columns, _rows in opened.life.uses[before:] if by == purpose]
    _refuse_unnamed(decision, {kind for columns in uses for kind in categories_of(columns)})
    return found


def named(decision: str) -> frozenset[str]:
    """What a decision may go by, by the register: kinds of data, and their families."""
    said = in_force().decisions[decision]
    kinds = {*said.inputs, *said.moments}
    return frozenset(kinds | {each.partition(".")[0] for each in kinds})


def _refuse_unnamed(decision: str, looked_at: set[str]) -> None:
    if beyond := sorted(looked_at - named(decision)):
        raise NotPermitted(
            f"the decision {decision} looks at {', '.join(beyond)}, which its inputs do not name."
            "\n  1. Decide without it."
            "\n  2. Name it in policy/decisions.toml, so that people are told (P6a)."
        )


_ASKING = Door("plainview.privacy.decisions", "rights", source="derived")


def overruled(decision: str, subject: int) -> frozenset[str]:
    """The decisions of a kind, by their `ref`, that do not hold for a person."""
    with Opened(_ASKING, lambda: subject):
        rows = Overruled.objects.filter(subject=subject, decision=decision)
        return frozenset(rows.values_list("ref", flat=True))


def overrule(decision: str, ref: str, subject: int) -> None:
    """A person decided otherwise: it does not hold from here on."""
    with Opened(_ASKING, lambda: subject):
        Overruled.objects.get_or_create(
            subject=subject, decision=decision, ref=ref, defaults={"at": timezone.now()}
        )


def check(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every decision of the policy is explained, and each has a switch or a person who reviews it.

    Promises: P6a, P6c.
    """
    policy = in_force()
    messages: list[CheckMessage] = []
    for id_ in sorted(policy.decisions.keys() - _explained.keys() - _not_made):
        hint = "join its explainer in wiring.py: decisions.explained_by(…), or say not_made(…)"
        messages.append(
            Error(f"nobody explains the decision `{id_}`", hint=hint, id="privacy.E034")
        )
    for id_ in sorted(_explained.keys() - policy.decisions.keys()):
        hint = "declare it in policy/decisions.toml, with its words in policy/texts/"
        messages.append(
            Error(f"the policy knows no decision `{id_}`", hint=hint, id="privacy.E035")
        )
    for id_, goes_by in _marked.items():
        used = goes_by() if id_ in policy.decisions else frozenset()
        for kind in sorted(used - named(id_) if used else ()):
            hint = "name it in policy/decisions.toml, among its inputs or moments"
            messages.append(
                Error(f"the decision `{id_}` goes by `{kind}`", hint=hint, id="privacy.E038")
            )
    for id_, each in policy.decisions.items():
        if each.undone_by == "switch" and not policy.refusable(each.purpose):
            hint = 'let people refuse the purpose, or say `undone_by = "person"`'
            messages.append(
                Error(
                    f"the decision `{id_}` names a switch, and nobody can refuse `{each.purpose}`",
                    hint=hint,
                    id="privacy.E036",
                )
            )
    if policy.decisions and REVIEW not in policy.rights:
        hint = f"give the right `{REVIEW}` in policy/rights.toml"
        messages.append(
            Error("no person reviews what programs decide", hint=hint, id="privacy.E037")
        )
    return messages
