"""Who receives data: new and gone, for what, as whom, from where, and what they keep on devices."""

from collections.abc import Iterator

from plainview.engine.declarations import Key, OwnKey, Recipient
from plainview.engine.differing.declared import changed, pairs, sets
from plainview.engine.differing.found import Found
from plainview.engine.policy import Policy

OURS = "ours"
"""Stands for us where a difference names who keeps something on devices."""
_Terms = dict[str, tuple[str, ...]]


def reached(policy: Policy) -> dict[str, list[str]]:
    """The countries from which recipients reach data, with the ids of those who do.

    Whoever is nobody in particular (courts) is left out.
    """
    found: dict[str, list[str]] = {}
    for recipient in policy.recipients.values():
        if recipient.role != "authority":
            for country in recipient.countries:
                found.setdefault(country, []).append(recipient.id)
    return found


def of_recipients(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield what is said otherwise of who receives data (P4, P7a)."""
    before, after = reached(old), reached(new)
    for country, ids in sorted(after.items()):
        if country not in before:
            touches = tuple(pair for id_ in ids for pair in pairs(new.recipients[id_]))
            yield Found(kind="country", of=country, recipients=tuple(ids), touches=touches)
    for country in sorted(before):
        if country not in after:
            yield Found(kind="country-gone", of=country, recipients=tuple(before[country]))
    for id_, recipient in new.recipients.items():
        if id_ not in old.recipients:
            touches = tuple(pairs(recipient))
            purposes = tuple(recipient.receives)
            yield Found(kind="recipient", of=id_, after=purposes, touches=touches)
            yield from _keys(None, recipient)
        else:
            yield from _both(old.recipients[id_], recipient)
    if old.own_keys is not None and new.own_keys is not None:
        yield from _kept(OURS, _own(old.own_keys), _own(new.own_keys))
    for id_, was in old.recipients.items():
        if id_ not in new.recipients:
            yield Found(kind="recipient-gone", of=id_, before=tuple(was.receives))


def _both(was: Recipient, now: Recipient) -> Iterator[Found]:
    new_pairs = tuple(pair for pair in pairs(now) if pair.partition("/")[0] not in was.receives)
    if new_pairs:
        after = tuple(pair.partition("/")[0] for pair in new_pairs)
        yield Found(kind="receives", of=now.id, after=after, touches=new_pairs)
    if gone := tuple(purpose for purpose in was.receives if purpose not in now.receives):
        yield Found(kind="receives-gone", of=now.id, before=gone)
    for purpose, categories in now.receives.items():
        lost, come = sets(was.receives.get(purpose, categories), categories)
        pair = f"{purpose}/{now.id}"
        if come:
            yield Found(kind="handed", of=pair, after=come, touches=(pair,))
        if lost:
            yield Found(kind="handed-less", of=pair, before=lost)
    touches = tuple(pairs(now))
    yield from changed("role", now.id, (was.role,), (now.role,), touches=touches)
    countries = (tuple(was.countries), tuple(now.countries))
    yield from changed("seat", now.id, *map(_sorted, countries), touches=touches)
    if was.by_name and not now.by_name:
        yield Found(kind="not-by-name", of=now.id, before=("by-name",), touches=touches)
    if now.by_name and not was.by_name:
        yield Found(kind="by-name", of=now.id, after=("by-name",))
    rules = [tuple(str((r.id, r.deny, r.when, r.unless)) for r in each.rule) for each in (was, now)]
    if rules[0] != rules[1]:
        ids = [tuple(rule.id for rule in each.rule) for each in (was, now)]
        yield Found(kind="recipient-rules", of=now.id, before=ids[0], after=ids[1], touches=touches)
    safe = [tuple(f"{s.kind}: {s.reference}" for s in each.safeguard) for each in (was, now)]
    yield from changed("safeguard", now.id, *safe)
    terms = [(each.deletes_after,) * bool(each.deletes_after) for each in (was, now)]
    yield from changed("deleted-after", now.id, *terms)
    fetched = [_fetched(each) for each in (was, now)]
    lost, come = sets(*fetched)
    if come or lost:
        touched = tuple(f"{each.split()[0]}/{now.id}" for each in come)
        yield Found(kind="embed", of=now.id, before=lost, after=come, touches=touched)
    yield from _keys(was, now)


def _keys(was: Recipient | None, now: Recipient) -> Iterator[Found]:
    yield from _kept(now.id, _theirs({} if was is None else was.keys), _theirs(now.keys))


def _theirs(keys: dict[str, Key]) -> _Terms:
    return {name: (key.kind, key.purpose, str(key.days), key.host) for name, key in keys.items()}


def _own(keys: dict[str, OwnKey]) -> _Terms:
    return {name: (key.kind, key.purpose, str(key.days), "") for name, key in keys.items()}


def _kept(owner: str, had: _Terms, has: _Terms) -> Iterator[Found]:
    """Yield how cookies and storage keys differ, each as `kind purpose days host`."""
    for name, terms in has.items():
        of, touches = f"{owner}/{name}", (terms[1],)
        if name not in had:
            yield Found(kind="key", of=of, after=terms, touches=touches)
            continue
        before = had[name]
        longer = before[:2] == terms[:2] and _lasting(terms) > _lasting(before)
        kind = "key-longer" if longer else "key-terms"
        yield from changed(kind, of, before, terms, touches=touches)  # type: ignore[arg-type]
    for name in had:
        if name not in has:
            yield Found(kind="key-gone", of=f"{owner}/{name}", before=(name,))


def _lasting(terms: tuple[str, ...]) -> float:
    """Days that a key stays; without a number storage stays until somebody clears it."""
    days = int(terms[2])
    return days if days or terms[0] in ("cookie", "sessionStorage") else float("inf")


def _fetched(recipient: Recipient) -> tuple[str, ...]:
    return tuple(
        f"{each.purpose} {kind} {origin}"
        for each in recipient.embeds.values()
        for kind in each.kinds
        for origin in each.origins
    )


def _sorted(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(words))
