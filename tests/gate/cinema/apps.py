"""A cinema with members, for the tests of the gate."""

from django.apps import AppConfig


class Cinema(AppConfig):
    """Puts the tests' policy into force."""

    name = "tests.gate.cinema"
    label = "cinema"

    def ready(self) -> None:
        from tests.gate.policy import CINEMA

        from plainview.privacy.declarations import mark_table
        from plainview.privacy.gate.purposes import enforce

        mark_table("jobs_job", nobody="ids of work to do")
        enforce(CINEMA)
