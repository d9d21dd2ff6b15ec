from django.db import migrations

EXCLUDE = """
ALTER TABLE articles_publication ADD CONSTRAINT publication_no_overlap
EXCLUDE USING gist (article_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)
"""


def exclude(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(EXCLUDE)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_publication DROP CONSTRAINT publication_no_overlap")


class Migration(migrations.Migration):
    """Two publications of an article never overlap: an exclusion constraint on PostgreSQL.

    SQLite has none; there a trigger (articles.guards) refuses, which suffices because it lets one writer in at a time.
    """

    dependencies = [("articles", "0002_role_permissions")]
    operations = [migrations.RunPython(exclude, allow)]
