import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_who_uploaded(apps, schema_editor):
    Ingest = apps.get_model("playback", "Ingest")
    Upload = apps.get_model("playback", "Upload")
    Upload.objects.bulk_create(
        Upload(ingest_id=ingest, account_id=account)
        for ingest, account in Ingest.objects.exclude(uploaded_by=None).values_list(
            "pk", "uploaded_by"
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("playback", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ingest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="upload",
                        to="playback.ingest",
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep_who_uploaded, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="ingest",
            name="uploaded_by",
        ),
    ]
