import django.db.models.deletion
import plainview.platform.identifiers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('playback', '0003_viewing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, editable=False, max_length=12, unique=True)),
                ('source_name', models.CharField(max_length=255)),
                ('size', models.BigIntegerField(help_text='bytes, when it is whole')),
                ('modified', models.BigIntegerField(default=0, help_text='of the file, as its sender said, in ms')),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-expires_at'],
            },
        ),
        migrations.CreateModel(
            name='Sender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('arrival', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sender', to='playback.arrival')),
            ],
        ),
    ]
