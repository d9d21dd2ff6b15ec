"""One person with two accounts: flagged, decided by an editor, and then counted once everywhere."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from advisors import jobs, panel
from advisors.corrections import asking
from advisors.corrections import deciding as correcting
from advisors.models import Advisor, PersonFlag, Review, Vouch
from advisors.quorum import standing
from advisors.same_person import deciding, finding
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Approval, Article, Author, PersonDecision, Signatory, Stage, Submission
from articles.models.persons import sides_of
from articles.models.same_person import Persons, persons
from articles.permissions import people_of_the_text, people_of_the_texts
from articles.round_changes.terms import change_terms
from audit import integrity
from jobs.registry import JobContext
from tests import newsroom
from tests.articles.rows import refused

pytestmark = pytest.mark.both_databases
NOTE = "Asked her: both are hers."


def flag(first, second) -> PersonFlag:
    """Return a flag of two accounts or authors, as the job would make it."""
    keys = [f"{'a' if isinstance(side, Author) else 'u'}{side.pk}" for side in (first, second)]
    pair = " ".join(sorted(keys, key=lambda key: (key[0] != "u", int(key[1:]))))
    return PersonFlag.objects.get_or_create(pair=pair, defaults={"reasons": ["name"], **sides_of(pair)})[0]


def decide(cast, first, second, is_same: bool = True) -> PersonDecision:
    return deciding.decide(flag=flag(first, second), is_same=is_same, note=NOTE, actor=cast.admin)


def stage(article: Article) -> str:
    return Article.objects.values_list("stage", flat=True).get(pk=article.pk)


def review_of(article: Article, slug: str) -> Review:
    return Review.objects.get(submission__article=article, advisor__slug=slug)


# Finding


def test_accounts_with_one_mailbox_orcid_or_name_are_flagged(cast):
    jane, other = newsroom.user("jane.doe"), newsroom.user("second")
    type(jane).objects.filter(pk=jane.pk).update(email="jane.doe@gmail.com", name="Jane")
    type(other).objects.filter(pk=other.pk).update(email="janedoe+board@googlemail.com", name="Jay")
    Advisor.objects.filter(slug="ada").update(orcid="0000-0002-1825-0097", name="Dr Ada Okonkwo")
    Author.objects.create(name="Okonkwo, A.", slug="okonkwo", orcid="0000-0002-1825-0097")
    assert finding.update_flags() == (2, 0)
    reasons = {str(row): row.reasons for row in PersonFlag.objects.with_sides()}
    assert reasons == {"Jane and Jay": ["address"], "Ada and Okonkwo, A.": ["name", "orcid"]}


def test_an_earlier_address_of_one_that_another_has_now_is_flagged(cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(review_of(article, "ada"))
    asked = asking.ask_for_address(
        account=cast.advisors[0].user, new_address="ada@uni.example", reason="Moved.", actor=cast.editor
    )
    correcting.confirm_as_administrator(correction=asked, actor=cast.admin, how="She called.")
    second = newsroom.user("ada")
    finding.update_flags()
    found = PersonFlag.objects.get()
    assert found.reasons == ["old_address"] and found.second == second


def test_the_job_adds_and_removes_flags_and_leaves_decisions(cast):
    author = Author.objects.create(name="Jane Okonkwo", slug="jane")
    twin = Author.objects.create(name="J. Okonkwo", slug="j")
    context = JobContext(now=timezone.now(), covered=None)
    assert jobs.find_second_accounts(context) == "1 flagged, 0 no longer alike"
    assert jobs.find_second_accounts(context) == "0 flagged, 0 no longer alike"
    decide(cast, author, twin, is_same=False)
    twin.name = "Peter Okonkwo"
    twin.save()
    assert jobs.find_second_accounts(context) == "0 flagged, 1 no longer alike"
    assert PersonDecision.objects.count() == 1


def test_the_search_makes_as_many_queries_for_many_people_as_for_few(cast):
    finding.update_flags()
    with CaptureQueriesContext(connection) as few:
        finding.update_flags()
    for place in range(10):
        newsroom.user(f"extra-{place}")
    with CaptureQueriesContext(connection) as many:
        finding.update_flags()
    assert len(many) == len(few)


# Deciding


def test_only_editors_who_are_not_concerned_decide_and_say_why(cast):
    found = flag(cast.editor, cast.outsider)
    for actor in (cast.writer, cast.advisors[0].user, cast.editor):
        with pytest.raises(NotPermitted):
            deciding.decide(flag=found, is_same=True, note=NOTE, actor=actor)
    with pytest.raises(InvalidTransition, match="how you know"):
        deciding.decide(flag=found, is_same=True, note=" ", actor=cast.admin)
    assert deciding.decide(flag=found, is_same=True, note=NOTE, actor=cast.admin).is_same


def test_the_database_refuses_decisions_by_others_backwards_or_about_another_pair(cast):
    newsroom.approved(cast)
    first, second = sorted((cast.writer, cast.outsider), key=lambda user: user.pk)
    row = {
        **sides_of(f"u{first.pk} u{second.pk}"),
        "pair": f"u{first.pk} u{second.pk}",
        "is_same": True,
        "note": NOTE,
        "decided_by": cast.editor,
        "decided_by_name": "Editor",
        "last_approval": Approval.objects.get(),
    }
    for wrong in (
        {"decided_by": cast.colleague},
        {"last_approval": None},
        {"pair": "u1 u2"},
        {"first_account_id": second.pk, "second_account_id": first.pk},
        {"note": ""},
        {"second_author_id": cast.author.pk},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonDecision.objects.create(**row | wrong)
    PersonDecision.objects.create(**row)
    for message, statement in (("never changed", "UPDATE {} SET id = id"), ("never deleted", "DELETE FROM {}")):
        with refused(message), connection.cursor() as cursor:
            cursor.execute(statement.format("articles_persondecision"))


def test_a_vouch_cannot_be_dated_before_an_approval(cast):
    newsroom.approved(cast)
    vouch = Vouch.objects.order_by("pk").first()
    values = {
        field.attname: getattr(vouch, field.attname) for field in Vouch._meta.concrete_fields if field.name != "id"
    }
    with refused("newest approval before it"):
        Vouch.objects.create(**values)


# What follows


def test_one_person_counts_once_toward_the_quorum(cast):
    article = newsroom.in_review(cast)
    decide(cast, cast.advisors[0].user, cast.advisors[1].user)
    for slug in ("ada", "ben"):
        newsroom.verdict(review_of(article, slug))
    assert stage(article) == Stage.IN_REVIEW
    submission = Submission.objects.get(article=article)
    assert "one person with Dr Ada" in standing.why_not_counted(submission)[review_of(article, "ben").pk].in_words
    assert "1 of 2 approvals; nobody is left" in standing.standing(submission).in_words


def test_two_accounts_of_one_person_are_one_who_can_still_approve(cast):
    article = newsroom.in_review(cast)
    decide(cast, cast.advisors[0].user, cast.advisors[1].user)
    found = standing.standing(Submission.objects.get(article=article))
    assert len(found.able) == 1 and found.needs_somebody


def test_two_accounts_of_one_person_are_one_whom_a_round_can_reach(cast):
    article = newsroom.in_review(cast)
    decide(cast, newsroom.advisor("dora").user, cast.advisors[0].user)
    said = "the board has 4 members. At most 3 of them can approve this text, so 4 approvals cannot be reached."
    with pytest.raises(InvalidTransition, match=said):
        change_terms(article=article, actor=cast.editor, quorum=4, reason="The claim is bold.")


def test_the_board_decides_when_they_turn_out_to_be_different_people(cast):
    article = newsroom.in_review(cast)
    decide(cast, cast.advisors[0].user, cast.advisors[1].user)
    for slug in ("ada", "ben"):
        newsroom.verdict(review_of(article, slug))
    decide(cast, cast.advisors[0].user, cast.advisors[1].user, is_same=False)
    assert stage(article) == Stage.APPROVED and list(integrity.faults()) == []


def test_an_undecided_flag_blocks_nothing(cast):
    article = newsroom.in_review(cast)
    flag(cast.advisors[0].user, cast.advisors[1].user)
    newsroom.approve(Submission.objects.get(article=article))
    assert stage(article) == Stage.APPROVED


@pytest.mark.parametrize("side", ["account", "author"])
def test_nobody_approves_what_they_wrote_by_another_account_or_as_an_author_without_one(cast, side):
    ghost = Author.objects.create(name="A. Ghost", slug="ghost")
    article = newsroom.draft(cast, panel=0)
    article.authorships.create(author=ghost, position=2)
    newsroom.rewrite(cast, article, title="With a ghost")
    ada = cast.advisors[0]
    decide(cast, ada.user, cast.writer if side == "account" else ghost)
    assert ada.user_id in people_of_the_text(article)
    with pytest.raises(InvalidTransition, match="has written or edited"):
        panel.assign(article=article, advisor=ada, actor=cast.editor)


def test_a_vouch_is_not_asked_for_who_has_approved_by_another_account(cast):
    article = newsroom.draft(cast, panel=2)
    newsroom.submit(cast, article)
    Advisor.objects.filter(slug="ada").update(name="Dr Ada Okonkwo")  # so that nobody vouches for her now
    decide(cast, cast.advisors[0].user, cast.advisors[1].user)
    newsroom.verdict(review_of(article, "ada"))
    [found] = standing.why_not_counted(Submission.objects.get()).values()
    assert found.needs_vouch
    newsroom.verdict(review_of(article, "ben"))
    [found] = standing.why_not_counted(Submission.objects.get()).values()
    assert not found.needs_vouch and "one person with Dr Ben" in found.in_words


def test_a_round_that_is_open_counts_no_more_what_the_author_gave_by_another_account(cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(review_of(article, "ada"))
    decide(cast, cast.advisors[0].user, cast.writer)
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW
    [found] = standing.why_not_counted(Submission.objects.get()).values()
    assert "written or edited" in found.in_words


@pytest.mark.parametrize("other", ["ben", "writer"])
def test_the_database_refuses_a_second_signatory_of_one_person_and_the_author(cast, other):
    article = newsroom.in_review(cast)
    ada = review_of(article, "ada")
    newsroom.verdict(ada)
    submission = Submission.objects.get()
    approval = Approval.objects.create(
        submission=submission,
        revision=submission.revision,
        digest=submission.revision.digest,
        approved_at=timezone.now(),
    )

    def sign(slug: str, position: int) -> None:
        review = review_of(article, slug)
        row = standing_signatory(review)
        Signatory.objects.create(approval=approval, position=position, **row)

    if other == "ben":
        # Ben's verdict is stored without the board's decision, which would approve.
        decide(cast, cast.advisors[0].user, cast.advisors[1].user)
        newsroom.verdict(review_of(article, "ben"))
        sign("ada", 0)
        with refused("one person cannot sign an approval twice"):
            sign("ben", 1)
    else:
        middle = newsroom.user("middle")  # a chain: Ada is the middle account, which is the writer
        decide(cast, cast.advisors[0].user, middle)
        decide(cast, middle, cast.writer)
        with refused("nobody can approve a text that they wrote"):
            sign("ada", 0)


def standing_signatory(review: Review) -> dict[str, object]:
    names = ("signed_name_id", "credentials", "job_title", "affiliation", "disclosure", "photo")
    signature = review.signature
    return {
        **{name: getattr(signature, name) for name in names},
        "user_id": signature.account_id,
        "digest": review.digest,
        "signed_at": review.verdict_at,
    }


def test_a_decision_after_the_approval_leaves_the_approval_as_it_is(cast):
    article = newsroom.published(cast)
    decide(cast, cast.advisors[0].user, cast.advisors[1].user)
    decide(cast, cast.advisors[0].user, cast.writer)
    assert list(integrity.faults()) == [] and stage(article) == Stage.PUBLISHED


def test_people_of_the_text_and_of_the_texts_are_one_rule(cast):
    articles = [newsroom.draft(cast), newsroom.in_review(cast), newsroom.published(cast)]
    decide(cast, cast.advisors[2].user, cast.writer)
    each = {article.pk: people_of_the_text(article) for article in articles}
    assert people_of_the_texts(articles) == each
    with CaptureQueriesContext(connection) as queries:
        people_of_the_texts(articles)
    assert len(queries) == 4


def test_people_are_joined_over_several_decisions_and_parted_again(cast):
    one, two, three = cast.writer, cast.colleague, cast.outsider
    decide(cast, one, two)
    decide(cast, two, three)
    assert persons().same_as(one.pk) == {one.pk, two.pk, three.pk}
    decide(cast, one, three, is_same=False)
    assert three.pk in persons().same_as(one.pk)
    assert deciding.contradiction(flag(one, three))
    decide(cast, two, three, is_same=False)
    assert persons().same_as(one.pk) == {one.pk, two.pk} and not deciding.contradiction(flag(one, three))


def test_an_author_is_the_same_person_as_the_account_that_they_got_later(cast):
    ghost = Author.objects.create(name="A. Ghost", slug="ghost")
    decide(cast, cast.writer, ghost)
    Author.objects.filter(pk=ghost.pk).update(user=cast.outsider)
    assert cast.outsider.pk in persons().same_as(cast.writer.pk)


def test_persons_without_decisions_are_people_of_their_own():
    assert Persons().same_as(7) == {7} and Persons().person(7) == 7
    assert Persons([(1, 2), (3, 4), (2, 3), (9, -5)]).accounts_of([4, -5]) == {1, 2, 3, 4, 9}


# The pages


def browser(user) -> Client:
    found = Client()
    found.force_login(user)
    return found


def words(response) -> str:
    return response.content.decode()


def test_a_flag_is_shown_on_the_dashboard_beside_the_round_and_beside_the_review(cast):
    article = newsroom.in_review(cast)
    found = flag(cast.advisors[0].user, cast.writer)
    address = reverse("admin:advisors_personflag_change", args=[found.pk])
    pages = (
        reverse("admin:index"),
        reverse("admin:articles_article_change", args=[article.pk]),
        reverse("admin:advisors_review_change", args=[review_of(article, "ben").pk]),
    )
    editor = browser(cast.editor)
    for page in pages:
        assert address in words(editor.get(page)), page
    assert address not in words(browser(cast.writer).get(pages[1]))
    decide(cast, cast.advisors[0].user, cast.writer, is_same=False)
    for page in pages:
        assert address not in words(editor.get(page)), page


def test_an_editor_decides_on_the_page_of_the_flag(cast):
    found = flag(cast.advisors[0].user, cast.writer)
    address, editor = reverse("admin:advisors_personflag_change", args=[found.pk]), browser(cast.editor)
    assert "similar names" in words(editor.get(address))
    assert editor.post(address, {"note": NOTE}).status_code == 400
    assert editor.post(address, {"answer": "same", "note": ""}).status_code == 400
    assert editor.post(address, {"answer": "same", "note": NOTE}).status_code == 302
    assert NOTE in words(editor.get(address)) and PersonDecision.objects.get().is_same
    assert browser(cast.writer).get(address).status_code == 403
    own = flag(cast.editor, cast.outsider)
    address = reverse("admin:advisors_personflag_change", args=[own.pk])
    assert editor.post(address, {"answer": "same", "note": NOTE}).status_code == 403


def test_the_list_filters_by_decision_with_a_fixed_number_of_queries(cast):
    people = [cast.writer, cast.colleague, cast.outsider, *(one.user for one in cast.advisors)]
    flag(people[0], people[1])
    editor, address = browser(cast.editor), reverse("admin:advisors_personflag_changelist")
    editor.get(address)
    with CaptureQueriesContext(connection) as one:
        editor.get(address)
    for other in people[2:]:
        flag(people[0], other)
    with CaptureQueriesContext(connection) as many:
        editor.get(address)
    assert len(many) == len(one)
    decide(cast, people[0], people[1])
    assert "Writer and Colleague" in words(editor.get(address, {"decision": "same"}))
    assert "Writer and Colleague" not in words(editor.get(address, {"decision": "none"}))
