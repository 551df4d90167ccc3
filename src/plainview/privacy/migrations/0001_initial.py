from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("subject", models.BigIntegerField(primary_key=True, serialize=False)),
                ("permitted", models.BigIntegerField()),
                ("valid_until", models.BigIntegerField(null=True)),
                ("policy", models.CharField(max_length=64)),
                ("epoch", models.IntegerField(default=0)),
            ],
            options={"db_table": "privacy_standing"},
        ),
    ]
