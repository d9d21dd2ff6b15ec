import django.db.models.deletion
from django.db import migrations, models

from articles.search.index import index

COLUMNS = ("title", "standfirst", "messages", "body")
POSTGRESQL = (
    # left(): a tsvector holds one megabyte, and publishing never fails for the length of a text.
    """
    ALTER TABLE articles_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', standfirst), 'B') ||
        setweight(to_tsvector('english', messages), 'C') || setweight(to_tsvector('english', left(body, 150000)), 'D')
    ) STORED
    """,
    "CREATE INDEX articles_searchentry_vector ON articles_searchentry USING gin (vector)",
)
SQLITE = (
    f"CREATE VIRTUAL TABLE articles_searchindex USING fts5({', '.join(COLUMNS)}, content='articles_searchentry', "
    "content_rowid='revision_id', tokenize='porter unicode61 remove_diacritics 2')",
)


def begin(apps, schema_editor):
    """The database's own index, and in it what was published before there was a search."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)
    published = apps.get_model("articles", "Publication").objects.filter(cancelled_at=None)
    index(
        apps.get_model("articles", "Revision").objects.filter(pk__in=published.values("approval__revision")).iterator(),
        apps.get_model("articles", "SearchEntry"),
        apps.get_model("articles", "SearchWord"),
        None,  # comes with 0016
    )


def end(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS articles_searchindex")


class Migration(migrations.Migration):
    """What the search looks in. SQLite's index is filled with its triggers, after the migrations (articles.upkeep)."""

    dependencies = [("articles", "0011_review_terms")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
                ("title", models.TextField()),
                ("standfirst", models.TextField(blank=True)),
                ("messages", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(begin, end),
    ]
