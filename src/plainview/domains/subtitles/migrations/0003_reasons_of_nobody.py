"""What people typed beside lines before that went with them: of who has left since, it goes now."""

from django.db import migrations

OURS = ('merge', 'unsplit', 'part', 'imported', 'nothing left')
"""What the service itself writes beside what is of nobody."""


def empty(apps, schema_editor):
    for name in ('Revision', 'Passage'):
        rows = apps.get_model('subtitles', name).objects.filter(account=None)
        rows.exclude(reason='').exclude(reason__in=OURS).update(reason='')


class Migration(migrations.Migration):

    dependencies = [
        ('subtitles', '0002_whose_sheet'),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
