"""A title as one document: what forms edit, files carry, and history keeps.

`document_of` reads one off the rows, `problems` judges one, `services.save` writes one. What is in
the document is all that an editor may change; films and their subtitles are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zoneinfo import available_timezones

import msgspec
from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from langcodes import tag_is_valid

from plainview.domains.catalogue.models import REVEALS, Genre, Person, Tag, Title
from plainview.domains.catalogue.models.ratings import SYSTEMS
from plainview.domains.catalogue.ports import Ports
from plainview.platform.languages import SILENT

Texts = dict[str, dict[str, str]]
"""Language tag -> field -> words."""

TITLE_WORDS = {"name": 200, "tagline": 200, "synopsis": 4000}
"""The words of a title, and the most characters of each."""
USES = {
    "poster": ((2, 3), (200, 400, 800)),
    "backdrop": ((16, 9), (640, 1280, 1920)),
}
"""Ratio and widths in pixels of each picture of a title."""
_SLUG = re.compile(r"[\w-]{1,120}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ISO_639_3 = re.compile(r"[a-z]{3}")
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Credit(msgspec.Struct, forbid_unknown_fields=True):
    """What a person did. `person` is a slug; `texts`: character."""

    person: str
    role: Literal["director", "writer", "cast", "music", "camera", "editor", "producer"]
    texts: Texts = {}

    def __post_init__(self) -> None:
        self.texts = _filled(self.texts)


class Licence(msgspec.Struct, forbid_unknown_fields=True):
    """A window, as `models.Licence`; both ends are moments."""

    territories: list[str] = []
    excluded: list[str] = []
    tiers: list[str] = []
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    zone: str = "UTC"


class Document(msgspec.Struct, forbid_unknown_fields=True):
    """Everything about a title that an editor may change. What has no order is kept sorted."""

    slug: str
    kind: Literal["film", "series"] = "film"
    texts: Texts = {}
    original_language: str = "und"
    year: int | None = None
    countries: list[str] = []
    genres: list[str] = []
    tags: list[str] = []
    ratings: dict[str, str] = {}
    reveals: list[str] = []
    accent: str = ""
    poster: str = ""
    backdrop: str = ""
    artwork: Texts = {}
    featured: int | None = None
    announced_at: datetime | None = None
    published_at: datetime | None = None
    credits: list[Credit] = []
    licensed: bool = False
    licences: list[Licence] = []

    def __post_init__(self) -> None:
        self.genres, self.tags = sorted(set(self.genres)), sorted(set(self.tags))
        self.reveals = sorted(set(self.reveals))
        self.texts, self.artwork = _filled(self.texts), _filled(self.artwork)
        for holder, names in (
            (self, ("announced_at", "published_at")),
            *((each, ("opens_at", "closes_at")) for each in self.licences),
        ):
            for name in names:
                moment = getattr(holder, name)
                if moment is not None and moment.tzinfo is not None:
                    setattr(holder, name, _in_utc(moment))


def _in_utc(moment: datetime) -> datetime:
    """The same moment. Raises ValueError for one that has no day there."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such moment") from None


def _filled(texts: Texts) -> Texts:
    return {
        tongue: said
        for tongue, fields in texts.items()
        if (
            said := {
                field: plain for field, text in fields.items() if (plain := _plain(field, text))
            }
        )
    }


def _plain(field: str, text: str) -> str:
    """Text as a form gives it back: on one line but for the story, whose lines end as anybody's."""
    if field == "synopsis":
        return text.replace("\r\n", "\n").strip()
    return " ".join(text.split())


FIELDS = Document.__struct_fields__


def pictures_in(values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Use, language ("" for everybody) and name of each picture in a document as JSON holds it."""
    for use in USES:
        if name := values.get(use):
            yield use, "", name
    for tongue, named in sorted((values.get("artwork") or {}).items()):
        yield from ((use, tongue, name) for use, name in sorted(named.items()))


def use_of(key: str) -> str:
    """Whether a key of a title's `pictures` is of a `poster` or a `backdrop`."""
    return re.split("[:@]", key, maxsplit=1)[0]


def picture_file(name: str) -> Path:
    """Where a picture of this name lies, if it is there."""
    return Path(settings.MEDIA_ROOT) / "artwork" / Path(name).name


def mark_of_absence(name: str) -> Path:
    """The file that stands in the place of a picture that was taken away for good: its day."""
    return picture_file(f"{Path(name).name}.gone")


def taken_away(name: str) -> date | None:
    """The day on which a picture was taken away for good; None for any other."""
    try:
        return date.fromisoformat(mark_of_absence(name).read_text())
    except (FileNotFoundError, ValueError):
        return None


class Problem(NamedTuple):
    """What is wrong with a field of a document, in words for its editor.

    Of a licence also which it is, from 0 on, and its field.
    """

    field: str
    words: str
    row: int = 0
    part: str = ""


def plain(document: Document) -> dict[str, object]:
    """A document as JSON holds it."""
    return dict(msgspec.to_builtins(document))


def document_of(title: Title) -> Document:
    """The document of a title; six queries unless its rows are at hand."""
    credits = list(title.credits.all())
    prefetch_related_objects(credits, "person")
    return Document(
        slug=title.slug,
        kind=title.kind,  # type: ignore[arg-type]  # a check of the column's choices
        texts=title.texts,
        original_language=title.original_language,
        year=title.year,
        countries=title.countries,
        genres=[each.slug for each in title.genres.all()],
        tags=[each.slug for each in title.tags.all()],
        ratings=title.ratings,
        reveals=title.reveals,
        accent=title.accent,
        poster=title.poster,
        backdrop=title.backdrop,
        artwork=title.artwork,
        featured=title.featured,
        announced_at=title.announced_at,
        published_at=title.published_at,
        credits=[
            Credit(each.person.slug, each.role, each.texts)  # type: ignore[arg-type]
            for each in credits
        ],
        licensed=title.licensed,
        licences=in_order(
            Licence(
                each.territories,
                each.excluded,
                each.tiers,
                each.opens_at,
                each.closes_at,
                each.zone,
            )
            for each in title.licences.all()
        ),
    )


def in_order(licences: Iterable[Licence]) -> list[Licence]:
    """Licences as they are kept: by when they open, those that always were first.

    Databases differ about the latter, and a form or file has them in any order.
    """
    ever = datetime.min.replace(tzinfo=UTC)
    return sorted(licences, key=lambda each: each.opens_at or ever)


class Known(NamedTuple):
    """What a document may name: slugs of genres, tags and people, ids of plans."""

    genres: frozenset[str]
    tags: frozenset[str]
    people: frozenset[str]
    tiers: frozenset[str]


def known(documents: Iterable[Document]) -> Known:
    """What there is of all that these documents name: three queries."""
    people = {credit.person for document in documents for credit in document.credits}
    return Known(
        frozenset(Genre.objects.values_list("slug", flat=True)),
        frozenset(Tag.objects.values_list("slug", flat=True)),
        frozenset(Person.objects.filter(slug__in=people).values_list("slug", flat=True)),
        frozenset(tier.id for tier in Ports.plans.tiers()),
    )


def problems(document: Document, known: Known) -> list[Problem]:
    """All that is wrong with a document; empty if it can be written."""
    return [*_own(document), *_named(document, known), *_licences(document, known)]


def _own(document: Document) -> Iterator[Problem]:
    if not _SLUG.fullmatch(document.slug):
        yield Problem("slug", _("The address takes letters, digits and hyphens only."))
    yield from _of_words(document)
    yield from _of_pictures(document)
    yield from _of_facts(document)
    if document.featured is not None and not 0 <= document.featured <= 32_767:
        yield Problem("featured", _("A place is a number from 0 on."))
    moments = (document.announced_at, document.published_at)
    for field, moment in zip(("announced_at", "published_at"), moments, strict=True):
        if moment is not None and moment.tzinfo is None:
            yield Problem(field, _("A moment needs its time zone, as in 2027-06-01T00:00Z."))


def _of_words(document: Document) -> Iterator[Problem]:
    if not any(fields.get("name", "").strip() for fields in document.texts.values()):
        yield Problem("texts", _("A title needs its name in one language at least."))
    for language, fields in document.texts.items():
        if not _is_language(language):
            yield Problem("texts", _("%(tag)s is no language.") % {"tag": language})
        for field, text in fields.items():
            most = TITLE_WORDS.get(field)
            if most is None:
                yield Problem("texts", _("A title has no words “%(field)s”.") % {"field": field})
            elif len(text) > most:
                said = _("“%(field)s” in %(tag)s is longer than %(most)s characters.")
                yield Problem("texts", said % {"field": field, "tag": language, "most": most})


def _of_pictures(document: Document) -> Iterator[Problem]:
    for language, pictures in document.artwork.items():
        if not _is_language(language):
            yield Problem("artwork", _("%(tag)s is no language.") % {"tag": language})
        for use in sorted(set(pictures) - set(USES)):
            yield Problem("artwork", _("A title has no picture “%(use)s”.") % {"use": use})
    for use, tongue, name in pictures_in(plain(document)):
        if not picture_file(name).exists():
            said = (
                _("The picture %(name)s was taken away for good.")
                if taken_away(name)
                else _("There is no picture %(name)s here.")
            )
            yield Problem("artwork" if tongue else use, said % {"name": name})
    if document.accent and not _COLOUR.fullmatch(document.accent):
        yield Problem("accent", _("A colour is written #rrggbb."))


def _of_facts(document: Document) -> Iterator[Problem]:
    if document.original_language != "und" and not _is_language(document.original_language):
        said = _("%(tag)s is no language.")
        yield Problem("original_language", said % {"tag": document.original_language})
    if document.year is not None and not 1870 <= document.year <= 2200:
        yield Problem("year", _("There was no film in that year."))
    for country in document.countries:
        if not _is_country(country):
            said = _("%(code)s is no country of ISO 3166, such as KR.")
            yield Problem("countries", said % {"code": country})
    for system, value in document.ratings.items():
        if system not in SYSTEMS or value not in SYSTEMS[system].values:
            said = _("%(system)s has no rating %(value)s.")
            yield Problem("ratings", said % {"system": system, "value": value})
    for kind in set(document.reveals) - set(REVEALS):
        yield Problem("reveals", _("%(kind)s is no kind of sensitive data.") % {"kind": kind})


def _named(document: Document, known: Known) -> Iterator[Problem]:
    named = (
        ("genres", document.genres, known.genres),
        ("tags", document.tags, known.tags),
        ("credits", [credit.person for credit in document.credits], known.people),
    )
    for field, slugs, there in named:
        for slug in dict.fromkeys(slugs):
            if slug not in there:
                said = _("There is no “%(slug)s” yet; add it first.")
                yield Problem(field, said % {"slug": slug})


def _licences(document: Document, known: Known) -> Iterator[Problem]:
    for row, each in enumerate(document.licences):
        for part, said in _of_licence(each, known):
            lead = _("Licence %(number)s: %(said)s") % {"number": row + 1, "said": said}
            yield Problem("licences", lead, row, part)


def _of_licence(licence: Licence, known: Known) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) of one licence."""
    for part, codes in (("territories", licence.territories), ("excluded", licence.excluded)):
        for code in codes:
            if not _PLACE.fullmatch(code) or not _is_country(code[:2]):
                yield part, _("%(code)s is no country of ISO 3166, such as KR.") % {"code": code}
    for tier in sorted(set(licence.tiers) - known.tiers):
        yield "tiers", _("There is no plan %(plan)s.") % {"plan": tier}
    if licence.zone not in available_timezones():
        yield "zone", _("%(zone)s is no time zone, such as Asia/Seoul.") % {"zone": licence.zone}
    ends = {"opens_at": licence.opens_at, "closes_at": licence.closes_at}
    zoneless = [name for name, end in ends.items() if end is not None and end.tzinfo is None]
    for name in zoneless:
        yield name, _("A moment needs its time zone, as in 2027-06-01T00:00Z.")
    opens, closes = ends.values()
    if not zoneless and opens is not None and closes is not None and opens >= closes:
        yield "closes_at", _("It closes before it opens.")


def _is_language(tag: str) -> bool:
    """Whether CLDR knows the tag, or ISO 639-3 has a language of these three letters."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag in (SILENT, "mul") or (bool(_ISO_639_3.fullmatch(tag)) and tag_is_valid(tag))
    return True


def _is_country(code: str) -> bool:
    return bool(_COUNTRY.fullmatch(code)) and code in Locale("en").territories
