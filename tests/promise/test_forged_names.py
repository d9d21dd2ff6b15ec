"""Attempts to put a scientist's name under a text that they did not approve, by an editor, a writer or an advisor.

Each test is one attempt by the forms and functions of the site. `test_forged_rows.py` has those by raw SQL.
"""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.roles import ADVISORS
from advisors import disclosures, panel, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, PanelMember, Question, Review, Verdict
from advisors.quorum import standing, vouching
from articles import drafting, workflow
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.models import Article, Author, Signatory, Stage
from audit import integrity
from tests import newsroom
from tests.admin_forms import form_of

INVENTED = {"name": "Prof Famous", "slug": "prof-famous", "credentials": "MD"}


@pytest.fixture
def article(cast) -> Article:
    return newsroom.in_review(cast)


@pytest.fixture
def editor(cast) -> Client:
    """Return the browser of an editor who has signed in."""
    browser = Client()
    browser.force_login(cast.editor)
    return browser


def review_of(article: Article, advisor: str) -> Review:
    return Review.objects.get(submission__article=article, advisor__slug=advisor, submission__outcome="")


def why_not(review: Review) -> str:
    """Return why an approval does not count."""
    return standing.why_not_counted(review.submission)[review.pk].in_words


def stage(article: Article) -> str:
    article.refresh_from_db()
    return article.stage


def faults() -> list[str]:
    return [str(fault) for fault in integrity.faults()]


def change_form(browser: Client, advisor: Advisor | Author, **values: str):
    """Post the admin's change form of a person with these values; return the response."""
    name = f"{advisor._meta.app_label}_{advisor._meta.model_name}"
    address = reverse(f"admin:{name}_change", args=[advisor.pk])
    form = form_of(browser.get(address), f"{advisor._meta.model_name}_form")
    return browser.post(address, form.put(**values).data)


def invent(editor: Client, user) -> Advisor:
    """Add an advisor by the admin's form, with the account of `user`; return the advisor."""
    address = reverse("admin:advisors_advisor_add")
    form = form_of(editor.get(address), "advisor_form")
    response = editor.post(address, form.put(**INVENTED, user=str(user.pk), is_active="on").data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    return Advisor.objects.get(slug="prof-famous")


def test_an_editor_who_invents_an_advisor_with_their_own_account_cannot_vouch_for_it(cast, editor):
    famous = invent(editor, cast.editor)
    assert famous.added_by == cast.editor
    page = editor.post(reverse("admin:advisors_vouch", args=[famous.pk]), {"how": "I know him.", "seen": ""})
    assert page.status_code == 403 and "vouch for yourself" in page.content.decode()
    with pytest.raises(NotPermitted, match="yourself"):
        vouching.vouch(advisor=famous, actor=cast.editor, how="I know him.")
    assert not famous.vouches.exists()


def test_an_editor_who_invents_an_advisor_with_a_friends_account_cannot_vouch_for_it(cast, editor):
    famous = invent(editor, cast.outsider)
    with pytest.raises(NotPermitted, match="You added"):
        vouching.vouch(advisor=famous, actor=cast.editor, how="I know him.")


def test_the_verdict_of_an_advisor_for_whom_nobody_vouches_does_not_count(cast, article):
    stranger = newsroom.user("stranger", ADVISORS, is_staff=True)
    famous = Advisor.objects.create(user=stranger, **INVENTED)
    newsroom.prepare(famous)
    panel.assign(article=article, advisor=famous, actor=cast.editor)
    newsroom.verdict(review_of(article, "prof-famous"))
    newsroom.verdict(review_of(article, "ada"))
    assert stage(article) == Stage.IN_REVIEW
    assert "vouched" in why_not(review_of(article, "prof-famous"))
    assert "1 of 2" in standing.standing(article.submissions.get()).in_words


def test_a_text_cannot_be_submitted_to_reviewers_for_whom_nobody_vouches(cast):
    article = newsroom.draft(cast, panel=1)
    famous = Advisor.objects.create(user=newsroom.user("stranger", ADVISORS, is_staff=True), **INVENTED)
    newsroom.prepare(famous)
    PanelMember.objects.create(article=article, advisor=famous, confirmed=True, proposed_by=cast.editor)
    newsroom.answer_warnings(article, cast.writer)
    with pytest.raises(Blocked) as blocked:
        workflow.submit(article=article, actor=cast.writer)
    assert "Nobody has vouched for who Prof Famous is" in str(blocked.value.findings)


def test_the_board_decides_as_soon_as_somebody_vouches_for_the_advisor_it_waited_for(cast, article):
    famous = Advisor.objects.create(user=newsroom.user("stranger", ADVISORS, is_staff=True), **INVENTED)
    newsroom.prepare(famous)
    panel.assign(article=article, advisor=famous, actor=cast.editor)
    newsroom.verdict(review_of(article, "prof-famous"))
    newsroom.verdict(review_of(article, "ada"))
    vouching.vouch(advisor=famous, actor=cast.editor, how="Called the institute.")
    assert stage(article) == Stage.APPROVED
    assert faults() == []


@pytest.mark.parametrize("who", ["writer", "advisor", "outsider", "former_editor"])
def test_only_editors_and_administrators_vouch(cast, who):
    cast.editor.is_active = False
    actor = {"advisor": cast.advisors[1].user, "former_editor": cast.editor}.get(who) or getattr(cast, who)
    before = cast.advisors[0].vouches.count()
    with pytest.raises(NotPermitted):
        vouching.vouch(advisor=cast.advisors[0], actor=actor, how="Met.")
    assert cast.advisors[0].vouches.count() == before


def test_a_vouch_says_how_the_identity_was_checked(cast):
    for empty in ("", " ", "\u00a0"):
        with pytest.raises(InvalidTransition, match="how"):
            vouching.vouch(advisor=cast.advisors[0], actor=cast.editor, how=empty)


def test_an_account_moved_to_the_editor_before_anything_was_signed_signs_nothing_that_counts(cast, editor, article):
    ada = cast.advisors[0]
    change_form(editor, ada, user=str(cast.editor.pk))
    ada.refresh_from_db()
    assert ada.user == cast.editor
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW
    assert "vouched" in why_not(review_of(article, "ada"))
    # The account cannot be moved back to hide it either.
    with pytest.raises(IntegrityError, match="never changed after they have signed"), transaction.atomic():
        Advisor.objects.filter(pk=ada.pk).update(user=newsroom.user("ada-again"))


def test_the_form_does_not_move_an_account_with_which_something_was_signed(cast, editor, article):
    ada, account = cast.advisors[0], cast.advisors[0].user
    newsroom.verdict(review_of(article, "ada"))
    change_form(editor, ada, user=str(cast.editor.pk))
    ada.refresh_from_db()
    assert ada.user == account


def test_what_an_editor_changes_in_a_profile_after_the_verdict_does_not_reach_the_page(cast, editor, article):
    ada = cast.advisors[0]
    newsroom.verdict(review_of(article, "ada"))
    changed = {
        "name": "Prof Ada Grand",
        "credentials": "MD, Nobel laureate",
        "job_title": "President",
        "affiliation": "Oxford",
        "disclosure": "None.",
    }
    change_form(editor, ada, **changed)
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.APPROVED
    signed = Signatory.objects.get(user=ada.user)
    assert (signed.name, signed.credentials, signed.job_title, signed.affiliation) == ("Dr Ada", "PhD", "", "")
    assert signed.disclosure == "No fees from this publication.\nNo interests to declare."
    assert faults() == []


def test_an_editor_cannot_edit_somebody_elses_disclosure(cast, editor):
    ada = cast.advisors[0]
    change_form(editor, ada, disclosure="Nothing at all.")
    ada.refresh_from_db()
    assert ada.disclosure == "No fees from this publication.\nNo interests to declare."
    with pytest.raises(NotPermitted):
        disclosures.disclose(advisor=ada, actor=cast.editor, interests=dict.fromkeys(Question, Interest()))


def test_a_name_changed_before_the_verdict_needs_a_new_vouch(cast, editor, article):
    change_form(editor, cast.advisors[0], name="Prof Famous")
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW
    assert "vouched" in why_not(review_of(article, "ada"))


def test_an_address_changed_before_the_verdict_needs_a_new_vouch(cast, article):
    account = cast.advisors[0].user
    account.email = "editor-in-disguise@example.org"
    account.save()
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW


def test_an_author_whose_link_to_the_account_was_emptied_cannot_approve_their_own_article(cast, editor):
    cast.author.user = cast.advisors[0].user
    cast.author.save()
    article = newsroom.draft(cast, panel=0)
    change_form(editor, cast.author, user="")
    cast.author.refresh_from_db()
    assert cast.author.user == cast.advisors[0].user
    with pytest.raises(IntegrityError, match="after they have written under it"), transaction.atomic():
        Author.objects.filter(pk=cast.author.pk).update(user=None)
    with pytest.raises(InvalidTransition, match="has written or edited"):
        panel.assign(article=article, advisor=cast.advisors[0], actor=cast.editor)


def test_an_author_who_was_taken_off_the_byline_cannot_approve_an_earlier_text_of_theirs(cast):
    cast.author.user = cast.advisors[0].user
    cast.author.save()
    article = newsroom.draft(cast, panel=0)
    article.authorships.all().delete()
    drafting.record(article=article, actor=cast.editor)
    with pytest.raises(InvalidTransition, match="has written or edited"):
        panel.assign(article=article, advisor=cast.advisors[0], actor=cast.editor)


def test_somebody_who_edited_the_text_before_it_was_submitted_does_not_count(cast):
    article = newsroom.draft(cast, panel=0)
    cast.editor.groups.add(*cast.advisors[0].user.groups.all())
    ada = cast.advisors[0].user
    ada.groups.set(cast.editor.groups.all())
    newsroom.rewrite(cast, article, actor=type(ada).objects.get(pk=ada.pk), title="By the reviewer")
    with pytest.raises(InvalidTransition, match="has written or edited"):
        panel.assign(article=article, advisor=cast.advisors[0], actor=cast.editor)


@pytest.mark.parametrize("switch", ["board", "account"])
def test_an_advisor_who_leaves_after_the_verdict_no_longer_counts(cast, article, switch):
    ada = cast.advisors[0]
    newsroom.verdict(review_of(article, "ada"))
    row = ada if switch == "board" else ada.user
    row.is_active = False
    row.save()
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW
    assert "left the board" in why_not(review_of(article, "ada"))


def test_what_the_board_has_decided_stands_when_an_advisor_leaves_afterwards(cast):
    article = newsroom.published(cast)
    ada = cast.advisors[0]
    ada.is_active = False
    ada.save()
    assert stage(article) == Stage.PUBLISHED
    assert Signatory.objects.filter(user=ada.user).exists()
    assert faults() == []


def test_the_editors_are_told_what_is_missing_when_an_advisor_leaves_during_a_round(cast, article, mailoutbox):
    ada = cast.advisors[0]
    newsroom.verdict(review_of(article, "ada"))
    ada.is_active = False
    ada.save()
    (sent,) = (message for message in mailoutbox if "left the board" in message.subject)
    assert sent.to == [cast.editor.email]
    assert "Dr Ada, PhD has left the board" in sent.body
    assert "0 of 2 approvals; only Dr Ben can still approve." in sent.body


def test_a_topic_that_drops_its_rule_during_a_round_does_not_change_the_terms_of_the_round(cast):
    cast.topic.needs_specialist = True
    cast.topic.save()
    cast.advisors[0].specialties.add(cast.topic)
    article = newsroom.in_review(cast)
    submission = article.submissions.get()
    newsroom.verdict(review_of(article, "ben"))
    panel.assign(article=article, advisor=cast.advisors[2], actor=cast.editor)
    cast.topic.needs_specialist = False
    cast.topic.save()
    newsroom.verdict(review_of(article, "cleo"))
    assert stage(article) == Stage.IN_REVIEW
    assert "A specialist in “Sleep”" in standing.standing(submission).in_words


def test_the_board_decides_when_an_advisor_becomes_the_specialist_that_was_lacking(cast):
    cast.topic.needs_specialist = True
    cast.topic.save()
    cast.advisors[0].specialties.add(cast.topic)
    article = newsroom.in_review(cast)
    cast.advisors[0].specialties.clear()
    for review in article.submissions.get().reviews.all():
        newsroom.verdict(review)
    assert stage(article) == Stage.IN_REVIEW
    cast.advisors[1].specialties.add(cast.topic)
    assert stage(article) == Stage.APPROVED


def test_editors_see_beside_an_approval_why_it_does_not_count(cast, editor, article):
    newsroom.verdict(review_of(article, "ada"))
    cast.advisors[0].is_active = False
    cast.advisors[0].save()
    page = editor.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert "They left the board before it decided, so it does not count." in page


def test_editors_see_how_whoever_signed_was_known(editor, article):
    newsroom.verdict(review_of(article, "ada"))
    page = editor.get(reverse("admin:advisors_review_change", args=[review_of(article, "ada").pk])).content.decode()
    assert "Signed by Dr Ada, PhD: signed in with a password." in page
    other = editor.get(reverse("admin:advisors_review_change", args=[review_of(article, "ben").pk])).content.decode()
    assert "Signed by" not in other


def test_nobody_gives_a_verdict_for_somebody_else(cast, article):
    for actor in (cast.editor, cast.admin, cast.writer, cast.advisors[1].user):
        with pytest.raises(NotPermitted):
            reviews.accept(review=review_of(article, "ada"), actor=actor)
        with pytest.raises(NotPermitted):
            reviews.give_verdict(
                review=review_of(article, "ada"),
                actor=actor,
                authentication=newsroom.SIGNED_IN,
                digest=article.head().digest,
                conflict="none",
                verdict=Verdict.APPROVE,
            )
