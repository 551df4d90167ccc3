"""Letters that came from somebody's address and were never proved to be theirs, when they leave.

Those that were proved are theirs by their row. The others stand under a number of their own. One
that waits for a person, or whose request is open, stays as what somebody wrote who showed nobody
who they are: whoever it was, perhaps rightly, is owed an answer. The report tells of it, and it
goes by its schedule once it is answered. The rest would only lead to whoever has the address.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from plainview.privacy.post.models import RECEIVED, Letter
from plainview.privacy.rights.holdings import Quiet
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line


class Letters(Quiet):
    """Letters under the sender's address, whoever wrote them, to which nothing is owed any more."""

    name = "letters"

    def _theirs(self, person: Person) -> QuerySet[Letter]:
        addresses = {each.lower() for each in person.addresses}
        done = Q(request=None) | Q(request__closed_at__isnull=False)
        found = Letter.objects.filter(done, sender__in=addresses)
        return found.exclude(state=Letter.State.WAITING).exclude(subject=person.subject)

    def plan(self, person: Person) -> Iterator[Line]:
        """How many there are."""
        if count := self._theirs(person).count():
            yield Line(self.name, RECEIVED, "removed", count)

    def erase(self, person: Person) -> int:
        """Files go before their rows. Raises OSError for a file that can't be deleted."""
        rows = self._theirs(person)
        for row in rows:
            row.file.delete(save=False)
        return rows.delete()[0]
