"""What is measured of pages: each a name and an address, asked for inside one process, without a server in between."""

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
SLIP = f"{SOME[:-3]}{SOME[-2:]}"  # a letter left out


@dataclass(frozen=True)
class Page:
    """An address; `staff` where an editor asks for it."""

    name: str
    path: str
    staff: bool = False


# What the search takes without the page around it: what is found, with its teasers and passages.
FINDINGS = {
    "finding a rare word": RARE,
    "finding a word in 3 %": SOME,
    "finding a word in all": EVERY,
    "finding two words": "magnesium sleep",
    "finding nothing: a slip": SLIP,
}


def _feed() -> list[Page]:
    try:
        return [Page("feed", reverse("website:feed_atom"))]
    except NoReverseMatch:
        return []


def pages() -> list[Page]:
    """The pages of this archive. The article in the middle of it stands for all, and the topic with most to read: its
    page is full in a small archive too, and has most to count in a large one."""
    live = Publication.objects.visible(timezone.now())
    first = live.filter(article__created_by__email__endswith=f"@{DOMAIN}").order_by("article__created_at")
    slug, article = first.values_list("article__slug", "article")[min(first.count() - 1, 50)]
    topic = fullest_topics(timezone.now()).first()
    author = Author.objects.filter(bylines__revision__article=article).values_list("slug", flat=True)[0]
    draft = Article.objects.filter(stage="draft").order_by("pk").values_list("pk", flat=True)[0]
    last = min(MAX_PAGES, -(-Article.objects.count() // ArticleAdmin.list_per_page))  # 50, of a large archive
    return [
        Page("article, rendered", f"/articles/{slug}/"),
        Page("home", "/"),
        Page("topic", f"/topics/{topic.slug}/"),
        Page("author", f"/authors/{author}/"),
        Page("topics", "/topics/"),
        *_feed(),
        Page("search: a rare word", f"/search/?q={RARE}"),
        Page("search: a word in 3 %", f"/search/?q={SOME}"),
        Page("search: a word in all", f"/search/?q={EVERY}"),
        Page("search: a word in all, page 2", f"/search/?q={EVERY}&page=2"),
        Page("search: two words", "/search/?q=magnesium+sleep"),
        Page("search: a slip", f"/search/?q={SLIP}"),
        Page("search: topic and evidence", f"/search/?q={SOME}&topic={topic.slug}&evidence=trial"),
        Page("start page", "/admin/", True),
        Page("admin list", LIST, True),
        Page("admin list, its last page", f"{LIST}?p={last}", True),
        Page("admin list, in review", f"{LIST}?stage__exact=in_review", True),
        Page("admin list, published", f"{LIST}?stage__exact=published", True),
        Page("admin list, readers see a page", f"{LIST}?shown=live", True),
        Page("admin list, readers see a notice", f"{LIST}?shown=withdrawn", True),
        Page("admin list, readers see nothing yet", f"{LIST}?shown=never", True),
        Page("admin list, review due now", f"{LIST}?review_due=0", True),
        Page("admin list, due for a source", f"{LIST}?review_due=source", True),
        Page("admin list, of a topic", f"{LIST}?topic={topic.pk}", True),
        Page("admin search", f"{LIST}?q=magnesium", True),
        Page("admin form", f"{LIST}{draft}/change/", True),
    ]
