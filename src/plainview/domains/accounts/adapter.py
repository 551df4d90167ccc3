"""How django-allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Signing in for staff; registering opens with the rooms that ask a person's choices first."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
