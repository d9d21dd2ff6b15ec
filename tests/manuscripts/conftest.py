"""Manuscripts of the newsroom's cast."""

import pytest

from manuscripts import uploading
from tests import newsroom
from tests.manuscripts.documents import csl, document, paragraph, zotero

ONE = csl("A1", "Magnesium and sleep in adults", "10.1000/one")
TWO = csl("B2", "Zinc and colds in adults", "10.1000/two", family="Roe", year=2021)


@pytest.fixture
def cast(db):
    return newsroom.cast()


@pytest.fixture
def file():
    """Return a .docx file with two citations of Zotero."""
    return document(
        paragraph("Magnesium", style="Title"),
        paragraph("What it does", style="Heading1"),
        paragraph("It helped", zotero("1", ONE), " but not here", zotero("1,2", ONE, TWO), "."),
    )


@pytest.fixture
def uploaded(cast, file):
    return uploading.upload(data=file, name="magnesium.docx", actor=cast.writer)
