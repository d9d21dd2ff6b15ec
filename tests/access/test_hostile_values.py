"""No value of a query causes a server error, at any URL, for anybody."""

import logging
import tempfile
from collections.abc import Iterator
from typing import ClassVar
from unittest.mock import patch
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.core.handlers import wsgi
from django.http import QueryDict
from django.test import TestCase, override_settings

from manuscripts.models import Manuscript
from tests.access.asking import look
from tests.access.hostile_values import ADDRESSES, NUMBERS
from tests.access.scene import build
from tests.access.walking import filled, places, room_of, routes
from tests.mailing import QUEUE

pytestmark = pytest.mark.access
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Every field of a query that one of our views, or a view of Django's admin or of allauth, reads.
FIELDS = (
    *(
        "next",
        "page",
        "q",
        "topic",
        "evidence",
        "view",
        "answer",
        "from",
        "to",
        "slug",
        "into",
        "article",
        "used",
        "keys",
    ),
    *("template", "copy", "assigned", "deadline"),
    *("title", "doi", "pmid", "pmcid", "url", "_changelist_filters", "_popup", "_to_field"),
)
# Django's admin reads these on each of its pages, in code that all models share.
SHARED = {"_changelist_filters", "_popup", "_to_field"}
VALUES = (*NUMBERS, *ADDRESSES[:2])
LISTS = ("p", "o", "all", "_facets", "id__exact", "pk__in")
# Its list is a page of its own, whose only field is `page`.
NOT_DJANGOS_LIST = Manuscript


class NotingQuery(QueryDict):
    """The query of a request. It records which fields are read, in any request, in `fields`.

    `lists` is not recorded: the admin looks through all fields at its door (betterment/admin.py), on every page alike.
    """

    fields: ClassVar[set[str]] = set()

    def __init__(self, *args, **kwargs) -> None:
        read = set(self.fields)
        super().__init__(*args, **kwargs)
        self.fields.intersection_update(read)  # parsing the query asks which fields are there

    def __getitem__(self, key):
        self.fields.add(key)
        return super().__getitem__(key)

    def __contains__(self, key) -> bool:
        self.fields.add(key)
        return super().__contains__(key)

    def _getlist(self, key, *args, **kwargs):
        self.fields.add(key)
        return super()._getlist(key, *args, **kwargs)

    def __iter__(self):
        self.fields.update(self.keys())
        return super().__iter__()

    def items(self):
        self.fields.update(self.keys())
        return super().items()


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
        read_alone = []
        with patch.object(wsgi, "QueryDict", NotingQuery):
            assert self.broken(self.with_fields(read_alone)) == []
        assert {"q", "next", "page"} <= {name for fields in read_alone for name in fields}

    def with_fields(self, read_alone: list[set[str]]) -> Iterator[tuple[str, str]]:
        """Yield each page with the values in its fields: all of them if it reads a field of its own.

        The others take turns: three values for a page that reads what all pages of the admin read, two for one that
        reads none of the fields, so that each value is sent to many of them. The fields that a page reads are found by
        its first request, and added to `read_alone` if they are not shared.
        """
        for place, (role, page) in enumerate(self.addresses()):
            first, *others = VALUES[place % len(VALUES) :] + VALUES[: place % len(VALUES)]
            NotingQuery.fields.clear()
            yield role, f"{page}?{urlencode(dict.fromkeys(FIELDS, first))}"
            read = NotingQuery.fields & set(FIELDS)
            if read - SHARED:
                read_alone.append(read)
            for value in others if read - SHARED else others[: 2 if read else 1]:
                yield role, f"{page}?{urlencode(dict.fromkeys(FIELDS, value))}"

    def test_every_list_of_the_admin_takes_any_value_of_its_own_fields(self) -> None:
        """Fields are tried one at a time, because Django redirects away from a list when it does not know a field."""
        assert self.broken(self.lists()) == []

    def lists(self) -> Iterator[tuple[str, str]]:
        """Yield each list with each value in each of its filters, and in its search if that is not Django's own.

        Django's own fields and search are the same code for every list. There, the values take turns over the lists,
        which are more than twice as many, so that each field gets each value.
        """
        djangos_lists = {model: page for model, page in admin.site._registry.items() if model is not NOT_DJANGOS_LIST}
        assert len(djangos_lists) > 2 * len(NUMBERS)
        for place, (model, page) in enumerate(djangos_lists.items()):
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            shown = look(self.scene, "super", "get", address).context["cl"]
            own = {name for one in shown.filter_specs for name in one.expected_parameters()}
            djangos = set(LISTS)
            searches = type(page).get_search_results is admin.ModelAdmin.get_search_results
            (djangos if searches else own).add("q")
            for field in sorted(own):
                for value in NUMBERS:
                    yield "super", f"{address}?{urlencode({field: value})}"
            for turn, field in enumerate(sorted(djangos - own), place):
                yield "super", f"{address}?{urlencode({field: NUMBERS[turn % len(NUMBERS)]})}"

    def test_every_address_takes_any_number_in_its_places(self) -> None:
        assert self.broken(self.numbered()) == []

    def numbered(self) -> Iterator[tuple[str, str]]:
        for route in routes():
            role = "asked" if room_of(route) == "board" else "super"
            if names := places(route):
                for number in ("9" * 25, "9" * 5_000, "\u0663"):
                    yield role, filled(route, dict.fromkeys(names, quote(number)))
