"""The article that the tests of the integrity check tamper with."""

import pytest

from articles.models import Article, Revision
from tests import newsroom
from tests.admin_forms import picture
from tests.audit.tampering import unguarded
from tests.kept_rows import Kept

_KEPT: dict[int, Kept] = {}  # by the primary key of the writer, to whom the rows refer


@pytest.fixture
def article(cast) -> Article:
    """Return a published article, beside a second one that is in order."""
    kept = _KEPT.get(cast.writer.pk)
    if kept is None:
        kept = _KEPT[cast.writer.pk] = Kept(lambda: _two_articles(cast))
        return kept()
    with unguarded():
        return kept()


def _two_articles(cast: newsroom.Cast) -> Article:
    newsroom.published(cast, title="In order")
    return newsroom.published(cast, title="Tampered with", hero_image=picture(), hero_alt="Teal")


@pytest.fixture
def revision(article) -> Revision:
    return article.revisions.get()
