"""What the tests of endurance share."""

from collections.abc import Iterator

import pytest

from tests.endurance.databases import own_database


@pytest.fixture
def own(django_db_setup, django_db_blocker, tmp_path, settings) -> Iterator[str]:
    """The DATABASE_URL of a copy of the migrated database, which is what `django.db.connection` leads to."""
    settings.EMAIL_BACKEND = "mail.sending.OutboxBackend"
    with django_db_blocker.unblock(), own_database(tmp_path) as url:
        yield url
