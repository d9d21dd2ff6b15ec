"""The permissions of users on one article. The admin, the workflow and the commands all use this module."""

from collections.abc import Iterable

from accounts.models import User
from articles.models import Article, Author, Authorship, Byline, Revision, Submission
from articles.signals import verdict_wanted

OWN = frozenset({"edit", "submit", "renew", "recall"})
EDITORS = frozenset({"end_round", "change_due_date"})
NEWSROOM = frozenset({"publish", "schedule", "unschedule", "withdraw", "reinstate"})
BOARD = frozenset({"approve", "request_changes"})


def owns(user: User, article: Article) -> bool:
    """Return whether the user created the article or is on its byline; return True for an article not yet stored."""
    if article.pk is None or article.created_by_id == user.pk:
        return True
    return Authorship.objects.filter(article=article, author__user=user).exists()


def has_spoken(user: User, submission: Submission | None, verb: str) -> bool:
    """Return whether the user has given this verdict on the submission, according to `verdict_wanted`."""
    if submission is None:
        return False
    return any(verdict_wanted.ask(sender=Submission, submission=submission, user=user, verb=verb))


def may(user: User, verb: str, article: Article) -> bool:
    """Return whether the user may perform the action on the article, regardless of its stage.

    `verb` is "edit" or an action of articles.workflow; raise KeyError for any other. A superuser has an editor's
    rights, but no vote on the board.
    """
    if verb in OWN:
        return user.has_perm("articles.edit_all_articles") or (
            user.has_perm("articles.change_article") and owns(user, article)
        )
    if verb in EDITORS:
        return user.has_perm("articles.edit_all_articles")
    if verb in NEWSROOM:
        return user.has_perm("articles.publish_article")
    if verb in BOARD:
        open_submission = article.submissions.open().first()
        if verb == "request_changes" and user.has_perm("articles.edit_all_articles"):
            return True
        return user.is_active and has_spoken(user, open_submission, verb)
    raise KeyError(verb)


def people_of_the_text(article: Article, until: Revision | None = None) -> set[int]:
    """Return the primary keys of the users who created the article, saved a revision or are on a byline of the article.

    None of them may approve it. A byline counts with the account that its author had when the revision was saved, and,
    without `until`, also with the one that they have now. With `until`, count only people up to that revision, because
    somebody who edits later does not invalidate an earlier approval.
    """
    revisions = Revision.objects.filter(article=article)
    people = {article.created_by_id}
    if until:
        revisions = revisions.filter(number__lte=until.number)
    else:
        people.update(article.authors.exclude(user=None).values_list("user", flat=True))
        now = Author.objects.filter(bylines__revision__article=article).exclude(user=None)
        people.update(now.values_list("user", flat=True))
    people.update(revisions.values_list("created_by", flat=True))
    people.update(revisions.exclude(bylines__account=None).values_list("bylines__account", flat=True))
    return people - {None}


def people_of_the_texts(articles: Iterable[Article]) -> dict[int, set[int]]:
    """Return what `people_of_the_text` returns for each of these articles, by primary key. Makes four queries."""
    people: dict[int, set[int]] = {article.pk: {article.created_by_id} for article in articles}
    authors = Authorship.objects.filter(article__in=people, author__user__isnull=False)
    revisions = Revision.objects.filter(article__in=people).order_by()
    named = Byline.objects.filter(revision__article__in=people).order_by()
    for pk, user in (
        *authors.values_list("article", "author__user"),
        *revisions.values_list("article", "created_by").distinct(),
        *named.values_list("revision__article", "account").distinct(),
        *named.values_list("revision__article", "author__user").distinct(),
    ):
        people[pk].add(user)
    return {pk: found - {None} for pk, found in people.items()}
