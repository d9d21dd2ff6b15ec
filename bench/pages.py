"""The pages that are measured within one process, each with a name and a URL."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from articles.admin.articles import ArticleAdmin
from articles.models import Article, Author, Publication
from core.paging import MAX_PAGES
from demo.archive.people import DOMAIN
from demo.archive.words import EVERY, RARE, SOME
from website.browse import fullest_topics

LIST = "/admin/articles/article/"
SLIP = f"{SOME[:-3]}{SOME[-2:]}"  # a misspelling: one letter is missing


@dataclass(frozen=True)
class MeasuredPage:
    """A page with its name and URL. With `staff`, an editor requests it."""

    name: str
    path: str
    staff: bool = False


# Searches measured without the page around the results (with teasers and passages), by name.
FINDINGS = {
    "finding a rare word": RARE,
    "finding a word in 3 %": SOME,
    "finding a word in all": EVERY,
    "finding two words": "magnesium sleep",
    "finding nothing: a slip": SLIP,
}


def _feed() -> list[MeasuredPage]:
    """Return a list with the page of the feed to measure, or an empty list if the site has no feed."""
    try:
        return [MeasuredPage("feed", reverse("website:feed_atom"))]
    except NoReverseMatch:
        return []


def pages() -> list[MeasuredPage]:
    """Return the pages to measure in this archive.

    The article is the 51st oldest that readers see, or the newest if there are fewer. The topic is the one with the
    most articles: its page is full even in a small archive, and has the most to count in a large one.
    """
    live = Publication.objects.visible(timezone.now())
    first = live.filter(article__created_by__email__endswith=f"@{DOMAIN}").order_by("article__created_at")
    slug, article = first.values_list("article__slug", "article")[min(first.count() - 1, 50)]
    topic = fullest_topics(timezone.now()).first()
    author = Author.objects.filter(bylines__revision__article=article).values_list("slug", flat=True)[0]
    draft = Article.objects.filter(stage="draft").order_by("pk").values_list("pk", flat=True)[0]
    last = min(MAX_PAGES, -(-Article.objects.count() // ArticleAdmin.list_per_page))  # rounded up
    return [
        MeasuredPage("article, rendered", f"/articles/{slug}/"),
        MeasuredPage("home", "/"),
        MeasuredPage("topic", f"/topics/{topic.slug}/"),
        MeasuredPage("author", f"/authors/{author}/"),
        MeasuredPage("topics", "/topics/"),
        *_feed(),
        MeasuredPage("search: a rare word", f"/search/?q={RARE}"),
        MeasuredPage("search: a word in 3 %", f"/search/?q={SOME}"),
        MeasuredPage("search: a word in all", f"/search/?q={EVERY}"),
        MeasuredPage("search: a word in all, page 2", f"/search/?q={EVERY}&page=2"),
        MeasuredPage("search: two words", "/search/?q=magnesium+sleep"),
        MeasuredPage("search: a slip", f"/search/?q={SLIP}"),
        MeasuredPage("search: topic and evidence", f"/search/?q={SOME}&topic={topic.slug}&evidence=trial"),
        MeasuredPage("start page", "/admin/", True),
        MeasuredPage("admin list", LIST, True),
        MeasuredPage("admin list, its last page", f"{LIST}?p={last}", True),
        MeasuredPage("admin list, in review", f"{LIST}?stage__exact=in_review", True),
        MeasuredPage("admin list, published", f"{LIST}?stage__exact=published", True),
        MeasuredPage("admin list, readers see a page", f"{LIST}?shown=live", True),
        MeasuredPage("admin list, readers see a notice", f"{LIST}?shown=withdrawn", True),
        MeasuredPage("admin list, readers see nothing yet", f"{LIST}?shown=never", True),
        MeasuredPage("admin list, review due now", f"{LIST}?review_due=0", True),
        MeasuredPage("admin list, due for a source", f"{LIST}?review_due=source", True),
        MeasuredPage("admin list, of a topic", f"{LIST}?topic={topic.pk}", True),
        MeasuredPage("admin search", f"{LIST}?q=magnesium", True),
        MeasuredPage("admin form", f"{LIST}{draft}/change/", True),
    ]
