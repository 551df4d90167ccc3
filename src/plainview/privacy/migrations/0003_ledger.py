"""The ledger of answers refuses changes, and the sessions that named nobody are gone."""

from django.db import migrations

from plainview.privacy import permissions

SQLITE = """
CREATE TRIGGER privacy_ledger_answer BEFORE UPDATE ON privacy_answer
BEGIN SELECT RAISE(ABORT, 'an answer once given is not changed'); END
"""
POSTGRESQL = """
CREATE FUNCTION privacy_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an answer once given is not changed'; END $$;
CREATE TRIGGER privacy_ledger_answer_raise BEFORE UPDATE ON privacy_answer
FOR EACH ROW EXECUTE FUNCTION privacy_ledger_refuse()
"""


def forward(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(SQLITE if vendor == "sqlite" else POSTGRESQL)
    newcomer = permissions.newcomer().to_json().decode()
    apps.get_model("privacy", "Standing").objects.filter(facts="{}").update(facts=newcomer)
    schema_editor.execute("DROP TABLE IF EXISTS django_session")


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_person")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
