"""What keeps a service from starting, wherever it serves and wherever it works.

Everything that is judged lies with whoever runs the service, and can be mended there: the policy in
force held against the software, where recipients listen, and the templates of the operator's own.
"""

from __future__ import annotations

from plainview.privacy.disclosures import connections, embeds, letters
from plainview.privacy.versions.services import AGAINST_SOFTWARE

JUDGED = (*AGAINST_SOFTWARE, connections.check, embeds.check, letters.check)


class Unfit(RuntimeError):
    """Nothing may start; the text says all that is to be mended, a line each."""


def refuse_unfit() -> None:
    """Raises Unfit where the policy in force, the connections or a template would break a promise.

    Called once the process goes by the version that is in force.

    Promises: P6c.
    """
    if found := [each for check in JUDGED for each in check()]:
        raise Unfit("\n".join(f"{each.msg}: {each.hint}" for each in found))
