import django.utils.timezone
import plainview.platform.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Search',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('query', models.CharField(max_length=100)),
                ('words', models.CharField(max_length=200)),
                ('searched_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-searched_at', '-id'],
                'indexes': [models.Index(fields=['subject', '-searched_at'], name='searches_search_latest')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'words'), name='searches_search_once')],
            },
        ),
    ]
