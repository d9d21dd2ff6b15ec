"""Which sources articles use, as the source library asks and as its pages need it."""

from articles.models import ArticleSource, Citation
from sources.models import Source
from sources.signals import citations_wanted


def watch() -> None:
    """From now on, the source library is told which sources revisions cite."""
    citations_wanted.connect(_is_cited, dispatch_uid="articles.source_uses")


def _is_cited(sender: type[Source], source: Source, **kwargs: object) -> bool:
    """Return whether any revision of any article cites it."""
    return Citation.objects.filter(source=source).exists()


def is_in_use(source: Source) -> bool:
    """Return whether any revision cites the source or any article has it at hand: the database refuses to delete it
    then."""
    return source.is_cited() or ArticleSource.objects.filter(source=source).exists()
