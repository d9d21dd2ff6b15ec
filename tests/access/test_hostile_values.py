"""No value of a query causes a server error, at any URL, for anybody."""

import logging
import tempfile
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.test import TestCase, override_settings

from tests.access.asking import look
from tests.access.hostile_values import ADDRESSES, NUMBERS
from tests.access.scene import build
from tests.access.walking import filled, places, room_of, routes
from tests.mailing import QUEUE

pytestmark = pytest.mark.access
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Every field of a query that one of our views, or a view of Django's admin or of allauth, reads.
FIELDS = (
    *("next", "page", "q", "topic", "evidence", "view", "answer", "from", "to", "slug", "into", "article", "used"),
    *("title", "doi", "pmid", "pmcid", "url", "_changelist_filters", "_popup", "_to_field"),
)
LISTS = ("q", "p", "o", "all", "_facets", "id__exact", "pk__in")


class HostileValues(TestCase):
    """Each request is rolled back, because the scene is built only once."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.media = tempfile.TemporaryDirectory()
        cls.enterClassContext(
            override_settings(
                MEDIA_ROOT=cls.media.name, PASSWORD_HASHERS=QUICK, EMAIL_BACKEND=QUEUE, ACCOUNT_RATE_LIMITS=False
            )
        )
        super().setUpClass()
        cls.addClassCleanup(cls.media.cleanup)
        cls.addClassCleanup(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)

    @classmethod
    def setUpTestData(cls) -> None:
        cls.scene = build()

    def broken(self, asked: Iterator[tuple[str, str]]) -> list[str]:
        """Return the URLs that answer with a server error, each asked by a role."""
        found = []
        for role, address in asked:
            answer = look(self.scene, role, "get", address)
            if answer.status_code >= 500 or "evil" in answer.headers.get("Location", "").partition("?")[0]:
                found.append(f"{role}: {address[:150]} -> {answer.status_code}")
        return found

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Return every URL, each with a role that is let in."""
        for route in routes():
            role = "asked" if room_of(route) == "board" else "super"
            yield role, self.scene.address(route, self.scene.stages_of(route)[-1])

    def test_every_page_takes_any_value_of_the_fields_that_pages_read(self) -> None:
        """All fields hold the same value, because a view only reads the fields that it knows."""
        queries = [urlencode(dict.fromkeys(FIELDS, value)) for value in (*NUMBERS, *ADDRESSES[:2])]
        assert self.broken((role, f"{page}?{query}") for role, page in self.addresses() for query in queries) == []

    def test_every_list_of_the_admin_takes_any_value_of_its_own_fields(self) -> None:
        """Fields are tried one at a time, because Django redirects away from a list when it does not know a field."""
        assert self.broken(self.lists()) == []

    def lists(self) -> Iterator[tuple[str, str]]:
        for model in admin.site._registry:
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            shown = look(self.scene, "super", "get", address).context["cl"]
            fields = {*LISTS, *(name for one in shown.filter_specs for name in one.expected_parameters())}
            for field in sorted(fields):
                for value in NUMBERS:
                    yield "super", f"{address}?{urlencode({field: value})}"

    def test_every_address_takes_any_number_in_its_places(self) -> None:
        assert self.broken(self.numbered()) == []

    def numbered(self) -> Iterator[tuple[str, str]]:
        for route in routes():
            role = "asked" if room_of(route) == "board" else "super"
            if names := places(route):
                for number in ("9" * 25, "9" * 5_000, "\u0663"):
                    yield role, filled(route, dict.fromkeys(names, quote(number)))
