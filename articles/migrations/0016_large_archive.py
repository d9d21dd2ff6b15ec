from django.db import migrations, models

from articles.search.queries import grams

BATCH = 2000
POSTGRESQL = (
    "CREATE INDEX articles_searchentry_title ON articles_searchentry USING gin (to_tsvector('english', title)) "
    "WITH (fastupdate = off)",
    # What is written and not yet in its place is read whole by every search: no more of it than 64 kB.
    "ALTER INDEX articles_searchentry_vector SET (gin_pending_list_limit = 64)",
)


def begin(apps, schema_editor):
    """What slips share with the words that there are; on PostgreSQL, an index of titles alone."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
    gram_model = apps.get_model("articles", "SearchGram")
    words = list(apps.get_model("articles", "SearchWord").objects.values_list("word", flat=True))
    for start in range(0, len(words), BATCH):
        gram_model.objects.bulk_create(
            gram_model(gram=gram, word=word) for word in words[start : start + BATCH] for gram in sorted(grams(word))
        )


def end(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS articles_searchentry_title")
        schema_editor.execute("ALTER INDEX articles_searchentry_vector RESET (gin_pending_list_limit)")


class Migration(migrations.Migration):
    """What a large archive is searched and listed by: titles first, slips without reading every word, stages by time."""

    dependencies = [("articles", "0015_publication_ends")]
    operations = [
        migrations.CreateModel(
            name="SearchGram",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gram", models.CharField(max_length=3)),
                ("word", models.CharField(max_length=40)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=["gram", "word"], name="search_gram_once")],
            },
        ),
        migrations.RunPython(begin, end),
        migrations.RunSQL(
            "CREATE INDEX article_topics_newest ON articles_article_topics (topic_id, article_id)",
            "DROP INDEX article_topics_newest",
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["stage", "-saved_at", "-id"], name="article_stage_saved"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["article"], condition=models.Q(("notice", ""), _negated=True), name="publication_withdrawn"
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["retraction_state"], name="source_retraction"),
        ),
    ]
