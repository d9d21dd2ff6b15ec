"""Check whether an article is ready for the board, with the editorial checks and the findings of higher-level apps."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from articles.models import Article, Content, Revision, Topic
from articles.signals import findings_wanted
from articles.waivers import answered
from checks import preflight
from checks.preflight import Draft, DraftProduct, DraftSource, Finding, WordLists
from checks.word_lists import lists
from products.models import Product
from sources.models import Link, LinkState, Source


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """Return all findings on the working copy, the most serious first. `revision` is the one to be submitted."""
    return checked_draft(article, revision)[1]


def checked_draft(article: Article, revision: Revision | None) -> tuple[Draft, list[Finding]]:
    """Return the working copy as the checks read it, and what `findings` returns."""
    prefetch_related_objects([article], "topics")  # for the checks and for the terms of the review
    draft = draft_of(article)
    return draft, with_answers(preflight.run(draft), article, revision)


def with_answers(found: list[Finding], article: Article, revision: Revision | None) -> list[Finding]:
    """Return these findings and those of higher-level apps, the most serious first, with the answers to warnings."""
    found = sorted(found + findings_of_other_apps(article, revision), key=lambda finding: finding.level.gravity)
    return answered(found, article)


def findings_of_other_apps(article: Article, revision: Revision | None) -> list[Finding]:
    """Return the findings of higher-level apps, such as those on the panel of reviewers."""
    answers = findings_wanted.ask(sender=Article, article=article, revision=revision)
    return [finding for findings in answers for finding in findings]


def draft_source(source: Source, dead_links: frozenset[str] = frozenset()) -> DraftSource:
    """Return a source in the form that the checks use (DraftSource). `dead_links` holds the URLs that are dead."""
    return DraftSource(
        key=source.key,
        title=source.title,
        doi=source.doi,
        pmid=source.pmid,
        url=source.url,
        dated=source.accessed_on is not None,
        evidence=source.evidence,
        retraction=source.retraction_state,
        reported_retraction=source.reported_retraction,
        year=source.year,
        work=source.work,
        link_is_dead=source.url in dead_links,
    )


def draft_sources(sources: Iterable[Source]) -> tuple[DraftSource, ...]:
    """Return sources in the form that the checks use, with the state of their links. Makes one query."""
    sources = list(sources)
    addresses = [source.url for source in sources if source.url]
    dead = frozenset(Link.objects.filter(url__in=addresses, state=LinkState.DEAD).values_list("url", flat=True))
    return tuple(draft_source(source, dead) for source in sources)


def draft_product(product: Product) -> DraftProduct:
    """Return a product in the form that the checks use.

    The caller should prefetch `topics`, which are read for each product.
    """
    return DraftProduct(
        name=product.name,
        brand=product.brand,
        topics=tuple(topic.name for topic in product.topics.all()),
        needs_fda_statement=product.needs_fda_statement,
    )


def draft_of(article: Article, known: WordLists | None = None) -> Draft:
    """Return the working copy in the form that the checks use. `known` are the word lists, if they were read before."""
    return draft_from(
        article,
        authors=article.authors.values_list("name", flat=True),
        sources=article.sources.order_by("article_sources__pk"),
        topics=article.topics.all(),
        products=_recommended(article),
        known=known,
    )


def draft_of_revision(revision: Revision, known: WordLists | None = None) -> Draft:
    """Return a revision in the form that the checks use, with its sources and products in their present state.

    `known` are the word lists, if they were read before.
    """
    return draft_from(
        revision,
        authors=[byline.name for byline in revision.bylines.all()],
        sources=[citation.source for citation in revision.citations.select_related("source")],
        topics=revision.article.topics.all(),
        products=_recommended(revision.article),
        known=known,
    )


def checked(articles: Iterable[Article], *, live: bool = False) -> Iterator[tuple[Article, list[Finding]]]:
    """Yield each article with the findings on its working copy or, with `live`, on its live text.

    With `live`, articles that readers do not see are left out.
    """
    known = lists()
    for article in articles:
        if not live:
            yield article, with_answers(preflight.run(draft_of(article, known)), article, article.head())
            continue
        shown = article.publications.visible().select_related("approval__revision__article").first()
        if shown is not None:
            yield article, answered(preflight.run(draft_of_revision(shown.approval.revision, known)), article)


def draft_from(
    content: Content,
    *,
    authors: Iterable[str],
    sources: Iterable[Source],
    topics: Iterable[Topic],
    products: Iterable[Product],
    known: WordLists | None = None,
) -> Draft:
    """Return a text in the form that the checks use.

    `authors` are names; prefetch the topics of `products` first. `known` are the word lists, if they were read before.
    """
    return Draft(
        title=content.title,
        standfirst=content.standfirst,
        key_messages=tuple(content.messages),
        body=content.body,
        safety_note=content.safety_note,
        disclosure=content.disclosure,
        search_description=content.search_description,
        hero=bool(content.hero_image),
        hero_alt=content.hero_alt,
        hero_caption=content.hero_caption,
        authors=tuple(authors),
        topics=tuple(topic.name for topic in topics),
        sources=draft_sources(sources),
        products=tuple(draft_product(product) for product in products),
        lists=known or lists(),
        today=timezone.localdate(),
    )


def _recommended(article: Article) -> QuerySet[Product]:
    return Product.objects.filter(recommendations__article=article).prefetch_related("topics")
