"""Is this text ready for the board? The editorial checks of this room, and what other rooms have to say."""

from articles import preflight
from articles.models import Article, Revision, Source
from articles.preflight import Draft, DraftSource, Finding
from articles.signals import findings_wanted


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """Every finding on the working copy, the gravest first. `revision` is the one that would be submitted."""
    found = preflight.run(draft_of(article)) + from_other_rooms(article, revision)
    return sorted(found, key=lambda finding: finding.level.gravity)


def from_other_rooms(article: Article, revision: Revision | None) -> list[Finding]:
    """What rooms that this one does not know have to say, such as the board of its panel."""
    answers = findings_wanted.send(sender=Article, article=article, revision=revision)
    return [finding for _, findings in answers for finding in findings]


def draft_source(source: Source) -> DraftSource:
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
    )


def draft_of(article: Article) -> Draft:
    """The working copy as the editorial checks read it."""
    return Draft(
        title=article.title,
        standfirst=article.standfirst,
        body=article.body,
        safety_note=article.safety_note,
        hero=bool(article.hero_image),
        hero_alt=article.hero_alt,
        authors=tuple(article.authors.values_list("name", flat=True)),
        sources=tuple(draft_source(source) for source in article.sources.order_by("article_sources__pk")),
    )
