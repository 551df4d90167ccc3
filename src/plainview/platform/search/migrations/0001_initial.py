"""The tables of the index, and on each engine the full-text index over their terms."""

import django.db.models.deletion
from django.db import migrations, models

import plainview.platform.search.models
TABLES = ("search_entry", "search_passage")
PREFIXES = {"search_entry": ", prefix='1 2 3 4'"}
"""Entries are found by the beginning of words; of passages the table of words says which."""


def index(apps, editor):
    """FTS5 over the rows' own text, kept in step by triggers; on PostgreSQL a GIN index."""
    if editor.connection.vendor == "postgresql":
        for table in TABLES:
            editor.execute(f"CREATE INDEX {table}_terms ON {table} USING gin (terms)")
        editor.execute('ALTER TABLE search_word ALTER word TYPE varchar(40) COLLATE "C"')
        return
    for table in TABLES:
        fts, prefix = f"{table}_fts", PREFIXES.get(table, "")
        dropped = "'delete', old.id, old.terms"
        editor.execute(
            f"CREATE VIRTUAL TABLE {fts} USING fts5(terms, content='{table}', content_rowid='id',"
            f" tokenize='ascii', detail='none', columnsize=0{prefix})"
        )
        editor.execute(f"INSERT INTO {fts}({fts}, rank) VALUES ('hashsize', 33554432)")
        drop = f"INSERT INTO {fts}({fts}, rowid, terms) VALUES ({dropped});"
        put = f"INSERT INTO {fts}(rowid, terms) VALUES (new.id, new.terms);"
        for act, body in {"INSERT": put, "DELETE": drop, "UPDATE OF terms": drop + put}.items():
            name = f"{fts}_{act.split()[0].lower()}"
            editor.execute(f"CREATE TRIGGER {name} AFTER {act} ON {table} BEGIN {body} END")


def unindex(apps, editor):
    """Take the full-text indexes away; those of PostgreSQL go with their tables."""
    if editor.connection.vendor != "postgresql":
        for table in TABLES:
            for act in ("insert", "delete", "update"):
                editor.execute(f"DROP TRIGGER {table}_fts_{act}")
            editor.execute(f"DROP TABLE {table}_fts")


class Migration(migrations.Migration):

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
                ('terms', plainview.platform.search.models.Terms()),
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
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shelf', 'word'), name='search_word_once')],
            },
        ),
        migrations.CreateModel(
            name='Spelling',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.BigIntegerField(db_index=True)),
                ('word', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spellings', to='search.word')),
            ],
        ),
        migrations.RunPython(index, unindex),
    ]
