"""What two versions say differently: each declaration of one held against the other's."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plainview.engine.checks.interests import months
from plainview.engine.declarations import ChangeKind, Recipient
from plainview.engine.differing.found import Found
from plainview.engine.policy import Policy


def said_otherwise(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield all but what is said of recipients, laws and words, which have modules of their own."""
    yield from _purposes(old, new)
    yield from _categories(old, new)
    yield from _decisions(old, new)
    yield from _kept(old, new)
    yield from come_and_gone("programme", old.programmes, new.programmes)
    yield from come_and_gone("measure", old.measures, new.measures)
    yield from come_and_gone("signal", _signals(old), _signals(new))
    yield from _news(old, new)
    for kind, one, other in (
        ("minors", _least(old), _least(new)),
        ("controller", _who(old), _who(new)),
        ("language", old.head.languages, new.head.languages),
        ("messages", _messages(old), _messages(new)),
    ):
        yield from changed(kind, kind, one, other)  # type: ignore[arg-type]


def come_and_gone(kind: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Found]:
    """Yield what only one of two versions names: `kind`, and `kind-gone`."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    for id_ in after:
        if id_ not in before:
            yield Found(kind=kind, of=id_, after=(id_,))  # type: ignore[arg-type]
    for id_ in before:
        if id_ not in after:
            yield Found(kind=f"{kind}-gone", of=id_, before=(id_,))  # type: ignore[arg-type]


def changed(kind: ChangeKind, of: str, before: Any, after: Any, **more: Any) -> Iterator[Found]:
    """Yield a difference of `of` if the two are not the same."""
    if before != after:
        yield Found(kind=kind, of=of, before=before, after=after, **more)


def sets(before: Iterable[str], after: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what only the one, and only the other has, sorted."""
    one, other = set(before), set(after)
    return tuple(sorted(one - other)), tuple(sorted(other - one))


def _purposes(old: Policy, new: Policy) -> Iterator[Found]:
    for id_, purpose in new.purposes.items():
        if id_ not in old.purposes:
            uses = tuple(sorted(new.uses(id_)))
            yield Found(kind="purpose", of=id_, after=uses, touches=(id_,))
            continue
        was = old.purposes[id_]
        gone, come = sets(old.uses(id_), new.uses(id_))
        if come:
            yield Found(kind="category", of=id_, after=come, touches=(id_,))
        if gone:
            yield Found(kind="category-gone", of=id_, before=gone)
        yield from changed("kind", id_, (was.kind,), (purpose.kind,))
        yield from changed("traits", id_, tuple(sorted(was.traits)), tuple(sorted(purpose.traits)))
        yield from changed("needs", id_, _needs(old, id_), _needs(new, id_))
        asks = (was.asks_each,) if was.asks_each else ()
        yield from changed("asks-each", id_, asks, (purpose.asks_each,) * bool(purpose.asks_each))
        yield from changed("threshold", id_, (str(was.threshold),), (str(purpose.threshold),))
    for id_ in old.purposes:
        if id_ not in new.purposes:
            yield Found(kind="purpose-gone", of=id_, before=(id_,))


def _needs(policy: Policy, purpose: str) -> tuple[str, ...]:
    """Return the categories whose restriction closes the purpose."""
    if policy.survives_restriction(purpose):
        return ()
    return tuple(sorted(policy.uses(purpose) - policy.withholdable(purpose)))


def _categories(old: Policy, new: Policy) -> Iterator[Found]:
    for id_, category in new.categories.items():
        was = old.categories.get(id_)
        if was is None:
            yield Found(kind="data", of=id_, after=tuple(category.sources))
            continue
        lost, come = sets(was.sources, category.sources)
        if come or lost:
            yield Found(kind="source", of=id_, before=lost, after=come)
        for word in ("shareable", "identifies", "free_text"):
            one, other = getattr(was, word), getattr(category, word)
            yield from changed("data-marks", id_, (word,) * one, (word,) * other)
        one, other = _sensitive(old, was.sensitive), _sensitive(new, category.sensitive)
        yield from changed("sensitive", id_, one, other)
    for id_ in old.categories:
        if id_ not in new.categories:
            yield Found(kind="data-gone", of=id_, before=(id_,))


def _sensitive(policy: Policy, kind: str) -> tuple[str, ...]:
    return (kind, *sorted(policy.sensitive[kind].places)) if kind else ()


def _decisions(old: Policy, new: Policy) -> Iterator[Found]:
    for id_, decision in new.decisions.items():
        was = old.decisions.get(id_)
        if was is None:
            yield Found(kind="decision", of=id_, after=(id_,), touches=(decision.purpose,))
        else:
            terms = [
                (
                    each.purpose,
                    each.effect,
                    each.undone_by,
                    *["model"] * each.model,
                    *map(str, each.band or ()),
                    *each.inputs,
                    *each.moments,
                )
                for each in (was, decision)
            ]
            yield from changed("decision-terms", id_, *terms, touches=(decision.purpose,))
    for id_ in old.decisions:
        if id_ not in new.decisions:
            yield Found(kind="decision-gone", of=id_, before=(id_,))


def _kept(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield how long data is kept, one difference for all that changed alike (P9c)."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for id_ in new.categories:
        one, other = _schedule(old, id_), _schedule(new, id_)
        if one and other and one != other:
            alike.setdefault((one, other), []).append(id_)
    for (one, other), ids in alike.items():
        kind: ChangeKind = "kept-otherwise"
        if one[1:] == other[1:] and months(one[0]) != months(other[0]):
            kind = "kept-longer" if months(other[0]) > months(one[0]) else "kept-shorter"
        purposes = {use for id_ in ids for use in new.purposes_of(id_)}
        touches = tuple(sorted(purposes)) if kind != "kept-shorter" else ()
        yield Found(kind=kind, of=" ".join(ids), before=one, after=other, touches=touches)
    laws = {**old.retention.must_keep, **new.retention.must_keep}
    for id_ in laws:
        pair = [policy.retention.must_keep.get(id_) for policy in (old, new)]
        terms = [(each.keep, *each.categories) if each else () for each in pair]
        yield from changed("must-keep", id_, *terms)
    was, now = _lengths(old), _lengths(new)
    for word in now:
        yield from changed("keeping", word, was[word], now[word])


def _lengths(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return how long accounts, copies and holds last: each time first, then its terms."""
    kept = policy.retention
    return {
        "backups": (kept.backups,),
        "holds": (kept.holds.longest, *kept.holds.grounds),
        "dormancy": (f"P{kept.dormancy.months}M", *map(str, kept.dormancy.notices)),
        "unconfirmed": (kept.unconfirmed.keep,) if kept.unconfirmed else (),
    }


def _schedule(policy: Policy, category: str) -> tuple[str, ...]:
    if category not in policy.categories:
        return ()
    schedule = policy.schedule(category)
    return (schedule.keep, schedule.after, schedule.then, *(["outlives"] * schedule.outlives))


def _least(policy: Policy) -> tuple[str, ...]:
    minors = policy.head.minors
    return (str(minors.least), minors.suspend_within, minors.erase_within)


def _who(policy: Policy) -> tuple[str, ...]:
    who = policy.controller
    return (who.name, who.address, who.country, who.email, who.officer, who.group, who.group_seat)


def _signals(policy: Policy) -> tuple[str, ...]:
    """Return what is heard: each signal by name, with the header that says it."""
    return tuple(
        f"{each.name} ({header})" for each in policy.signals.values() for header in each.headers
    )


def _messages(policy: Policy) -> tuple[str, ...]:
    found: Mapping[str, Any] = policy.messages.service
    return (*policy.messages.channels, *policy.messages.topic, *found)


def _news(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield how much news a channel takes in a week, where it is another number; none is all."""
    was, now = old.messages.weekly, new.messages.weekly
    for channel in {**was, **now}:
        terms = [(str(each[channel]),) if channel in each else () for each in (was, now)]
        more = channel in was and (channel not in now or now[channel] > was[channel])
        yield from changed("more-news" if more else "less-news", channel, *terms)


def pairs(recipient: Recipient) -> list[str]:
    """Return `purpose/recipient` for each purpose it receives for."""
    return [f"{purpose}/{recipient.id}" for purpose in recipient.receives]
