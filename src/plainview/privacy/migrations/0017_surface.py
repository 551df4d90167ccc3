import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0016_receipts'),
    ]

    operations = [
        migrations.AddField(
            model_name='stopped',
            name='month',
            field=models.DateField(default=datetime.date(2026, 11, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='answer',
            name='surface',
            field=models.CharField(default='', max_length=7),
        ),
    ]
