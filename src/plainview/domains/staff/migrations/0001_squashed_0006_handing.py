import plainview.platform.identifiers
import plainview.privacy.requests.numbers
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('staff', each) for each in (
        '0001_initial', '0002_entered_choices', '0003_translators', '0004_two_for_deleting',
        '0005_cases', '0006_handing',
    )]

    initial = True

    dependencies = [
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(default=plainview.privacy.requests.numbers.new_number, max_length=11, unique=True)),
                ('person', models.BigIntegerField(db_index=True)),
                ('staff', models.BigIntegerField(db_index=True, null=True)),
                ('kind', models.CharField(choices=[('help', 'They asked for help'), ('report', 'Somebody reported something'), ('security', 'The account may be in danger'), ('rights', 'They asked for their rights'), ('law', 'A law asks for it')], max_length=8)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('authority', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(max_length=400)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('ends_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('untold_until', models.DateField(null=True)),
                ('untold_law', models.CharField(blank=True, max_length=200)),
                ('told_at', models.DateTimeField(null=True)),
                ('ground', models.CharField(blank=True, max_length=16)),
                ('law', models.CharField(blank=True, max_length=200)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('scope', models.TextField(blank=True)),
                ('first', models.DateField(null=True)),
                ('last', models.DateField(null=True)),
            ],
            options={
                'ordering': ['-opened_at'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('person', models.BigIntegerField(db_index=True)),
                ('staff', models.BigIntegerField(db_index=True, null=True)),
                ('what', models.CharField(choices=[('gave', 'Gave the role'), ('took', 'Took the role'), ('suspended', 'Suspended the account'), ('reopened', 'Opened the account again'), ('entered', 'Entered choices of yours'), ('proposed', 'Proposed to delete the account'), ('kept', 'Decided not to delete the account'), ('deleted', 'Agreed to delete the account'), ('scoped', 'Said what an authority would be given'), ('agreed', 'Agreed that an authority is given it'), ('handed', 'Gave it to the authority')], max_length=9)),
                ('role', models.CharField(blank=True, choices=[('administrator', 'Administrator'), ('editor', 'Editor'), ('moderator', 'Moderator'), ('privacy-officer', 'Privacy officer'), ('translator', 'Translator')], max_length=15)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('channel', models.CharField(blank=True, choices=[('phone', 'By telephone'), ('letter', 'By letter'), ('email', 'By email'), ('person', 'In person')], max_length=6)),
                ('said_on', models.DateField(blank=True, null=True)),
                ('untold_until', models.DateField(null=True)),
                ('changed_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-changed_at'],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('person', models.BigIntegerField(db_index=True)),
                ('staff', models.BigIntegerField(db_index=True, null=True)),
                ('kind', models.CharField(choices=[('help', 'They asked for help'), ('report', 'Somebody reported something'), ('security', 'The account may be in danger'), ('rights', 'They asked for their rights'), ('law', 'A law asks for it')], max_length=8)),
                ('reason', models.CharField(max_length=500)),
                ('case', models.CharField(blank=True, max_length=11)),
                ('untold_until', models.DateField(null=True)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-opened_at'],
            },
        ),
    )]
