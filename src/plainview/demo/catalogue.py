"""What the demo has: titles, people, genres and videos, read from `catalogue.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from plainview.demo.scenes import Scene

HERE = Path(__file__).parent
LANGUAGES = ("en", "es", "ko", "ja", "ar")

Texts = dict[str, dict[str, str]]
"""Language tag -> field -> words, as the catalogue's tables hold them."""


class Credit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person did for a title; `character` is by language, for the cast."""

    person: str
    role: Literal["director", "writer", "cast", "music"]
    character: dict[str, str] = {}

    @property
    def texts(self) -> Texts:
        return {language: {"character": name} for language, name in self.character.items()}


class Video(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One film to play. `film` is what `render` makes; an episode has a season and a number."""

    key: str
    film: str
    subtitles: dict[str, str]
    season: int | None = None
    number: int | None = None
    texts: Texts = {}
    language: str = "zxx"

    def subtitle_paths(self) -> dict[str, Path]:
        """The subtitle file of each language; formats and encodings differ on purpose."""
        return {language: HERE / "subtitles" / name for language, name in self.subtitles.items()}


class Licence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A window; both ends in days from the day when the demo is loaded."""

    territories: list[str] = []
    excluded: list[str] = []
    opens_in: int | None = None
    closes_in: int | None = None


class Collection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Titles by slug, in order; `texts` hold name and description."""

    titles: list[str]
    texts: Texts


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A film or a series; `texts` hold name, tagline and synopsis.

    Its pictures are drawings beside this file, or made of its `scene`. `comes_in` days it is
    published, and announced at once.
    """

    slug: str
    kind: Literal["film", "series"]
    year: int
    countries: list[str]
    original_language: str
    genres: list[str]
    ratings: dict[str, str]
    accent: str
    credits: list[Credit]
    texts: Texts
    videos: list[Video]
    tags: list[str] = []
    reveals: list[str] = []
    licences: list[Licence] = []
    comes_in: int | None = None
    scene: Scene | None = None

    @property
    def poster(self) -> bytes:
        if self.scene:
            return self.scene.svg(800, 1200, self.texts["en"]["name"])
        return (HERE / "posters" / f"{self.slug}.svg").read_bytes()

    @property
    def backdrop(self) -> bytes:
        if self.scene:
            return self.scene.svg(1600, 900)
        return (HERE / "backdrops" / f"{self.slug}.svg").read_bytes()


class Demo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole catalogue; `people` and `genres` by slug, titles in the order to feature them."""

    genres: dict[str, Texts]
    tags: dict[str, Texts]
    collections: dict[str, Collection]
    people: dict[str, Texts]
    titles: list[Title]


def load() -> Demo:
    """The demo's catalogue. Raises msgspec.ValidationError, which names the place that is wrong."""
    return msgspec.toml.decode((HERE / "catalogue.toml").read_bytes(), type=Demo)
