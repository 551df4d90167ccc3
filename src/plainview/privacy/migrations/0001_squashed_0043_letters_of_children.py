import django.db.models.deletion
import django.utils.timezone
import plainview.platform.encryption
import plainview.platform.identifiers
import plainview.privacy.disclosures.models
import plainview.privacy.post.models
import plainview.privacy.requests.numbers
import plainview.privacy.rights.copies.models
import plainview.privacy.rights.models
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('privacy', each) for each in (
        '0001_initial', '0002_person', '0003_ledger', '0004_erasure', '0005_withheld',
        '0006_counts', '0007_heard_browsers', '0008_kept', '0010_disclosures',
        '0012_standing_index', '0013_leaving', '0014_choices', '0015_log', '0016_receipts',
        '0017_surface', '0018_heads_mailed', '0019_push', '0020_versions', '0021_change',
        '0022_requests', '0023_letters', '0026_copies', '0027_once', '0028_acting',
        '0029_legal_holds', '0030_matters', '0031_carried', '0032_requests_of_an_address',
        '0034_signed_copies', '0035_last_use', '0036_change_without_done_at',
        '0037_words_of_states', '0038_preserved', '0039_set_aside', '0040_breaches',
        '0041_untold', '0042_missed_letters', '0043_letters_of_children',
    )]

    initial = True

    dependencies = [
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('hash', models.BinaryField(max_length=32)),
                ('index', models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                'db_table': 'privacy_log_leaf',
            },
        ),
        migrations.CreateModel(
            name='App',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.BigIntegerField(db_index=True)),
                ('code', models.CharField(max_length=64, null=True, unique=True)),
                ('code_until', models.DateTimeField(null=True)),
                ('token', models.CharField(max_length=64, null=True, unique=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('since', models.DateTimeField()),
                ('seen_on', models.DateField()),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, max_length=12, unique=True)),
            ],
            options={
                'db_table': 'privacy_app',
            },
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(default=plainview.privacy.requests.numbers.new_number, editable=False, max_length=11, unique=True)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'db_table': 'privacy_breach',
                'ordering': ('-entered_at',),
            },
        ),
        migrations.CreateModel(
            name='Bringing',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(unique=True)),
                ('key', models.CharField(default=plainview.privacy.rights.copies.models.new_copy_key, max_length=24, unique=True)),
                ('state', models.CharField(choices=[('invited', 'Waited for'), ('arriving', 'Arriving'), ('reading', 'Being read'), ('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed')], max_length=8)),
                ('came_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('service', models.CharField(blank=True, max_length=200)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('came', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('rows', models.PositiveBigIntegerField(default=0)),
                ('rows_done', models.PositiveBigIntegerField(default=0)),
                ('signed', models.BooleanField(null=True)),
                ('problem', models.CharField(blank=True, max_length=12)),
                ('found', models.TextField(default='[]')),
                ('checked', models.BooleanField(default=False)),
                ('table', models.PositiveIntegerField(default=0)),
                ('line', models.PositiveBigIntegerField(default=0)),
                ('seal', models.TextField(blank=True)),
                ('secret', models.TextField(blank=True)),
                ('file', models.FileField(blank=True, max_length=60, storage=plainview.privacy.rights.copies.models.Store(), upload_to='')),
            ],
            options={
                'db_table': 'privacy_bringing',
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40)),
                ('before', models.CharField(max_length=64)),
                ('policy', models.CharField(db_index=True, max_length=64)),
                ('differences', models.TextField()),
                ('words', models.TextField()),
                ('published_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('sending', 'Sending'), ('paused', 'Paused'), ('stuck', 'Stuck'), ('done', 'Done')], max_length=7)),
                ('upto', models.BigIntegerField(default=-1)),
                ('people', models.BigIntegerField(default=0)),
                ('asked', models.BigIntegerField(default=0)),
                ('asked_devices', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'privacy_change',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('until', models.FloatField(db_index=True)),
                ('made', models.CharField(max_length=24)),
            ],
            options={
                'db_table': 'privacy_count',
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('made_on', models.DateField()),
                ('seen_on', models.DateField()),
            ],
            options={
                'db_table': 'privacy_device',
            },
        ),
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('number', models.IntegerField(primary_key=True, serialize=False)),
                ('origin', models.CharField(max_length=200)),
                ('began_at', models.DateTimeField()),
                ('because', models.CharField(choices=[('first', 'the log began'), ('restored', 'the database was put back to an earlier state'), ('key-lost', 'the signing key was lost')], max_length=10)),
                ('size', models.BigIntegerField()),
                ('lost', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'privacy_log_epoch',
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(default=plainview.privacy.rights.models.new_report_key, max_length=24, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Not at its end yet'), ('done', 'Complete'), ('incomplete', 'Not complete')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('sealed', models.TextField(blank=True)),
                ('report', models.TextField()),
            ],
            options={
                'db_table': 'privacy_erasure',
            },
        ),
        migrations.CreateModel(
            name='Fed',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('recipient', models.CharField(max_length=60)),
                ('said', models.TextField()),
                ('came_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'db_table': 'privacy_fed',
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('receipt', models.CharField(max_length=36)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'privacy_handover',
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('officer', models.BigIntegerField(db_index=True, null=True)),
                ('member', models.BooleanField(default=False)),
                ('number', models.CharField(default=plainview.privacy.requests.numbers.new_number, max_length=11, unique=True)),
                ('kind', models.CharField(blank=True, max_length=40)),
                ('purposes', models.CharField(blank=True, max_length=400)),
                ('state', models.CharField(choices=[('received', 'Received'), ('identifying', 'Waiting for proof of who asks'), ('working', 'In work'), ('paused', 'Waiting for an answer to our question'), ('answered', 'Answered'), ('refused', 'Refused'), ('appealed', 'Under appeal'), ('settled', 'Appeal decided'), ('withdrawn', 'Withdrawn'), ('joined', 'Joined to another request'), ('closed', 'Closed')], default='received', max_length=11)),
                ('came_from', models.CharField(blank=True, max_length=11)),
                ('seq', models.IntegerField(default=0)),
                ('channel', models.CharField(choices=[('account', 'In the account'), ('form', 'By the public form'), ('mail', 'By email'), ('api', 'By an app'), ('letter', 'By letter'), ('phone', 'By telephone'), ('agent', 'By somebody who acts for them')], max_length=7)),
                ('language', models.CharField(max_length=10)),
                ('place', models.CharField(blank=True, max_length=20)),
                ('residence', models.CharField(blank=True, max_length=20)),
                ('contact', models.CharField(blank=True, max_length=254)),
                ('agent', models.CharField(blank=True, max_length=254)),
                ('proof', models.CharField(blank=True, choices=[('needless', 'Not needed for this right'), ('session', 'Signed in'), ('mail', 'By a link to their address'), ('facts', 'By what only they would know'), ('seen', 'Checked by a person')], max_length=8)),
                ('restricts', models.CharField(blank=True, choices=[('accuracy-disputed', 'What you hold is wrong, and you are to check it'), ('unlawful', "You use it without a right to, and I don’t want it deleted"), ('no-longer-needed', 'You no longer need it, and I need it for a legal claim'), ('objection-pending', 'I object, and you are to weigh it')], max_length=17)),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Done as asked'), ('partly', 'Done in part'), ('refused', 'Refused')], max_length=7)),
                ('ground', models.CharField(blank=True, choices=[('unproved', 'We could not make sure that it is you'), ('no-right', "The law there does not give this, and we can’t do it"), ('law', 'A law makes us keep it'), ('claims', 'It is needed for a legal claim'), ('others', 'It would harm the rights of somebody else'), ('unfounded', 'The request is plainly unfounded or excessive'), ('nothing', 'Nothing is held about you'), ('unwarranted', 'Nothing shows that somebody may act for you'), ('often', 'It was asked more often than the law there makes free')], max_length=11)),
                ('by_hand', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField()),
                ('acknowledge_by', models.DateField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('target_on', models.DateField(null=True)),
                ('extend_to', models.DateField(null=True)),
                ('extended_at', models.DateTimeField(null=True)),
                ('next_on', models.DateField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('appeal_until', models.DateField(null=True)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('erasure', models.BigIntegerField(null=True)),
                ('joined_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='joined', to='privacy.request')),
            ],
            options={
                'db_table': 'privacy_request',
                'indexes': [models.Index(fields=['next_on', 'id'], name='privacy_request_next'), models.Index(fields=['contact'], name='privacy_request_contact'), models.Index(fields=['state', 'next_on', 'id'], name='privacy_request_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('came_from', ''), ('state', 'received')), models.Q(('came_from', ''), ('state', 'received')), models.Q(('came_from', 'answered'), ('state', 'appealed')), models.Q(('came_from', 'answered'), ('state', 'closed')), models.Q(('came_from', 'appealed'), ('state', 'settled')), models.Q(('came_from', 'appealed'), ('state', 'withdrawn')), models.Q(('came_from', 'identifying'), ('state', 'joined')), models.Q(('came_from', 'identifying'), ('state', 'refused')), models.Q(('came_from', 'identifying'), ('state', 'withdrawn')), models.Q(('came_from', 'identifying'), ('state', 'working')), models.Q(('came_from', 'paused'), ('state', 'answered')), models.Q(('came_from', 'paused'), ('state', 'joined')), models.Q(('came_from', 'paused'), ('state', 'refused')), models.Q(('came_from', 'paused'), ('state', 'withdrawn')), models.Q(('came_from', 'paused'), ('state', 'working')), models.Q(('came_from', 'received'), ('state', 'identifying')), models.Q(('came_from', 'received'), ('state', 'joined')), models.Q(('came_from', 'received'), ('state', 'refused')), models.Q(('came_from', 'received'), ('state', 'withdrawn')), models.Q(('came_from', 'received'), ('state', 'working')), models.Q(('came_from', 'refused'), ('state', 'appealed')), models.Q(('came_from', 'refused'), ('state', 'closed')), models.Q(('came_from', 'settled'), ('state', 'closed')), models.Q(('came_from', 'working'), ('state', 'answered')), models.Q(('came_from', 'working'), ('state', 'identifying')), models.Q(('came_from', 'working'), ('state', 'joined')), models.Q(('came_from', 'working'), ('state', 'paused')), models.Q(('came_from', 'working'), ('state', 'refused')), models.Q(('came_from', 'working'), ('state', 'withdrawn')), _connector='OR'), name='privacy_request_table'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('working', 'paused', 'answered')), _negated=True), models.Q(('proof', ''), _negated=True), _connector='OR'), name='privacy_request_proved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('ground', ''), _negated=True), _connector='OR'), name='privacy_request_ground'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('received', 'identifying', 'working', 'paused', 'appealed')), _negated=True), ('next_on__isnull', False), _connector='OR'), name='privacy_request_due'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ('withdrawn', 'joined', 'closed'))), models.Q(models.Q(('state__in', ('withdrawn', 'joined', 'closed')), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='privacy_request_closed')],
            },
        ),
        migrations.CreateModel(
            name='Kept',
            fields=[
                ('mark', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('table', models.CharField(max_length=63)),
                ('keys', models.JSONField()),
                ('cut', models.JSONField(default=dict)),
                ('until', models.DateField(db_index=True)),
                ('because', models.CharField(max_length=60)),
            ],
            options={
                'db_table': 'privacy_kept',
            },
        ),
        migrations.CreateModel(
            name='LastUse',
            fields=[
                ('account', models.BigIntegerField(primary_key=True, serialize=False)),
                ('on', models.DateField()),
            ],
            options={
                'db_table': 'privacy_last_use',
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('owner', models.BigIntegerField(null=True)),
                ('reason', models.TextField()),
                ('categories', models.TextField(blank=True)),
                ('since', models.DateTimeField()),
                ('until', models.DateField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('erasure', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'privacy_legal_hold',
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('seq', models.IntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('stated', 'What is known'), ('told', 'It was told'), ('spared', 'It need not be told'), ('written', 'Letters begun'), ('sent', 'Letters are out'), ('missed', 'Letters reached nobody'), ('shown', 'Told on the site'), ('hidden', 'Taken off the site'), ('reminded', 'Somebody was reminded'), ('noted', 'Note'), ('closed', 'Closed'), ('opened', 'Taken up again')], max_length=8)),
                ('said', models.TextField()),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='privacy.breach')),
                ('leaf', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.leaf')),
            ],
            options={
                'db_table': 'privacy_breach_line',
                'ordering': ('seq',),
                'constraints': [models.UniqueConstraint(models.F('breach'), models.F('seq'), name='privacy_breach_line_once')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('device', models.BigIntegerField(primary_key=True, serialize=False)),
                ('account', models.BigIntegerField(db_index=True)),
                ('since', models.DateTimeField()),
                ('reconciled_at', models.DateTimeField(null=True)),
                ('apart_at', models.DateTimeField(null=True)),
                ('sitting', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'db_table': 'privacy_link',
            },
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('key', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'privacy_log_node',
            },
        ),
        migrations.CreateModel(
            name='Preserved',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('table', models.CharField(max_length=63)),
                ('row', models.JSONField()),
                ('went_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'privacy_preserved',
            },
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True, null=True)),
                ('recipient', models.CharField(max_length=60)),
                ('purpose', models.CharField(blank=True, max_length=60)),
                ('categories', models.TextField()),
                ('act', models.CharField(choices=[('stop', 'Asked to stop using it'), ('correct', 'Sent what is right now'), ('erase', 'Asked to erase it')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'Being told'), ('told', 'Told, not confirmed yet'), ('confirmed', 'Confirmed'), ('lapses', 'Erased there by contract'), ('by-hand', 'Our officer writes to them; not confirmed yet')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('trouble', models.CharField(blank=True, max_length=20)),
                ('sealed', models.TextField(blank=True)),
                ('key', models.CharField(default=plainview.privacy.disclosures.models.new_delivery_key, max_length=26, unique=True)),
                ('reminded', models.PositiveSmallIntegerField(default=0)),
                ('escalated', models.BooleanField(default=False)),
                ('erasure', models.BigIntegerField(db_index=True, null=True)),
            ],
            options={
                'db_table': 'privacy_recall',
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(unique=True)),
                ('state', models.CharField(choices=[('offered', 'Offered'), ('sending', 'On its way'), ('reading', 'Being read'), ('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed')], default='offered', max_length=8)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('host', models.CharField(max_length=255)),
                ('service', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('sent', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('trouble', models.CharField(blank=True, max_length=20)),
                ('invitation', models.CharField(max_length=40)),
                ('secret', models.TextField()),
                ('copy', models.BigIntegerField(null=True)),
                ('disclosure', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'privacy_sending',
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('session_data', models.TextField()),
                ('expire_date', models.DateTimeField(db_index=True)),
                ('account', models.BigIntegerField(db_index=True, null=True)),
                ('began_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('family', models.CharField(default='', max_length=60)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'db_table': 'privacy_session',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Shown',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=35)),
                ('jurisdiction', models.CharField(max_length=20)),
                ('policy', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('page', models.TextField(default='')),
                ('document', models.TextField(default='')),
                ('digest', models.CharField(db_index=True, default='', max_length=64)),
                ('style', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='privacy.style')),
            ],
            options={
                'db_table': 'privacy_shown',
            },
        ),
        migrations.CreateModel(
            name='Stopped',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'db_table': 'privacy_stopped',
            },
        ),
        migrations.CreateModel(
            name='Style',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('text', models.TextField()),
            ],
            options={
                'db_table': 'privacy_style',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.BigIntegerField(db_index=True)),
                ('recipient', models.CharField(max_length=60)),
                ('endpoint', models.TextField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('p256dh', models.CharField(max_length=100)),
                ('auth', models.CharField(max_length=40)),
                ('sitting', models.CharField(max_length=64)),
                ('since', models.DateTimeField()),
                ('made_for', models.CharField(max_length=64)),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, max_length=12, unique=True)),
            ],
            options={
                'db_table': 'privacy_push',
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True, null=True)),
                ('why', models.CharField(choices=[('bounce', 'Came back'), ('complaint', 'Called junk')], max_length=9)),
                ('since', models.DateTimeField()),
            ],
            options={
                'db_table': 'privacy_suppression',
            },
        ),
        migrations.CreateModel(
            name='Warned',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.BigIntegerField(db_index=True)),
                ('nth', models.PositiveSmallIntegerField()),
                ('written_at', models.DateTimeField()),
                ('ends_on', models.DateField()),
                ('delivery', models.CharField(max_length=26, unique=True)),
            ],
            options={
                'db_table': 'privacy_warned',
            },
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('leaf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='privacy.leaf')),
                ('person', models.BigIntegerField(db_index=True, null=True)),
                ('staff', models.BigIntegerField(db_index=True, null=True)),
                ('person_salt', models.BinaryField(max_length=32, null=True)),
                ('staff_salt', models.BinaryField(max_length=32, null=True)),
                ('at', models.DateTimeField()),
                ('untold_until', models.DateField(null=True)),
                ('what', models.CharField(max_length=20)),
                ('body', models.TextField()),
                ('salt', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'privacy_log_act',
                'ordering': ('-leaf',),
            },
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('leaf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='privacy.leaf')),
                ('at', models.DateTimeField()),
                ('what', models.CharField(max_length=20)),
                ('body', models.TextField()),
                ('salt', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'privacy_log_deed',
                'ordering': ('-leaf',),
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('leaf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='privacy.leaf')),
                ('subject', models.BigIntegerField(db_index=True)),
                ('kind', models.CharField(max_length=20)),
                ('body', models.TextField()),
                ('salt', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'privacy_log_entry',
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('travels', models.BooleanField(default=False)),
                ('key', models.CharField(default=plainview.privacy.rights.copies.models.new_copy_key, max_length=24, unique=True)),
                ('language', models.CharField(max_length=35)),
                ('state', models.CharField(choices=[('asked', 'Being made'), ('ready', 'Ready'), ('failed', 'Failed')], default='asked', max_length=6)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ready_at', models.DateTimeField(null=True)),
                ('rows', models.PositiveBigIntegerField(default=0)),
                ('rows_done', models.PositiveBigIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('seal', models.TextField()),
                ('at', models.PositiveBigIntegerField(default=0)),
                ('file', models.FileField(max_length=60, storage=plainview.privacy.rights.copies.models.Store(), upload_to='')),
            ],
            options={
                'db_table': 'privacy_copy',
                'constraints': [models.UniqueConstraint(fields=('subject', 'travels'), name='privacy_copy_one_of_each')],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True, null=True)),
                ('recipient', models.CharField(max_length=60)),
                ('purpose', models.CharField(max_length=60)),
                ('categories', models.TextField()),
                ('basis', models.CharField(max_length=24)),
                ('country', models.CharField(max_length=6)),
                ('safeguard', models.CharField(blank=True, max_length=16)),
                ('reference', models.CharField(blank=True, max_length=32)),
                ('named', models.CharField(blank=True, max_length=255)),
                ('queued_at', models.DateTimeField()),
                ('untold_until', models.DateField(null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('queued', 'Waits to be sent'), ('sending', 'May have arrived'), ('sent', 'Sent'), ('kept', 'Stayed on our machine'), ('stopped', 'Stopped before it left'), ('browser', 'Told by your browser'), ('case', 'Handed over in a case'), ('failed', 'Did not leave')], default='queued', max_length=8)),
                ('trouble', models.CharField(blank=True, max_length=20)),
                ('sealed', models.TextField(blank=True)),
                ('key', models.CharField(default=plainview.privacy.disclosures.models.new_delivery_key, max_length=26, unique=True)),
                ('policy', models.CharField(max_length=64)),
                ('batch', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'privacy_disclosure',
                'indexes': [models.Index(fields=['batch'], name='privacy_disclosure_batch'), models.Index(condition=models.Q(('state__in', ['queued', 'failed'])), fields=['state', 'queued_at'], name='privacy_disclosure_open')],
            },
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(db_index=True)),
                ('root', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
                ('note', models.TextField()),
                ('epoch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.epoch')),
            ],
            options={
                'db_table': 'privacy_log_head',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Heard',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('signal', models.CharField(max_length=20)),
                ('heard_at', models.DateTimeField()),
                ('browser', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'db_table': 'privacy_heard',
                'constraints': [models.UniqueConstraint(models.F('subject'), models.F('signal'), models.F('browser'), name='privacy_heard_once')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='privacy.request')),
                ('staff', models.BigIntegerField()),
                ('until', models.DateTimeField()),
            ],
            options={
                'db_table': 'privacy_request_hold',
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='matter', serialize=False, to='privacy.request')),
                ('about', models.CharField(choices=[('fact', 'A fact about you'), ('decision', 'A decision by a program')], max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('entry', models.CharField(blank=True, max_length=200)),
                ('shown', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'privacy_request_matter',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('link', 'A link to an address'), ('facts', 'What only they would know'), ('mandate', 'What shows that somebody may act')], max_length=7)),
                ('digest', models.CharField(blank=True, db_index=True, max_length=64)),
                ('said', models.TextField(blank=True)),
                ('file', plainview.platform.encryption.Sealed(null=True)),
                ('media', models.CharField(blank=True, max_length=15)),
                ('asked_at', models.DateTimeField()),
                ('served_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='privacy.request')),
            ],
            options={
                'db_table': 'privacy_request_evidence',
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('staff', models.BigIntegerField(null=True)),
                ('seq', models.IntegerField()),
                ('step', models.CharField(max_length=12)),
                ('before', models.CharField(blank=True, max_length=11)),
                ('after', models.CharField(max_length=11)),
                ('by', models.CharField(choices=[('person', 'You'), ('officer', 'Our staff'), ('service', 'The service')], max_length=7)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('until', models.DateField(null=True)),
                ('said', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='privacy.request')),
            ],
            options={
                'db_table': 'privacy_request_event',
                'ordering': ('seq',),
                'constraints': [models.UniqueConstraint(models.F('request'), models.F('seq'), name='privacy_request_event_once'), models.CheckConstraint(condition=models.Q(models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'acknowledge')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'acknowledge')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'acknowledge')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'acknowledge')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'act')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'act')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'act')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'act')), models.Q(('after', 'answered'), ('before', 'paused'), ('step', 'answer')), models.Q(('after', 'answered'), ('before', 'working'), ('step', 'answer')), models.Q(('after', 'appealed'), ('before', 'answered'), ('step', 'appeal')), models.Q(('after', 'appealed'), ('before', 'refused'), ('step', 'appeal')), models.Q(('after', 'paused'), ('before', 'working'), ('step', 'ask')), models.Q(('after', 'identifying'), ('before', 'received'), ('step', 'ask-identity')), models.Q(('after', 'identifying'), ('before', 'working'), ('step', 'ask-identity')), models.Q(('after', 'appealed'), ('before', 'appealed'), ('step', 'assign')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'assign')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'assign')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'assign')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'assign')), models.Q(('after', 'working'), ('before', 'identifying'), ('step', 'begin')), models.Q(('after', 'working'), ('before', 'received'), ('step', 'begin')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'by-hand')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'by-hand')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'by-hand')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'by-hand')), models.Q(('after', 'closed'), ('before', 'answered'), ('step', 'close')), models.Q(('after', 'closed'), ('before', 'refused'), ('step', 'close')), models.Q(('after', 'closed'), ('before', 'settled'), ('step', 'close')), models.Q(('after', 'appealed'), ('before', 'appealed'), ('step', 'escalate')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'escalate')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'escalate')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'escalate')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'escalate')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'extend')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'extend')), models.Q(('after', 'received'), ('before', ''), ('step', 'file')), models.Q(('after', 'answered'), ('before', 'answered'), ('step', 'hear')), models.Q(('after', 'appealed'), ('before', 'appealed'), ('step', 'hear')), models.Q(('after', 'closed'), ('before', 'closed'), ('step', 'hear')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'hear')), models.Q(('after', 'joined'), ('before', 'joined'), ('step', 'hear')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'hear')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'hear')), models.Q(('after', 'refused'), ('before', 'refused'), ('step', 'hear')), models.Q(('after', 'settled'), ('before', 'settled'), ('step', 'hear')), models.Q(('after', 'withdrawn'), ('before', 'withdrawn'), ('step', 'hear')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'hear')), models.Q(('after', 'joined'), ('before', 'identifying'), ('step', 'join')), models.Q(('after', 'joined'), ('before', 'paused'), ('step', 'join')), models.Q(('after', 'joined'), ('before', 'received'), ('step', 'join')), models.Q(('after', 'joined'), ('before', 'working'), ('step', 'join')), models.Q(('after', 'answered'), ('before', 'answered'), ('step', 'note')), models.Q(('after', 'appealed'), ('before', 'appealed'), ('step', 'note')), models.Q(('after', 'closed'), ('before', 'closed'), ('step', 'note')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'note')), models.Q(('after', 'joined'), ('before', 'joined'), ('step', 'note')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'note')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'note')), models.Q(('after', 'refused'), ('before', 'refused'), ('step', 'note')), models.Q(('after', 'settled'), ('before', 'settled'), ('step', 'note')), models.Q(('after', 'withdrawn'), ('before', 'withdrawn'), ('step', 'note')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'note')), models.Q(('after', 'refused'), ('before', 'identifying'), ('step', 'refuse')), models.Q(('after', 'refused'), ('before', 'paused'), ('step', 'refuse')), models.Q(('after', 'refused'), ('before', 'received'), ('step', 'refuse')), models.Q(('after', 'refused'), ('before', 'working'), ('step', 'refuse')), models.Q(('after', 'working'), ('before', 'paused'), ('step', 'resume')), models.Q(('after', 'settled'), ('before', 'appealed'), ('step', 'settle')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'sort')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'sort')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'sort')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'sort')), models.Q(('after', 'withdrawn'), ('before', 'appealed'), ('step', 'withdraw')), models.Q(('after', 'withdrawn'), ('before', 'identifying'), ('step', 'withdraw')), models.Q(('after', 'withdrawn'), ('before', 'paused'), ('step', 'withdraw')), models.Q(('after', 'withdrawn'), ('before', 'received'), ('step', 'withdraw')), models.Q(('after', 'withdrawn'), ('before', 'working'), ('step', 'withdraw')), models.Q(('after', 'answered'), ('before', 'answered'), ('step', 'write')), models.Q(('after', 'appealed'), ('before', 'appealed'), ('step', 'write')), models.Q(('after', 'closed'), ('before', 'closed'), ('step', 'write')), models.Q(('after', 'identifying'), ('before', 'identifying'), ('step', 'write')), models.Q(('after', 'joined'), ('before', 'joined'), ('step', 'write')), models.Q(('after', 'paused'), ('before', 'paused'), ('step', 'write')), models.Q(('after', 'received'), ('before', 'received'), ('step', 'write')), models.Q(('after', 'refused'), ('before', 'refused'), ('step', 'write')), models.Q(('after', 'settled'), ('before', 'settled'), ('step', 'write')), models.Q(('after', 'withdrawn'), ('before', 'withdrawn'), ('step', 'write')), models.Q(('after', 'working'), ('before', 'working'), ('step', 'write')), _connector='OR'), name='privacy_request_event_table')],
            },
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public', models.CharField(max_length=300)),
                ('size', models.BigIntegerField()),
                ('began_at', models.DateTimeField()),
                ('endorsed', models.TextField(blank=True)),
                ('epoch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.epoch')),
            ],
            options={
                'db_table': 'privacy_log_key',
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, max_length=12, unique=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waits for a person'), ('request', 'Belongs to a request'), ('aside', 'Put aside: asks for nothing'), ('automatic', 'Written by a program')], max_length=9)),
                ('why', models.CharField(blank=True, choices=[('unclear', "What it asks for isn’t plain"), ('unread', 'It could not be read by a program'), ('sender', 'It has no sender, or several'), ('forged', 'Your mail server says that the sender is forged'), ('stranger', 'It names a request of somebody else'), ('appeal', "It appeals, and of what can’t be told"), ('many', 'Its sender, or all, wrote a great deal at once'), ('failed', 'Taking it in failed'), ('child', 'It tells of a child'), ('mandate', 'It may be a permission, and nothing proves who sent it')], max_length=8)),
                ('proved', models.CharField(max_length=8)),
                ('arrived_at', models.DateTimeField(db_index=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('sender', models.CharField(blank=True, db_index=True, max_length=254)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('title', models.CharField(blank=True, max_length=1000)),
                ('text', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('message_id', models.CharField(blank=True, db_index=True, max_length=252)),
                ('attachments', models.TextField(blank=True)),
                ('file', models.FileField(blank=True, storage=plainview.privacy.post.models.quarantine, upload_to='%Y/%m')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters', to='privacy.request')),
            ],
            options={
                'db_table': 'privacy_letter',
                'indexes': [models.Index(fields=['state', 'arrived_at', 'id'], name='privacy_letter_state')],
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='privacy.line')),
                ('state', models.CharField(choices=[('sending', 'Sending'), ('stuck', 'Stuck'), ('done', 'Done')], default='sending', max_length=7)),
                ('upto', models.BigIntegerField(default=-1)),
                ('told', models.BigIntegerField(default=0)),
                ('unreached', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'privacy_breach_mailing',
            },
        ),
        migrations.CreateModel(
            name='Informed',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.BigIntegerField()),
                ('mailed', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.line')),
            ],
            options={
                'db_table': 'privacy_breach_informed',
                'constraints': [models.UniqueConstraint(models.F('account'), models.F('line'), name='privacy_informed_once')],
            },
        ),
        migrations.CreateModel(
            name='Mailed',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recipient', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.head')),
            ],
            options={
                'db_table': 'privacy_log_mailed',
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(models.F('recipient'), models.F('head'), name='privacy_log_mailed_once')],
            },
        ),
        migrations.CreateModel(
            name='Overruled',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField()),
                ('decision', models.CharField(max_length=80)),
                ('ref', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'privacy_overruled',
                'constraints': [models.UniqueConstraint(models.F('subject'), models.F('decision'), models.F('ref'), name='privacy_overruled_once')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('answers', models.TextField()),
                ('given_at', models.DateTimeField()),
                ('via', models.CharField(max_length=20)),
                ('scope', models.CharField(default='', max_length=7)),
                ('surface', models.CharField(default='', max_length=7)),
                ('signals', models.CharField(default='', max_length=80)),
                ('key', models.CharField(max_length=36, null=True, unique=True)),
                ('corrects', models.CharField(default='', max_length=36)),
                ('shown', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.shown')),
            ],
            options={
                'db_table': 'privacy_answer',
                'ordering': ('-given_at',),
            },
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recipient', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('token', models.BinaryField()),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.head')),
            ],
            options={
                'db_table': 'privacy_log_stamp',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('subject', models.BigIntegerField(primary_key=True, serialize=False)),
                ('permitted', models.BigIntegerField()),
                ('valid_until', models.BigIntegerField(null=True)),
                ('facts', models.TextField(default='{}')),
                ('answered_on', models.DateField(null=True)),
                ('device', models.BooleanField(default=False)),
                ('policy', models.CharField(max_length=64)),
                ('epoch', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'privacy_standing',
                'indexes': [models.Index(fields=['subject', 'permitted', 'valid_until'], name='privacy_standing_permits')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('regime', models.CharField(max_length=20)),
                ('surface', models.CharField(max_length=20)),
                ('wording', models.CharField(max_length=40)),
                ('outcome', models.CharField(choices=[('yes', 'Yes to all'), ('some', 'Some of each'), ('no', 'No to all'), ('read', 'Notice read')], max_length=4)),
                ('shard', models.SmallIntegerField()),
                ('count', models.BigIntegerField()),
            ],
            options={
                'db_table': 'privacy_tally',
                'constraints': [models.UniqueConstraint(fields=('month', 'regime', 'surface', 'wording', 'outcome', 'shard'), name='privacy_tally_once')],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.BigIntegerField()),
                ('way', models.CharField(choices=[('mail', 'By mail'), ('push', 'By a message to the device'), ('visit', 'On a page')], max_length=5)),
                ('at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('unsure_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.change')),
            ],
            options={
                'db_table': 'privacy_told',
                'constraints': [models.UniqueConstraint(models.F('account'), models.F('change'), name='privacy_told_once')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, unique=True)),
                ('policy', models.CharField(max_length=64)),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('content', models.BinaryField()),
                ('effective', models.DateTimeField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('released', 'Released'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('origin', models.CharField(choices=[('first', 'the service began with it'), ('shell', 'whoever runs the service put it into force'), ('desk', 'two people released it at the desk')], max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(db_index=True, null=True)),
                ('restores', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='privacy.version')),
            ],
            options={
                'db_table': 'privacy_version',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('staff', models.BigIntegerField(db_index=True)),
                ('at', models.DateTimeField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='privacy.version')),
            ],
            options={
                'db_table': 'privacy_release',
                'constraints': [models.UniqueConstraint(models.F('version'), models.F('staff'), name='privacy_release_once')],
            },
        ),
        migrations.CreateModel(
            name='Force',
            fields=[
                ('id', models.IntegerField(default=1, primary_key=True, serialize=False)),
                ('switching', models.BooleanField(default=False)),
                ('coming', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.version')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.version')),
            ],
            options={
                'db_table': 'privacy_force',
            },
        ),
        migrations.CreateModel(
            name='Withheld',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.BigIntegerField()),
                ('category', models.CharField(max_length=80)),
                ('entry', models.CharField(blank=True, default='', max_length=200)),
                ('purposes', models.BigIntegerField()),
            ],
            options={
                'db_table': 'privacy_withheld',
                'constraints': [models.UniqueConstraint(models.F('subject'), models.F('category'), models.F('entry'), name='privacy_withheld_each')],
            },
        ),
    )]
