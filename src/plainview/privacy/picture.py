"""The data map as a picture: where data comes from, what is held, for what, who gets it, where.

One screen: only what the tables really hold, kinds gathered into families. Presentation attributes
only, so that the picture stands in a page under a strict Content-Security-Policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from plainview.engine import Policy
from plainview.privacy.registry import Registry

WIDTH, ROW, TOP = 1240, 21, 46
COLUMNS = (0, 245, 455, 785, 1085)
WIDTHS = (160, 130, 250, 210, 145)
HEADS = ("from", "held", "for", "to", "in")
KINDS = ("source", "category", "purpose", "recipient", "country")


@dataclass(slots=True)
class Map:
    """What the tables hold, family by family, and how it flows; every name is an id."""

    held: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """family -> category -> columns (`table.column`)"""
    sources: dict[str, set[str]] = field(default_factory=dict)
    """source -> families"""
    purposes: dict[str, set[str]] = field(default_factory=dict)
    """purpose -> families"""
    recipients: dict[str, set[str]] = field(default_factory=dict)
    """recipient -> purposes"""
    countries: dict[str, set[str]] = field(default_factory=dict)
    """country -> recipients"""
    handed: dict[str, set[str]] = field(default_factory=dict)
    """recipient -> families of what it may get"""

    def ids(self, kind: str) -> set[str]:
        """Every id of a kind that stands in the map."""
        found = (self.sources, self.held, self.purposes, self.recipients, self.countries)
        return set(found[KINDS.index(kind)])


def read(found: Registry, policy: Policy) -> Map:
    """The map of what the marks and the policy say."""
    drawn = Map()
    for table in found.personal_tables():
        for column in table.columns.values():
            category = column.mark.category
            if category in policy.categories:
                family = policy.categories[category].parent or category
                columns = drawn.held.setdefault(family, {}).setdefault(category, [])
                columns.append(f"{table.name}.{column.name}")
    for family, categories in drawn.held.items():
        for category in categories:
            for source in policy.categories[category].sources:
                drawn.sources.setdefault(source, set()).add(family)
            for purpose in policy.purposes_of(category):
                if category in policy.purpose(purpose).uses:
                    drawn.purposes.setdefault(purpose, set()).add(family)
    kept = {category for categories in drawn.held.values() for category in categories}
    for id_, recipient in policy.recipients.items():
        for purpose, received in recipient.receives.items():
            if kept & set(received) and purpose in drawn.purposes:
                drawn.recipients.setdefault(id_, set()).add(purpose)
                families = {policy.categories[c].parent or c for c in kept & set(received)}
                drawn.handed.setdefault(id_, set()).update(families)
                for country in recipient.countries:
                    drawn.countries.setdefault(country, set()).add(id_)
    return drawn


def narrowed(whole: Map, kind: str, id_: str) -> Map:
    """What flows through one source, family, purpose, recipient or country alone.

    Raises LookupError for one that does not stand in the map.
    """
    if kind not in KINDS or id_ not in whole.ids(kind):
        raise LookupError(id_)
    recipients = {
        "recipient": {id_},
        "country": whole.countries.get(id_, set()),
    }.get(kind)
    families, purposes = set(whole.held), set(whole.purposes)
    if recipients is not None:
        families = set().union(*(whole.handed[each] for each in recipients))
        purposes = set().union(*(whole.recipients[each] for each in recipients))
    elif kind == "category":
        families = {id_}
    elif kind == "source":
        families = whole.sources[id_]
    elif kind == "purpose":
        purposes, families = {id_}, whole.purposes[id_]
    purposes = {each for each in purposes if whole.purposes[each] & families}
    kept = recipients if recipients is not None else set(whole.recipients)
    to = {
        each: on
        for each in kept
        if (on := whole.recipients[each] & purposes) and whole.handed[each] & families
    }
    sources = whole.sources if kind != "source" else {id_: whole.sources[id_]}
    countries = whole.countries if kind != "country" else {id_: whole.countries[id_]}
    return Map(
        held={family: whole.held[family] for family in families},
        sources={each: on for each, some in sources.items() if (on := some & families)},
        purposes={each: whole.purposes[each] & families for each in purposes},
        recipients=to,
        countries={each: on for each, some in countries.items() if (on := some & set(to))},
        handed={each: whole.handed[each] for each in to},
    )


def named(here: Map, policy: Policy, language: str) -> dict[str, str]:
    """The words for each `kind:id` of the map."""
    names = {f"source:{id_}": policy.text(f"sources.{id_}", language) for id_ in here.sources}
    names |= {f"category:{id_}": family(policy, id_, language) for id_ in here.held}
    names |= {
        f"purpose:{id_}": policy.text(f"purposes.{id_}.name", language) for id_ in here.purposes
    }
    names |= {f"recipient:{id_}": policy.called(id_, language) for id_ in here.recipients}
    return names | {
        f"country:{id_}": policy.text(f"countries.{id_}", language) for id_ in here.countries
    }


def drawn(found: Registry, policy: Policy, language: str, only: str = "") -> str:
    """The picture of what is held now, in a language of the policy.

    `only`, a `kind:id`, narrows it to what flows through that. Raises LookupError.
    """
    here = read(found, policy)
    if only:
        kind, _, id_ = only.partition(":")
        here = narrowed(here, kind, id_)
    heads = [policy.text(f"choices.map.{each}", language) for each in HEADS]
    return svg(here, policy, heads, named(here, policy, language))


def family(policy: Policy, id_: str, language: str) -> str:
    """What a family of categories is called; without words, by its name in the policy."""
    sentences = policy.words[language].sentences if language in policy.words else {}
    return sentences.get(f"held.family.{id_}") or policy.categories[id_].name


def svg(drawn: Map, policy: Policy, heads: Sequence[str], names: Mapping[str, str]) -> str:
    """The picture. `heads` are the five headings, `names` the words for `kind:id`."""
    order = (
        sorted(drawn.sources),
        sorted(drawn.held),
        sorted(drawn.purposes, key=lambda id_: (policy.purpose(id_).kind, id_)),
        sorted(drawn.recipients),
        sorted(drawn.countries),
    )
    tall = max(4, *(len(ids) for ids in order))
    height = TOP + ROW * tall + 12
    places = {
        f"{kind}:{id_}": (COLUMNS[n], TOP + ROW * (tall * (row + 0.5) / len(ids)), WIDTHS[n])
        for n, (kind, ids) in enumerate(zip(KINDS, order, strict=True))
        for row, id_ in enumerate(ids)
    }
    flows = [
        *((f"source:{s}", f"category:{f}") for s, some in drawn.sources.items() for f in some),
        *((f"category:{f}", f"purpose:{p}") for p, some in drawn.purposes.items() for f in some),
        *((f"purpose:{p}", f"recipient:{r}") for r, some in drawn.recipients.items() for p in some),
        *((f"recipient:{r}", f"country:{c}") for c, some in drawn.countries.items() for r in some),
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="-8 0 {WIDTH + 8} {height}"'
        f' role="img" aria-label="{escape(", ".join(heads))}" font-family="sans-serif"'
        ' font-size="13" fill="currentColor" direction="ltr">'
    ]
    for x, head in zip(COLUMNS, heads, strict=True):
        parts.append(f'<text x="{x}" y="20" font-size="15" font-weight="700">{escape(head)}</text>')
    parts += [_flow(places[start], places[end]) for start, end in sorted(flows)]
    for key, (x, y, width) in places.items():
        name = names.get(key, key.partition(":")[2])
        parts.append(
            f'<g class="map-node"><rect x="{x - 6}" y="{y - 9.5:.1f}" width="{width}" height="18"'
            ' rx="4" fill="currentColor" fill-opacity="0.07"/>'
            f'<text x="{x}" y="{y + 4:.1f}">{escape(_cut(name, width))}'
            f"<title>{escape(name)}</title></text></g>"
        )
    return "\n".join([*parts, "</svg>"])


def _flow(start: tuple[float, float, int], end: tuple[float, float, int]) -> str:
    x, y, width = start
    a, b = x + width - 6, end[0] - 6
    middle = (a + b) / 2
    return (
        f'<path d="M{a} {y:.1f} C{middle} {y:.1f} {middle} {end[1]:.1f} {b} {end[1]:.1f}"'
        ' fill="none" stroke="currentColor" stroke-opacity="0.28"/>'
    )


def _cut(name: str, width: int) -> str:
    longest = width // 7
    return name if len(name) <= longest else name[: longest - 1] + "\u2026"
