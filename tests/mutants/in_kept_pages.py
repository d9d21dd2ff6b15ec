"""Faults in what a kept page rests on: each would show readers what is no longer so."""

from tests.mutants.fault import KEPT_PAGES, Fault

VIEW, SHOWN, STORE = "website/views.py", "website/watched_tables.py", "pagecache/store.py"
RESTS_ON = "rests_on(response, parts_of({publication.article_id, *around}, topics))"

IN_KEPT_PAGES = (
    Fault(
        VIEW,
        RESTS_ON,
        "rests_on(response, parts_of({publication.article_id}, topics))",
        "a withdrawn article is still named as related",
        KEPT_PAGES,
    ),
    Fault(
        VIEW,
        RESTS_ON,
        "rests_on(response, parts_of(around, topics))",
        "what is done to an article is not shown on its page",
        KEPT_PAGES,
    ),
    Fault(
        VIEW,
        RESTS_ON,
        "rests_on(response, parts_of({publication.article_id, *around}, []))",
        "what is newly filed under a topic is not named as related",
        KEPT_PAGES,
    ),
    Fault(
        SHOWN,
        'WatchedTable("articles_publication", parts=_OF_AN_ARTICLE, by=("article_id",))',
        'WatchedTable("articles_publication", parts=NO_PART)',
        "a withdrawn article stays where it was",
        KEPT_PAGES,
    ),
    Fault(
        SHOWN,
        'WatchedTable("articles_approval", parts=_OF_ITS_ARTICLE, by=("revision_id",))',
        'WatchedTable("articles_approval", parts=NO_PART)',
        "a new review is not shown",
        KEPT_PAGES,
    ),
    Fault(
        SHOWN,
        'WatchedTable("articles_recommendation", parts=_OF_AN_ARTICLE, by=("article_id",))',
        'WatchedTable("articles_recommendation", parts=NO_PART)',
        "what the shop no longer recommends is still shown",
        KEPT_PAGES,
    ),
    Fault(
        SHOWN,
        'WatchedTable("sources_source", on=("UPDATE",))',
        'WatchedTable("sources_source", on=("UPDATE",), parts=NO_PART)',
        "a retraction is not shown",
        KEPT_PAGES,
    ),
    Fault(
        STORE,
        "if not mark or not self.clock.is_still(state):",
        "if not mark:",
        "words of before a change are taken for what stands after it",
        KEPT_PAGES,
    ),
    Fault(
        STORE,
        "if not entry.parts or entry.is_over(now) or state.is_doubtful:",
        "if not entry.parts or state.is_doubtful:",
        "a page is shown beyond its end",
        KEPT_PAGES,
    ),
    Fault(
        "pagecache/folder.py",
        'generation if facts["mark"] == mark else NO_GENERATION',
        "generation",
        "a file is taken for what is so now without a proof",
        KEPT_PAGES,
    ),
    Fault(
        STORE,
        "parts.until(entry.parts, began)",
        "parts.until(entry.parts, self.clock.now())",
        "what started while a page was made is not shown on it",
        KEPT_PAGES,
    ),
    Fault(
        SHOWN,
        "rows.filter(ends_at__gt=after)",
        "rows.filter(ends_at__gt=after, article=None)",
        "what has ended is still named as related",
        KEPT_PAGES,
    ),
)
