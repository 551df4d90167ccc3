"""The tables of the catalogue."""

from plainview.domains.catalogue.models.licences import Licence
from plainview.domains.catalogue.models.titles import (
    Credit,
    Genre,
    Label,
    Person,
    Season,
    Tag,
    Title,
    Video,
    listed,
    released,
)

__all__ = [
    "Credit",
    "Genre",
    "Label",
    "Licence",
    "Person",
    "Season",
    "Tag",
    "Title",
    "Video",
    "listed",
    "released",
]
