"""Stored pictures are written once: never overwritten, renamed or deleted."""

import os

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from pictures.content_storage import ContentStorage


@pytest.fixture
def storage(tmp_path):
    return ContentStorage(location=tmp_path, base_url="/media/")


def test_storing_a_name_that_is_taken_keeps_the_file_that_is_there(storage, tmp_path):
    assert storage.save("pictures/a.png", ContentFile(b"first")) == "pictures/a.png"
    assert storage.save("pictures/a.png", ContentFile(b"second")) == "pictures/a.png"
    assert (tmp_path / "pictures/a.png").read_bytes() == b"first"
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["a.png"]


def test_of_two_who_store_a_picture_at_once_the_first_wins(storage, tmp_path, monkeypatch):
    storage.save("pictures/a.png", ContentFile(b"first"))
    monkeypatch.setattr(storage, "exists", lambda name: False)
    assert storage.save("pictures/a.png", ContentFile(b"second")) == "pictures/a.png"
    assert (tmp_path / "pictures/a.png").read_bytes() == b"first"
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["a.png"]


def test_a_write_that_breaks_off_leaves_no_file_under_the_name(storage, tmp_path):
    class Torn(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        storage.save("pictures/a.png", Torn(b"x"))
    assert list((tmp_path / "pictures").iterdir()) == []


def test_a_file_system_without_hard_links_will_do(storage, tmp_path, monkeypatch):
    def refuse(source, target):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    assert storage.save("pictures/a.png", ContentFile(b"a")) == "pictures/a.png"
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["a.png"]


def test_deleting_does_nothing(storage):
    storage.save("pictures/a.png", ContentFile(b"a"))
    storage.delete("pictures/a.png")
    assert storage.exists("pictures/a.png")


def test_a_name_that_does_not_fit_its_column_is_refused_instead_of_shortened(storage):
    with pytest.raises(SuspiciousFileOperation):
        storage.save("pictures/a.png", ContentFile(b"a"), max_length=5)


def test_a_migration_can_name_the_storage():
    path, args, kwargs = ContentStorage(location="/srv").deconstruct()
    assert (path, args, kwargs) == ("pictures.content_storage.ContentStorage", (), {"location": "/srv"})
