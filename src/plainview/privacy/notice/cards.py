"""The layer: one card for each purpose, as it stands where the reader is."""

import msgspec

from plainview.engine import BASES, CASE_BASES, Policy, Purpose, Standing, decide
from plainview.privacy.notice.speaking import Speaker, capital


class Kept(msgspec.Struct, frozen=True):
    """Kinds of data that are kept for the same time, and how long that is."""

    what: str
    how_long: str


class Card(msgspec.Struct, frozen=True):
    """One purpose in words, without any law's number.

    `state` is how it stands for somebody who has said nothing: `always`, `on`, `off`, `asked` (for
    the feature), `case` or `never`; `state_words` says so. `changeable` is whether the reader can
    switch it on the page of choices.
    """

    id: str
    anchor: str
    name: str
    why: str
    state: str
    state_words: str
    footing: str
    kept: tuple[Kept, ...]
    who: tuple[str, ...]
    without: str
    changeable: bool


class Shelf(msgspec.Struct, frozen=True):
    """The cards of one kind of purpose."""

    kind: str
    anchor: str
    name: str
    cards: tuple[Card, ...]


def cards(
    policy: Policy,
    language: str = "en",
    *,
    presence: str | None = None,
    residence: str | None = None,
) -> tuple[Shelf, ...]:
    """Return the card of every purpose, kind by kind, for a reader of a place."""
    cutter = _Cutter(policy, language, presence, residence)
    found = []
    for kind in policy.kinds:
        mine = tuple(cutter.card(p) for p in policy.purposes.values() if p.kind == kind)
        if mine:
            found.append(
                Shelf(kind, f"kind-{kind}", cutter.speaker.say(f"notice.kinds.{kind}"), mine)
            )
    return tuple(found)


class _Cutter:
    def __init__(
        self, policy: Policy, language: str, presence: str | None, residence: str | None
    ) -> None:
        self.policy = policy
        self.speaker = Speaker(policy, language)
        self.asks = policy.asks(presence, residence)
        self.newcomer = Standing.newcomer(presence=presence, residence=residence)
        self.books = policy.joint(presence, residence).books

    def card(self, purpose: Purpose) -> Card:
        say = self.speaker.say
        state, basis = self.state(purpose)
        return Card(
            id=purpose.id,
            anchor=f"purpose-{purpose.id}",
            name=say(f"purposes.{purpose.id}.name"),
            why=say(f"purposes.{purpose.id}.why"),
            state=state,
            state_words=say(f"notice.state.{state}"),
            footing=capital(say(f"bases.{basis}")) if basis else "",
            kept=tuple(self.kept(purpose)),
            who=tuple(self.who(purpose)),
            without=say(f"purposes.{purpose.id}.without") if purpose.loses else "",
            changeable=purpose.id in self.asks and state not in ("case", "never"),
        )

    def state(self, purpose: Purpose) -> tuple[str, str]:
        """How a purpose stands here, and the most demanding of the footings that the laws name."""
        footings = []
        for book in self.books:
            named = {
                term.basis for term in book.allows if term.basis and term.mask >> purpose.bit & 1
            }
            ordinary = named - CASE_BASES
            if not named:
                return "never", ""
            footings.append(min(ordinary or named, key=BASES.index))
        basis = max(footings, key=BASES.index)
        if basis in CASE_BASES:
            return "case", ""
        if decide(self.policy, self.newcomer, purpose.id):
            return ("on" if purpose.id in self.asks else "always"), basis
        return ("off" if basis == "consent" else "asked"), basis

    def kept(self, purpose: Purpose) -> list[Kept]:
        used = [each for each in purpose.uses if "." in each]
        found = []
        for schedule in self.policy.retention.schedule.values():
            mine = [each for each in used if each in schedule.categories]
            if mine:
                what = capital(self.speaker.categories(mine))
                found.append(Kept(what, self.speaker.say(f"retention.{schedule.id}")))
        return found

    def who(self, purpose: Purpose) -> list[str]:
        say, semicolon = self.speaker.say, self.speaker.semicolon
        return [
            f"{self.speaker.called(recipient.id)}{semicolon}"
            f"{say(f'notice.roles.{recipient.role}')}{semicolon}"
            f"{self.speaker.countries(recipient.countries)}"
            for recipient in self.policy.recipients.values()
            if purpose.id in recipient.receives
        ]
