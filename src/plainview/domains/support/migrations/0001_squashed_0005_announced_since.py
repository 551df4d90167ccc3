import django.db.models.deletion
import plainview.platform.identifiers
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('support', each) for each in (
        '0001_initial', '0002_counter_notices', '0003_court_outcomes', '0004_withheld_subtitles',
        '0005_announced_since',
    )]

    initial = True

    dependencies = [
        ('catalogue', '0001_squashed_0008_newest_first'),
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='CounterNotice',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('notice', models.CharField(max_length=12, unique=True)),
                ('material', models.TextField(max_length=2000)),
                ('mistake', models.TextField(max_length=2000)),
                ('name', models.CharField(max_length=200)),
                ('address', models.CharField(max_length=500)),
                ('phone', models.CharField(max_length=40)),
                ('received_at', models.DateTimeField()),
                ('restores_on', models.DateField()),
                ('latest', models.DateField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CopyrightNotice',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('number', models.CharField(default=plainview.platform.identifiers.new_key, max_length=12, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('work', models.TextField(max_length=2000)),
                ('where', models.TextField(max_length=2000)),
                ('video', models.CharField(blank=True, max_length=12)),
                ('part', models.CharField(blank=True, max_length=35)),
                ('shown_since', models.DateTimeField(null=True)),
                ('announced_since', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld: taken down'), ('refused', 'Refused'), ('answered', 'Answered: a counter-notice is in'), ('sued', 'Before a court: it stays down'), ('judged', 'A court decided: it stays down'), ('restored', 'Put back'), ('withdrawn', 'Taken back by its sender')], default='open', max_length=9)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('sent_at', models.DateTimeField(auto_now_add=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('title', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.title')),
            ],
            options={
                'ordering': ['-sent_at'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('sent', 'The notice arrived.'), ('upheld', 'It was upheld, and what it names was taken down.'), ('refused', 'It was refused.'), ('answered', 'A counter-notice arrived.'), ('sued', 'Its sender has gone to court. What was taken down stays down.'), ('judged', 'A court decided that it stays down.'), ('lifted', 'A court decided that it may be shown, and it was put back.'), ('restored', 'No court was told of in time, and it was put back.'), ('withdrawn', 'Its sender took the notice back.')], max_length=9)),
                ('said', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='support.copyrightnotice')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Strike',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.BigIntegerField(db_index=True)),
                ('notice', models.CharField(db_index=True, max_length=12)),
                ('reason', models.CharField(max_length=1000)),
                ('given_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('title', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.title')),
            ],
            options={
                'ordering': ['-given_at'],
                'constraints': [models.UniqueConstraint(models.F('subject'), models.F('notice'), name='support_strike_once')],
            },
        ),
    )]
