"""check_integrity compares the terms of every round with the log of its article."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Submission, TermsChange, Transition
from articles.round_changes.terms import change_terms
from tests import newsroom
from tests.audit.tampering import check, tamper


@pytest.fixture
def changed(cast) -> Article:
    """Return an article before the board whose round needs three approvals since an editor changed its terms."""
    article = newsroom.in_review(cast, panel=3, title="Tampered with")
    change_terms(article=article, actor=cast.editor, quorum=3, reason="The claim is bold.")
    return article


def only_line(capsys) -> str:
    [line], _ = check(capsys)
    return line


def test_the_quorum_of_an_open_round_was_changed_and_the_log_says_another(cast, capsys):
    article = newsroom.in_review(cast)
    tamper("UPDATE articles_submission SET quorum = 1 WHERE article_id = %s", article.pk)
    assert f"round {article.submissions.get().pk} needs 1 approvals, and the log says 2" in only_line(capsys)


def test_the_entry_of_the_submission_lost_its_quorum(cast, capsys):
    article = newsroom.in_review(cast)
    tamper("UPDATE articles_transition SET quorum = NULL WHERE verb = 'submit'")
    pk = article.submissions.get().pk
    assert f"round {pk} needs 2 approvals, and the log says nothing" in only_line(capsys)


def test_a_change_of_terms_was_inserted_without_an_entry_in_the_log(cast, capsys):
    article = newsroom.in_review(cast)
    tamper(
        "INSERT INTO articles_termschange (submission_id, quorum_before, quorum, reason, changed_by_id, "
        "changed_by_name, changed_at) VALUES (%s, 2, 1, 'Because.', %s, 'Editor', %s)",
        *(article.submissions.get().pk, cast.editor.pk, timezone.now()),
    )
    pk = article.submissions.get().pk
    assert f"the terms of round {pk} were changed (2 to 1 approvals) and the log does not say so" in only_line(capsys)


def test_a_change_of_terms_was_altered(changed, capsys):
    tamper("UPDATE articles_termschange SET quorum = 2")
    lines, _ = check(capsys)
    assert any("and the log does not say so" in line for line in lines)
    assert any("the log says that Editor changed terms, and the change is gone" in line for line in lines)


def test_a_change_of_terms_was_deleted(changed, capsys):
    tamper("DELETE FROM articles_termschange")
    assert "the log says that Editor changed terms, and the change is gone" in only_line(capsys)


def test_a_change_begins_at_other_terms_than_those_before_it(changed, capsys):
    tamper("UPDATE articles_termschange SET quorum_before = 4")
    pk = changed.submissions.get().pk
    assert f"a change of the terms of round {pk} begins at 4, not at 2" in only_line(capsys)


def test_the_terms_were_changed_after_the_decision(cast, changed, capsys):
    newsroom.approve(Submission.objects.get())
    later = timezone.now() + timedelta(seconds=1)
    tamper("UPDATE articles_termschange SET changed_at = %s", later)
    tamper("UPDATE articles_transition SET at = %s WHERE verb = 'change_terms'", later)
    pk = changed.submissions.get().pk
    lines, _ = check(capsys)
    assert [line for line in lines if f"the terms of round {pk} were changed after its decision" in line]
    assert TermsChange.objects.count() == Transition.objects.filter(verb="change_terms").count() == 1
