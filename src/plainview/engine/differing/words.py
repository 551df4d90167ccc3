"""Which sentences and clauses read differently."""

from collections.abc import Iterator

from plainview.engine.differing.declared import sets
from plainview.engine.differing.found import Found
from plainview.engine.policy import Policy


def of_words(old: Policy, new: Policy) -> Iterator[Found]:
    """Yield the sentences that changed, a difference for each file of a language, and documents.

    `before` are the keys that are gone or read otherwise, `after` those that are new or do.
    """
    for language in new.head.languages:
        if language not in old.head.languages:
            continue
        one, other = old.words[language].sentences, new.words[language].sentences
        if one == other:
            continue
        files: dict[str, tuple[list[str], list[str]]] = {}
        for key in {**one, **other}:
            if one.get(key) == other.get(key):
                continue
            lost, come = files.setdefault(key.partition(".")[0], ([], []))
            if key in one:
                lost.append(key)
            if key in other:
                come.append(key)
        for file, (lost, come) in files.items():
            yield Found(
                kind="words", of=f"{language}/{file}", before=tuple(lost), after=tuple(come)
            )
    for id_ in {**old.documents, **new.documents}:
        pair = [policy.documents.get(id_) for policy in (old, new)]
        clauses = [
            tuple(f"{each.id} {' '.join(each.lists)}".strip() for each in found.clauses)
            if found
            else ()
            for found in pair
        ]
        if clauses[0] != clauses[1]:
            before = tuple(each for each in clauses[0] if each not in clauses[1])
            after = tuple(each for each in clauses[1] if each not in clauses[0])
            yield Found(kind="document", of=id_, before=before, after=after)
    gone, named = sets(_named(old), _named(new))
    if gone or named:
        yield Found(kind="document", of="privacy", before=gone, after=named)


def _named(policy: Policy) -> tuple[str, ...]:
    """Whom the notice names, and how to reach them: at the controller, there, and recipients."""
    who = policy.controller
    there = (
        (*each.regimes, each.name, each.address, each.email) for each in policy.head.representative
    )
    reached = ((each.id, each.contact) for each in policy.recipients.values() if each.contact)
    return tuple(
        filter(None, (who.leader, *map(", ".join, (who.officer_details, *there, *reached))))
    )
