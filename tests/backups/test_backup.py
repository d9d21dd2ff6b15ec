"""Backup and restore on real databases: the restored data equals the original, and passes the integrity check."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).with_name("restored_pages.py")


@dataclass
class Machine:
    """A database and a folder for pictures."""

    url: str
    media: Path

    def manage(self, *command: str, fails: bool = False) -> str:
        """Run a command on this machine; return its output, or the error of a command that has to fail."""
        return self.run([sys.executable, "manage.py", *command], fails)

    def run(self, command: list[str], fails: bool = False) -> str:
        environment = {**os.environ, "DATABASE_URL": self.url, "MEDIA_ROOT": str(self.media)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert (done.returncode != 0) is fails, done.stderr[-3000:]
        return done.stderr if fails else done.stdout

    def pages(self) -> dict[str, str]:
        return json.loads(self.run([sys.executable, str(PAGES)]))

    def asked(self, lines: str) -> str:
        return self.manage("shell", "-v0", "-c", lines).strip()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Machine]]:
    """Return a function that creates machines with an empty database of the kind that the tests run on."""
    made: list[str] = []
    settings = connection.settings_dict

    def admin() -> object:
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        given = {key: settings[name] for key, name in names.items() if settings[name]}
        server = psycopg2.connect(dbname="postgres", **given)
        server.autocommit = True
        return server

    def make() -> Machine:
        folder = tmp_path_factory.mktemp("machine")
        if connection.vendor != "postgresql":
            return Machine(f"sqlite:///{folder / 'site.sqlite3'}", folder / "media")
        name = f"restored_{os.getpid()}_{len(made)}"
        with admin().cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        made.append(name)
        return Machine(f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}", folder / "media")

    yield make
    for name in made:
        with admin().cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def first(demonstration_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return a machine with the demonstration on SQLite, so that PostgreSQL takes over from it if tests run there."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(demonstration_site, folder, dirs_exist_ok=True)
    return Machine(f"sqlite:///{folder / 'site.sqlite3'}", folder / "media")


@pytest.fixture(scope="module")
def backup(first: Machine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the file, and the digest that the command printed."""
    path = tmp_path_factory.mktemp("backups") / "site.backup"
    said = first.manage("backup", str(path))
    return path, said.rpartition("Digest: ")[2].strip()


@pytest.fixture(scope="module")
def second(machine: Callable[[], Machine], backup: tuple[Path, str]) -> Machine:
    """Return a machine on which the backup was restored."""
    second = machine()
    second.manage("restore", str(backup[0]), "--digest", backup[1])
    return second


@pytest.fixture(scope="module")
def pages_of_second(second: Machine) -> dict[str, str]:
    """Return the pages of the second machine, read once: reading them takes longer than restoring them."""
    return second.pages()


def test_every_page_and_picture_is_the_same_to_the_byte(first, pages_of_second):
    before, after = first.pages(), pages_of_second
    assert len([address for address in before if not address.startswith("/media/")]) >= 50
    assert len([address for address in before if address.startswith("/media/")]) >= 20
    assert {address: after.get(address) for address in before if after.get(address) != before[address]} == {}
    assert before.keys() == after.keys()


def test_the_promise_is_proved_anew_and_the_database_keeps_it(second):
    assert "every one shows what its reviewers approved" in second.manage("check_integrity")
    complaint = second.manage(
        "shell",
        "-v0",
        "-c",
        "from django.db import connection as c; c.cursor().execute('UPDATE articles_revision SET title = title')",
        fails=True,
    )
    assert "a revision is never changed" in complaint


def test_pages_tell_of_changes_and_new_rows_get_numbers_of_their_own(second):
    told = second.asked(
        "from django.utils.timezone import now; from core.db.site_version import read;"
        "from products.models import Product; before = read(now()).changes;"
        "made = Product.objects.create(name='New', slug='new-one');"
        "print(read(now()).changes != before, made.pk == max(Product.objects.values_list('pk', flat=True)));"
        "made.delete()"
    )
    assert told == "True True"


def test_people_sign_in_with_the_password_they_had(second):
    ask = "from django.contrib.auth import authenticate as a; print(a(username='{}', password='betterment-demo'))"
    assert second.asked(ask.format("writer@example.org")) != "None"


def test_it_goes_back_from_the_other_database_as_it_was(second, pages_of_second, tmp_path):
    """If the tests run on PostgreSQL, restore from there to SQLite: every table has the same rows."""
    path = tmp_path / "again.backup"
    second.manage("backup", str(path))
    third = Machine(f"sqlite:///{tmp_path / 'third.sqlite3'}", tmp_path / "media")
    third.manage("restore", str(path))
    assert third.pages() == pages_of_second


def test_nothing_is_written_over(first, second, backup, machine, tmp_path):
    path, _ = backup
    assert "exists already" in first.manage("backup", str(path), fails=True)
    assert "has tables already" in second.manage("restore", str(path), fails=True)
    full = machine()
    full.media.mkdir()
    (full.media / "picture.png").write_bytes(b"somebody's")
    assert "The media storage contains files already" in full.manage("restore", str(path), fails=True)
    assert [file.name for file in full.media.iterdir()] == ["picture.png"]


def test_another_file_than_the_one_that_was_meant_is_refused(backup, machine):
    complaint = machine().manage("restore", str(backup[0]), "--digest", "0" * 64, fails=True)
    assert "another backup" in complaint


def test_a_backup_is_for_its_owner_alone_and_no_part_is_left(backup):
    path, digest = backup
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == [path.name] and len(digest) == 64


def test_a_database_before_its_migrations_is_not_backed_up(machine, tmp_path):
    complaint = machine().manage("backup", str(tmp_path / "new.backup"), fails=True)
    assert "not applied" in complaint and not list(tmp_path.glob("*.backup*"))
