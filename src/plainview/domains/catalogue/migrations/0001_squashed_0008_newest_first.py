import django.db.models.deletion
import django.utils.timezone
import plainview.platform.identifiers
from django.conf import settings
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('catalogue', each) for each in (
        '0001_initial', '0002_licences', '0003_editing', '0004_pictures', '0005_entry_added_at',
        '0006_reminder_language', '0007_artwork_by_language', '0008_newest_first',
    )]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=120, unique=True)),
                ('texts', models.JSONField(default=dict)),
                ('place', models.PositiveSmallIntegerField(blank=True, help_text='place among the rows of home', null=True)),
                ('titles', models.ManyToManyField(related_name='collections', through='catalogue.Entry', to='catalogue.title')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('place'), nulls_last=True), 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Genre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texts', models.JSONField(default=dict)),
                ('slug', models.SlugField(allow_unicode=True, max_length=60, unique=True)),
                ('reveals', models.JSONField(blank=True, default=list, help_text='kinds of sensitive data')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'slug'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=120, unique=True)),
                ('texts', models.JSONField(default=dict)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texts', models.JSONField(default=dict)),
                ('slug', models.SlugField(allow_unicode=True, max_length=60, unique=True)),
                ('reveals', models.JSONField(blank=True, default=list, help_text='kinds of sensitive data')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'slug'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Title',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=120, unique=True)),
                ('texts', models.JSONField(default=dict)),
                ('kind', models.CharField(choices=[('film', 'Film'), ('series', 'Series')], default='film', max_length=6)),
                ('original_language', models.CharField(default='und', max_length=35)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('countries', models.JSONField(default=list, help_text='ISO 3166-1 codes')),
                ('ratings', models.JSONField(blank=True, default=dict, help_text='system -> age rating, as in fsk -> 12')),
                ('reveals', models.JSONField(blank=True, default=list, help_text='kinds of sensitive data')),
                ('licensed', models.BooleanField(default=False, help_text='shown only within its licences')),
                ('accent', models.CharField(blank=True, help_text='#rrggbb, sampled from the poster', max_length=7)),
                ('poster', models.CharField(blank=True, help_text='name in the artwork store', max_length=200)),
                ('pictures', models.JSONField(blank=True, default=dict, help_text='use, or use:language -> source, focus, colour, files')),
                ('backdrop', models.CharField(blank=True, help_text='name in the artwork store', max_length=200)),
                ('artwork', models.JSONField(blank=True, default=dict, help_text='language -> use -> name: pictures with words in them')),
                ('featured', models.PositiveSmallIntegerField(blank=True, help_text="place in the home page's first row", null=True)),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('search_terms', models.TextField(default='', editable=False)),
                ('genres', models.ManyToManyField(blank=True, related_name='titles', to='catalogue.genre')),
                ('tags', models.ManyToManyField(blank=True, related_name='titles', to='catalogue.tag')),
            ],
            options={
                'ordering': ['-published_at', 'id'],
                'indexes': [models.Index(fields=['-published_at', 'id'], name='catalogue_title_newest')],
            },
        ),
        migrations.CreateModel(
            name='Season',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seasons', to='catalogue.title')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(models.F('title'), models.F('number'), name='catalogue_season_number')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('edit', 'Edit'), ('bulk', 'Bulk'), ('import', 'Import'), ('undo', 'Undo')], default='edit', max_length=6)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='catalogue.title')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('opens_at', models.DateTimeField(null=True)),
                ('language', models.CharField(blank=True, help_text='of the page where it was asked for', max_length=35)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'title'), name='catalogue_reminder_once')],
            },
        ),
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('territories', models.JSONField(blank=True, default=list, help_text='ISO 3166 codes')),
                ('excluded', models.JSONField(blank=True, default=list, help_text='ISO 3166 codes')),
                ('tiers', models.JSONField(blank=True, default=list, help_text='ids of plans')),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('zone', models.CharField(default='UTC', help_text='IANA time zone', max_length=40)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='licences', to='catalogue.title')),
            ],
            options={
                'ordering': ['opens_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('closes_at__isnull', True), ('opens_at__lt', models.F('closes_at')), _connector='OR'), name='catalogue_licence_opens_before_it_closes')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='catalogue.collection')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='catalogue.title')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(models.F('collection'), models.F('title'), name='catalogue_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Credit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('director', 'Director'), ('writer', 'Writer'), ('cast', 'Cast'), ('music', 'Music'), ('camera', 'Camera'), ('editor', 'Editing'), ('producer', 'Producer')], max_length=8)),
                ('texts', models.JSONField(default=dict)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='catalogue.person')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credits', to='catalogue.title')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Video',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('feature', 'Feature'), ('episode', 'Episode'), ('trailer', 'Trailer'), ('clip', 'Clip')], default='feature', max_length=8)),
                ('number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('language', models.CharField(default='und', help_text='spoken language', max_length=35)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('season', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='episodes', to='catalogue.season')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='videos', to='catalogue.title')),
            ],
            options={
                'ordering': ['season__number', 'number', 'id'],
                'constraints': [models.UniqueConstraint(models.F('season'), models.F('number'), name='catalogue_episode_number'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'episode'), _negated=True), models.Q(('number__isnull', False), ('season__isnull', False)), _connector='OR'), name='catalogue_episode_has_place')],
            },
        ),
    )]
