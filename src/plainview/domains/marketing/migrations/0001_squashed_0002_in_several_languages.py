import django.db.models.deletion
import plainview.platform.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('marketing', each) for each in (
        '0001_initial', '0002_in_several_languages',
    )]

    initial = True

    dependencies = [
        ('catalogue', '0001_squashed_0008_newest_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='News',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, max_length=12, unique=True)),
                ('topic', models.CharField(max_length=40)),
                ('texts', models.JSONField(default=dict)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('mailed_at', models.DateTimeField(editable=False, null=True)),
                ('pushed_at', models.DateTimeField(editable=False, null=True)),
                ('title', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='catalogue.title')),
            ],
            options={
                'ordering': ('-first', '-pk'),
            },
        ),
    ]
