"""The profile that advisors edit: only their own, and without changing what they have already signed."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from advisors.models import Advisor
from advisors.profiles.editing import update_profile
from articles.exceptions import NotPermitted
from articles.models import Author, Signatory
from tests import newsroom
from tests.admin_forms import form_of
from tests.articles.rows import refused

WORDS = {
    "job_title": "Reader in nutrition",
    "affiliation": "University of Somewhere",
    "biography": "Measures sleep.\nMostly in people over 60.",
    "orcid": "0000-0002-1825-0097",
}


def test_what_an_advisor_writes_is_on_their_page(ada, cast):
    assert ada.post(reverse("board:profile"), WORDS).url == reverse("board:desk")
    page = ada.get(reverse("experts:expert", args=["ada"])).content.decode()
    assert "Reader in nutrition, University of Somewhere" in page and "Mostly in people over 60." in page
    assert Advisor.history.filter(id=cast.advisors[0].pk).first().history_user == cast.advisors[0].user


def test_name_credentials_and_board_are_kept_by_the_editors(ada, cast):
    forged = {"name": "Dr Nobel", "credentials": "Nobel laureate", "slug": "nobel", "is_active": "", "disclosure": "x"}
    ada.post(reverse("board:profile"), {**WORDS, **forged})
    member = Advisor.objects.get(pk=cast.advisors[0].pk)
    assert (member.name, member.credentials, member.slug, member.is_active) == ("Dr Ada", "PhD", "ada", True)
    with pytest.raises(ValueError, match="credentials"):
        update_profile(advisor=member, actor=member.user, credentials="Nobel laureate")


def test_what_was_signed_keeps_what_was_said_that_day(ada, cast):
    newsroom.published(cast)
    ada.post(reverse("board:profile"), WORDS)
    assert Signatory.objects.get(user=cast.advisors[0].user).job_title == ""


@pytest.mark.parametrize("who", ["writer", "editor", "admin", "advisor2"])
def test_nobody_describes_somebody_else(cast, who):
    with pytest.raises(NotPermitted):
        update_profile(advisor=cast.advisors[0], actor=cast.everybody[who], biography="A fool.")


@pytest.mark.parametrize(("field", "words"), [("orcid", "1234"), ("biography", "x" * 2001), ("job_title", "x" * 161)])
def test_what_does_not_fit_comes_back(ada, cast, field, words):
    answer = ada.post(reverse("board:profile"), {**WORDS, field: words})
    assert answer.status_code == 400 and words in answer.content.decode()
    assert Advisor.objects.get(pk=cast.advisors[0].pk).biography == ""
    with pytest.raises(ValidationError):
        update_profile(advisor=cast.advisors[0], actor=cast.advisors[0].user, **{field: words})


# One ORCID, one advisor


@pytest.fixture
def taken(cast) -> str:
    """Return the ORCID of another advisor, Ben."""
    update_profile(advisor=cast.advisors[1], actor=cast.advisors[1].user, orcid=WORDS["orcid"])
    return WORDS["orcid"]


def test_an_advisor_cannot_take_the_orcid_of_another_advisor(ada, cast, taken):
    answer = ada.post(reverse("board:profile"), WORDS)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "orcid": ["Another advisor has this ORCID, and one person is one advisor."]
    }
    with pytest.raises(ValidationError, match="Another advisor has this ORCID"):
        update_profile(advisor=cast.advisors[0], actor=cast.advisors[0].user, orcid=taken)
    assert Advisor.objects.get(slug="ada").orcid == ""


def test_an_editor_cannot_give_two_advisors_one_orcid(cast, taken):
    editor = Client()
    editor.force_login(cast.admin)
    address = reverse("admin:advisors_advisor_change", args=[cast.advisors[0].pk])
    answer = form_of(editor.get(address), "advisor_form").send(editor, orcid=taken)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["orcid"] == [
        "Another advisor has this ORCID, and one person is one advisor."
    ]


@pytest.mark.both_databases
def test_the_database_refuses_one_orcid_for_two_advisors(cast, taken):
    with refused("advisor_orcid_once|orcid"):
        Advisor.objects.filter(slug="ada").update(orcid=taken)


@pytest.mark.both_databases
def test_any_number_of_advisors_have_no_orcid_and_an_author_may_have_that_of_an_advisor(cast, taken):
    assert Advisor.objects.filter(orcid="").count() == 2
    Author.objects.filter(pk=cast.author.pk).update(orcid=taken)


def test_an_advisor_keeps_their_own_orcid(cast, taken):
    update_profile(advisor=cast.advisors[1], actor=cast.advisors[1].user, orcid=taken, job_title="Reader")
    assert Advisor.objects.get(slug="ben").job_title == "Reader"
