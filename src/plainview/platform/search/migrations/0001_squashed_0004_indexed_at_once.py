"""The tables of the index, and on each engine the full-text index over their terms."""

import plainview.platform.search.models
from django.db import migrations, models

PREFIXES = {"search_entry": ", prefix='1 2 3 4'", "search_passage": "", "search_word": ""}
"""Entries are found by the beginning of words; of passages the table of words says which."""
STATISTICS = {"search_entry": 100, "search_passage": 1000, "search_word": 1000}
"""PostgreSQL keeps how often each of ten times as many words stands.

With the thousand it keeps by itself, it takes every other word for one in two thousand lines, and
walks all lines from the newest to find ten that hold a rare one: seconds instead of milliseconds.
Of entries, which are few and asked for by beginnings, it compares each with every word that it
knows, which took longer than to find them.
"""


def index(apps, editor):
    """FTS5 over the rows' own text, kept in step by triggers; on PostgreSQL a GIN index.

    A row is put into that of PostgreSQL at once. Otherwise it waits in a list of up to 4 MB, which
    each question reads through for each of its words: a question for slips of a word spent 30 ms
    there and 1 ms in the index.
    """
    if editor.connection.vendor == "postgresql":
        for table, statistics in STATISTICS.items():
            editor.execute(f"CREATE INDEX {table}_terms ON {table} USING gin (terms) WITH (fastupdate = off)")
            editor.execute(f"ALTER TABLE {table} ALTER terms SET STATISTICS {statistics}")
        editor.execute('ALTER TABLE search_word ALTER word TYPE varchar(40) COLLATE "C"')
        return
    for table, prefix in PREFIXES.items():
        fts = f"{table}_fts"
        editor.execute(
            f"CREATE VIRTUAL TABLE {fts} USING fts5(terms, content='{table}', content_rowid='id',"
            f" tokenize='ascii', detail='none', columnsize=0{prefix})"
        )
        editor.execute(f"INSERT INTO {fts}({fts}, rank) VALUES ('hashsize', 33554432)")
        drop = f"INSERT INTO {fts}({fts}, rowid, terms) VALUES ('delete', old.id, old.terms);"
        put = f"INSERT INTO {fts}(rowid, terms) VALUES (new.id, new.terms);"
        for act, body in {"INSERT": put, "DELETE": drop, "UPDATE OF terms": drop + put}.items():
            name = f"{fts}_{act.split()[0].lower()}"
            editor.execute(f"CREATE TRIGGER {name} AFTER {act} ON {table} BEGIN {body} END")


def unindex(apps, editor):
    """Take the full-text indexes away; those of PostgreSQL go with their tables."""
    if editor.connection.vendor != "postgresql":
        for table in PREFIXES:
            for act in ("insert", "delete", "update"):
                editor.execute(f"DROP TRIGGER {table}_fts_{act}")
            editor.execute(f"DROP TABLE {table}_fts")


class Migration(migrations.Migration):

    replaces = [('search', each) for each in (
        '0001_initial', '0002_word_terms', '0003_places', '0004_indexed_at_once',
    )]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('scope', models.BigIntegerField(db_index=True)),
                ('language', models.CharField(max_length=35)),
                ('size', models.PositiveIntegerField()),
                ('terms', plainview.platform.search.models.Terms(ordered=True)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('ref', models.BigIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('terms', plainview.platform.search.models.Terms()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'ref'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('shelf', models.PositiveSmallIntegerField()),
                ('word', models.CharField(max_length=40)),
                ('count', models.IntegerField(default=0)),
                ('terms', plainview.platform.search.models.Terms()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shelf', 'word'), name='search_word_once')],
            },
        ),
        migrations.RunPython(index, unindex),
    ]
