import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import plainview.platform.identifiers
from django.conf import settings
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0001_squashed_0007_picked_language'),
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('address', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='account.emailaddress')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('proved_at', models.DateTimeField(null=True)),
                ('request', models.CharField(blank=True, max_length=11)),
            ],
        ),
        migrations.CreateModel(
            name='Former',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('given_up_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(django.db.models.functions.text.Lower('email'), name='accounts_former_email')],
            },
        ),
    )]
