from django.db import migrations

# What Django writes for `icontains`: UPPER(column::text) LIKE UPPER(…).
INDEXES = {
    "article_title_parts": ("articles_article", "title"),
    "article_slug_parts": ("articles_article", "slug"),
    "source_title_parts": ("articles_source", "title"),
    "source_key_parts": ("articles_source", "key"),
}


def begin(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for name, (table, column) in INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {name} ON {table} USING gin (upper({column}::text) gin_trgm_ops) WITH (fastupdate = off)"
            )


def end(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """The newsroom looks for parts of words in titles, addresses and keys: on PostgreSQL an index of their letters by
    threes. SQLite reads its smaller rows."""

    dependencies = [("articles", "0019_publication_indexes")]
    operations = [migrations.RunPython(begin, end)]
