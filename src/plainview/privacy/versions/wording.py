"""What is different, in words: a sentence for each difference, where it is so, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.engine import OURS, Difference, Policy
from plainview.platform.languages import numbers
from plainview.privacy.notice.speaking import Speaker, capital


class Said(NamedTuple):
    """A difference as people read it.

    `places` are the laws under which it is so, nothing for all of them. `rule` says why it is
    material, or told; `follows` what comes of it.
    """

    difference: Difference
    sentence: str
    places: str
    rule: str
    follows: str


def said(difference: Difference, old: Policy, new: Policy, language: str) -> Said:
    """A difference in words of a language, which has to be the active one too."""
    words = _Words(difference, old, new, language)
    places = words.places() if difference.jurisdictions else ""
    return Said(difference, words.sentence(), places, words.rule(), follows(difference))


def follows(difference: Difference) -> str:
    """What comes of a difference."""
    return {
        "consent": _(
            "Whom it touches is told and asked; until they say yes it does not hold for them."
        ),
        "notice": _("People are told."),
        "nothing": _("Nobody needs to be told."),
    }[difference.triggers]


class _Words:
    def __init__(self, difference: Difference, old: Policy, new: Policy, language: str) -> None:
        self.it, self.old, self.new, self.language = difference, old, new, language
        self.speakers = (Speaker(new, language), Speaker(old, language))
        self.listed = self.speakers[0].listed

    def sentence(self) -> str:
        sentence = _SENTENCES.get(self.it.kind)
        if sentence is not None:
            return sentence(self)
        what = self.name(self.it.of)
        before, after = self.listed(self.it.before), self.listed(self.it.after)
        if before and after:
            return _("%(what)s: %(after)s instead of %(before)s.") % {
                "what": what,
                "before": before,
                "after": after,
            }
        if before or after:
            text = _("%(what)s: new is %(which)s.") if after else _("%(what)s: gone is %(which)s.")
            return text % {"what": what, "which": after or before}
        return _("%(what)s reads differently.") % {"what": what}

    def rule(self) -> str:
        """The rule by which it is material or told; as it is declared where it has no words."""
        return self.it.rule and (self._text(f"changes.{self.it.kind}") or self.it.rule)

    def places(self) -> str:
        speaker, known = self.speakers[0], self.new.jurisdictions
        heads = dict.fromkeys(
            self.new.head_of(id_) for id_ in self.it.jurisdictions if id_ in known
        )
        others = [id_ for id_ in self.it.jurisdictions if id_ not in known]
        return self.listed([*(speaker.say(f"jurisdictions.{id_}") for id_ in heads), *others])

    def name(self, id_: str) -> str:
        """Whatever an id names, in words; itself where there are none."""
        if id_ == OURS:
            return self.new.controller.name
        if found := self._text(f"purposes.{id_}.name"):
            return f"“{found}”"
        for kind in ("categories", "rights", "jurisdictions"):
            if found := self._text(f"{kind}.{id_}"):
                return capital(found)
        for speaker in self.speakers:
            if id_ in speaker.policy.recipients:
                return speaker.called(id_)
        return id_

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

    def pair(self) -> dict[str, str]:
        """The two parts of an `of` with a slash between."""
        one, _slash, other = self.it.of.partition("/")
        return {"one": self.name(one), "other": self.name(other)}

    def _text(self, key: str) -> str:
        for speaker in self.speakers:
            try:
                return speaker.say(key)
            except KeyError:
                continue
        return ""


def _new_purpose(words: _Words) -> str:
    return _("Data is used for something new: %(what)s.") % {"what": words.name(words.it.of)}


def _no_purpose(words: _Words) -> str:
    return _("Data is no longer used for: %(what)s.") % {"what": words.name(words.it.of)}


def _weaker(words: _Words) -> str:
    return _("%(what)s is now permitted where it was not.") % {"what": words.name(words.it.of)}


def _stronger(words: _Words) -> str:
    return _("%(what)s is no longer permitted where it was.") % {"what": words.name(words.it.of)}


def _basis(words: _Words) -> str:
    return _("%(what)s: %(after)s instead of %(before)s.") % {
        "what": words.name(words.it.of),
        "before": words.bases(words.it.before),
        "after": words.bases(words.it.after),
    }


def _uses(words: _Words) -> str:
    return _("%(what)s uses more kinds of data: %(which)s.") % {
        "what": words.name(words.it.of),
        "which": words.names(words.it.after),
    }


def _uses_less(words: _Words) -> str:
    return _("%(what)s uses fewer kinds of data, no longer: %(which)s.") % {
        "what": words.name(words.it.of),
        "which": words.names(words.it.before),
    }


def _kept(words: _Words) -> str:
    before, after = words.lasting(words.it.before[0]), words.lasting(words.it.after[0])
    return _("Kept for %(after)s instead of %(before)s: %(what)s.") % {
        "what": words.names(words.it.of.split()),
        "before": before,
        "after": after,
    }


def _kept_otherwise(words: _Words) -> str:
    return _("Kept by another rule: %(what)s.") % {"what": words.names(words.it.of.split())}


def _country(words: _Words) -> str:
    return _("Data goes to a country that it did not go to: %(country)s, by %(who)s.") % {
        "country": words.countries([words.it.of]),
        "who": words.names(words.it.recipients),
    }


def _no_country(words: _Words) -> str:
    return _("Data no longer goes to %(country)s.") % {"country": words.countries([words.it.of])}


def _seat(words: _Words) -> str:
    return _("%(what)s: %(after)s instead of %(before)s.") % {
        "what": words.name(words.it.of),
        "before": words.countries(words.it.before),
        "after": words.countries(words.it.after),
    }


def _receives(words: _Words) -> str:
    return _("%(who)s receives data for: %(which)s.") % {
        "who": words.name(words.it.of),
        "which": words.names(words.it.after),
    }


def _receives_not(words: _Words) -> str:
    return _("%(who)s no longer receives data for: %(which)s.") % {
        "who": words.name(words.it.of),
        "which": words.names(words.it.before),
    }


def _handed(words: _Words) -> str:
    return _("%(who)s receives more kinds of data for %(what)s: %(which)s.") % {
        "who": words.pair()["other"],
        "what": words.pair()["one"],
        "which": words.names(words.it.after),
    }


def _handed_less(words: _Words) -> str:
    return _("%(who)s receives fewer kinds of data for %(what)s, no longer: %(which)s.") % {
        "who": words.pair()["other"],
        "what": words.pair()["one"],
        "which": words.names(words.it.before),
    }


def _key(words: _Words) -> str:
    who, _slash, key = words.it.of.partition("/")
    kind, purpose, days, _host = words.it.after
    if not int(days):
        return _("%(who)s keeps “%(key)s” on devices, for %(what)s: %(life)s.") % {
            "who": words.name(who),
            "key": key,
            "what": words.name(purpose),
            "life": words.life(kind, days),
        }
    shown = numbers.written(int(days))
    return ngettext(
        "%(who)s keeps “%(key)s” on devices, for %(what)s, %(days)s day long.",
        "%(who)s keeps “%(key)s” on devices, for %(what)s, %(days)s days long.",
        int(days),
    ) % {"who": words.name(who), "key": key, "what": words.name(purpose), "days": shown}


def _key_otherwise(words: _Words) -> str:
    who, _slash, key = words.it.of.partition("/")
    before, after = (
        words.listed([words.name(purpose), words.life(kind, days)])
        for kind, purpose, days, _host in (words.it.before, words.it.after)
    )
    return _("%(what)s: %(after)s instead of %(before)s.") % {
        "what": f"“{key}” ({words.name(who)})",
        "before": before,
        "after": after,
    }


def _no_key(words: _Words) -> str:
    who, _slash, key = words.it.of.partition("/")
    return _("%(who)s no longer keeps “%(key)s” on devices.") % {"who": words.name(who), "key": key}


def _right(words: _Words) -> str:
    return _("A right is given: %(what)s.") % {"what": words.name(words.it.of)}


def _no_right(words: _Words) -> str:
    return _("A right is no longer given: %(what)s.") % {"what": words.name(words.it.of)}


def _sentences(words: _Words) -> str:
    language, _slash, file = words.it.of.partition("/")
    count = len({*words.it.before, *words.it.after})
    return ngettext(
        "%(count)s sentence reads differently (%(file)s, %(language)s).",
        "%(count)s sentences read differently (%(file)s, %(language)s).",
        count,
    ) % {"count": numbers.written(count), "file": file, "language": language}


_SENTENCES: dict[str, Callable[[_Words], str]] = {
    "purpose": _new_purpose,
    "purpose-gone": _no_purpose,
    "weaker": _weaker,
    "stronger": _stronger,
    "basis": _basis,
    "category": _uses,
    "category-gone": _uses_less,
    "kept-longer": _kept,
    "kept-shorter": _kept,
    "kept-otherwise": _kept_otherwise,
    "country": _country,
    "country-gone": _no_country,
    "seat": _seat,
    "recipient": _receives,
    "recipient-gone": _receives_not,
    "receives": _receives,
    "receives-gone": _receives_not,
    "handed": _handed,
    "handed-less": _handed_less,
    "key": _key,
    "key-longer": _key_otherwise,
    "key-terms": _key_otherwise,
    "key-gone": _no_key,
    "right": _right,
    "right-gone": _no_right,
    "words": _sentences,
}
