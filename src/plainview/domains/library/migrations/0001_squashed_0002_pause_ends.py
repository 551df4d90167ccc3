import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import plainview.platform.identifiers
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('library', each) for each in (
        '0001_initial', '0002_pause_ends',
    )]

    initial = True

    dependencies = [
        ('catalogue', '0001_squashed_0008_newest_first'),
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('subject', models.BigIntegerField(primary_key=True, serialize=False)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('followed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('collection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.collection')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.person')),
                ('title', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title')),
            ],
            options={
                'ordering': ['-followed_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('subject', 'title'), name='library_follow_title_once'), models.UniqueConstraint(fields=('subject', 'person'), name='library_follow_person_once'), models.UniqueConstraint(fields=('subject', 'collection'), name='library_follow_collection_once')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('stars', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('public', models.BooleanField(default=False)),
                ('rated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title')),
            ],
            options={
                'ordering': ['-rated_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('subject', 'title'), name='library_rating_once')],
            },
        ),
        migrations.CreateModel(
            name='Saved',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('list', models.CharField(choices=[('later', 'Watch later'), ('favourites', 'Favourites')], max_length=10)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title')),
            ],
            options={
                'ordering': ['-saved_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('subject', 'list', 'title'), name='library_saved_once')],
            },
        ),
    )]
