import pytest

from tests.mailing import QUEUE


@pytest.fixture(autouse=True)
def emails_are_queued(settings):
    """As on the site; pytest-django would put a mailbox of its own in the place."""
    settings.EMAIL_BACKEND = QUEUE
