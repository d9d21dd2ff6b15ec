"""The migrated database that is kept is never one that the migrations would not make now."""

import os

import pytest

from articles.models import Article
from core.db.triggers import every_rule
from tests import migrated


@pytest.fixture(scope="module")
def now() -> str:
    return migrated.digest()


def test_the_same_code_gives_the_same_digest(now):
    assert migrated.digest() == now


def test_a_changed_permission_or_name_of_a_model_gives_another(now, monkeypatch):
    monkeypatch.setattr(Article._meta, "permissions", [("some", "Some")])
    assert migrated.digest() != now


def test_a_rule_more_or_less_gives_another(now, monkeypatch):
    monkeypatch.setattr(migrated, "every_rule", lambda: every_rule()[1:])
    assert migrated.digest() != now


def test_a_full_run_has_its_own(now, monkeypatch):
    monkeypatch.setenv("TEST_RUN", "another")
    assert migrated.digest() != now


@pytest.mark.parametrize("name", ["articles/migrations/0001_initial.py", "accounts/roles.py", "core/db/triggers.py"])
def test_a_changed_file_gives_another(now, monkeypatch, tmp_path, name):
    for file in ["requirements.txt", "core/management/commands/migrate.py", name]:
        copy = tmp_path / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((migrated.ROOT / file).read_bytes())
    (tmp_path / "articles/migrations").mkdir(parents=True, exist_ok=True)
    (tmp_path / "articles/migrations/0002_roles.py").write_text("from accounts.roles import grant\n")
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    before = migrated.digest()
    assert migrated.digest() == before
    with (tmp_path / name).open("a") as file:
        file.write("# changed\n")
    assert migrated.digest() != before


def test_what_migrations_import_counts_through_others_too():
    found = migrated._with_imports(migrated.ROOT.glob("*/migrations/*.py"))
    names = {file.relative_to(migrated.ROOT).as_posix() for file in found}
    assert {"accounts/roles.py", "core/fields.py", "core/html.py", "articles/migrations/0001_initial.py"} <= names


def test_older_ones_are_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(migrated, "FOLDER", tmp_path)
    for age in range(migrated.KEPT + 2):
        (tmp_path / f"{age}.sqlite3").touch()
        os.utime(tmp_path / f"{age}.sqlite3", (1_000 - age, 1_000 - age))
    migrated._remove_older_files()
    assert sorted(file.stem for file in tmp_path.iterdir()) == [str(age) for age in range(migrated.KEPT)]
