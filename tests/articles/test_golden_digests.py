"""The digests of a fixed revision and a fixed verdict, and that each field in them changes the digest."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db.models import Model

from advisors.models import ChecklistAnswer, Comment, Review, Signature
from advisors.quorum import given as verdicts
from articles.digests import digest
from articles.models import Byline, Citation, Content, Submission, Waiver
from tests.articles import golden

# What the digests leave out on purpose: keys of the row itself and of what it belongs to, what may change later, and
# portraits, which are frozen beside them. Of a name, they have the commitment.
LEFT_OUT = {
    Citation: {"id", "revision", "source"},
    Byline: {"id", "revision", "author", "account", "position", "signed_name", "photo"},  # a test of its own
    Review: {
        *("id", "submission", "advisor_name", "invited_by", "invited_at", "response", "responded_at", "taken_back_at"),
        *("decline_reason", "ask_instead", "released_at", "release_reason"),
    },
    Submission: {"id", "submitted_by_name", "due_on", "outcome", "closed_at", "answers_until"},
    Signature: {
        *("id", "review", "account_email", "link_email", "signed_name", "credentials", "job_title", "affiliation"),
        *("disclosure", "photo", "comments", "waivers", "given_digest", "salt"),
    },
    ChecklistAnswer: {"id", "review"},
    Comment: {"review", "written_by_name"},
    Waiver: {"article", "made_by_name", "ended_at", "ended_by_name"},
}


def of_revision(**parts: object) -> str:
    whole = {"content": golden.content(), "citations": golden.citations(), "bylines": golden.bylines(), **parts}
    return digest(whole["content"], whole["citations"], whole["bylines"])


def test_the_digest_of_a_revision_is_what_it_has_always_been():
    assert of_revision() == golden.OF_THE_REVISION


def test_the_digest_of_a_verdict_is_what_it_has_always_been():
    assert verdicts.digest(golden.given()) == golden.OF_THE_VERDICT


def test_the_fixed_revision_has_a_value_in_every_content_field():
    assert set(golden.content()) == {field.name for field in Content._meta.get_fields()}
    assert all(golden.content().values())


@pytest.mark.parametrize("name", golden.content())
def test_each_content_field_changes_the_digest(name):
    values = golden.content()
    assert of_revision(content={**values, name: values[name] + "x"}) != golden.OF_THE_REVISION
    assert of_revision(content={**values, name: ""}) != golden.OF_THE_REVISION


def test_two_content_fields_that_change_places_change_the_digest():
    values = golden.content()
    swapped = {**values, "hero_caption": values["hero_credit"], "hero_credit": values["hero_caption"]}
    assert of_revision(content=swapped) != golden.OF_THE_REVISION


def columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.name not in LEFT_OUT[model]]


def changed(row: Model, column: str) -> Model:
    """Change a column of the row, and return the row."""
    value = getattr(row, column)
    if isinstance(value, bool) or value is None:
        other: object = not value
    elif isinstance(value, int):
        other = value + 10
    elif isinstance(value, datetime | date):
        other = value + timedelta(days=40)
    else:
        other = f"{value}x"
    setattr(row, column, other)
    return row


@pytest.mark.parametrize("column", columns(Citation))
def test_each_column_of_a_citation_changes_the_digest(column):
    rows = golden.citations()
    assert of_revision(citations=[changed(rows[0], column), rows[1]]) != golden.OF_THE_REVISION


@pytest.mark.parametrize("column", columns(Byline))
def test_each_column_of_a_byline_changes_the_digest(column):
    rows = golden.bylines()
    assert of_revision(bylines=[changed(rows[0], column), rows[1]]) != golden.OF_THE_REVISION


def test_another_name_on_the_byline_changes_the_digest():
    rows = golden.bylines()
    rows[0].signed_name.commitment = rows[1].signed_name.commitment
    assert of_revision(bylines=rows) != golden.OF_THE_REVISION


def test_the_order_of_citations_and_bylines_changes_the_digest_and_that_of_the_rows_does_not():
    citations, bylines = golden.citations(), golden.bylines()
    assert of_revision(citations=citations[::-1], bylines=bylines[::-1]) == golden.OF_THE_REVISION
    citations[0].number, citations[1].number = 2, 1
    assert of_revision(citations=citations) != golden.OF_THE_REVISION
    bylines[0].position, bylines[1].position = 1, 0
    assert of_revision(bylines=bylines) != golden.OF_THE_REVISION


def test_a_citation_or_a_byline_that_is_missing_changes_the_digest():
    assert of_revision(citations=golden.citations()[:1]) != golden.OF_THE_REVISION
    assert of_revision(bylines=golden.bylines()[:1]) != golden.OF_THE_REVISION


SINGLE = {"review": Review, "submission": Submission, "signature": Signature}
SEVERAL = {"answers": ChecklistAnswer, "comments": Comment, "waivers": Waiver}


@pytest.mark.parametrize(
    "part, column", [(part, column) for part, model in SINGLE.items() for column in columns(model)]
)
def test_each_column_of_a_verdict_changes_its_digest(part, column):
    given = golden.given()
    changed(getattr(given, part), column)
    assert verdicts.digest(given) != golden.OF_THE_VERDICT


@pytest.mark.parametrize(
    "part, column", [(part, column) for part, model in SEVERAL.items() for column in columns(model)]
)
def test_each_column_of_what_goes_with_a_verdict_changes_its_digest(part, column):
    given = golden.given()
    changed(getattr(given, part)[0], column)
    assert verdicts.digest(given) != golden.OF_THE_VERDICT


@pytest.mark.parametrize("part", [*SEVERAL, "specialists"])
def test_what_is_missing_changes_the_digest_of_a_verdict_and_the_order_of_rows_does_not(part):
    rows = getattr(golden.given(), part)
    assert verdicts.digest(replace(golden.given(), **{part: rows[1:]})) != golden.OF_THE_VERDICT
    assert verdicts.digest(replace(golden.given(), **{part: rows[::-1]})) == golden.OF_THE_VERDICT


def test_the_disclosure_changes_the_digest_of_a_verdict():
    assert verdicts.digest(replace(golden.given(), disclosed=[])) != golden.OF_THE_VERDICT
