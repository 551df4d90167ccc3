"""Telling whoever asked for a copy that it is ready, by a letter that names nothing of it."""

from __future__ import annotations

import datetime as dt
import logging

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.platform.addresses import link
from plainview.privacy.disclosures import post
from plainview.privacy.disclosures.connections import NotConnected
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.gate.identity import identifying
from plainview.privacy.rights import planning
from plainview.privacy.rights.copies.models import KIND, Copy

log = logging.getLogger("plainview.privacy.copies")
TEMPLATE = "privacy/mail/copy"


def ends_at(row: Copy) -> dt.datetime:
    """When the address of a copy leads nowhere any more; the sweep then takes its file."""
    return planning.ends_at(row.asked_at, KIND)


def shut_out(account: int) -> bool:
    """Whether an account is there to which nobody can sign in, as one that is suspended."""
    with identifying():
        return get_user_model().objects.filter(pk=account, is_active=False).exists()


def ready(row: Copy) -> bool:
    """Write to a member that their copy waits, in the language of the copy; once.

    False where there is no address, as of a device without account, or where no letter can leave:
    the page says how far it is. So does that of the request of somebody who can't sign in.
    """
    if shut_out(row.subject):
        return False
    address = link("privacy-copy")
    said = {"address": address, "until": timezone.localtime(ends_at(row))}
    try:
        return post.write(row.subject, TEMPLATE, said, _("Your copy is ready"))
    except (Denied, NotConnected) as error:
        log.error("somebody was not told that their copy is ready: %s", error)
        return False
