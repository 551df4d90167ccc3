"""Passwords that are refused, each with its reason in our words (P8b)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongEnough(django.MinimumLengthValidator):
    """Shorter than `min_length` characters is refused."""

    def get_error_message(self) -> str:
        return _("This is shorter than %(number)s characters: too quick to guess.") % {
            "number": self.min_length
        }


class Unknown(django.CommonPasswordValidator):
    """What stands on the list of the 20 000 most common passwords is refused. Nothing is asked."""

    def get_error_message(self) -> str:
        return _("This one is on the lists that attackers try first. Take a sentence of your own.")


class Unlike(django.UserAttributeSimilarityValidator):
    """What resembles the address is refused."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("email",))

    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError:
            raise ValidationError(
                _("This is too much like your address, which others know."),
                code="password_too_similar",
            ) from None
