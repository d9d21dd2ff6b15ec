"""Is this text ready for the board? The editorial checks of this room, and what other rooms have to say."""

from articles import preflight
from articles.models import Article, Revision
from articles.preflight import Draft, DraftSource, Finding
from articles.signals import findings_wanted


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """Every finding on the working copy, the gravest first. `revision` is the one that would be submitted."""
    found = preflight.run(draft_of(article))
    for _, answer in findings_wanted.send(sender=Article, article=article, revision=revision):
        found += answer
    return sorted(found, key=lambda finding: finding.level.gravity)


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
        sources=tuple(
            DraftSource(
                key=source.key,
                title=source.title,
                doi=source.doi,
                pmid=source.pmid,
                url=source.url,
                dated=source.accessed_on is not None,
                evidence=source.evidence,
                retraction=source.retraction_state,
            )
            for source in article.sources.order_by("article_sources__pk")
        ),
    )
