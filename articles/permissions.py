"""The permissions of users on one article. The admin, the workflow and the commands all use this module."""

from collections.abc import Iterable

from accounts.models import User
from articles.models import Approval, Article, Assignment, Authorship, Byline, Revision, Submission
from articles.models.same_person import persons
from articles.signals import verdict_wanted

OWN = frozenset({"edit", "submit", "renew", "recall", "assign"})
EDITORS = frozenset({"end_round", "change_due_date", "change_terms", "assign_others"})
NEWSROOM = frozenset({"publish", "schedule", "unschedule", "withdraw", "reinstate", "correct_notice"})
BOARD = frozenset({"approve", "request_changes", "take_back_verdict"})


def owns(user: User, article: Article) -> bool:
    """Return whether the user created the article, is on its byline or is its assignee.

    Return True for an article not yet stored.
    """
    if article.pk is None or article.created_by_id == user.pk:
        return True
    if Authorship.objects.filter(article=article, author__user=user).exists():
        return True
    return Assignment.objects.of(user).filter(article=article).exists()


def has_spoken(user: User, submission: Submission | None, verb: str) -> bool:
    """Return whether the user has given this verdict on the submission, according to `verdict_wanted`."""
    if submission is None:
        return False
    return any(verdict_wanted.ask(sender=Submission, submission=submission, user=user, verb=verb))


def may(user: User, verb: str, article: Article) -> bool:
    """Return whether the user may perform the action on the article, regardless of its stage.

    `verb` is "edit", "assign", "assign_others" or an action of articles.workflow; raise KeyError for any other. Whoever
    may "assign" takes the article or gives it back, and whoever may "assign_others" gives it to anybody
    (articles.assignments.assigning). A superuser has an editor's rights, but no vote on the board.
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


def people_of_the_text(article: Article, approved: Approval | None = None) -> set[int]:
    """Return the primary keys of the users who worked on this article; see `people_of_the_texts`."""
    return people_of_the_texts([article], approved)[article.pk]


def people_of_the_texts(articles: Iterable[Article], approved: Approval | None = None) -> dict[int, set[int]]:
    """Return who created, saved or signed each of these articles, as primary keys of users by that of the article.

    None of them may approve it, and neither may another account of the same person. An assignee is one of them only
    once they have saved something. A byline counts with the account that its author had when the revision was saved
    and, without `approved`, also with the one that they have now. With `approved`, only people and decisions before
    that approval count, because what comes later does not invalidate it. Makes four queries, for any number of
    articles.
    """
    nodes: dict[int, set[int | None]] = {article.pk: {article.created_by_id} for article in articles}
    revisions = Revision.objects.filter(article__in=nodes).order_by()
    named = Byline.objects.filter(revision__article__in=nodes).order_by()
    if approved is not None:
        revisions = revisions.filter(number__lte=approved.revision.number)
        named = named.filter(revision__number__lte=approved.revision.number)
    else:
        authors = Authorship.objects.filter(article__in=nodes)
        for pk, author, user in authors.values_list("article", "author", "author__user"):
            nodes[pk] |= {-author, user}
    for pk, user in revisions.values_list("article", "created_by").distinct():
        nodes[pk].add(user)
    for pk, account, author, user in named.values_list(
        "revision__article", "account", "author", "author__user"
    ).distinct():
        nodes[pk] |= {account, -author} if approved is not None else {account, -author, user}
    known = persons(before=approved)
    return {pk: known.accounts_of(node for node in found if node is not None) for pk, found in nodes.items()}
