"""Who may do what to one article. Admin, workflow and commands all ask here."""

from accounts.models import User
from articles.models import Article, Authorship, Revision, Submission
from articles.signals import verdict_wanted

OWN = frozenset({"edit", "submit", "renew", "recall"})
EDITORS = frozenset({"end_round", "change_due_date"})
NEWSROOM = frozenset({"publish", "schedule", "unschedule", "withdraw", "reinstate"})
BOARD = frozenset({"approve", "request_changes"})


def owns(user: User, article: Article) -> bool:
    """Whether they began this article or are on its byline."""
    if article.pk is None or article.created_by_id == user.pk:
        return True
    return Authorship.objects.filter(article=article, author__user=user).exists()


def has_spoken(user: User, submission: Submission | None, verb: str) -> bool:
    """Return whether this person has given that verdict on the submission, as `verdict_wanted` is answered."""
    if submission is None:
        return False
    answers = verdict_wanted.send(sender=Submission, submission=submission, user=user, verb=verb)
    return any(answer for _, answer in answers)


def may(user: User, verb: str, article: Article) -> bool:
    """Whether this person may use this verb on this article, whatever its stage.

    `verb` is "edit" or one of articles.workflow's; an unknown one raises KeyError. Being a superuser gives an
    editor's rights, and no vote on the board.
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
    """The users who began it, saved a revision of it or stand on its byline: none of them may approve it.

    With `until`, as it was when that revision was the newest: whoever edits later has not undone an approval.
    """
    revisions = Revision.objects.filter(article=article)
    people = {article.created_by_id}
    if until:
        revisions = revisions.filter(number__lte=until.number)
    else:
        people.update(article.authors.exclude(user=None).values_list("user", flat=True))
    people.update(revisions.values_list("created_by", flat=True))
    people.update(revisions.filter(bylines__author__user__isnull=False).values_list("bylines__author__user", flat=True))
    return people
