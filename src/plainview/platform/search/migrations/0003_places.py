"""Lines are indexed with the places of their words, and traditional characters as simplified ones.

What is in the index of names is made anew at the next start; until then lines are found as before.
"""

from django.db import migrations

import plainview.platform.search.models

NAMED = 0
TABLES, STATISTICS = ("search_entry", "search_passage", "search_word"), 1000
"""PostgreSQL then keeps how often each of the 10 000 most frequent words stands.

With the thousand it keeps by itself, it takes every other word for one in two thousand lines, and
walks all lines from the newest to find ten that hold a rare one: seconds instead of milliseconds.
"""


def know(apps, editor):
    """Let PostgreSQL count more words, from its next ANALYZE on."""
    if editor.connection.vendor == "postgresql":
        for table in TABLES:
            editor.execute(f"ALTER TABLE {table} ALTER terms SET STATISTICS {STATISTICS}")


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
        migrations.RunPython(know, migrations.RunPython.noop),
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
