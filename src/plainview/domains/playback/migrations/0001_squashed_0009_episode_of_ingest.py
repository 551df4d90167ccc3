import django.db.models.deletion
import plainview.platform.identifiers
from django.conf import settings
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('playback', each) for each in (
        '0001_initial', '0002_upload', '0003_viewing', '0004_arrival', '0005_chapters_and_marks',
        '0006_parts', '0007_player', '0008_words_of_platforms', '0009_episode_of_ingest',
    )]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0007_picked_language'),
        ('catalogue', '0001_squashed_0008_newest_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, editable=False, max_length=12, unique=True)),
                ('source_name', models.CharField(max_length=255)),
                ('size', models.BigIntegerField(help_text='bytes, when it is whole')),
                ('modified', models.BigIntegerField(default=0, help_text='of the file, as its sender said, in ms')),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-expires_at'],
            },
        ),
        migrations.CreateModel(
            name='PlayerSettings',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('caption_language', models.CharField(blank=True, max_length=35)),
                ('second_language', models.CharField(blank=True, max_length=35)),
                ('look', models.JSONField(default=dict)),
                ('play_next', models.BooleanField(null=True)),
                ('data_saver', models.BooleanField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Ingest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, editable=False, max_length=12, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('working', 'Working'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=7)),
                ('source_name', models.CharField(max_length=255)),
                ('name', models.CharField(help_text='name of the title to be', max_length=200)),
                ('language', models.CharField(default='und', help_text='spoken language', max_length=35)),
                ('draft', models.BooleanField(default=False, help_text='its title is not published')),
                ('place', models.JSONField(default=list, help_text='of an episode: series, season and number')),
                ('whole', models.BooleanField(default=False, help_text="it can't be encoded in parts")),
                ('progress', models.PositiveSmallIntegerField(default=0, help_text='per cent')),
                ('problem_code', models.CharField(blank=True, max_length=40)),
                ('problem', models.TextField(blank=True, help_text='what happened and what it means')),
                ('remedy', models.TextField(blank=True, help_text='what to do')),
                ('notes', models.JSONField(default=list, help_text='what the uploader should know, in words')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('title', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.title')),
                ('video', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='ingests', to='catalogue.video')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=12, unique=True)),
                ('duration_ms', models.PositiveIntegerField()),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('contents', models.JSONField(help_text='platform.media.Package, as JSON')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('video', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='package', to='catalogue.video')),
            ],
        ),
        migrations.CreateModel(
            name='PlatformUse',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('platform', models.CharField(choices=[('web', 'Browser'), ('phone', 'Phone'), ('tv', 'Television'), ('embed', 'Another site')], max_length=5)),
                ('month', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject', 'platform', 'month'), name='playback_platform_once')],
            },
        ),
        migrations.CreateModel(
            name='PlaybackFault',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('platform', models.CharField(choices=[('web', 'Browser'), ('phone', 'Phone'), ('tv', 'Television'), ('embed', 'Another site')], max_length=5)),
                ('kind', models.CharField(choices=[('network', 'The network failed'), ('stalled', 'It stood still'), ('missing', 'A file was missing'), ('media', 'The film could not be read'), ('unsupported', 'The browser can’t play it')], max_length=11)),
                ('times', models.PositiveIntegerField(default=0)),
                ('day', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject', 'platform', 'kind', 'day'), name='playback_fault_once')],
            },
        ),
        migrations.CreateModel(
            name='Sender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('arrival', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sender', to='playback.arrival')),
            ],
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ingest', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='upload', to='playback.ingest')),
            ],
        ),
        migrations.CreateModel(
            name='Chapter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_ms', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='catalogue.video')),
            ],
            options={
                'ordering': ['start_ms'],
                'constraints': [models.UniqueConstraint(fields=('video', 'start_ms'), name='playback_chapter_once')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('recap', 'Recap'), ('intro', 'Intro'), ('credits', 'Credits'), ('preview', 'Preview')], max_length=7)),
                ('start_ms', models.PositiveIntegerField()),
                ('end_ms', models.PositiveIntegerField()),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='catalogue.video')),
            ],
            options={
                'ordering': ['start_ms'],
                'constraints': [models.UniqueConstraint(fields=('video', 'kind'), name='playback_mark_once'), models.CheckConstraint(condition=models.Q(('end_ms__gt', models.F('start_ms'))), name='playback_mark_lasts')],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('first_frame', models.PositiveIntegerField(null=True)),
                ('end_frame', models.PositiveIntegerField(null=True)),
                ('done', models.BooleanField(default=False)),
                ('ingest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='playback.ingest')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('ingest', 'number'), name='playback_part_once')],
            },
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('position', models.PositiveIntegerField()),
                ('finished', models.BooleanField(default=False)),
                ('caption_offset', models.IntegerField(default=0)),
                ('stopped_at', models.DateTimeField()),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.video')),
            ],
            options={
                'ordering': ['-stopped_at'],
                'constraints': [models.UniqueConstraint(fields=('subject', 'video'), name='playback_progress_once')],
            },
        ),
        migrations.CreateModel(
            name='Viewing',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('sitting', models.CharField(max_length=32)),
                ('began_at', models.DateTimeField()),
                ('watched_at', models.DateTimeField()),
                ('seconds', models.PositiveIntegerField(default=0)),
                ('told', models.PositiveIntegerField(default=0)),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.video')),
            ],
            options={
                'ordering': ['-watched_at'],
                'indexes': [models.Index(fields=['subject', '-watched_at'], name='playback_viewing_latest')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'sitting', 'video'), name='playback_viewing_once')],
            },
        ),
    )]
