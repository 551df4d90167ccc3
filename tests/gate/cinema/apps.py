"""A cinema with members, for the tests of the gate."""

from django.apps import AppConfig


class Cinema(AppConfig):
    """Puts the tests' policy into force."""

    name = "tests.gate.cinema"
    label = "cinema"

    def ready(self) -> None:
        from plainview.privacy.gate.purposes import enforce
        from tests.gate.policy import CINEMA

        enforce(CINEMA)
