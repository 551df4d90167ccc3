"""The open purpose of the moment: an object that a door opens and that dies with its door.

A scope belongs to the thread that opened it and to one life; when the door closes the life ends,
and every scope entered within it ends with it, whoever still holds a reference.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from threading import get_ident
from types import FrameType
from typing import TYPE_CHECKING, Any

from plainview.privacy.gate.grants import Grant, grant
from plainview.privacy.gate.refusals import NotListed, Refused, no_purpose

if TYPE_CHECKING:
    from plainview.privacy.gate.looks import Looks

Subject = int | None
_SUSPENDING = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True, slots=True)
class Door:
    """A declared way in: one purpose, its source, and the purposes it may enter besides."""

    name: str
    purpose: str
    may: frozenset[str] = frozenset()
    source: str = ""
    everyone: str = ""
    about: str = ""
    """The url keyword that names whom a view is about, if not the person at the door."""
    lists: frozenset[str] = frozenset()
    """The categories that a door of the staff shows of everybody, without a case (`looks.py`)."""


@dataclass(slots=True, eq=False)
class Life:
    """From the opening of a door to its closing."""

    door: Door
    find_subject: Callable[[], Subject] | None = None
    find_permitted: Callable[[], int] | None = None
    find_oneself: Callable[[], Subject] | None = None
    open: bool = True
    thread: int = field(default_factory=get_ident)
    records: bool = True
    looks: Looks | None = None
    """Behind a door of the staff: what is read of everybody, and in which cases."""
    uses: list[tuple[str, AbstractSet[tuple[str, str]], int]] = field(default_factory=list)
    _subject: Subject = None
    _found: bool = False
    _permitted: int | None = None

    @property
    def subject(self) -> Subject:
        """Whose rows a narrowed statement sees; None is somebody whom nothing identifies."""
        if not self._found:
            self._found = True
            self._subject = self.find_subject() if self.find_subject else None
        return self._subject

    def become(self, subject: Subject) -> None:
        """From here on this is the person at the door (signed in, or signed out with None).

        Raises Refused behind a door about somebody else, which only a warrant can name.
        """
        if self.door.about:
            raise Refused(f"door {self.door.name} is about somebody else: nobody signs in here")
        self._subject, self._found, self._permitted = subject, True, None

    def allows(self, bit: int) -> bool:
        """Whether the request itself leaves a refusable purpose open.

        It may be stricter than the standing in the database (another place, a device that said
        no, a signal just heard), never more generous: rows are filtered by the standing besides.
        """
        if self.find_permitted is None:
            return True
        if self._permitted is None:
            self._permitted = self.find_permitted()
        return bool(self._permitted >> bit & 1)


class Scope:
    """One purpose, within one life."""

    __slots__ = ("duty", "everyone", "grant", "label", "life", "purpose", "restricts")

    def __init__(self, life: Life, granted: Grant, duty: str = "") -> None:
        self.life = life
        self.grant = granted
        self.purpose = granted.purpose
        self.duty = duty
        self.everyone = bool(life.door.everyone or duty)
        self.restricts = not duty and (granted.refusable or not self.everyone)
        """Whether a personal table is fewer rows than it holds."""
        if duty:
            self.label = f"duty {duty}"
        else:
            self.label = granted.label if self.everyone else f"{granted.label} of one"

    @property
    def open(self) -> bool:
        """Whether its door is still open and this is the door's own thread."""
        return self.life.open and self.life.thread == get_ident()

    def __repr__(self) -> str:
        state = "open" if self.open else "closed"
        return f"<{state} scope {self.duty or self.purpose} of {self.life.door.name}>"


_current: ContextVar[Scope | None] = ContextVar("plainview_scope", default=None)


def current() -> Scope | None:
    """The open scope of this thread, or None."""
    scope = _current.get()
    if scope is None or not scope.life.open or scope.life.thread != get_ident():
        return None
    return scope


def require() -> Scope:
    """The open scope of this thread. Raises NoPurpose."""
    scope = current()
    if scope is None:
        raise no_purpose("what is asked for")
    return scope


class Held:
    """Makes `scope` the current one for the length of a `with`, and puts back what was there."""

    __slots__ = ("_token", "scope")

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope

    def __enter__(self) -> Scope | None:
        self._token = _current.set(self.scope)
        return self.scope

    def __exit__(self, *error: object) -> None:
        _current.reset(self._token)


def refuse_suspending(frame: FrameType | None) -> None:
    """Raise Refused if `frame` can be left in the middle: its scope would leak to the consumer.

    What an `ExitStack` enters, whoever holds the stack opens.
    """
    while frame is not None and frame.f_globals.get("__name__") == "contextlib":
        frame = frame.f_back
    if frame is not None and frame.f_code.co_flags & _SUSPENDING:
        raise Refused(
            f"{frame.f_code.co_qualname if sys.version_info >= (3, 11) else frame.f_code.co_name}"
            " can be suspended (a generator or coroutine), so it cannot open a purpose: whoever"
            " consumes it would run under it. Open the purpose in the consumer, or return a list."
        )


class entering(Held):
    """Replace the ambient purpose by another one that the door lists.

    Behind a door about somebody else, or one at which the staff see everybody, `oneself` narrows
    the step to the person at the door; behind any other it changes nothing. Raises NotListed for
    any other purpose, NoPurpose outside a door, Refused in a generator.
    """

    __slots__ = ("_own", "oneself", "purpose")

    def __init__(self, purpose: str, *, oneself: bool = False) -> None:
        self.purpose = purpose
        self.oneself = oneself

    def __enter__(self) -> Scope:
        refuse_suspending(sys._getframe(1))
        outer = require()
        door = outer.life.door
        if not outer.duty and self.purpose != door.purpose and self.purpose not in door.may:
            listed = ", ".join(sorted({door.purpose, *door.may}))
            raise NotListed(
                f"door {door.name} may enter {listed}, not {self.purpose}."
                "\n  1. List it: @serves(…, may=[…])."
                "\n  2. Do this step in a task of its own, with its own door."
                "\n  3. Publish an event, and let a subscriber of that purpose hear it."
            )
        life = outer.life
        self._own: Life | None = None
        if self.oneself and door.about:
            life = self._own = Life(door, life.find_oneself, records=life.records, uses=life.uses)
        elif self.oneself and life.looks is not None:  # the staff at a door that sees everybody
            own = replace(door, everyone="")
            life = self._own = Life(own, life.find_subject, records=life.records, uses=life.uses)
        self.scope = Scope(life, grant(self.purpose))
        super().__enter__()
        return self.scope

    def __exit__(self, *ending: Any) -> None:
        super().__exit__(*ending)
        if self._own is not None:
            self._own.open = False


class Opened(Held):
    """A door held open: `with Opened(door, subject):`. Entering replaces any ambient scope."""

    def __init__(
        self,
        door: Door,
        find_subject: Callable[[], Subject] | None = None,
        granted: Grant | None = None,
        duty: str = "",
        find_permitted: Callable[[], int] | None = None,
    ) -> None:
        self.life = Life(door, find_subject, find_permitted)
        self.scope: Scope = Scope(self.life, granted or grant(door.purpose), duty)

    def __enter__(self) -> Scope:
        outer = current()
        if outer is not None:  # one page, one record, whatever opens within it
            self.life.uses, self.life.records = outer.life.uses, outer.life.records
            self.life.looks = outer.life.looks
        super().__enter__()
        return self.scope

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.life.open = False


def keep(function: Callable[[], Any]) -> Callable[[], Any]:
    """`function`, run later under the scope of now if that is still open, else under none."""
    scope = current()

    @functools.wraps(function)
    def run() -> Any:
        with Held(scope):
            return function()

    return run
