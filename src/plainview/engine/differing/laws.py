"""What each law is said to be: bases, rights with their clocks, ages, authorities, places."""

from collections.abc import Callable, Iterator

import msgspec

from plainview.engine.declarations import ChangeKind, Jurisdiction
from plainview.engine.differing.comparing import places
from plainview.engine.differing.declared import changed
from plainview.engine.differing.found import Found
from plainview.engine.policy import Policy

_Terms = tuple[str, ...]
_CLOCKS = ("acknowledge", "answer", "extend", "opt_out", "appeal", "appeal_extend")


def of_laws(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield what is said otherwise of the laws, one difference for all laws that change alike."""
    for purpose in new.purposes:
        if purpose in old.purposes:
            yield from _alike(
                "basis", purpose, _bases(old, purpose), _bases(new, purpose), old, new
            )
    for right in {**old.rights, **new.rights}:
        yield from _right(right, old, new)
    both = [id_ for id_ in new.jurisdictions if id_ in old.jurisdictions]
    for id_ in new.jurisdictions:
        if id_ not in old.jurisdictions:
            yield Found(kind="law", of=id_, after=(id_,), jurisdictions=(id_,))
    for id_ in old.jurisdictions:
        if id_ not in new.jurisdictions:
            now = [new.jurisdiction(code).id for code in (*old.jurisdictions[id_].places, id_)]
            there = tuple(dict.fromkeys(now))
            yield Found(kind="law-gone", of=id_, before=(id_,), jurisdictions=there)
    for code in places(old, new):
        if code not in old.jurisdictions and code not in new.jurisdictions:
            laws = [(policy.jurisdiction(code).id,) for policy in (old, new)]
            yield from changed("place", code, *laws, jurisdictions=laws[1])
    facts: tuple[tuple[ChangeKind, str], ...] = (
        ("authority", "authority"),
        ("breach-terms", "breach"),
        ("ages", "ages"),
        ("consent-terms", "consent"),
        ("signal-terms", "signals"),
        ("transfers", "transfers"),
        ("articles", "bases"),
    )
    for kind, field in facts:
        yield from _facts(kind, field, both, old, new)


def _bases(policy: Policy, purpose: str) -> Callable[[str], _Terms]:
    bit = policy.masks[purpose]

    def there(id_: str) -> _Terms:
        laws = policy.laws(id_, None)
        terms = {
            term.basis for law in laws for term in policy.books[law.id].allows if term.mask & bit
        }
        return tuple(sorted(each for each in terms if each))

    return there


def _right(right: str, old: Policy, new: Policy) -> Iterator[Found]:
    def given(policy: Policy) -> Callable[[str], _Terms]:
        return lambda id_: (right,) if right in policy.jurisdiction(id_).rights else ()

    def clocks(policy: Policy) -> Callable[[str], _Terms]:
        def there(id_: str) -> _Terms:
            law = policy.jurisdiction(id_)
            own = law.rights.get(right)
            if own is None:
                return ()
            said = [getattr(own, each) or getattr(law.clocks, each) for each in _CLOCKS]
            return tuple(f"{name} {word}" for name, word in zip(_CLOCKS, said, strict=True) if word)

        return there

    yield from _alike("right", right, given(old), given(new), old, new)
    if right in old.rights and right in new.rights:
        yield from _alike("clock", right, clocks(old), clocks(new), old, new, both=True)
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

    there = [id_ for id_ in both if said(old)(id_) != said(new)(id_)]
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
    old: Policy,
    new: Policy,
    *,
    both: bool = False,
) -> Iterator[Found]:
    groups: dict[tuple[_Terms, _Terms], list[str]] = {}
    ids = [
        id_ for id_, law in new.jurisdictions.items() if _counts(law) and id_ in old.jurisdictions
    ]
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
            jurisdictions=() if len(there) == len(ids) else tuple(there),
        )


def _counts(law: Jurisdiction) -> bool:
    return not law.strictest_of
