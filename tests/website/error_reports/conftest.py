"""Fixtures: a published article, a report on it, and an editor's browser."""

import pytest
from post_office.models import Email

from articles.models import Article, Publication
from tests import mailing, newsroom
from tests.website.error_reports import LIST
from website.error_reports import handling
from website.models import ErrorReport


@pytest.fixture
def article(cast, settings) -> Article:
    article = newsroom.published(cast, title="Magnesium & sleep")
    settings.EMAIL_BACKEND = mailing.QUEUE
    Email.objects.all().delete()  # the board's emails before the publication
    return article


@pytest.fixture
def receive(article):
    """Store what a reader says about the article as they read it now."""

    def keep(message: str = "It was 17 seconds.", **fields: str) -> ErrorReport:
        publication = Publication.objects.visible().select_related("approval__revision").get(article=article)
        return handling.receive(publication=publication, message=message, **fields)

    return keep


@pytest.fixture
def report(receive) -> ErrorReport:
    return receive(passage="It was longer by 17 minutes.", address="reader@example.org")


@pytest.fixture
def editor(client, cast):
    """Return a browser in which the editor is signed in; calling it presses a button on a report's page."""
    client.force_login(cast.editor)

    def press(report: ErrorReport, name: str, **fields: object):
        sent = {"seen": handling.last_event_key(report), **fields}
        return client.post(f"{LIST}{report.pk}/{name}/", sent)

    press.page = lambda report: client.get(f"{LIST}{report.pk}/change/").content.decode()
    return press
