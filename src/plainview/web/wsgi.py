"""The WSGI application that granian serves."""

import faulthandler
import gc
import os
import signal

from django.core.wsgi import get_wsgi_application

from plainview.platform.frames import roomy
from plainview.web.charsets import charsets
from plainview.web.leaving import SERVED_BY, leave_with_parent
from plainview.web.turns import Turns

gc.disable()  # as `plainview.cli` does while it starts
faulthandler.register(signal.SIGUSR1)  # likewise
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainview.settings")
application = Turns(roomy(charsets(get_wsgi_application())))


from plainview.privacy.backups import barrier  # noqa: E402 - needs Django set up
from plainview.privacy.disclosures.guarding import shut  # noqa: E402 - likewise
from plainview.privacy.versions import following  # noqa: E402 - likewise
from plainview.web import outdated  # noqa: E402 - likewise

shut()
barrier.begin()
if SERVED_BY in os.environ:
    leave_with_parent()
following.watch()
outdated.watch()
gc.freeze()  # what stays for ever is not gone through again while somebody waits
gc.enable()
