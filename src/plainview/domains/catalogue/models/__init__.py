"""The tables of the catalogue."""

from plainview.domains.catalogue.models.collections import Collection, Entry
from plainview.domains.catalogue.models.licences import Licence, Reminder
from plainview.domains.catalogue.models.titles import (
    REVEALS,
    Credit,
    Genre,
    Label,
    Person,
    Revision,
    Season,
    Tag,
    Title,
    Video,
    listed,
    released,
    unlisted,
)
