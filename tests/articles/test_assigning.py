"""Who may give an article to whom, and set its deadline; and what an assignment changes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import ADVISORS, EDITORS, WRITERS
from articles import notifications
from articles.assignments.assigning import ShownAssignment, assign, can_work, newsroom_people
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import Article, Assignment, Author, Stage
from articles.permissions import may, people_of_the_text
from tests import newsroom

NOBODY = ShownAssignment(None, None)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def article(cast) -> Article:
    return newsroom.draft(cast)


@pytest.fixture
def told(monkeypatch):
    """Return what people are told of: who acted, who has the article and had it, and the deadline."""
    found = []

    def note(assignment, actor, before):
        found.append((actor, assignment.person, before, assignment.due_on))

    monkeypatch.setattr(notifications, "assigned", note)
    return found


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_an_editor_assigns_an_article_to_anybody_in_the_newsroom(cast, article, who):
    for person in (cast.colleague, cast.editor, cast.admin, None):
        newsroom.assign(cast, article, person, in_days(3), actor=cast.everybody[who])
        row = Assignment.objects.get(article=article)
        assert (row.person, row.due_on, row.set_by) == (person, in_days(3), cast.everybody[who])


def test_each_assignment_is_kept_in_the_history_with_the_person_who_made_it(cast, article):
    newsroom.assign(cast, article, cast.writer)
    newsroom.assign(cast, article, None, actor=cast.writer)
    row = Assignment.objects.get()
    assert [(old.person, old.history_user) for old in row.history.order_by("history_id")] == [
        (cast.writer, cast.editor),
        (None, cast.writer),
    ]


def test_a_writer_takes_their_article_and_gives_it_back(cast, article):
    newsroom.assign(cast, article, cast.writer, actor=cast.writer)
    assert Assignment.objects.get().person == cast.writer
    newsroom.assign(cast, article, None, actor=cast.writer)
    assert Assignment.objects.get().person is None


def test_a_writer_sets_the_deadline_while_nobody_or_they_have_the_article(cast, article):
    newsroom.assign(cast, article, None, in_days(2), actor=cast.writer)
    newsroom.assign(cast, article, cast.writer, in_days(3), actor=cast.writer)
    newsroom.assign(cast, article, cast.writer, None, actor=cast.writer)
    assert Assignment.objects.get().due_on is None


def test_a_writer_gives_the_article_to_nobody_else(cast, article):
    for before in (None, cast.writer):
        newsroom.assign(cast, article, before)
        with pytest.raises(NotPermitted, match="Only an editor can assign it to somebody else"):
            newsroom.assign(cast, article, cast.colleague, actor=cast.writer)


def test_a_writer_changes_nothing_about_what_a_colleague_has(cast, article):
    newsroom.assign(cast, article, cast.colleague, in_days(5))
    for person, due_on in ((cast.writer, in_days(5)), (None, in_days(5)), (cast.colleague, in_days(9))):
        with pytest.raises(NotPermitted, match="Colleague has this article"):
            newsroom.assign(cast, article, person, due_on, actor=cast.writer)
    assert Assignment.objects.get().history.count() == 1


@pytest.mark.parametrize("who", ["colleague", "advisor1", "outsider"])
def test_whoever_may_not_edit_the_article_cannot_take_it(cast, article, who):
    with pytest.raises(NotPermitted, match="may not assign it"):
        newsroom.assign(cast, article, cast.everybody[who], actor=cast.everybody[who])
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "advisor1"])
def test_nobody_who_cannot_work_in_the_newsroom_gets_an_article(cast, article, who):
    with pytest.raises(InvalidTransition, match="cannot work in the newsroom"):
        newsroom.assign(cast, article, cast.everybody[who])


def test_nobody_whose_account_is_switched_off_gets_an_article_or_keeps_it_when_it_is_changed(cast, article):
    newsroom.assign(cast, article, cast.colleague)
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    gone = User.objects.get(pk=cast.colleague.pk)
    with pytest.raises(InvalidTransition, match="Colleague cannot work in the newsroom"):
        newsroom.assign(cast, article, gone, in_days(3))
    newsroom.assign(cast, article, cast.writer, in_days(3))
    with pytest.raises(InvalidTransition, match="Colleague cannot work in the newsroom"):
        newsroom.assign(cast, article, gone, in_days(3))


def test_the_choice_has_exactly_the_people_who_can_work(cast):
    newsroom.user("off", EDITORS, is_staff=True, is_active=False)
    newsroom.user("guest", WRITERS)  # may not enter the newsroom
    newsroom.user("both", WRITERS, ADVISORS, is_staff=True)
    assert {str(person) for person in newsroom_people()} == {"Admin", "Both", "Colleague", "Editor", "Writer"} | {
        str(person) for person in User.objects.filter(is_superuser=True)
    }
    assert set(newsroom_people()) == {person for person in User.objects.all() if can_work(person)}


def test_a_new_deadline_is_today_or_later(cast, article):
    with pytest.raises(InvalidTransition, match="That deadline has passed"):
        newsroom.assign(cast, article, cast.writer, in_days(-1))
    newsroom.assign(cast, article, cast.writer, in_days(0))


def test_a_deadline_that_has_passed_stays_when_somebody_else_gets_the_article(cast, article):
    newsroom.assign(cast, article, cast.writer, in_days(0))
    row = Assignment.objects.get()
    row.due_on = in_days(-2)
    row.save()
    newsroom.assign(cast, article, cast.colleague, in_days(-2))
    assert Assignment.objects.get().person == cast.colleague
    with pytest.raises(InvalidTransition, match="That deadline has passed"):
        newsroom.assign(cast, article, cast.colleague, in_days(-1))


def test_a_form_that_shows_what_somebody_has_changed_meanwhile_is_refused(cast, article):
    newsroom.assign(cast, article, cast.writer, in_days(4), actor=cast.admin)
    with pytest.raises(Overtaken, match=r"Admin changed this on .*assigned to Writer, with the deadline"):
        assign(article=article, actor=cast.editor, person=cast.colleague, due_on=None, seen=NOBODY)
    assert Assignment.objects.get().person == cast.writer


@pytest.mark.parametrize("has_person", [True, False])
@pytest.mark.parametrize("has_deadline", [True, False])
def test_the_refusal_says_how_it_is_now(cast, article, has_person, has_deadline):
    newsroom.assign(cast, article, cast.colleague, in_days(1))
    newsroom.assign(cast, article, cast.writer if has_person else None, in_days(2) if has_deadline else None)
    expected = f"assigned to {'Writer' if has_person else 'nobody'}, with{'' if has_deadline else 'out a'} "
    with pytest.raises(Overtaken) as refusal:
        assign(
            article=article, actor=cast.editor, person=cast.editor, due_on=None, seen=ShownAssignment(None, in_days(9))
        )
    assert str(refusal.value).startswith("You changed this on ") and expected in str(refusal.value)


def test_two_writers_do_not_take_an_article_from_each_other(cast, article):
    article.authorships.create(author=Author.objects.create(name="Carl", slug="carl", user=cast.colleague))
    assign(article=article, actor=cast.writer, person=cast.writer, due_on=None, seen=NOBODY)
    with pytest.raises(Overtaken, match="Writer changed this"):
        assign(article=article, actor=cast.colleague, person=cast.colleague, due_on=None, seen=NOBODY)
    assert Assignment.objects.get().person == cast.writer


def test_the_same_form_sent_twice_changes_nothing_the_second_time(cast, article, told):
    for _ in range(2):
        assign(article=article, actor=cast.editor, person=cast.writer, due_on=in_days(1), seen=NOBODY)
    assert Assignment.objects.get().history.count() == 1 and len(told) == 1


def test_nothing_is_stored_for_an_article_that_nobody_gets(cast, article, told):
    assert newsroom.assign(cast, article, None) is None
    assert not Assignment.objects.exists() and told == []


def test_people_are_told_what_has_changed(cast, article, told):
    newsroom.assign(cast, article, cast.writer)
    newsroom.assign(cast, article, cast.colleague, in_days(1))
    assert told == [
        (cast.editor, cast.writer, None, None),
        (cast.editor, cast.colleague, cast.writer, in_days(1)),
    ]


def test_what_nobody_can_be_told_of_is_not_stored(cast, article, monkeypatch):
    def refuse(*arguments):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(notifications, "assigned", refuse)
    with pytest.raises(RuntimeError):
        newsroom.assign(cast, article, cast.writer)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    "make", [newsroom.in_review, newsroom.changes_requested, newsroom.approved, newsroom.published]
)
def test_an_article_is_assigned_at_any_stage_and_its_text_stays_as_it_is(cast, make):
    article = make(cast)
    before = Article.objects.filter(pk=article.pk).values().get()
    newsroom.assign(cast, article, cast.colleague, in_days(2))
    assert Article.objects.filter(pk=article.pk).values().get() == before


def test_an_assignee_edits_and_submits_the_article_as_long_as_they_have_it(cast, article):
    newsroom.assign(cast, article, cast.colleague)
    assert may(cast.colleague, "edit", article) and may(cast.colleague, "submit", article)
    assert article in Article.objects.editable_by(cast.colleague)
    newsroom.assign(cast, article, cast.writer)
    assert not may(cast.colleague, "edit", article)
    assert article not in Article.objects.editable_by(cast.colleague)
    assert article in Article.objects.editable_by(cast.writer)


def test_an_assignment_alone_lets_nobody_in_who_may_not_change_articles(cast, article):
    newsroom.assign(cast, article, cast.colleague)
    cast.colleague.groups.clear()
    person = User.objects.get(pk=cast.colleague.pk)
    assert not may(person, "edit", article) and not Article.objects.editable_by(person).exists()


def test_an_article_is_listed_once_for_a_writer_who_has_it_in_several_ways(cast, article):
    newsroom.assign(cast, article, cast.writer)
    assert list(Article.objects.editable_by(cast.writer)) == [article]


def test_an_assignee_who_never_saved_may_approve_the_text(cast):
    advisor = cast.advisors[0]
    advisor.user.groups.set([*advisor.user.groups.all(), *cast.writer.groups.all()])
    article = newsroom.draft(cast)
    newsroom.assign(cast, article, User.objects.get(pk=advisor.user.pk))
    assert advisor.user.pk not in people_of_the_text(article)
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED
    assert advisor.user in {signatory.user for signatory in article.approval_of_working_copy().signatories.all()}


def test_an_assignee_who_saved_is_one_of_the_people_of_the_text(cast):
    article = newsroom.draft(cast)
    newsroom.assign(cast, article, cast.colleague)
    assert cast.colleague.pk not in people_of_the_text(article)
    newsroom.rewrite(cast, article, actor=cast.colleague, title="Another title")
    newsroom.assign(cast, article, None)
    assert cast.colleague.pk in people_of_the_text(article)
