"""Privacy as a Django app: the standing, the checks, the policy in force."""

from django.apps import AppConfig


class Privacy(AppConfig):
    """Installs the marks of Django's own tables, the checks and the refusal to pickle."""

    name = "plainview.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from plainview.privacy import checks, instances, roles, third_parties

        third_parties.mark()
        checks.register()
        instances.refuse_pickling()
        post_migrate.connect(roles.renew, dispatch_uid="privacy_roles")
