"""The fixtures that the endurance tests share."""

from collections.abc import Iterator

import pytest

from tests.endurance.databases import own_database


@pytest.fixture
def own(django_db_setup, django_db_blocker, tmp_path, settings) -> Iterator[str]:
    """Yield the DATABASE_URL of a copy of the migrated database, to which `django.db.connection` is connected."""
    settings.EMAIL_BACKEND = "mail.sending.OutboxBackend"
    with django_db_blocker.unblock(), own_database(tmp_path) as url:
        yield url
