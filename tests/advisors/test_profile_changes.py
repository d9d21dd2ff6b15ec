"""What others change in an advisor's profile after a verdict shows as such, and never reaches what was signed."""

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from advisors.models import Advisor, Review, Signature
from advisors.personal_data import erasing
from advisors.profiles.changes import by_others
from advisors.profiles.editing import update_profile
from advisors.profiles.signed import signed_otherwise
from articles.models import Article, Signatory, Topic
from articles.names import changes as name_changes
from audit import integrity
from core import times
from tests import newsroom
from tests.admin_forms import address, form_of
from tests.cached_worker import transaction_ends

DESK, PROFILE = reverse("board:desk"), reverse("board:profile")


@pytest.fixture
def article(cast) -> Article:
    """Return a live article that Ada and Ben approved."""
    return newsroom.published(cast)


@pytest.fixture
def ada(cast) -> Advisor:
    return cast.advisors[0]


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def form_address(advisor: Advisor) -> str:
    return reverse("admin:advisors_advisor_change", args=[advisor.pk])


def edited(actor, advisor: Advisor, **values: object) -> None:
    """Let this user save the advisor's form in the admin with these values."""
    browser = browser_of(actor)
    answer = form_of(browser.get(form_address(advisor)), "advisor_form").send(browser, **values)
    assert answer.status_code == 302
    advisor.refresh_from_db()


def words(response) -> str:
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def told(advisor: Advisor) -> list[tuple[str, str, str, str]]:
    return [(change.by, change.label, change.before, change.after) for change in by_others(advisor)]


def review_of(advisor: Advisor) -> Review:
    rows = Review.objects.select_related("advisor", "signature__signed_name__shown_as")
    return rows.get(advisor=advisor)


def differences(advisor: Advisor) -> list[str]:
    review = review_of(advisor)
    return [found.in_words for found in signed_otherwise([review]).get(review.pk, [])]


def readers_pages(article: Article) -> list[bytes]:
    """Return what readers get of the article, of its record, and of the files in the record."""
    record = reverse("website:record", args=[article.slug])
    return [Client().get(place).content for place in (reverse("website:article", args=[article.slug]), record)]


# What was signed


def test_a_profile_that_an_editor_changes_later_reaches_neither_the_readers_page_nor_the_record(cast, ada, article):
    before, rows = readers_pages(article), (list(Signature.objects.values()), list(Signatory.objects.values()))
    assert b"Dr Ada, PhD" in before[0]
    new = {"name": "Prof Ada Grand", "credentials": "MD", "job_title": "President", "affiliation": "Oxford"}
    edited(cast.editor, ada, **new)
    transaction_ends()
    for page in readers_pages(article):
        assert b"Dr Ada" in page and not any(value.encode() in page for value in new.values())
    assert (list(Signature.objects.values()), list(Signatory.objects.values())) == rows
    assert list(integrity.faults()) == []


# What the advisor and the editors see


def test_what_an_editor_changed_is_listed_with_both_values_and_who_and_when(cast, ada, article):
    edited(cast.editor, ada, credentials="MD", affiliation="Oxford")
    assert told(ada) == [("Editor", "Credentials", "PhD", "MD"), ("Editor", "Affiliation", "", "Oxford")]
    assert by_others(ada)[0].at == ada.history.first().history_date


def test_a_change_of_the_specialties_is_listed_by_their_names(cast, ada, article):
    light = Topic.objects.create(name="Light", slug="light")
    edited(cast.editor, ada, specialties=[str(cast.topic.pk), str(light.pk)])
    assert told(ada) == [("Editor", "Specialties", "", "Light, Sleep")]


def test_an_advisor_whom_an_editor_takes_off_the_board_finds_that_listed(cast, ada, article):
    edited(cast.editor, ada, is_active=[])
    assert told(ada) == [("Editor", "On the board", "yes", "no")]


def test_what_the_advisor_changed_and_what_was_changed_before_a_verdict_are_not_listed(cast, ada):
    edited(cast.editor, ada, credentials="MD")
    assert by_others(ada) == []
    newsroom.published(cast)
    assert by_others(ada) == []
    browser_of(ada.user).post(PROFILE, {"job_title": "Reader", "affiliation": "", "biography": "", "orcid": ""})
    assert by_others(Advisor.objects.get(pk=ada.pk)) == []


def test_what_the_advisor_changed_is_not_listed_among_the_changes_by_others(cast, ada, article):
    edited(cast.editor, ada, credentials="MD")
    update_profile(advisor=ada, actor=ada.user, job_title="Reader")
    ada.history.filter(job_title="Reader").update(history_user=ada.user)
    edited(cast.editor, ada, affiliation="Oxford")
    assert [change[1] for change in told(ada)] == ["Affiliation", "Credentials"]


def test_a_save_that_changes_nothing_is_not_listed(cast, ada, article):
    edited(cast.editor, ada)
    assert by_others(ada) == []


def test_a_change_by_an_account_that_was_not_recorded_is_listed(ada, article):
    ada.credentials = "MD"
    ada.save()
    assert told(ada) == [("somebody who was not recorded", "Credentials", "PhD", "MD")]


def test_the_advisor_finds_it_at_their_desk_and_on_their_profile(cast, ada, article):
    browser = browser_of(ada.user)
    assert "changed your profile" not in words(browser.get(DESK))
    assert "Nobody else has changed your profile since your first verdict." in words(browser.get(PROFILE))
    edited(cast.editor, ada, credentials="MD")
    change = by_others(ada)[0]
    assert f"Editor changed your profile on {times.day(change.at)}, after you had signed." in words(browser.get(DESK))
    assert f'href="{PROFILE}#changes"' in words(browser.get(DESK))
    page = words(browser.get(PROFILE))
    assert "<strong>Credentials</strong>: <q>PhD</q> → <q>MD</q>" in page
    assert f"Editor, {times.moment(change.at)}" in page


def test_another_advisor_does_not_find_it(cast, ada, article):
    edited(cast.editor, ada, credentials="MD, FRCP")
    assert "FRCP" not in words(browser_of(cast.advisors[1].user).get(PROFILE))


def test_the_list_of_the_advisor_has_pages(cast, ada, article):
    for number in range(21):
        ada.credentials, ada._history_user = f"Degree {number}", cast.editor
        ada.save()
    browser = browser_of(ada.user)
    assert "→ <q>Degree 1</q>" in words(browser.get(PROFILE)) and "<q>PhD</q>" not in words(browser.get(PROFILE))
    assert "<q>PhD</q> → <q>Degree 0</q>" in words(browser.get(f"{PROFILE}?page=2"))
    assert browser.get(f"{PROFILE}?page=3").status_code == 404


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_editors_and_administrators_find_it_on_the_advisors_form(cast, ada, article, who):
    edited(cast.editor, ada, credentials="MD")
    page = words(browser_of(cast.everybody[who]).get(form_address(ada)))
    assert "What they had signed stays as it was." in page
    assert "<strong>Credentials</strong>: <q>PhD</q> → <q>MD</q>" in page


def test_the_form_shows_the_newest_ten_and_leads_to_the_history(cast, ada, article):
    for number in range(11):
        ada.credentials, ada._history_user = f"Degree {number}", cast.editor
        ada.save()
    page = words(browser_of(cast.admin).get(form_address(ada)))
    assert "→ <q>Degree 10</q>" in page and "<q>PhD</q>" not in page
    assert f'href="{reverse("admin:advisors_advisor_history", args=[ada.pk])}">Earlier ones' in page


def test_more_changes_need_no_more_queries(cast, ada, article):
    counts = []
    for number in range(6):
        ada.credentials, ada._history_user = f"Degree {number}", cast.editor
        ada.save()
        with CaptureQueriesContext(connection) as queries:
            assert len(by_others(ada)) == number + 1
        counts.append(len(queries))
    assert set(counts) == {4}


def test_one_query_is_enough_if_nobody_else_changed_anything(cast, ada, django_assert_num_queries):
    for make in (newsroom.draft, newsroom.published):
        make(cast)
        with django_assert_num_queries(1):
            assert by_others(ada) == []


# Beside the article


def test_the_article_says_what_was_signed_and_what_the_profile_says_since(cast, ada, article):
    edited(cast.editor, ada, name="Prof Ada", credentials="MD", affiliation="Oxford")
    today = times.day(timezone.now())
    said = [
        f"Name: signed as “Dr Ada”; the profile says “Prof Ada” since {today}, changed by Editor.",
        f"Credentials: signed as “PhD”; the profile says “MD” since {today}, changed by Editor.",
        f"Affiliation: signed as left empty; the profile says “Oxford” since {today}, changed by Editor.",
    ]
    assert differences(ada) == said
    for place in (address(article), reverse("admin:advisors_review_change", args=[review_of(ada).pk])):
        page = words(browser_of(cast.editor).get(place))
        assert "What was signed stays as it was." in page and all(sentence in page for sentence in said)


def test_the_article_says_so_too_while_a_later_round_is_open(cast, ada, article):
    edited(cast.editor, ada, credentials="MD")
    newsroom.rewrite(cast, article, title="Another title")
    newsroom.submit(cast, Article.objects.get(pk=article.pk))
    page = words(browser_of(cast.editor).get(address(article)))
    assert "Who approved what readers see" in page and "signed as “PhD”; the profile says “MD”" in page


def test_a_change_by_the_advisor_is_said_to_be_theirs(cast, ada, article):
    browser_of(ada.user).post(PROFILE, {"job_title": "Reader", "affiliation": "", "biography": "", "orcid": ""})
    today = times.day(timezone.now())
    said = f"Job title: signed as left empty; the profile says “Reader” since {today}, changed by the advisor."
    assert differences(ada) == [said]


def test_the_day_is_that_of_the_change_and_not_of_a_later_save(cast, ada, article):
    edited(cast.editor, ada, credentials="MD")
    edited(cast.admin, ada, biography="Sleeps well.")
    assert differences(ada)[0].endswith("changed by Editor.")


def test_a_value_that_was_changed_back_is_no_difference(cast, ada, article):
    edited(cast.editor, ada, credentials="MD")
    edited(cast.editor, ada, credentials="PhD")
    assert differences(ada) == []
    assert [change[1:] for change in told(ada)] == [("Credentials", "MD", "PhD"), ("Credentials", "PhD", "MD")]


def test_a_disclosure_made_later_is_named_and_not_quoted(cast, ada, article):
    ada.disclosure, ada._history_user = "Shares in Sleep Ltd.", ada.user
    ada.save()
    (said,) = differences(ada)
    assert said.startswith("Standing disclosure: changed by the advisor on ") and "Sleep Ltd" not in said


def test_more_reviewers_and_changes_need_no_more_queries(cast, article, django_assert_num_queries):
    for member in cast.advisors[:2]:
        edited(cast.editor, member, credentials="MD", affiliation="Oxford")
    rows = list(Review.objects.select_related("advisor", "signature__signed_name__shown_as"))
    with django_assert_num_queries(1):
        assert {len(found) for found in signed_otherwise(rows).values()} == {2}
    with django_assert_num_queries(0):
        signed_otherwise([])


# Names that nobody is shown any more


def test_a_confirmed_change_of_the_name_is_neither_listed_nor_a_difference(cast, ada, article):
    transaction_ends()
    asked = name_changes.ask(person=ada.user, actor=ada.user, name="Dr Zelda Quill")
    name_changes.confirm(change=asked[0], actor=cast.admin, how="Called.")
    ada.refresh_from_db()
    assert ada.name == "Dr Zelda Quill"
    assert by_others(ada) == [] and differences(ada) == []
    edited(cast.editor, ada, name="Prof Zelda", slug=ada.slug)
    assert told(ada) == [("Editor", "Name", "Dr Zelda Quill", "Prof Zelda")]
    assert "Dr Ada" not in words(browser_of(cast.editor).get(form_address(ada)))


def test_a_name_that_was_never_signed_is_hidden_by_a_later_change_as_well(cast, ada, article):
    for name, slug in (("Ada Grand", "ada-grand"), ("Prof Grand", "grand"), ("Dr Ada", "ada")):
        edited(cast.editor, ada, name=name, slug=slug)
    assert [change[1] for change in told(ada)] == ["Name", "Address"] * 3
    transaction_ends()
    asked = name_changes.ask(person=ada.user, actor=ada.user, name="Dr Zelda Quill")
    name_changes.confirm(change=asked[0], actor=cast.admin, how="Called.")
    ada.refresh_from_db()
    assert ada.name == "Dr Zelda Quill" and by_others(ada) == []


def test_after_an_erasure_nothing_is_said(cast, ada, article):
    edited(cast.editor, ada, credentials="MD")
    Advisor.objects.filter(pk=ada.pk).update(is_active=False)
    ada.user.is_active = False
    ada.user.save()
    other = newsroom.user("second", is_superuser=True)
    erasure = erasing.ask(person=ada.user, actor=cast.admin, reason="They asked by mail.")
    erasing.carry_out(erasure=erasure, actor=other)
    ada.refresh_from_db()
    assert by_others(ada) == [] and differences(ada) == []


def test_what_was_changed_before_a_verdict_is_no_difference(cast, ada):
    update_profile(advisor=ada, actor=ada.user, job_title="Reader")
    newsroom.published(cast)
    assert differences(ada) == []
