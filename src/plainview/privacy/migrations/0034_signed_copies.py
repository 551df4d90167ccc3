from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0032_requests_of_an_address'),
    ]

    operations = [
        migrations.AddField(
            model_name='bringing',
            name='signed',
            field=models.BooleanField(null=True),
        ),
    ]
