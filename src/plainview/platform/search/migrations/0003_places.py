"""Lines are indexed with the places of their words, and traditional characters as simplified ones.

What is in the index of names is made anew at the next start; until then lines are found as before.
"""

from django.db import migrations

import plainview.platform.search.models

NAMED = 0


def empty(apps, editor):
    """Take the names out, by which the next start sees that the index is to be made anew."""
    apps.get_model("search", "Entry").objects.all().delete()
    apps.get_model("search", "Word").objects.filter(shelf=NAMED).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_word_terms")]

    operations = [
        # no column changes, and SQLite would make the table anew without its triggers
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="passage",
                    name="terms",
                    field=plainview.platform.search.models.Terms(ordered=True),
                ),
            ]
        ),
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
