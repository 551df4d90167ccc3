"""What people are written to about: topics of news, and the messages that come in any case."""

from plainview.engine.declarations.words import Carrier, Declaration, Ids


class Topic(Carrier, frozen=True, kw_only=True):
    """Something that news is about, which can be refused by itself."""

    id: str = ""
    name: str


class Notification(Carrier, frozen=True, kw_only=True):
    """A kind of message that comes whatever news is refused, since it serves what was asked for."""

    id: str = ""
    name: str


class MessageFile(Declaration, frozen=True, kw_only=True):
    """messages.toml (may be missing). `channels` are the purposes by which news reaches people.

    Those that are `waiting` have no sender yet: nobody is asked about them. `weekly` is how many
    pieces of news a channel takes to one address in seven days, at most; left out, all.
    """

    channels: Ids = ()
    waiting: Ids = ()
    weekly: dict[str, int] = {}
    topic: dict[str, Topic] = {}
    service: dict[str, Notification] = {}
