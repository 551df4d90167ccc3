"""Privacy as a Django app: the standing, the checks, the policy in force."""

from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class Privacy(AppConfig):
    """Puts the policy into force; installs Django's marks, the checks and the refusal to pickle."""

    name = "plainview.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Raises PolicyDoesNotLoad, with all that is to be mended: nothing starts without one."""
        from plainview.privacy import checks, instances, ledgers, policies, roles, third_parties
        from plainview.privacy.consent import linking, storage
        from plainview.privacy.log import accounting

        if folder := getattr(settings, "POLICY_DIR", None):
            policies.start(Path(folder), storage.declared(), getattr(settings, "DATA", None))
            accounting.join()
        third_parties.mark()
        checks.register()
        if apps.is_installed("plainview.platform.jobs"):
            from plainview.privacy import permissions, tasks

            register(tasks.check_tasks, Tags.compatibility)
            from plainview.privacy.decisions import register as deciding
            from plainview.privacy.disclosures import connections, embeds, letters, recalls
            from plainview.privacy.disclosures import tasks as leaving  # noqa: F401
            from plainview.privacy.gate import corrected, preserved
            from plainview.privacy.log import tasks as placing  # noqa: F401
            from plainview.privacy.receipts import keeping
            from plainview.privacy.rights import holdings, holds, scanning, stores, undeclared

            register(connections.check, Tags.compatibility)
            register(letters.check, Tags.compatibility)
            register(deciding.check, Tags.compatibility)
            register(embeds.check, Tags.compatibility)
            from plainview.privacy.post import keeping as letters_kept
            from plainview.privacy.post import tasks as arriving  # noqa: F401
            from plainview.privacy.requests import ending as requests
            from plainview.privacy.rights import services as rights

            rights.begun.append(requests.begun)
            recalls.ended.append(requests.ended)
            from plainview.privacy.disclosures import feeds
            from plainview.privacy.push import services as push
            from plainview.privacy.push import tasks as pushing  # noqa: F401

            for told in (recalls, push, feeds):
                permissions.watch(told.standing_changed)
            from plainview.privacy.changes import publishing as changing

            changing.join()
            corrected.watch(recalls.corrected, recalls.cares)
            preserved.by(holds.preserve)
            from plainview.privacy.backups import barrier, returning
            from plainview.privacy.backups import holding as copies
            from plainview.privacy.backups import tasks as ending_copies  # noqa: F401
            from plainview.privacy.consent import ending, reciting
            from plainview.privacy.log import inspecting, sequencing
            from plainview.privacy.versions import tasks as publishing  # noqa: F401

            inspecting.compare_with(reciting.disagreements)
            ending.join()
            sequencing.hears(barrier.put_back)
            for holding in (
                stores.Cache, stores.Outbox, stores.Jobs, keeping.Receipts, scanning.Database,
                scanning.Folder, undeclared.Undeclared, letters_kept.Letters, copies.Copies,
            ):  # fmt: skip
                holdings.register(holding())
            returning.listen()
        instances.refuse_pickling()
        instances.keep_to_the_page()
        instances.name_nobody()
        linking.listen()
        post_migrate.connect(ledgers.install, dispatch_uid="privacy_ledgers")
        post_migrate.connect(roles.renew, dispatch_uid="privacy_roles")
        if folder:
            post_migrate.connect(accounting.migrated, dispatch_uid="privacy_accounting")
