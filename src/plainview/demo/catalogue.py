"""What the demo has: titles, people, genres and videos, read from `catalogue.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

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


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A film or a series; `texts` hold name, tagline and synopsis."""

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

    @property
    def poster(self) -> Path:
        return HERE / "posters" / f"{self.slug}.svg"

    @property
    def backdrop(self) -> Path:
        return HERE / "backdrops" / f"{self.slug}.svg"


class Demo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole catalogue; `people` and `genres` by slug, titles in the order to feature them."""

    genres: dict[str, Texts]
    people: dict[str, Texts]
    titles: list[Title]


def load() -> Demo:
    """The demo's catalogue. Raises msgspec.ValidationError, which names the place that is wrong."""
    return msgspec.toml.decode((HERE / "catalogue.toml").read_bytes(), type=Demo)
