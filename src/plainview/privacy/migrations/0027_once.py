from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0026_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='told',
            name='unsure_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='disclosure',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('kept', 'Kept'), ('stopped', 'Stopped'), ('browser', 'Browser'), ('failed', 'Failed')], default='queued', max_length=8),
        ),
    ]
