import pytest

from tests.mailing import QUEUE


@pytest.fixture(autouse=True)
def emails_are_queued(settings):
    """Queue emails as the site does; pytest-django would use a mailbox of its own instead."""
    settings.EMAIL_BACKEND = QUEUE
