"""The WSGI application that granian serves.

Most threads of the server only hold streams open; of what is worked on, a few are at a time.
"""

from __future__ import annotations

import gc
import os
import threading
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainview.settings")
_site = get_wsgi_application()
_turns = threading.BoundedSemaphore(8)
"""As many requests at once as were measured to be quickest; a connection to the database each."""


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The site; a response that streams goes on after its turn."""
    with _turns:
        return _site(environ, start_response)


from plainview.privacy.backups import barrier  # noqa: E402 - needs Django set up
from plainview.privacy.disclosures.guarding import shut  # noqa: E402 - likewise
from plainview.privacy.versions import following  # noqa: E402 - likewise

shut()
barrier.begin()
following.watch()
gc.freeze()  # what stays for ever is not gone through again while somebody waits
