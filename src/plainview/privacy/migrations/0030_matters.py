import django.db.models.deletion
from django.db import migrations, models

import plainview.platform.identifiers


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0029_legal_holds'),
    ]

    operations = [
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
        migrations.RemoveConstraint(
            model_name='withheld',
            name='privacy_withheld_once',
        ),
        migrations.AddField(
            model_name='withheld',
            name='entry',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='withheld',
            constraint=models.UniqueConstraint(models.F('subject'), models.F('category'), models.F('entry'), name='privacy_withheld_each'),
        ),
    ]
