import django.db.models.deletion
import plainview.platform.identifiers
from django.conf import settings
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('subtitles', each) for each in (
        '0001_initial', '0002_studio', '0010_proposal', '0011_together',
        '0012_withheld_subtitles', '0013_fewer_times', '0014_words_of_kinds',
    )]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0007_picked_language'),
        ('catalogue', '0001_squashed_0008_newest_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Byline',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(help_text='BCP 47 tag', max_length=35)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'Review'), ('released', 'Released'), ('locked', 'Locked')], default='draft', max_length=8)),
                ('filled', models.PositiveIntegerField(default=0)),
                ('limits', models.CharField(help_text='name and version, as house@1', max_length=60)),
                ('changes', models.PositiveIntegerField(default=0, help_text='counts what was changed in it')),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='catalogue.video')),
            ],
            options={
                'ordering': ['language'],
                'constraints': [models.UniqueConstraint(fields=('video', 'language'), name='subtitles_edition_language'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'released', 'locked'])), name='subtitles_edition_state')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('from_ms', models.PositiveIntegerField()),
                ('until_ms', models.PositiveIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='subtitles.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['edition', 'expires_at'], name='subtitles_claim_open')],
            },
        ),
        migrations.CreateModel(
            name='Accepted',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('timing', 'Timing'), ('writing', 'Text'), ('review', 'Review')], max_length=7)),
                ('piece', models.CharField(max_length=60)),
                ('characters', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted', to='subtitles.edition')),
            ],
            options={
                'ordering': ['made_at'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind', 'piece'), name='subtitles_accepted_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, editable=False, max_length=12, unique=True)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('role', models.CharField(choices=[('manager', 'Channel manager'), ('chief-segmenter', 'Chief segmenter'), ('segmenter', 'Segmenter'), ('moderator', 'Language moderator'), ('editor', 'Editor'), ('subtitler', 'Subtitler'), ('viewer', 'Viewer')], max_length=15)),
                ('expires_at', models.DateTimeField()),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title')),
            ],
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('change', models.PositiveIntegerField(default=0, help_text='Edition.changes at its last version')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='subtitles.edition')),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='subtitles.segment')),
            ],
            options={
                'indexes': [models.Index(fields=['edition', 'change'], name='subtitles_line_change')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'segment'), name='subtitles_line_once')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('role', models.CharField(choices=[('manager', 'Channel manager'), ('chief-segmenter', 'Chief segmenter'), ('segmenter', 'Segmenter'), ('moderator', 'Language moderator'), ('editor', 'Editor'), ('subtitler', 'Subtitler'), ('viewer', 'Viewer')], max_length=15)),
                ('standing', models.CharField(choices=[('applied', 'Asked to join'), ('member', 'Member')], max_length=7)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('since', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title')),
            ],
            options={
                'ordering': ['since', 'id'],
                'constraints': [models.UniqueConstraint(fields=('title', 'language', 'account'), name='subtitles_membership_once'), models.CheckConstraint(condition=models.Q(models.Q(('language', ''), ('role__in', ('manager', 'chief-segmenter', 'segmenter'))), models.Q(models.Q(('language', ''), _negated=True), ('role__in', ('moderator', 'editor', 'subtitler', 'viewer'))), _connector='OR'), name='subtitles_membership_role')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=1000)),
                ('settled', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='subtitles.line')),
            ],
            options={
                'ordering': ['line_id', 'number'],
                'constraints': [models.UniqueConstraint(fields=('line', 'number'), name='subtitles_note_once')],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('before', models.CharField(max_length=8)),
                ('after', models.CharField(max_length=8)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='subtitles.edition')),
            ],
            options={
                'ordering': ['edition_id', 'number'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'number'), name='subtitles_passage_once'), models.CheckConstraint(condition=models.Q(models.Q(('after', 'review'), ('before', 'draft')), models.Q(('after', 'released'), ('before', 'locked')), models.Q(('after', 'locked'), ('before', 'released')), models.Q(('after', 'review'), ('before', 'released')), models.Q(('after', 'draft'), ('before', 'review')), models.Q(('after', 'released'), ('before', 'review')), _connector='OR'), name='subtitles_passage_allowed')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('segment', models.BigIntegerField(default=0)),
                ('seen_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='present', to='subtitles.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['seen_at'], name='subtitles_presence_seen')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'account'), name='subtitles_present_once')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True, help_text='WebVTT cue text')),
                ('settings', models.CharField(blank=True, max_length=200)),
                ('original', models.TextField(blank=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='subtitles.line')),
            ],
            options={
                'ordering': ['line_id', 'version'],
                'constraints': [models.UniqueConstraint(fields=('line', 'version'), name='subtitles_revision_once')],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_ms', models.PositiveIntegerField()),
                ('end_ms', models.PositiveIntegerField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('removed_at', models.DateTimeField(null=True)),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='catalogue.video')),
            ],
            options={
                'ordering': ['start_ms', 'end_ms', 'id'],
                'indexes': [models.Index(fields=['video', 'start_ms'], name='subtitles_segment_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_ms__gt', models.F('start_ms'))), name='subtitles_segment_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Retiming',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=10)),
                ('start_ms', models.PositiveIntegerField()),
                ('end_ms', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='subtitles.segment')),
            ],
            options={
                'ordering': ['segment_id', 'version'],
                'constraints': [models.UniqueConstraint(fields=('segment', 'version'), name='subtitles_retiming_once')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_ms', models.PositiveIntegerField()),
                ('end_ms', models.PositiveIntegerField()),
                ('settled', models.BooleanField(default=False)),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='catalogue.video')),
                ('segment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposal', to='subtitles.segment')),
            ],
            options={
                'ordering': ['start_ms', 'id'],
                'constraints': [models.UniqueConstraint(fields=('video', 'start_ms', 'end_ms'), name='subtitles_proposal_once'), models.CheckConstraint(condition=models.Q(('end_ms__gt', models.F('start_ms'))), name='subtitles_proposal_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(max_length=10)),
                ('head', models.TextField()),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sheet', to='subtitles.edition')),
            ],
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('counted', models.BooleanField(default=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks', to='subtitles.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'account'), name='subtitles_thanked_once')],
            },
        ),
        migrations.CreateModel(
            name='Track',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(help_text='BCP 47 tag', max_length=35)),
                ('label', models.CharField(help_text="the language's own name, as players list it", max_length=80)),
                ('source_name', models.CharField(blank=True, max_length=255)),
                ('notes', models.JSONField(default=list, help_text='what the import had to guess or mend')),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracks', to='catalogue.video')),
            ],
            options={
                'ordering': ['language'],
                'constraints': [models.UniqueConstraint(models.F('video'), models.F('language'), name='subtitles_track_language')],
            },
        ),
        migrations.CreateModel(
            name='Cue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_ms', models.PositiveIntegerField()),
                ('end_ms', models.PositiveIntegerField()),
                ('text', models.TextField(help_text='WebVTT cue text')),
                ('settings', models.CharField(blank=True, help_text='WebVTT cue settings', max_length=200)),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cues', to='subtitles.track')),
            ],
            options={
                'ordering': ['start_ms', 'end_ms', 'id'],
                'indexes': [models.Index(fields=['track', 'start_ms'], name='subtitles_c_track_i_3a483a_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_ms__gt', models.F('start_ms'))), name='subtitles_cue_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='Withheld',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(help_text='BCP 47 tag', max_length=35)),
                ('source_name', models.CharField(blank=True, max_length=255)),
                ('lines', models.JSONField(default=list)),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='withheld', to='catalogue.video')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('video'), models.F('language'), name='subtitles_withheld_language')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=10)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['made_at'],
                'constraints': [models.UniqueConstraint(fields=('account', 'version'), name='subtitles_agreed_once')],
            },
        ),
    )]
