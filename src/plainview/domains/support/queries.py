"""What one can ask of letters."""

from __future__ import annotations

from django.db.models import QuerySet

from plainview.domains.support.models import CopyrightNotice


def notices() -> QuerySet[CopyrightNotice]:
    """Every copyright notice, the newest first."""
    return CopyrightNotice.objects.all()


def open_notices() -> int:
    """How many copyright notices wait for somebody."""
    return CopyrightNotice.objects.filter(state=CopyrightNotice.State.OPEN).count()
