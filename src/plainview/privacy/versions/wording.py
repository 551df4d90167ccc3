"""What is different, in words: a sentence for each difference, where it is so, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plainview.engine import OURS, Difference, Policy
from plainview.platform.languages import numbers
from plainview.privacy.notice.speaking import Speaker, capital
from plainview.privacy.places.territories import territory_in_a_sentence, territory_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


_OF_LAWS = {
    "authority", "settlement", "ages", "consent-terms", "signal-terms", "breach-terms", "transfers",
}  # fmt: skip
"""What is said of places and of nothing else."""
_LAWS = {"law", "law-gone"}
_INSTEAD = gettext_lazy("%(what)s: %(after)s instead of %(before)s.")


class Said(NamedTuple):
    """A difference as people read it.

    `sentence` names before and after, `told` is what whom it touches is told of it. `places` are
    the laws under which it is so, nothing for all of them. `rule` says why it is material, or told;
    `follows` what comes of it.
    """

    difference: Difference
    sentence: str
    told: str
    places: str
    rule: str
    follows: str


def said(difference: Difference, old: Policy, new: Policy, language: str) -> Said:
    """A difference in words of a language, which has to be the active one too."""
    words = _Words(difference, old, new, language)
    places = words.places() if difference.jurisdictions else ""
    return Said(
        difference,
        _stopped(words.sentence()),
        _stopped(words.told()),
        places,
        words.rule(),
        follows(difference),
    )


def _stopped(sentence: str) -> str:
    """A sentence with one full stop, whatever the name at its end has ("Moth Inc.")."""
    return sentence.removesuffix(".") if sentence.endswith("..") else sentence


def follows(difference: Difference) -> str:
    """What comes of a difference."""
    return {
        "consent": _(
            "Whom it touches is told and asked; until they say yes it does not hold for them."
        ),
        "notice": _("People are told."),
        "nothing": _("Nobody needs to be told."),
    }[difference.triggers]


_Fact = Callable[["_Words"], str]


class _Words:
    def __init__(self, difference: Difference, old: Policy, new: Policy, language: str) -> None:
        self.it, self.old, self.new, self.language = difference, old, new, language
        self.speakers = (Speaker(new, language), Speaker(old, language))
        self.listed = self.speakers[0].listed

    def sentence(self) -> str:
        sentence = _SENTENCES.get(self.it.kind)
        if sentence is not None:
            return sentence(self)
        if self.it.kind in _OF_LAWS and (rule := self.rule()):
            return f"{rule}."
        what = self.name(self.it.of)
        if self.it.kind in _LAWS and (rule := self.rule()):
            return _("%(rule)s: %(what)s.") % {"rule": rule, "what": what}
        terms = self.it.before, self.it.after
        before, after = map(self.laws if self.it.kind == "place" else self.listed, terms)
        if before and after:
            return str(_INSTEAD) % {"what": what, "before": before, "after": after}
        if before or after:
            text = _("%(what)s: new is %(which)s.") if after else _("%(what)s: gone is %(which)s.")
            return text % {"what": what, "which": after or before}
        return _("%(what)s reads differently.") % {"what": what}

    def told(self) -> str:
        """The sentence, or the rule and what it is about where the sentence would list terms."""
        rule = self.rule()
        if self.it.kind in _SENTENCES or not rule:
            return self.sentence()
        what = self.places() if self.it.kind in _OF_LAWS else self.name(self.it.of)
        if self.it.of == self.it.kind:  # the policy as a whole: who answers for it, which ages
            what = self.it.after[0] if self.it.kind == "controller" else ""
        return _("%(rule)s: %(what)s.") % {"rule": rule, "what": what} if what else f"{rule}."

    def rule(self) -> str:
        """The rule by which it is material or told; as it is declared where it has no words."""
        return self.it.rule and (self._text(f"changes.{self.it.kind}") or self.it.rule)

    def places(self) -> str:
        known = self.new.jurisdictions
        pairs = [(self.new.head_of(id_), id_) for id_ in self.it.jurisdictions if id_ in known]
        heads = dict.fromkeys(head if head in self.it.jurisdictions else id_ for head, id_ in pairs)
        others = [id_ for id_ in self.it.jurisdictions if id_ not in known]
        return self.laws([*heads, *others])

    def laws(self, ids: Iterable[str]) -> str:
        """Laws in a row, as far as known by what they are called, and places without one."""
        names = (self._text(f"jurisdictions.{id_}") or territory_in_a_sentence(id_) for id_ in ids)
        return self.listed(dict.fromkeys(names))

    def name(self, id_: str) -> str:
        """Whatever an id names, in words; itself where there are none."""
        if id_ == OURS:
            return self.new.controller.name
        if found := self._text(f"purposes.{id_}.name"):
            return f"“{found}”"
        for kind in ("categories", "rights", "jurisdictions", "measures", "countries"):
            if found := self._text(f"{kind}.{id_}"):
                return capital(found.rstrip(".。"))
        for kind in ("decisions", "programmes"):
            if found := self._text(f"{kind}.{id_}.name"):
                return f"“{found}”"
        for speaker in self.speakers:
            if id_ in speaker.policy.recipients:
                return speaker.called(id_)
        return territory_name(id_)

    def names(self, ids: Iterable[str]) -> str:
        return self.listed([self.name(id_) for id_ in ids])

    def lasting(self, duration: str) -> str:
        return self.speakers[0].lasting(duration)

    def life(self, kind: str, days: str) -> str:
        """How long a cookie or storage key stays; for 0 days it depends on what it is."""
        if int(days):
            return self.lasting(f"P{days}D")
        if kind == "worker":
            return _("until you sign out or turn it off")
        return (
            _("until you clear it") if kind == "localStorage" else _("until you close the window")
        )

    def bases(self, ids: Iterable[str]) -> str:
        return self.listed([self._text(f"bases.{id_}") or id_ for id_ in ids])

    def countries(self, codes: Iterable[str]) -> str:
        return self.listed([self._text(f"countries.{code}") or code for code in codes])

    def _text(self, key: str) -> str:
        for speaker in self.speakers:
            try:
                return speaker.say(key)
            except KeyError:
                continue
        return ""


def _says(text: StrOrPromise, **facts: _Fact) -> _Fact:
    """A sentence of such facts about a difference."""
    return lambda words: str(text) % {name: fact(words) for name, fact in facts.items()}


def _of(words: _Words) -> str:
    return words.name(words.it.of)


def _before(words: _Words) -> str:
    return words.names(words.it.before)


def _after(words: _Words) -> str:
    return words.names(words.it.after)


def _kinds(words: _Words) -> str:
    return words.names(words.it.of.split())


def _country(words: _Words) -> str:
    return words.countries([words.it.of])


def _first(words: _Words) -> str:
    """What an `of` with a slash names before it, as whose cookie it is."""
    return words.name(words.it.of.partition("/")[0])


def _second(words: _Words) -> str:
    return words.it.of.partition("/")[2]


def _terms(words: _Words, terms: Iterable[str]) -> str:
    kind, purpose, days, _host = terms
    return words.listed([words.name(purpose), words.life(kind, days)])


def _key(words: _Words) -> str:
    kind, purpose, days, _host = words.it.after
    facts = {"who": _first(words), "key": _second(words), "what": words.name(purpose)}
    if not int(days):
        return _("%(who)s keeps “%(key)s” on devices, for %(what)s: %(life)s.") % {
            **facts,
            "life": words.life(kind, days),
        }
    return ngettext(
        "%(who)s keeps “%(key)s” on devices, for %(what)s, %(days)s day long.",
        "%(who)s keeps “%(key)s” on devices, for %(what)s, %(days)s days long.",
        int(days),
    ) % {**facts, "days": numbers.written(int(days))}


def _sentences(words: _Words) -> str:
    language, _slash, file = words.it.of.partition("/")
    count = len({*words.it.before, *words.it.after})
    return ngettext(
        "%(count)s sentence reads differently (%(file)s, %(language)s).",
        "%(count)s sentences read differently (%(file)s, %(language)s).",
        count,
    ) % {"count": numbers.written(count), "file": file, "language": language}


_KEPT = _says(
    gettext_lazy("Kept for %(after)s instead of %(before)s: %(what)s."),
    what=_kinds,
    before=lambda words: words.lasting(words.it.before[0]),
    after=lambda words: words.lasting(words.it.after[0]),
)
_RECEIVES = _says(gettext_lazy("%(who)s receives data for: %(which)s."), who=_of, which=_after)
_RECEIVES_NOT = _says(
    gettext_lazy("%(who)s no longer receives data for: %(which)s."), who=_of, which=_before
)
_LASTS = {
    "backups": gettext_lazy("How long emergency copies stay"),
    "dormancy": gettext_lazy("After how long an account ends that nobody uses"),
    "holds": gettext_lazy("How long a claim may keep something"),
    "unconfirmed": gettext_lazy("After how long an account goes that nobody confirms"),
}


def _lasts(words: _Words) -> str:
    """How long something lasts; of the terms beside it only that they are others."""
    what = _LASTS.get(words.it.of, words.it.of)
    before, after = words.it.before[:1], words.it.after[:1]
    if before == after:
        return _("%(what)s reads differently.") % {"what": what}
    return _instead(str(what), _time(words, before), _time(words, after))


def _news(words: _Words) -> str:
    """How many pieces of news a channel takes in a week at most."""
    both = (words.it.before, words.it.after)
    before, after = (numbers.written(int(most[0])) if most else _("no limit") for most in both)
    what = _("The most pieces of news in a week, for %(what)s") % {"what": _of(words)}
    return _instead(what, before, after)


def _instead(what: str, before: str, after: str) -> str:
    return str(_INSTEAD) % {"what": what, "before": before, "after": after}


def _time(words: _Words, duration: tuple[str, ...]) -> str:
    return words.lasting(duration[0]) if duration else _("no set time")


_KEPT_OTHERWISE = _says(
    _INSTEAD,
    what=lambda words: f"“{_second(words)}” ({_first(words)})",
    before=lambda words: _terms(words, words.it.before),
    after=lambda words: _terms(words, words.it.after),
)
_SENTENCES: dict[str, _Fact] = {
    "purpose": _says(gettext_lazy("Data is used for something new: %(what)s."), what=_of),
    "purpose-gone": _says(gettext_lazy("Data is no longer used for: %(what)s."), what=_of),
    "weaker": _says(gettext_lazy("%(what)s is now permitted where it was not."), what=_of),
    "stronger": _says(gettext_lazy("%(what)s is no longer permitted where it was."), what=_of),
    "basis": _says(
        _INSTEAD,
        what=_of,
        before=lambda words: words.bases(words.it.before),
        after=lambda words: words.bases(words.it.after),
    ),
    "category": _says(
        gettext_lazy("%(what)s uses more kinds of data: %(which)s."), what=_of, which=_after
    ),
    "category-gone": _says(
        gettext_lazy("%(what)s uses fewer kinds of data, no longer: %(which)s."),
        what=_of,
        which=_before,
    ),
    "kept-longer": _KEPT,
    "kept-shorter": _KEPT,
    "keeping": _lasts,
    "deleted-after": lambda words: _instead(
        _("How long %(who)s keeps what it received") % {"who": _of(words)},
        _time(words, words.it.before),
        _time(words, words.it.after),
    ),
    "threshold": lambda words: _instead(
        _("The fewest people of whom a figure speaks, for %(what)s") % {"what": _of(words)},
        words.listed(words.it.before),
        words.listed(words.it.after),
    ),
    "signal": _says(gettext_lazy("A signal of browsers is heard: %(what)s."), what=_of),
    "signal-gone": _says(
        gettext_lazy("A signal of browsers is heard no longer: %(what)s."), what=_of
    ),
    "more-news": _news,
    "less-news": _news,
    "kept-otherwise": _says(gettext_lazy("Kept by another rule: %(what)s."), what=_kinds),
    "country": _says(
        gettext_lazy("Data goes to a country that it did not go to: %(country)s, by %(who)s."),
        country=_country,
        who=lambda words: words.names(words.it.recipients),
    ),
    "country-gone": _says(gettext_lazy("Data no longer goes to %(country)s."), country=_country),
    "seat": _says(
        _INSTEAD,
        what=_of,
        before=lambda words: words.countries(words.it.before),
        after=lambda words: words.countries(words.it.after),
    ),
    "recipient": _RECEIVES,
    "recipient-gone": _RECEIVES_NOT,
    "receives": _RECEIVES,
    "receives-gone": _RECEIVES_NOT,
    "handed": _says(
        gettext_lazy("%(who)s receives more kinds of data for %(what)s: %(which)s."),
        who=lambda words: words.name(_second(words)),
        what=_first,
        which=_after,
    ),
    "handed-less": _says(
        gettext_lazy("%(who)s receives fewer kinds of data for %(what)s, no longer: %(which)s."),
        who=lambda words: words.name(_second(words)),
        what=_first,
        which=_before,
    ),
    "key": _key,
    "key-longer": _KEPT_OTHERWISE,
    "key-terms": _KEPT_OTHERWISE,
    "key-gone": _says(
        gettext_lazy("%(who)s no longer keeps “%(key)s” on devices."), who=_first, key=_second
    ),
    "right": _says(gettext_lazy("A right is given: %(what)s."), what=_of),
    "right-gone": _says(gettext_lazy("A right is no longer given: %(what)s."), what=_of),
    "words": _sentences,
}
