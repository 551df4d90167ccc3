from django.db import migrations

from plainview.privacy import permissions, policies


def begin_standings(apps, schema_editor):
    """Accounts from before the gate have chosen nothing, and say so from now on."""
    User = apps.get_model("accounts", "User")
    Standing = apps.get_model("privacy", "Standing")
    known = set(Standing.objects.values_list("subject", flat=True))
    permitted, fingerprint = permissions.integer(permissions.newcomer(), device=False), policies.in_force().fingerprint
    Standing.objects.bulk_create(
        Standing(subject=account, permitted=permitted, policy=fingerprint)
        for account in User.objects.values_list("pk", flat=True)
        if account not in known
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("privacy", "0001_initial")]

    operations = [migrations.RunPython(begin_standings, migrations.RunPython.noop)]
