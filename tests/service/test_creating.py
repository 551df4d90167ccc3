"""Tables made at once: as Django makes them one by one, in a circle too, and dropped again."""

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from plainview.platform.creating import Models


def _points(name: str, to: str) -> migrations.CreateModel:
    key = ("id", models.BigAutoField(primary_key=True))
    there = ("there", models.ForeignKey(to, models.CASCADE, related_name="back"))
    return migrations.CreateModel(name=name, fields=[key, there])


def test_models_in_a_circle_are_made_and_dropped_at_once():
    """Each knows the other from both ends; what is made first goes last."""
    made, before = Models(_points("Hen", "farm.egg"), _points("Egg", "farm.hen")), ProjectState()
    assert not before.apps.get_models()  # rendered, as it is after any migration before
    after = before.clone()
    made.state_forwards("farm", after)
    hen, egg = (after.apps.get_model("farm", each) for each in ("hen", "egg"))
    assert hen._meta.get_field("back").related_model is egg
    assert egg._meta.get_field("back").related_model is hen
    editor = connection.schema_editor(collect_sql=True)
    editor.deferred_sql = []  # as entering it sets, which would open the database
    made.database_forwards("farm", editor, before, after)
    made.database_backwards("farm", editor, after, before)
    done = [each.split("(")[0].split(" CASCADE")[0].strip(' ";') for each in editor.collected_sql]
    tables = [each for each in done if " TABLE " in each and not each.startswith("ALTER")]
    assert tables == [
        f'{act} TABLE "farm_{name}'
        for act, name in (("CREATE", "hen"), ("CREATE", "egg"), ("DROP", "egg"), ("DROP", "hen"))
    ]
