"""The question about a change: what exactly changed, and a yes and a no that weigh the same (P11e).

Somebody is asked about what waits for them and would begin with a yes. All else goes on meanwhile;
a no and silence leave it off. Who is only to be told of something is told once, and not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plainview.platform import languages
from plainview.privacy.changes import since, telling, wording
from plainview.privacy.changes.since import Saying
from plainview.privacy.changes.touching import opened
from plainview.privacy.consent import queries as answers
from plainview.privacy.consent import questions
from plainview.privacy.consent.answering import Given, Unanswered
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.questions import say
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

MOST = 2
"""So many sentences stand in the line at the foot of the window; the page has them all."""
YES, NO, READ = "yes", "no", "ok"


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits for an answer, as `purpose` or `purpose/recipient`, and what changed about it."""

    name: str
    words: str
    changes: tuple[str, ...]


def asked(visitor: Visitor) -> list[Matter]:
    """What somebody is to be asked about, each thing by itself."""
    policy, facts = in_force(), visitor.facts
    names = [each for each in sorted(facts.pending or ()) if opened(policy, facts, each)]
    if not names:
        return []
    given = {} if visitor.subject is None else answers.latest(visitor.subject)
    return [
        Matter(name, wording.thing(name), tuple(wording.sentences(_about(name, given))))
        for name in names
    ]


def _about(name: str, given: Mapping[str, answers.Given]) -> list[Saying]:
    """What changed about it since somebody answered; ever, where no answer says since when."""
    purpose = name.partition("/")[0]
    told = [
        (published.at, each)
        for published in since.published()
        for each in published.sayings
        if not {name, purpose}.isdisjoint(each.difference.touches)
    ]
    said = given.get(name) or given.get(purpose)
    fresh = [each for at, each in told if said is None or at > said.at]
    return fresh or [each for _at, each in told]


def news(visitor: Visitor) -> list[str]:
    """What somebody is only to be told of at this visit, in sentences."""
    known = since.published()
    if not known:
        return []
    if visitor.account is not None:
        due = telling.to_tell(visitor.account)
        untold = [each for each in known if each.number in due]
    elif visitor.remembered is not None:
        untold = list(since.since(visitor.remembered.mark))
    else:
        return []
    laws = since.laws(visitor.facts)
    return wording.sentences(one for each in untold for one in each.told_under(laws))


def lines(sentences: list[str], *, asks: bool) -> tuple[str, str]:
    """The two lines at the foot of the window."""
    told = languages.together(*sentences[:MOST])
    if len(sentences) > MOST:
        told = languages.together(told, say("choices.change.more"))
    rest = (say("choices.change.until"), questions.taken_back()) if asks else ()
    return say("choices.change.title"), languages.together(told, *rest)


def of_one(visitor: Visitor, matter: Matter) -> Question:
    """The question about one thing, as the page of changes puts it."""
    words = [matter.words, *matter.changes, say("choices.change.until"), questions.taken_back()]
    return questions.put(visitor, [*words, say("choices.affirm.no"), say("choices.affirm.yes")])


def given(visitor: Visitor, matters: list[Matter], answer: str) -> Given:
    """What an answer says of everything it was about. Raises Unanswered."""
    if answer == READ and not matters:
        return Given({})
    if answer not in (YES, NO) or not matters:
        raise Unanswered(answer)
    if answer == NO:
        return Given({each.name: "denied" for each in matters})
    before = visitor.facts.choices or {}
    words = {"affirmed": "affirmed"}
    return Given({each.name: words.get(before.get(each.name, ""), "granted") for each in matters})
