"""Tell the source library whether articles use a source."""

from articles.models import ArticleSource, Citation
from sources.models import Source
from sources.signals import citations_wanted


def watch() -> None:
    """Connect the receiver that tells the source library whether revisions cite a source."""
    citations_wanted.connect(_is_cited, dispatch_uid="articles.cited_sources.source_uses")


def _is_cited(sender: type[Source], source: Source, **kwargs: object) -> bool:
    """Return whether any revision of any article cites the source."""
    return Citation.objects.filter(source=source).exists()


def is_in_use(source: Source) -> bool:
    """Return whether any revision cites the source or any article has it attached, so that it cannot be deleted."""
    return source.is_cited() or ArticleSource.objects.filter(source=source).exists()
