from django.db import migrations, models

import plainview.domains.accounts.models


def staff_become_administrators(apps, schema_editor):
    """Whoever was staff could do everything at the desk, and still can."""
    apps.get_model("accounts", "User").objects.filter(is_staff=True).update(roles="administrator")


def whoever_has_a_role_is_staff(apps, schema_editor):
    apps.get_model("accounts", "User").objects.exclude(roles="").update(is_staff=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_profile")]

    operations = [
        migrations.AddField(
            "user",
            "roles",
            models.CharField(
                blank=True,
                default="",
                max_length=60,
                validators=[plainview.domains.accounts.models.known_roles],
            ),
        ),
        migrations.RunPython(staff_become_administrators, whoever_has_a_role_is_staff),
        migrations.RemoveField("user", "is_staff"),
    ]
