"""On PostgreSQL a row is put into its full-text index at once.

Otherwise it waits in a list of up to 4 MB, which each question reads through for each of its words:
a question for slips of a word spent 30 ms there and 1 ms in the index. Of entries, which are few and
asked for by beginnings, PostgreSQL needs to know fewer words than of lines: it compares each with
every word that it knows, which took longer than to find them.
"""

from django.db import migrations

INDEXES = ("search_entry_terms", "search_passage_terms", "search_word_terms")


def put_at_once(apps, editor):
    """Let nothing wait, and put what does."""
    if editor.connection.vendor == "postgresql":
        for index in INDEXES:
            editor.execute(f"ALTER INDEX {index} SET (fastupdate = off)")
            editor.execute(f"SELECT gin_clean_pending_list('{index}')")
        editor.execute("ALTER TABLE search_entry ALTER terms SET STATISTICS 100")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_places")]

    operations = [migrations.RunPython(put_at_once, migrations.RunPython.noop)]
