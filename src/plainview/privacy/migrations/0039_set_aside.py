from django.db import migrations


class Migration(migrations.Migration):
    """Whoever had uses set aside is folded anew as the service starts, so that the sweep knows."""

    dependencies = [
        ('privacy', '0038_preserved'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE privacy_standing SET policy = '' WHERE facts LIKE '%\"restrictions\":[{%'",
            migrations.RunSQL.noop,
        ),
    ]
