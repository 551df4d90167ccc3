"""The tables of the catalogue."""

from plainview.domains.catalogue.models.collections import Collection, Entry
from plainview.domains.catalogue.models.licences import Licence
from plainview.domains.catalogue.models.reminders import Reminder
from plainview.domains.catalogue.models.revisions import Revision
from plainview.domains.catalogue.models.titles import (
    REVEALS,
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
    unlisted,
)
