"""The export of everything that is kept of an advisor: nothing is left out, nobody else is in it, and it streams."""

import json

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from advisors import invitations
from advisors.corrections import asking, deciding
from advisors.models import Advisor, Review, ReviewToken, Verdict
from advisors.personal_data import kept_data, link_accesses
from articles.models import SignedName
from articles.models.names import new_commitment
from tests import newsroom

KEPT, EXPORT = reverse("board:kept"), reverse("board:export")


@pytest.fixture
def reviewed(cast):
    """Return Ada, who has approved one article, commented on another, and opened a link."""
    newsroom.published(cast, title="The first")
    second = newsroom.in_review(cast, title="The second")
    review = Review.objects.get(advisor=cast.advisors[0], submission__article=second)
    newsroom.verdict(review, Verdict.CHANGES)
    invitations.issue(review)
    token = ReviewToken.objects.get(review=review)
    link_accesses.record(token=token, kind="review", network="198.51.100.0/24", user_agent="Firefox/140.0")
    cast.advisors[0].specialties.add(cast.topic)
    return cast.advisors[0]


@pytest.fixture
def ada(client, reviewed):
    client.force_login(reviewed.user)
    return client


def exported(client) -> dict:
    answer = client.get(EXPORT)
    assert answer.streaming and answer.headers["Content-Disposition"] == 'attachment; filename="ada.json"'
    return json.loads(b"".join(answer.streaming_content))


def test_no_row_that_refers_to_an_advisor_or_to_their_account_is_left_out():
    """Walk the tables of the app: each key to an advisor or a user has to be a path of a section."""
    missing = []
    covered = {section.model: {*section.by_advisor, *section.by_user} for section in kept_data.SECTIONS}
    for model in apps.get_app_config("advisors").get_models(include_auto_created=True):
        for key in model._meta.get_fields():
            if isinstance(key, ForeignKey) and key.related_model in (Advisor, User):
                paths = covered.get(model, set())
                if key.name not in paths:
                    missing.append(f"{model.__name__}.{key.name}")
    assert missing == []


def test_no_row_below_a_review_or_a_disclosure_is_left_out():
    below = {"Review", "Disclosure", "DisclosedAnswer", "ReviewToken"}
    models = {
        model
        for model in apps.get_app_config("advisors").get_models(include_auto_created=True)
        for key in model._meta.get_fields()
        if isinstance(key, ForeignKey) and key.related_model.__name__ in below
    }
    assert models - {section.model for section in kept_data.SECTIONS} == set()


def test_the_file_has_what_they_did(ada, reviewed):
    found = exported(ada)
    assert [row["email"] for row in found["account"]] == ["ada@example.org"]
    assert [row["name"] for row in found["profile"]] == ["Dr Ada"]
    assert [row["topic_name"] for row in found["specialties"]] == ["Sleep"]
    assert [(row["article_title"], row["verdict"]) for row in found["reviews"]] == [
        ("The first", "approve"),
        ("The second", "changes"),
    ]
    assert [row["text"] for row in found["comments"]] == ["Say for whom this holds."]
    assert len(found["disclosures"]) == 1 and len(found["disclosed_answers"]) > 10
    assert found["consents"][0]["is_given"] is True and found["signatures"][0]["name"] == "Dr Ada"
    assert [(row["network"], row["device"]) for row in found["accesses"]] == [("198.51.100.0/24", "Firefox")]


def test_what_they_did_with_a_former_account_is_in_it_and_nothing_else_of_that_account(client, cast, reviewed):
    new, former = newsroom.user("new-ada", is_staff=True), reviewed.user
    SignedName.objects.create(account=former, name="Somebody Else", **new_commitment("Somebody Else"))
    correction = asking.ask_for_account(subject=reviewed, new_account=new, reason="Not hers.", actor=cast.editor)
    deciding.confirm_as_administrator(correction=correction, actor=cast.admin, how="She called.")
    client.force_login(new)
    found = exported(client)
    assert [row["name"] for row in found["names"]] == ["Dr Ada"]
    assert [row["text"] for row in found["comments"]] == ["Say for whom this holds."]
    assert [row["name"] for row in found["signatures"]] == ["Dr Ada"] and len(found["verdict_signatures"]) == 2
    assert "Somebody Else" not in json.dumps(found)
    assert [row["email"] for row in found["account"]] == ["new-ada@example.org"]


def test_nothing_in_it_lets_anybody_in(ada):
    found = exported(ada)
    assert found["links"] and "token_hash" not in found["links"][0] and "password" not in found["account"][0]


def test_it_has_no_row_of_anybody_else(client, cast, reviewed):
    client.force_login(cast.advisors[2].user)
    answer = b"".join(client.get(EXPORT).streaming_content).decode()
    found = json.loads(answer)
    assert not found["reviews"] and not found["comments"] and not found["accesses"]
    assert "ada@example.org" not in answer and "Say for whom" not in answer


def test_the_page_counts_the_entries_and_leads_to_the_file(ada):
    page = ada.get(KEPT).content.decode()
    assert EXPORT in page and "Reviews and verdicts</dt><dd>2<" in page
    assert KEPT in ada.get(reverse("board:desk")).content.decode()


def test_rows_are_read_one_after_the_other(ada, reviewed, monkeypatch):
    monkeypatch.setattr(kept_data, "CHUNK", 1)
    with CaptureQueriesContext(connection) as queries:
        parts = kept_data.as_json(reviewed)
        next(parts), next(parts), next(parts)
        assert len(queries) == 1  # the other sections are not read yet
        json.loads("".join(kept_data.as_json(reviewed)))
    assert len(queries) == 1 + len(kept_data.SECTIONS)
