"""Faults in the page cache: each would show readers an outdated page, or one reader a page that is another's."""

from tests.mutants.fault import CHANGED_PAGES, KEPT_PAGES, POLLED, SITE_VERSION, Fault

CACHE, POLL, VERSION = "pagecache/cache.py", "pagecache/poll.py", "core/db/watched_tables.py"
SHOWN = "website/watched_tables.py"

IN_KEPT_PAGES = (
    Fault(
        CACHE,
        "page is None or page.version.changes != version.changes or",
        "page is None or",
        "a change shows on no page that is kept",
        KEPT_PAGES,
    ),
    Fault(
        CACHE,
        " or (page.until and now >= page.until):",
        ":",
        "a page is shown beyond its end",
        CHANGED_PAGES,
    ),
    Fault(
        CACHE,
        "moments = [moment.timestamp() for moment in (version.until, declaration.until) if moment]",
        "moments = [moment.timestamp() for moment in (declaration.until,) if moment]",
        "what starts or ends elsewhere is not shown",
        CHANGED_PAGES,
    ),
    Fault(
        CACHE,
        "            version=version,\n",
        "            version=self.poll.current() or version,\n",
        "what was rendered before a change is kept as if it were rendered after it",
        KEPT_PAGES,
    ),
    Fault(
        CACHE,
        'environ["REQUEST_METHOD"] == "HEAD" or self.poll.is_silent():',
        'environ["REQUEST_METHOD"] == "HEAD":',
        "a page of unknown age is kept while the database is silent",
        KEPT_PAGES,
    ),
    Fault(
        CACHE,
        '_PERSONAL = {"set-cookie", ',
        "_PERSONAL = {",
        "a reader's cookie is given to all others",
        KEPT_PAGES,
    ),
    Fault(
        CACHE,
        'return host, is_secure, environ.get("SCRIPT_NAME"',
        'return host, True, environ.get("SCRIPT_NAME"',
        "a reader by https is given the page of http",
        KEPT_PAGES,
    ),
    Fault(
        CACHE,
        "        if host not in self._hosts and",
        "        if not host and",
        "whoever invents names of the site fills the memory",
        KEPT_PAGES,
    ),
    Fault(
        "core/public.py",
        'request.META["QUERY_STRING"], request.GET = query, QueryDict(query)',
        "request.GET = QueryDict(query)",
        "a parameter that is not in the key changes the page for all",
        KEPT_PAGES,
    ),
    Fault(
        POLL,
        "self._read_at = self._tried_at = began",
        "self._read_at = self._tried_at = self._steady()",
        "a change that was committed while the version was read is seen late",
        POLLED,
    ),
    Fault(
        VERSION,
        "WHERE id < recorded ORDER BY id DESC OFFSET {KEPT - 1}",
        "WHERE id > recorded ORDER BY id DESC OFFSET {KEPT - 1}",
        "the table of changes grows for ever",
        SITE_VERSION,
        database="postgresql",
    ),
    Fault(
        SHOWN,
        "rows.filter(ends_at__gt=after)",
        "rows.filter(ends_at__gt=after, article=None)",
        "what has ended is still named as related",
        CHANGED_PAGES,
    ),
    Fault(
        "website/kept_pages.py",
        "response.status_code == 200 and is_still(state) and house() == shown",
        "response.status_code == 200 and house() == shown",
        "what changed while a page was made is kept under the state from before",
        CHANGED_PAGES,
    ),
    Fault(
        "website/kept_pages.py",
        "kept is not None and kept[2] <= now and (kept[1] is None or now < kept[1])",
        "kept is not None and kept[2] <= now",
        "a review that has fallen due is not said to be overdue",
        CHANGED_PAGES,
    ),
    Fault(
        "website/kept_pages.py",
        "kept[2] <= now and ",
        "",
        "a page made while the clock was ahead is served after it was set right",
        CHANGED_PAGES,
    ),
    Fault(
        "website/article_state.py",
        "tuple(related(article, topics, at))",
        "()",
        "a withdrawn article is still recommended",
        CHANGED_PAGES,
    ),
    Fault(
        SHOWN,
        'WatchedTable("sources_source", on=("UPDATE",), on_article=f"id IN ({_OWN_SOURCES})")',
        'WatchedTable("sources_source", on=("UPDATE",), on_article=None)',
        "a retraction does not show on the page that cites the source",
        CHANGED_PAGES,
    ),
    Fault(
        "products/watched_tables.py",
        'WatchedTable("products_product", on_article=f"id IN ({_RECOMMENDED})")',
        'WatchedTable("products_product", on_article=None)',
        "a product that is no longer sold is still recommended",
        CHANGED_PAGES,
    ),
    Fault(
        "advisors/watched_tables.py",
        'WatchedTable("advisors_remarkswithheld", on_article=f"review_id IN ({_OWN_REVIEWS})")',
        'WatchedTable("advisors_remarkswithheld", on_article=None)',
        "remarks that were withheld are still shown",
        CHANGED_PAGES,
    ),
)
