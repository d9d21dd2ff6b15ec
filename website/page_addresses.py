"""The rules that redirect old addresses of articles, topics and authors to their pages (core.db.page_addresses)."""

from core.db.page_addresses import LosingTable, PageAddress

_SEEN = "p.cancelled_at IS NULL AND (p.has_started OR p.starts_at <= {now})"
_TOPIC_SEEN = (
    "EXISTS (SELECT 1 FROM articles_article_topics t JOIN articles_publication p ON p.article_id = t.article_id "
    f"WHERE t.topic_id = {{row}}.id AND {_SEEN})"
)
_AUTHOR_SEEN = (
    "EXISTS (SELECT 1 FROM articles_byline b JOIN articles_approval a ON a.revision_id = b.revision_id "
    f"JOIN articles_publication p ON p.approval_id = a.id WHERE b.author_id = {{row}}.id AND {_SEEN})"
)
_ARTICLE_SEEN = f"EXISTS (SELECT 1 FROM articles_publication p WHERE p.article_id = {{row}}.id AND {_SEEN})"
# A topic has a public page only while a published article has the topic, so removing the topic from an article may
# close the page.
_FILED_UNDER = LosingTable(
    "articles_article_topics",
    "topic_id",
    f"EXISTS (SELECT 1 FROM articles_publication p WHERE p.article_id = OLD.article_id AND {_SEEN})",
)

PAGE_ADDRESSES = (
    # The form refuses to change the address of a published article (articles.forms), on which references and feeds
    # rely. This rule is for changes made elsewhere, such as in a shell. Addresses below the article's are redirected
    # with it (website.redirects).
    PageAddress("articles_article", ("/articles/{}/",), _ARTICLE_SEEN, is_confidential=True),
    PageAddress(
        "articles_topic",
        ("/topics/{}/", "/feeds/topics/{}.atom", "/feeds/topics/{}.json"),
        _TOPIC_SEEN,
        lost_by=_FILED_UNDER,
    ),
    PageAddress("articles_author", ("/authors/{}/",), _AUTHOR_SEEN),
)
