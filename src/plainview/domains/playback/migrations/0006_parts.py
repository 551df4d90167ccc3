import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('playback', '0005_chapters_and_marks'),
    ]

    operations = [
        migrations.AddField(
            model_name='ingest',
            name='draft',
            field=models.BooleanField(default=False, help_text='its title is not published'),
        ),
        migrations.AddField(
            model_name='ingest',
            name='whole',
            field=models.BooleanField(default=False, help_text="it can't be encoded in parts"),
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
    ]
