from django.db import migrations, models

from betterment.models.changes import random_mark


def begin(apps, schema_editor):
    """Nothing rests on a part of the site before something was noted of every page."""
    apps.get_model("betterment", "Change").objects.create(about="every page", mark=random_mark())


def end(apps, schema_editor):
    """The version before takes every row for one about the site."""
    apps.get_model("betterment", "Change").objects.exclude(about="site").delete()


class Migration(migrations.Migration):
    """What a change is about, beside the site as a whole: pages that rest on other parts need not be made anew."""

    dependencies = [("betterment", "0003_marks_of_changes")]
    operations = [
        migrations.AddField(
            model_name="change",
            name="about",
            field=models.CharField(db_default="site", default="site", max_length=40),
        ),
        migrations.AddIndex(model_name="change", index=models.Index(fields=["about", "id"], name="change_about")),
        migrations.RunPython(begin, end),
    ]
