from django.core.management import call_command
from django.db import migrations

TABLE = "betterment_cache"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    """Create the table in which attempts to sign in are counted if Redis is not configured or does not respond."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
