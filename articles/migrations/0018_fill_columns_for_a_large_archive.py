from django.db import migrations

# As the database keeps it from now on (articles.upkeep).
REVIEWED = """
UPDATE articles_publication SET reviewed_at = (
    SELECT MAX(a.approved_at) FROM articles_approval a WHERE a.revision_id =
        (SELECT own.revision_id FROM articles_approval own WHERE own.id = articles_publication.approval_id)
) WHERE notice = '' AND cancelled_at IS NULL
"""
ARTICLE = """
UPDATE articles_searchentry SET article_key =
    (SELECT r.article_id FROM articles_revision r WHERE r.id = articles_searchentry.revision_id)
"""
# Made anew they take a fraction of what a new row for each text would cost them. As in 0012 and 0016.
AWAY = ("DROP INDEX articles_searchentry_vector", "DROP INDEX articles_searchentry_title")
BACK = (
    "CREATE INDEX articles_searchentry_vector ON articles_searchentry USING gin (vector) "
    "WITH (gin_pending_list_limit = 64)",
    "CREATE INDEX articles_searchentry_title ON articles_searchentry USING gin (to_tsvector('english', title)) "
    "WITH (fastupdate = off)",
)


def fill(apps, schema_editor):
    """Both columns, without indexing every text one by one."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (REVIEWED, *AWAY, ARTICLE, *BACK) if is_postgresql else (REVIEWED, ARTICLE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_columns_for_a_large_archive")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
