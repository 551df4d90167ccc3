"""What the API says of the programme, as its description has it (`/api/openapi.json`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from ninja import Schema
from pydantic import Field

from plainview.domains.catalogue import models
from plainview.domains.catalogue.licensing import Availability, Seat
from plainview.domains.catalogue.queries import may_see
from plainview.domains.catalogue.texts import Words
from plainview.domains.playback.queries import may_play
from plainview.platform.addresses import absolute
from plainview.web.pages.availability import in_words
from plainview.web.pages.cards import artwork, card_facts, films_of, package_of


class Text(Schema):
    """Words, and the language that they are in: the one asked for where there are some."""

    text: str
    language: str


class Here(Schema):
    """Whether something may be watched from where the request came; `said` is why not, in words."""

    available: bool
    why: str = Field(description="here, soon, over, plan, elsewhere")
    at: datetime | None = Field(None, description="When it opens or opened, or will close.")
    said: str = ""


class Named(Schema):
    """A genre, tag, person or collection."""

    slug: str
    name: Text
    page: str


class Described(Named):
    """The same with what is said of it."""

    about: Text


class Title(Schema):
    """A film or series as a list has it."""

    slug: str
    kind: str
    name: Text
    tagline: Text
    year: int | None
    facts: list[str] = Field(description="Year and length, or episodes, in words.")
    poster: str = Field(description="Address of the poster; empty without one.")
    page: str
    href: str = Field(description="Address of the whole of it here.")
    here: Here


class Credit(Schema):
    """Somebody who made it."""

    person: Named
    role: str
    character: Text


class Video(Schema):
    """A film, episode, trailer or clip. `watch` is its page, which plays it."""

    key: str
    kind: str
    season: int | None
    number: int | None
    name: Text
    synopsis: Text
    language: str
    seconds: int | None = Field(description="Its length; null while it is being prepared.")
    still: str
    watch: str
    here: Here


class Season(Schema):
    """A season with its episodes in order."""

    number: int
    name: Text
    episodes: list[Video]


class WholeTitle(Title):
    """A film or series with all that its page says."""

    synopsis: Text
    original_language: str
    countries: list[str]
    ratings: dict[str, str]
    backdrop: str
    genres: list[Named]
    tags: list[Named]
    credits: list[Credit]
    videos: list[Video]


class Played(Video):
    """A video by itself: its title, and the episode after it."""

    title: str = Field(description="The slug of its title.")
    next: str | None = Field(description="The key of the episode after it.")


class Titles(Schema):
    """A page of a list. `next` is the address of the page after it; null at the end."""

    titles: list[Title]
    next: str | None


class Row(Schema):
    """A row of home, with what it begins with; `more` is the list that it is the beginning of."""

    key: str
    name: str
    more: str | None
    titles: list[Title]


class Home(Schema):
    """The rows of home, as a stranger has them."""

    rows: list[Row]


class Names(Schema):
    """A list of genres, tags, people or collections."""

    names: list[Named]
    next: str | None = None


class Track(Schema):
    """The subtitles of a video in a language. `lines` and `webvtt` are addresses."""

    language: str
    label: str
    lines: str
    webvtt: str


class Tracks(Schema):
    """The subtitles that there are of a video."""

    tracks: list[Track]


class Line(Schema):
    """What is said between two moments, in milliseconds, without markup."""

    start_ms: int
    end_ms: int
    text: str


class Transcript(Schema):
    """Every line of a track."""

    language: str
    lines: list[Line]


def text(words: Words) -> Text:
    """Words with their language."""
    return Text(text=words.text, language=words.language)


def here(found: Availability, seat: Seat) -> Here:
    """An answer of the licences, in names and in words."""
    said = in_words(found, seat)
    return Here(
        available=bool(found), why=found.why.value, at=found.at, said=said.text if said else ""
    )


def named(row: models.Genre | models.Tag | models.Person | models.Collection) -> Named:
    """Something with a page of its own."""
    return Named(slug=row.slug, name=text(row.name), page=absolute(page_of(row)))


def page_of(row: models.Genre | models.Tag | models.Person | models.Collection) -> str:
    """The page of it for people."""
    if isinstance(row, models.Person):
        return reverse("person", args=[row.slug])
    return row.get_absolute_url()


def title(row: models.Title, seat: Seat) -> Title:
    """A title that comes from `for_posters`."""
    return Title(**_brief(row, seat))


def _brief(row: models.Title, seat: Seat) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "kind": row.kind,
        "name": text(row.name),
        "tagline": text(row.tagline),
        "year": row.year,
        "facts": card_facts(row, films_of(row)),
        "poster": absolute(artwork(row.picture("poster"))),
        "page": absolute(row.get_absolute_url()),
        "href": absolute(reverse("api:title", args=[row.slug])),
        "here": here(may_see(row, seat), seat),
    }


def whole(row: models.Title, seat: Seat) -> WholeTitle:
    """A title that comes with its people, genres, tags and seasons."""
    return WholeTitle(
        **_brief(row, seat),
        synopsis=text(row.synopsis),
        original_language=row.original_language,
        countries=row.countries,
        ratings=row.ratings,
        backdrop=absolute(artwork(row.picture("backdrop"))),
        genres=[named(each) for each in row.genres.all()],
        tags=[named(each) for each in row.tags.all()],
        credits=[
            Credit(person=named(each.person), role=each.role, character=text(each.character))
            for each in row.credits.all()
        ],
        videos=[video(each, seat) for each in films_of(row) if each.kind != each.Kind.EPISODE],
    )


def video(row: models.Video, seat: Seat) -> Video:
    """A video that comes from `videos_for_cards`, with its title."""
    return Video(**_video(row, seat))


def _video(row: models.Video, seat: Seat) -> dict[str, Any]:
    package = package_of(row)
    return {
        "key": row.key,
        "kind": row.kind,
        "season": row.season.number if row.season else None,
        "number": row.number,
        "name": text(row.name),
        "synopsis": text(row.synopsis),
        "language": row.language,
        "seconds": package.duration_ms // 1000 if package else None,
        "still": absolute(package.poster_url) if package else "",
        "watch": absolute(row.get_absolute_url()),
        "here": here(may_play(row, seat), seat),
    }


def played(row: models.Video, seat: Seat, following: str | None) -> Played:
    """A video with its title and the key of what follows it."""
    return Played(**_video(row, seat), title=row.title.slug, next=following)


def season(row: models.Season, episodes: list[models.Video], seat: Seat) -> Season:
    """A season with its episodes."""
    return Season(
        number=row.number,
        name=text(row.name),
        episodes=[video(each, seat) for each in episodes],
    )
