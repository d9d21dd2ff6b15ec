"""Is this text ready for the board? The editorial checks of this room, and what other rooms have to say."""

from collections.abc import Iterable

from django.utils import timezone

from articles import preflight
from articles.models import Article, Condition, ConditionKind, Link, LinkState, PreferredTerm, Revision, Source
from articles.preflight import Draft, DraftIngredient, DraftProduct, DraftSource, Finding, Lists, Term
from articles.signals import findings_wanted
from products.models import Ingredient, Product


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """Every finding on the working copy, the gravest first. `revision` is the one that would be submitted."""
    found = preflight.run(draft_of(article)) + from_other_rooms(article, revision)
    return sorted(found, key=lambda finding: finding.level.gravity)


def from_other_rooms(article: Article, revision: Revision | None) -> list[Finding]:
    """What rooms that this one does not know have to say, such as the board of its panel."""
    answers = findings_wanted.send(sender=Article, article=article, revision=revision)
    return [finding for _, findings in answers for finding in findings]


def draft_source(source: Source, dead_links: frozenset[str] = frozenset()) -> DraftSource:
    """A source as the checks read it."""
    return DraftSource(
        key=source.key,
        title=source.title,
        doi=source.doi,
        pmid=source.pmid,
        url=source.url,
        dated=source.accessed_on is not None,
        evidence=source.evidence,
        retraction=source.retraction_state,
        year=source.year,
        work=source.work,
        link_is_dead=source.url in dead_links,
    )


def draft_sources(sources: Iterable[Source]) -> tuple[DraftSource, ...]:
    """Sources as the checks read them, with what is known of their links: one query."""
    sources = list(sources)
    addresses = [source.url for source in sources if source.url]
    dead = frozenset(Link.objects.filter(url__in=addresses, state=LinkState.DEAD).values_list("url", flat=True))
    return tuple(draft_source(source, dead) for source in sources)


def draft_product(product: Product) -> DraftProduct:
    """A product as the checks read it. Its topics are fetched by whoever prefetches them."""
    return DraftProduct(
        name=product.name,
        brand=product.brand,
        topics=tuple(topic.name for topic in product.topics.all()),
        needs_fda_statement=product.needs_fda_statement,
    )


def lists() -> Lists:
    """What editors keep for the checks to go by: five queries."""
    conditions = list(Condition.objects.all())
    return Lists(
        terms=tuple(Term(term.avoid, term.prefer, term.why) for term in PreferredTerm.objects.all()),
        diseases=tuple(row.name for row in conditions if row.kind == ConditionKind.DISEASE),
        symptoms=tuple(row.name for row in conditions if row.kind == ConditionKind.SYMPTOM),
        ingredients=tuple(
            DraftIngredient(
                names=(row.name, *(name.strip() for name in row.other_names.splitlines() if name.strip())),
                unit=row.unit,
                upper_limit=row.upper_limit,
                limit_source=row.limit_source,
            )
            for row in Ingredient.objects.all()
        ),
        products=tuple(draft_product(product) for product in Product.objects.prefetch_related("topics")),
    )


def draft_of(article: Article, known: Lists | None = None) -> Draft:
    """The working copy as the editorial checks read it. `known` saves asking for the lists anew for each article."""
    recommended = Product.objects.filter(recommendations__article=article).prefetch_related("topics")
    return Draft(
        title=article.title,
        standfirst=article.standfirst,
        key_messages=tuple(article.messages),
        body=article.body,
        safety_note=article.safety_note,
        disclosure=article.disclosure,
        search_description=article.search_description,
        hero=bool(article.hero_image),
        hero_alt=article.hero_alt,
        authors=tuple(article.authors.values_list("name", flat=True)),
        topics=tuple(article.topics.values_list("name", flat=True)),
        sources=draft_sources(article.sources.order_by("article_sources__pk")),
        products=tuple(draft_product(product) for product in recommended),
        lists=known or lists(),
        today=timezone.localdate(),
    )
