"""Privacy as a Django app: the standing, the checks, the policy in force."""

import logging
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

log = logging.getLogger(__name__)


class Privacy(AppConfig):
    """Installs the marks of Django's own tables, the checks and the refusal to pickle."""

    name = "plainview.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plainview.engine import PolicyErrors  # noqa: PLC0415
        from plainview.privacy import (  # noqa: PLC0415
            checks,
            instances,
            loading,
            roles,
            third_parties,
        )

        third_parties.mark()
        checks.register()
        if apps.is_installed("plainview.platform.jobs"):
            from plainview.privacy import tasks  # noqa: PLC0415

            register(tasks.check_tasks, Tags.compatibility)
        instances.refuse_pickling()
        post_migrate.connect(roles.renew, dispatch_uid="privacy_roles")
        if folder := getattr(settings, "POLICY_DIR", None):
            try:
                loading.put_into_force(Path(folder))
            except PolicyErrors as errors:  # `check` says so again; no door opens until mended
                log.error("no policy is in force: %s", errors)
