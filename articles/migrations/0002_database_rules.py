from django.db import migrations

# For PostgreSQL. SQLite has no exclusion constraints; there a trigger refuses overlaps (articles.guards), which is
# sufficient because SQLite lets only one writer in at a time.
NEVER_OVERLAP = """
ALTER TABLE articles_publication ADD CONSTRAINT publication_no_overlap
EXCLUDE USING gist (article_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)
"""
# left(): a tsvector holds at most one megabyte, and publishing must not fail because a text is long.
SEARCH_VECTOR = """
ALTER TABLE articles_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', standfirst), 'B') ||
    setweight(to_tsvector('english', messages), 'C') || setweight(to_tsvector('english', left(body, 150000)), 'D')
) STORED
"""
DRAFT_VECTOR = """
ALTER TABLE articles_searchdraft ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    to_tsvector('english', left(words, 150000))
) STORED
"""
# The newsroom searches for parts of words: Django compiles `icontains` to UPPER(column::text) LIKE UPPER(…).
PARTS_OF_WORDS = {
    "article_title_parts": ("articles_article", "title"),
    "article_slug_parts": ("articles_article", "slug"),
    "source_title_parts": ("sources_source", "title"),
    "source_key_parts": ("sources_source", "key"),
}
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    NEVER_OVERLAP,
    SEARCH_VECTOR,
    DRAFT_VECTOR,
    # Every search reads the index's list of pending entries in full, so that list is limited to 64 kB.
    "CREATE INDEX articles_searchentry_vector ON articles_searchentry USING gin (vector) "
    "WITH (gin_pending_list_limit = 64)",
    "CREATE INDEX articles_searchdraft_vector ON articles_searchdraft USING gin (vector) "
    "WITH (gin_pending_list_limit = 64)",
    "CREATE INDEX articles_searchentry_title ON articles_searchentry USING gin (to_tsvector('english', title)) "
    "WITH (fastupdate = off)",
    *(
        f"CREATE INDEX {name} ON {table} USING gin (upper({column}::text) gin_trgm_ops) WITH (fastupdate = off)"
        for name, (table, column) in PARTS_OF_WORDS.items()
    ),
)
SQLITE = (
    "CREATE VIRTUAL TABLE articles_searchindex USING fts5(title, standfirst, messages, body, "
    "content='articles_searchentry', content_rowid='revision_id', tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE articles_searchdraftindex USING fts5(words, content='articles_searchdraft', "
    "content_rowid='article_id', tokenize='porter unicode61 remove_diacritics 2')",
)
# The order in which the newest articles on a topic are read (website.newest_lists), on both databases.
NEWEST_ON_A_TOPIC = "CREATE INDEX article_topics_newest ON articles_article_topics (topic_id, article_id)"


def create(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (*(POSTGRESQL if is_postgresql else SQLITE), NEWEST_ON_A_TOPIC):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX article_topics_newest")
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE IF EXISTS articles_searchindex")
        schema_editor.execute("DROP TABLE IF EXISTS articles_searchdraftindex")
        return
    of_searches = ("articles_searchentry_title", "articles_searchentry_vector", "articles_searchdraft_vector")
    for name in (*PARTS_OF_WORDS, *of_searches):
        schema_editor.execute(f"DROP INDEX {name}")
    schema_editor.execute("ALTER TABLE articles_searchdraft DROP COLUMN vector")
    schema_editor.execute("ALTER TABLE articles_searchentry DROP COLUMN vector")
    schema_editor.execute("ALTER TABLE articles_publication DROP CONSTRAINT publication_no_overlap")


class Migration(migrations.Migration):
    """Exclude overlapping publications and add the search indexes, neither of which Django's models can declare.

    On SQLite, triggers fill the search index after the migrations (articles.derived_columns).
    """

    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
