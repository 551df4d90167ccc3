"""Privacy as a Django app: the standing, the checks, the policy in force."""

from django.apps import AppConfig


class Privacy(AppConfig):
    """Installs the marks of Django's own tables, the checks and the refusal to pickle."""

    name = "plainview.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plainview.privacy import checks, instances, third_parties

        third_parties.mark()
        checks.register()
        instances.refuse_pickling()
