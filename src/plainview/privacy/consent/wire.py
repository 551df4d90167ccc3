"""What the API says and takes, as its description has it (`/api/openapi.json`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from django.urls import reverse
from ninja import Schema
from pydantic import ConfigDict, Field

from plainview.platform.addresses import link
from plainview.privacy.consent import banner, opting_out, queries, questions
from plainview.privacy.consent.cookie import Remembered, sealed
from plainview.privacy.policies import controller, in_force
from plainview.privacy.visitors import Visitor

Key = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{64}\.[0-9a-f]{16}$", description="Which words were shown, and how."),
]
PurposeId = Annotated[str, Field(pattern="^[a-z0-9-]{1,60}$")]


class Strict(Schema):
    """What comes in has no names that nobody knows: a slip is told, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Switch(Schema):
    """The way to turn one purpose on or off by itself; answer with the form `why`."""

    shown: Key
    answer: Literal["on", "off"]
    label: str
    also: str = Field(description="What else is turned on with it, in words, if anything is.")


class Purpose(Schema):
    """One use of data that can be refused here, and how it stands."""

    id: str
    kind: str
    name: str
    why: str
    uses: str
    basis: str
    without: str = Field(description="What is lost without it; empty if nothing is.")
    rewards: list[str] = Field(
        description="What is given for a yes, its terms and its worth to us, in words. Show it"
        " before the answer."
    )
    idle: str = Field(
        description="That nothing does this yet, in words; empty where something does."
    )
    answer: Literal["granted", "affirmed", "denied", "unset"] = Field(
        description="`affirmed` is a yes given after an opt-out signal, `unset` none at all."
    )
    given_at: datetime | None = None
    permitted: bool = Field(
        description="Whether it may be done now. Ask for this, not for `answer`."
    )
    because: str
    closed_by_signal: bool = Field(description="Whether an opt-out signal closes it.")
    switch: Switch


class State(Schema):
    """How the choices of this device or account stand, and who answers for them (P0a, P2.11b)."""

    controller: str = Field(description="Who answers for the service. Name them in the app.")
    notice: str = Field(description="The address of the privacy notice. Link it in the app.")
    policy: str
    jurisdiction: str
    scope: Literal["account", "device"]
    language: str
    signals: list[str]
    ask: bool = Field(description="Whether the questions are to be put now. Put them only then.")
    answered_on: date | None
    asked_again_on: date | None = Field(description="No sooner; nothing means never by itself.")
    lapses_at: datetime | None = Field(description="When the yeses given are none any more.")
    differs: bool = Field(
        description="The account and this device answered differently: the stricter holds. Say so,"
        " and put `difference` of the questions."
    )
    purposes: list[Purpose]
    device: str | None = Field(
        description="What an app is to keep and send as `Plainview-Device` from now on; a browser"
        " keeps its own cookie."
    )


class Button(Schema):
    """A way to answer everything. All of a question's are shown alike, in this order."""

    answer: str
    label: str


class Short(Schema):
    """The question in short, as the site's banner puts it."""

    form: Literal["banner", "again", "change"]
    shown: Key
    lines: list[str]
    buttons: list[Button]


class Asked(Schema):
    """One purpose as it is asked."""

    id: str
    name: str
    why: str
    uses: str
    basis: str
    without: str
    idle: str
    rewards: list[str]


class Group(Schema):
    """Purposes of one kind."""

    kind: str
    name: str
    text: str
    purposes: list[Asked]


class Whole(Schema):
    """The question in whole: each purpose by itself, nothing ticked beforehand."""

    form: Literal["centre"] = "centre"
    shown: Key
    title: str
    lead: str
    place: str
    groups: list[Group]
    yes: str
    no: str
    buttons: list[Button]


class Difference(Schema):
    """What to ask while the account and this device differ (P5.1.3b)."""

    form: Literal["difference"] = "difference"
    shown: Key
    text: str
    buttons: list[Button]


class Questions(Schema):
    """What to put before a person, in their language, word by word."""

    short: Short | None
    whole: Whole
    difference: Difference | None = Field(
        default=None, description="While `differs` holds; answer it as you answer the others."
    )


class Said(Strict):
    """For whom something is said, and where it was asked."""

    scope: Literal["account", "device"] = "account"
    surface: Literal["app", "tv"] = Field(
        default="app", description="An app or a television; a page of the site is known as one."
    )


class Answer(Said):
    """An answer to a question as it was shown."""

    form: Literal["banner", "again", "change", "centre", "why", "gate", "difference"]
    shown: Key
    answer: Literal[
        "accept", "reject", "ok", "yes", "no", "save", "on", "off", "follow", "adopt", "apart"
    ]
    purposes: dict[PurposeId, bool] = Field(
        default={}, max_length=100, description="With `save`: each purpose that was answered."
    )
    purpose: PurposeId | Literal[""] = Field(
        default="", description="With `why`: the purpose whose `switch` was pressed."
    )
    embed: Annotated[str, Field(max_length=120)] = Field(
        default="", description="With `gate`: what of others was to be loaded."
    )


class Confirmation(Said):
    """The second step of a yes to what a signal or an opt-out closed."""

    shown: Key
    purposes: list[PurposeId] = Field(min_length=1, max_length=100)


class OptOut(Said):
    """An opt-out: `foot` is the button at the foot of the site's pages."""

    form: Literal["opt-out", "foot"] = "opt-out"


class Second(Schema):
    """What is to be confirmed, in words; an answer of no needs nothing."""

    shown: Key
    title: str
    text: str
    purposes: list[Asked]
    yes: str
    no: str


class Receipt(Schema):
    """The receipt of an answer: a page to read, and the file that proves it (JSON-LD)."""

    number: str
    page: str
    file: str


def receipt(number: str) -> Receipt:
    """Where the receipt of this number is had, by whoever gave the answer."""
    page = reverse("privacy-receipt", args=[number])
    return Receipt(number=number, page=page, file=reverse("api:receipt", args=[number]))


class Recorded(Schema):
    """What was recorded, its receipt, and what a second step is needed for."""

    state: State
    receipt: Receipt | None = Field(
        default=None, description="Missing where nothing was recorded yet, as before a second step."
    )
    confirm: Second | None = None


class Heard(Strict):
    """An opt-out signal that the device or its maker gives."""

    signal: Literal["gpc"]


class Code(Strict):
    """The code that a member reads off their page of devices, and what the app calls itself."""

    code: Annotated[str, Field(min_length=1, max_length=20)]
    name: Annotated[str, Field(min_length=1, max_length=60)]


class Token(Schema):
    """Comes once. Send it as `Authorization: Bearer …`."""

    token: str


class Problem(Schema):
    """What went wrong (RFC 9457), and for `422` where."""

    status: int
    title: str
    errors: list[str] = []


def state(visitor: Visitor, carried: Remembered | None) -> State:
    """How things stand for whoever asks; `carried` is what an app is to keep from now on."""
    facts = visitor.facts
    said = facts.choices or {}
    given = {} if visitor.subject is None else queries.latest(visitor.subject)
    return State(
        controller=controller().name,
        notice=link("notice"),
        policy=in_force().version,
        jurisdiction=visitor.jurisdiction,
        scope="device" if visitor.account is None else "account",
        language=questions.language(),
        signals=sorted(visitor.signals),
        ask=not visitor.answered or bool(opting_out.overruled(facts)),
        answered_on=visitor.answered_on,
        asked_again_on=visitor.asked_again_on,
        lapses_at=_moment(facts.valid_until),
        differs=visitor.differs,
        device=sealed(carried) if carried else None,
        purposes=[
            Purpose(
                **_asked(ask),
                kind=topic.kind,
                answer=said.get(topic.id, "unset"),
                given_at=given[topic.id].at
                if topic.id in given and given[topic.id].answer == said.get(topic.id)
                else None,
                permitted=ask.open,
                because=ask.because,
                closed_by_signal=topic.closed_by_signal,
                switch=_switch(visitor, ask),
            )
            for topic in questions.topics(facts)
            for ask in [questions.ask(visitor, topic.id)]
        ],
    )


def _switch(visitor: Visitor, ask: questions.Ask) -> Switch:
    answer: Literal["on", "off"] = "off" if ask.open else "on"
    return Switch(
        shown=questions.of_why(visitor, ask, answer).key,
        answer=answer,
        label=questions.say(f"choices.why.{answer}"),
        also=ask.also if answer == "on" else "",
    )


def to_ask(visitor: Visitor) -> Questions:
    """The questions in words; the short one only while it is to be put."""
    short = banner.banner(visitor)
    groups = questions.groups(visitor)
    say = questions.say
    return Questions(
        short=None if short is None else _short(short),
        difference=_difference(visitor) if visitor.differs else None,
        whole=Whole(
            shown=questions.of_centre(visitor, groups).key,
            title=say("choices.centre.title"),
            lead=say("choices.centre.lead"),
            place=questions.place_words(visitor),
            groups=[
                Group(
                    kind=group.kind,
                    name=group.name,
                    text=group.text,
                    purposes=[Asked(**_asked(ask)) for ask in group.asks],
                )
                for group in groups
            ],
            yes=say("choices.centre.on"),
            no=say("choices.centre.off"),
            buttons=[
                Button(answer=each, label=say(f"choices.centre.{each}"))
                for each in ("save", "reject", "accept")
                if groups
            ],
        ),
    )


def _difference(visitor: Visitor) -> Difference:
    return Difference(
        shown=questions.of_difference(visitor).key,
        text=questions.say("choices.centre.differs"),
        buttons=[
            Button(answer=each, label=questions.say(f"choices.centre.{each}"))
            for each in ("follow", "adopt", "apart")
        ],
    )


def _short(put: banner.Banner) -> Short:
    return Short(
        form=put.via,
        shown=put.question.key,
        lines=list(put.lines),
        buttons=[Button(answer=each.answer, label=each.label) for each in put.buttons],
    )


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def second(visitor: Visitor, purposes: tuple[str, ...]) -> Second:
    """The second step for these purposes, in words."""
    asks = [questions.ask(visitor, id_) for id_ in sorted(purposes)]
    reason = questions.affirm_reason(visitor)
    return Second(
        shown=questions.of_affirm(visitor, asks).key,
        title=questions.say("choices.affirm.title"),
        text=questions.say(f"choices.affirm.{reason}"),
        purposes=[Asked(**_asked(ask)) for ask in asks],
        yes=questions.say("choices.affirm.yes"),
        no=questions.say("choices.affirm.no"),
    )


def _asked(ask: questions.Ask) -> dict[str, Any]:
    return {
        "id": ask.id,
        "name": ask.name,
        "why": ask.why,
        "uses": ask.uses,
        "basis": ask.basis,
        "without": ask.without,
        "idle": questions.say("choices.centre.idle") if ask.idle else "",
        "rewards": list(ask.rewards),
    }
