from django.db import migrations, models


def gather(apps, schema_editor):
    """What stood in one language stands under its name."""
    news = apps.get_model("marketing", "News").objects
    for each in news.all():
        texts = {each.language: {"heading": each.heading, "text": each.text}}
        news.filter(pk=each.pk).update(texts=texts)


def part(apps, schema_editor):
    """Of several languages the first is kept."""
    news = apps.get_model("marketing", "News").objects
    for each in news.all():
        language, said = next(iter(each.texts.items()), ("en", {"heading": "", "text": ""}))
        news.filter(pk=each.pk).update(language=language, **said)


class Migration(migrations.Migration):
    dependencies = [("marketing", "0001_initial")]

    operations = [
        migrations.AddField("news", "texts", models.JSONField(default=dict)),
        migrations.AddField("news", "pushed_at", models.DateTimeField(editable=False, null=True)),
        migrations.AlterField("news", "language", models.CharField(max_length=35, default="en")),
        migrations.AlterField("news", "heading", models.CharField(max_length=90, default="")),
        migrations.AlterField("news", "text", models.CharField(max_length=280, default="")),
        migrations.RunPython(gather, part),
        migrations.RemoveField("news", "language"),
        migrations.RemoveField("news", "heading"),
        migrations.RemoveField("news", "text"),
    ]
