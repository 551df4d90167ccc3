"""Spellings become terms of the word itself, in a full-text index: one row where seven were.

Words that are there are given theirs.
"""

from django.db import migrations

import plainview.platform.search.models
from plainview.platform.search import typos

TABLE, BATCH = "search_word", 5000
EDITS = {0: 2, 1: 1}


def spell(apps, editor):
    """Give the words that are there their spellings."""
    words = apps.get_model("search", "Word").objects
    last = 0
    while rows := list(words.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in rows:
            edits = min(EDITS[row.shelf], typos.reach(row.word))
            row.terms = " ".join(f"{row.shelf}{key}" for key in sorted(typos.keys(row.word, edits)))
        words.bulk_update(rows, ["terms"], batch_size=200)
        last = rows[-1].pk


def index(apps, editor):
    """FTS5 over the words' spellings, kept in step by triggers; on PostgreSQL a GIN index."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"CREATE INDEX {TABLE}_terms ON {TABLE} USING gin (terms)")
        return
    fts = f"{TABLE}_fts"
    editor.execute(
        f"CREATE VIRTUAL TABLE {fts} USING fts5(terms, content='{TABLE}', content_rowid='id',"
        f" tokenize='ascii', detail='none', columnsize=0)"
    )
    editor.execute(f"INSERT INTO {fts}({fts}, rank) VALUES ('hashsize', 33554432)")
    editor.execute(f"INSERT INTO {fts}({fts}) VALUES ('rebuild')")
    drop = f"INSERT INTO {fts}({fts}, rowid, terms) VALUES ('delete', old.id, old.terms);"
    put = f"INSERT INTO {fts}(rowid, terms) VALUES (new.id, new.terms);"
    for act, body in {"INSERT": put, "DELETE": drop, "UPDATE OF terms": drop + put}.items():
        name = f"{fts}_{act.split()[0].lower()}"
        editor.execute(f"CREATE TRIGGER {name} AFTER {act} ON {TABLE} BEGIN {body} END")


def unindex(apps, editor):
    """Take the full-text index away; that of PostgreSQL goes with its column."""
    if editor.connection.vendor != "postgresql":
        for act in ("insert", "delete", "update"):
            editor.execute(f"DROP TRIGGER {TABLE}_fts_{act}")
        editor.execute(f"DROP TABLE {TABLE}_fts")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Spelling"),
        migrations.AddField(
            model_name="word",
            name="terms",
            field=plainview.platform.search.models.Terms(default=""),
            preserve_default=False,
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.RunPython(index, unindex),
    ]
