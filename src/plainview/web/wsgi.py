"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainview.settings")
application = get_wsgi_application()

from plainview.privacy.disclosures.guarding import shut  # noqa: E402 - needs Django set up

shut()
