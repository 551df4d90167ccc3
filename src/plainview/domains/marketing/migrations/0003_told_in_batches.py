

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketing', '0001_squashed_0002_in_several_languages'),
    ]

    operations = [
        migrations.AddField(
            model_name='news',
            name='mailed_upto',
            field=models.BigIntegerField(default=-1, editable=False),
        ),
        migrations.AddField(
            model_name='news',
            name='pushed_upto',
            field=models.BigIntegerField(default=-1, editable=False),
        ),
    ]
