from django.core.management import call_command
from django.db import migrations

TABLE = "betterment_cache"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    """Where attempts to sign in are counted, unless a Redis is named."""

    dependencies = [("accounts", "0003_sessions_ended")]
    operations = [migrations.RunPython(make, drop)]
