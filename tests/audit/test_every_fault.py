"""Every message of the integrity check is expected by a test, and here are the tests of the rarer ones.

As in test_integrity.py, the attacker controls the database.
"""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F

import audit
from advisors.models import Review
from articles.models import Signatory
from tests import newsroom
from tests.audit.tampering import check, names, tamper, tells, unguarded
from tests.audit.test_corruptions import EVERY


def fixed_parts(node: ast.AST) -> list[str]:
    """Return the strings in a piece of code without what f-strings fill in, stripped."""
    constants = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return [value.strip() for value in constants if isinstance(value, str)]


def messages() -> Iterator[list[str]]:
    """Yield the fixed parts of the message of every `Fault(…)` in the audit app."""
    for path in sorted(Path(audit.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
                yield fixed_parts(node.args[1])


def expectations() -> list[str]:
    """Return the lines of the corruptions, and the fixed parts of each assertion in tests of the check."""
    texts = [path.read_text() for path in sorted(Path(settings.BASE_DIR, "tests").glob("**/test_*.py"))]
    trees = [ast.parse(text) for text in texts if "check_integrity" in text or "audit" in text]
    asserted = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    return [" ".join(fixed_parts(node)) for node in asserted] + [one.line for one in EVERY]


def test_every_message_is_expected_by_an_assertion():
    expected, every = expectations(), list(messages())
    assert len(every) > 15
    assert [parts for parts in every if not any(all(part in text for part in parts) for text in expected)] == []


def test_the_publication_of_one_article_was_moved_to_another(article, cast, capsys):
    other = newsroom.draft(cast)
    tamper("UPDATE articles_publication SET article_id = %s WHERE article_id = %s", other.pk, article.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if other.slug in line and "shows a revision of another article" in line]
    assert [line for line in lines if names(line, article) and "is at “Published” but was never published" in line]


def test_the_submission_of_one_article_was_moved_to_another(article, cast, capsys):
    other = newsroom.draft(cast)
    tamper("UPDATE articles_submission SET article_id = %s WHERE article_id = %s", other.pk, article.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article) and "shows a revision of another article" in line]


def test_the_submission_was_of_another_revision(cast, capsys):
    article = newsroom.draft(cast, title="Tampered with")
    newsroom.rewrite(cast, article, title="Tampered with", standfirst="Written anew.")
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article)
    first = article.revisions.get(number=1)
    tamper("UPDATE articles_submission SET revision_id = %s WHERE article_id = %s", first.pk, article.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "its approval belongs to the submission of another revision")


def test_a_signatory_approved_another_digest(article, revision, capsys):
    signatory = Signatory.objects.filter(approval__revision=revision).earliest("position")
    tamper("UPDATE articles_signatory SET digest = %s WHERE id = %s", "c" * 64, signatory.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "Dr Ada, PhD approved another digest")


def test_a_verdict_was_given_after_the_approval(article, revision, capsys):
    review = Review.objects.filter(submission__revision=revision).earliest("pk")
    with unguarded():
        Review.objects.filter(pk=review.pk).update(verdict_at=F("verdict_at") + timedelta(hours=1))
    lines, _ = check(capsys)

    assert tells(lines, article, "Dr Ada, PhD gave the verdict after the approval")


def test_what_was_approved_was_never_put_in_force(cast, capsys):
    article = newsroom.approved(cast, title="Tampered with")
    tamper("UPDATE articles_article SET stage = 'published' WHERE id = %s", article.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "is at “Published” but was never published")
