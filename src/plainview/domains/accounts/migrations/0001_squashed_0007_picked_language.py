import django.db.models.deletion
import django.db.models.functions.text
import plainview.domains.accounts.models
import plainview.platform.identifiers
from django.conf import settings
from django.db import migrations, models

from plainview.platform import creating


class Migration(migrations.Migration):

    replaces = [('accounts', each) for each in (
        '0001_initial', '0002_standings', '0003_certification', '0004_profile', '0005_roles',
        '0006_language', '0007_picked_language',
    )]

    initial = True

    dependencies = [
    ]

    operations = [creating.Models(
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email address')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_active', models.BooleanField(default=True)),
                ('roles', models.CharField(blank=True, default='', max_length=60, validators=[plainview.domains.accounts.models.known_roles])),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='accounts_user_email')],
            },
        ),
        migrations.CreateModel(
            name='Certification',
            fields=[
                ('id', models.BigIntegerField(default=plainview.platform.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('territory', models.CharField(max_length=6)),
                ('age', models.PositiveSmallIntegerField()),
                ('certified_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certifications', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='About',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('value', models.TextField(max_length=2000)),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'Only you'), (1, 'Members'), (2, 'Everyone')], default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Gender',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('value', models.CharField(max_length=40)),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'Only you'), (1, 'Members'), (2, 'Everyone')], default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Language',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('value', models.CharField(max_length=35)),
                ('picked', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('value', models.CharField(max_length=60)),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'Only you'), (1, 'Members'), (2, 'Everyone')], default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('value', models.BinaryField()),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'Only you'), (1, 'Members'), (2, 'Everyone')], default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(default=plainview.platform.identifiers.new_key, editable=False, max_length=12, unique=True)),
            ],
        ),
    )]
