"""The article that the tests of the integrity check tamper with."""

import pytest

from articles.models import Article, Revision
from tests import newsroom
from tests.admin_forms import picture


@pytest.fixture
def article(cast) -> Article:
    """Return a published article, beside a second one that is in order."""
    newsroom.published(cast, title="In order")
    return newsroom.published(cast, title="Tampered with", hero_image=picture(), hero_alt="Teal")


@pytest.fixture
def revision(article) -> Revision:
    return article.revisions.get()
