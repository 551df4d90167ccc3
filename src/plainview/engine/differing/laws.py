"""What each law is said to be: bases, rights with their clocks, ages, authorities, places."""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from plainview.engine.declarations import ChangeKind
from plainview.engine.differing.comparing import places
from plainview.engine.differing.declared import changed
from plainview.engine.differing.found import Found
from plainview.engine.inheriting import LENGTHS
from plainview.engine.policy import Policy

_Terms = tuple[str, ...]
_CITED = ("bases", "terms", "represented", "leader", "court", "officer")
"""What a law has words and articles for that people or the officer are shown."""


def of_laws(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield what is said otherwise of the laws, one difference for all laws that change alike."""
    both = [id_ for id_ in new.jurisdictions if id_ in old.jurisdictions]
    own = [id_ for id_ in both if not new.jurisdictions[id_].strictest_of]
    bases = _bases(old), _bases(new)
    moved = [id_ for id_ in own if bases[0](id_) != bases[1](id_)]
    for purpose in new.purposes:
        if purpose in old.purposes:
            before, after = (partial(_of, each, purpose) for each in bases)
            yield from _alike("basis", purpose, before, after, moved, own)
    otherwise = [id_ for id_ in own if new.jurisdictions[id_] != old.jurisdictions[id_]]
    for right in {**old.rights, **new.rights}:
        yield from _right(right, old, new, otherwise, own)
    for id_ in new.jurisdictions:
        if id_ not in old.jurisdictions:
            yield Found(kind="law", of=id_, after=(id_,), jurisdictions=(id_,))
    for id_ in old.jurisdictions:
        if id_ not in new.jurisdictions:
            now = [_now(new, code) for code in (*old.jurisdictions[id_].places, id_)]
            there = tuple(dict.fromkeys(now))
            yield Found(kind="law-gone", of=id_, before=(id_,), jurisdictions=there)
    for code in places(old, new):
        if code not in old.jurisdictions and code not in new.jurisdictions:
            laws = [(policy.jurisdiction(code).id,) for policy in (old, new)]
            yield from changed("place", code, *laws, jurisdictions=(_now(new, code),))
    facts: tuple[tuple[ChangeKind, str], ...] = (
        ("authority", "authority"),
        ("settlement", "settlement"),
        ("breach-terms", "breach"),
        ("ages", "ages"),
        ("consent-terms", "consent"),
        ("signal-terms", "signals"),
        ("transfers", "transfers"),
        *(("articles", each) for each in _CITED),
    )
    for kind, field in facts:
        yield from _facts(kind, field, both, old, new)


def _now(policy: Policy, code: str) -> str:
    """The law of a place; the place itself where no law is its own, but the strictest of many."""
    law = policy.jurisdiction(code)
    return code if law.strictest_of else law.id


def _bases(policy: Policy) -> Callable[[str], dict[str, _Terms]]:
    """Return on which bases each purpose rests under a law."""
    tables: dict[int, dict[str, _Terms]] = {}  # by the list of rules, of which most laws share one

    def there(id_: str) -> dict[str, _Terms]:
        allows = policy.books[id_].allows
        if id(allows) not in tables:
            tables[id(allows)] = {
                purpose: tuple(sorted({t.basis for t in allows if t.mask & mask and t.basis}))
                for purpose, mask in policy.masks.items()
            }
        return tables[id(allows)]

    return there


def _of(bases: Callable[[str], dict[str, _Terms]], purpose: str, id_: str) -> _Terms:
    return bases(id_)[purpose]


def _right(
    right: str, old: Policy, new: Policy, otherwise: list[str], own: list[str]
) -> Iterator[Found]:
    def given(policy: Policy) -> Callable[[str], _Terms]:
        return lambda id_: (right,) if right in policy.jurisdiction(id_).rights else ()

    def clocks(policy: Policy) -> Callable[[str], _Terms]:
        def there(id_: str) -> _Terms:
            law = policy.jurisdiction(id_)
            own = law.rights.get(right)
            if own is None:
                return ()
            said = [getattr(own, each) or getattr(law.clocks, each) for each in LENGTHS]
            return tuple(f"{name} {word}" for name, word in zip(LENGTHS, said, strict=True) if word)

        return there

    yield from _alike("right", right, given(old), given(new), otherwise, own)
    if right in old.rights and right in new.rights:
        told = clocks(old), clocks(new)
        yield from _alike("clock", right, *told, otherwise, own, both=True)
        one, other = (policy.rights[right] for policy in (old, new))
        terms = [(e.means, e.carried_out_by, e.identity, e.within, e.door) for e in (one, other)]
        yield from changed("right-terms", right, *terms)


def _facts(
    kind: ChangeKind, field: str, both: list[str], old: Policy, new: Policy
) -> Iterator[Found]:
    def said(policy: Policy) -> Callable[[str], _Terms]:
        def there(id_: str) -> _Terms:
            value = getattr(policy.jurisdictions[id_], field)
            return (msgspec.json.encode(_plain(value), order="sorted").decode(),)

        return there

    before, after = old.jurisdictions, new.jurisdictions
    there = [
        id_
        for id_ in both
        if getattr(before[id_], field) != getattr(after[id_], field)
        and said(old)(id_) != said(new)(id_)
    ]
    if there:
        of = there[0] if len(there) == 1 else field
        yield Found(kind=kind, of=of, jurisdictions=tuple(there))


def _plain(value: object) -> object:
    """Return what a law says, without where that was read."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if not isinstance(value, msgspec.Struct):
        return value
    origin = ("provenance", "source", "as_of", "review_by", "note", "promises")
    return {name: getattr(value, name) for name in value.__struct_fields__ if name not in origin}


def _alike(
    kind: ChangeKind,
    of: str,
    before: Callable[[str], _Terms],
    after: Callable[[str], _Terms],
    ids: list[str],
    own: list[str],
    *,
    both: bool = False,
) -> Iterator[Found]:
    """Yield what is otherwise under some of `ids`; `own` are all laws that count."""
    groups: dict[tuple[_Terms, _Terms], list[str]] = {}
    for id_ in ids:
        pair = (before(id_), after(id_))
        if pair[0] != pair[1] and (not both or all(pair)):
            groups.setdefault(pair, []).append(id_)
    for (one, other), there in groups.items():
        name = f"{kind}-gone" if kind == "right" and not other else kind
        yield Found(
            kind=name,  # type: ignore[arg-type]
            of=of,
            before=one,
            after=other,
            jurisdictions=() if len(there) == len(own) else tuple(there),
        )
