"""Who may reach what: every URL × method × role × ownership × stage, compared with the tables in rows/.

The URLs come from the resolver. A URL without a row fails, and so does a row without a URL. WRITE_ACCESS=1 writes the
tables anew, to be read line by line before they are committed.
"""

import logging
import os
import tempfile

import pytest
from django.http import HttpResponse
from django.test import TestCase, override_settings

from tests.access import tables
from tests.access.asking import ask, digest
from tests.access.headers import problems
from tests.access.scene import ROLES, build
from tests.access.sending import address_of, sendings
from tests.access.walking import ADMIN_APPS, room_of, routes
from tests.mailing import QUEUE

ROOMS = ("readers", "newsletter", "board", "account", "admin", *(f"admin_{app}" for app in ADMIN_APPS))
pytestmark = pytest.mark.access
WRITE = bool(os.environ.get("WRITE_ACCESS"))


def test_every_address_has_a_row_and_every_row_an_address():
    there = {(room_of(route), route) for route in routes()}
    listed = {(room, route) for room in ROOMS for route in tables.read(room)}
    assert sorted(there - listed) == [], "Addresses without a row: say who may reach them, in tests/access/rows/."
    assert sorted(listed - there) == [], "Rows without an address."


class Table(TestCase):
    """The tests of one room's table. The scene is built once for it, and each request is rolled back."""

    room = ""

    @classmethod
    def setUpClass(cls) -> None:
        cls.media = tempfile.TemporaryDirectory()
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.media.name, PASSWORD_HASHERS=QUICK, EMAIL_BACKEND=QUEUE))
        super().setUpClass()
        cls.addClassCleanup(cls.media.cleanup)
        # Thousands of refusals, each with its traceback, take longer to write than to give.
        cls.addClassCleanup(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)

    @classmethod
    def setUpTestData(cls) -> None:
        cls.scene = build()
        cls.before = digest()

    def setUp(self) -> None:
        """Apply the same settings as setUpTestData, because fixtures for all tests have changed them for this one."""
        self.enterContext(override_settings(MEDIA_ROOT=self.media.name, EMAIL_BACKEND=QUEUE))

    def found(self, route: str) -> tables.Block:
        """Return what each role gets now. What is wrong in the headers of the responses is added to `wrong_headers`."""
        block: tables.Block = {}
        self.wrong_headers: list[str] = []
        for stage in self.scene.stages_of(route):
            address = self.scene.address(route, stage)
            block["GET", stage] = self.row(route, "GET", address, None)
            for name, data in sendings(self.scene, route, stage).items():
                block[f"POST {name}", stage] = self.row(route, "POST", address_of(address, route, name), data)
        return block

    def row(self, route: str, method: str, address: str, data: dict | None) -> tables.Cells:
        return tuple(self.cell(route, role, method, address, data) for role in ROLES)

    def cell(self, route: str, role: str, method: str, address: str, data: dict | None) -> str:
        def judge(answer: HttpResponse) -> None:
            found = problems(answer, self.room, route, role)
            self.wrong_headers += [f"{method} {address} as {role}: {problem}" for problem in found]

        return ask(self.scene, role, method, address, data, self.before, judge)


QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _test(route: str):
    def test(self: TestCase) -> None:
        expected = tables.read(self.room)[route]
        found = self.found(route)
        wrong = [
            f"{asked} {stage}: {role} gets {got!r}, not {wanted!r}"
            for (asked, stage), cells in found.items()
            for role, got, wanted in zip(ROLES, cells, expected.get((asked, stage), ["a row"] * 8), strict=True)
            if got != wanted
        ]
        self.assertEqual(wrong, [])
        self.assertEqual(expected.keys() - found.keys(), set())
        # Every response says who may keep it and what it may load: pages, refusals, errors and files.
        self.assertEqual(self.wrong_headers, [])

    test.__name__ = f"test_{route}"
    return test


def _others(self: TestCase) -> None:
    """Check that no other method changes a row or causes a server error, whoever sends it.

    Whoever may do most at a URL sends both methods. The two who may do less send one of them, in turn, because a view
    that tells the methods apart does so before or after it has asked who sends it, and not for one role alone.
    """
    for place, route in enumerate(route for route in routes() if room_of(route) == self.room):
        address = self.scene.address(route, self.scene.stages_of(route)[-1])
        first, second = ("PUT", "DELETE") if place % 2 else ("DELETE", "PUT")
        most = "asked" if self.room == "board" else "super"
        for role, method in ((most, first), (most, second), ("anon", first), ("other", second)):
            word = ask(self.scene, role, method, address, None, self.before)
            self.assertRegex(word, r"^(ok|go|in|no|4\d\d)$", f"{method} {address} as {role}")


def _write(self: TestCase) -> None:
    mine = [route for route in routes() if room_of(route) == self.room]
    tables.FOLDER.mkdir(exist_ok=True)
    text = tables.written({route: self.found(route) for route in mine})
    (tables.FOLDER / f"{self.room}.txt").write_text(text, encoding="utf-8")


for _room in ROOMS:
    _tests = {"room": _room, "test_other_methods_change_nothing": _others}
    if WRITE:
        _tests = {"room": _room, "test_write": _write}
    else:
        _tests |= {f"test_{route}": _test(route) for route in tables.read(_room)}
    globals()[f"Test_{_room}"] = type(f"Test_{_room}", (Table,), _tests)

del Table  # the base class has no table, so it must not be collected
