"""Whose what stands around lines is; of what came before nobody knows, so its look alone stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from plainview.domains.subtitles.formats import look
from plainview.platform.identifiers import new_id


def take_out(apps, schema_editor):
    sheets = apps.get_model('subtitles', 'Sheet').objects
    for sheet in sheets.iterator(chunk_size=100):
        sheets.filter(pk=sheet.pk).update(head=look(sheet.head, sheet.format))


class Migration(migrations.Migration):

    dependencies = [
        ('subtitles', '0001_squashed_0014_words_of_kinds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(take_out, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='sheet',
            name='id',
            field=models.BigIntegerField(default=new_id, editable=False, primary_key=True, serialize=False),
        ),
        migrations.AddField(
            model_name='sheet',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
