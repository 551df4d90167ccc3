import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_pictures'),
        ('playback', '0004_arrival'),
    ]

    operations = [
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
    ]
