from django.db import migrations, models

from betterment.models import random_mark


def take_triggers_away(apps, schema_editor):
    """SQLite makes the table anew, and refuses while a trigger names it. They are put back after every `migrate`."""
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'shown\\_%' ESCAPE '\\'"
            )
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {schema_editor.quote_name(name)}")


def begin(apps, schema_editor):
    """Nothing rests on a part of the site before something was noted of every page."""
    apps.get_model("betterment", "Change").objects.create(about="every page", mark=random_mark())


def end(apps, schema_editor):
    """A trigger of the version before takes every row for one about the site."""
    take_triggers_away(apps, schema_editor)
    apps.get_model("betterment", "Change").objects.exclude(about="site").delete()


class Migration(migrations.Migration):
    """What a change is about, beside the site as a whole: pages that rest on other parts need not be made anew."""

    dependencies = [("betterment", "0003_marks_of_changes")]
    operations = [
        migrations.RunPython(take_triggers_away, migrations.RunPython.noop),
        migrations.AddField(
            model_name="change",
            name="about",
            field=models.CharField(db_default="site", default="site", max_length=40),
        ),
        migrations.AddIndex(model_name="change", index=models.Index(fields=["about", "id"], name="change_about")),
        migrations.RunPython(begin, end),
    ]
