"""The desk as a Django app: it hears when somebody adds a second factor."""

from django.apps import AppConfig


class Staff(AppConfig):
    name = "plainview.domains.staff"
    label = "staff"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        from plainview.domains.staff import access  # noqa: PLC0415

        authenticator_added.connect(access.count_first_factor, dispatch_uid="staff_first_factor")
