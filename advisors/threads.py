"""Threads under the comments of advisors: replies, resolving a comment, and applying the wording that it suggests.

Comments, replies and changes of state are only ever added, each with the name of the user who made it.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Comment, CommentMark, CommentState, Response, Review
from advisors.passages import PassageNotFound, replace_passage
from articles import drafting
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Revision, Submission
from articles.permissions import may
from core.text import has_words


@dataclass(frozen=True)
class Thread:
    """A comment, its replies (the oldest first), and the newest change of its state (`mark`), if there is one."""

    comment: Comment
    answers: list[Comment] = field(default_factory=list)
    mark: CommentMark | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the comment is open: its state never changed, or it was opened again."""
        return self.mark is None or self.mark.state == CommentState.OPEN

    @property
    def can_be_taken(self) -> bool:
        """Return whether the comment is open and suggests wording, which an editor or writer can apply."""
        return self.is_open and bool(self.comment.suggestion)


def threads_of(about: Article | Submission) -> list[Thread]:
    """Return the threads on an article or of one round, the oldest first. Makes three or four queries."""
    rounds = {"review__submission": about} if isinstance(about, Submission) else {"review__submission__article": about}
    comments = (
        Comment.objects.filter(parent=None, **rounds)
        .select_related("review__advisor", "review__submission__revision")
        .prefetch_related("answers", "marks__revision")
        .order_by("written_at", "pk")
    )
    return [Thread(comment, list(comment.answers.all()), next(iter(comment.marks.all()), None)) for comment in comments]


def may_take_part(actor: User, comment: Comment) -> bool:
    """Return whether this active user may reply in a thread: they edit the article or are asked to review it."""
    article = comment.review.submission.article
    return actor.is_active and (is_asked(actor, article) or may(actor, "edit", article))


def is_asked(actor: User, article: Article) -> bool:
    """Return whether the user's latest invitation to review the article still holds.

    It does not if they declined, were released, or have left the board.
    """
    asked = Review.objects.of(actor).filter(submission__article=article, advisor__is_active=True)
    last = asked.order_by("-invited_at", "-pk").first()
    return last is not None and last.response != Response.DECLINED and not last.released_at


def reply(*, comment: Comment, actor: User, text: str) -> Comment:
    """Add a reply to the thread of a comment, and return it.

    Raise NotPermitted for users who may not take part in the thread, and InvalidTransition for a reply that is empty or
    too long.
    """
    _may(actor, comment)
    if not has_words(text):
        raise InvalidTransition(_("Write the answer before you send it."))
    top = comment.parent or comment
    answer = Comment(review=top.review, parent=top, written_by=actor, written_by_name=str(actor), text=text)
    try:
        answer.full_clean(exclude=["written_by", "review", "parent"])
    except ValidationError as error:
        raise InvalidTransition(_("An answer has at most 5,000 characters.")) from error
    answer.save()
    return answer


def mark(*, comment: Comment, actor: User, state: CommentState) -> CommentMark:
    """Mark a comment as resolved or as open again, and return the change.

    If the comment has this state already, add nothing and return its newest change.

    Raise NotPermitted for users who may not take part in the thread, and InvalidTransition for a reply and for any
    other state.
    """
    _may(actor, comment)
    if state not in (CommentState.RESOLVED, CommentState.OPEN):
        raise InvalidTransition(
            _("A comment can be resolved or opened again here. Suggested wording is used on the article's page.")
        )
    with transaction.atomic():
        _lock(comment)
        latest = _latest(comment)
        if latest is not None and latest.state == state:
            return latest
        return _mark(comment, actor, state)


def take(*, comment: Comment, actor: User, seen_version: int) -> Revision:
    """Replace the passage with the advisor's wording in a new revision, and return the revision.

    `seen_version` is the version of the working copy that the user has seen (`drafting.rewrite`). Raise NotPermitted if
    the user may not edit the article, and Overtaken if the working copy has changed since. Raise InvalidTransition if
    the comment is a reply or suggests no wording, if the wording is applied already or changes nothing, if its passage
    is not found exactly once, or if the article is locked.
    """
    article = comment.review.submission.article
    if not may(actor, "edit", article):
        raise NotPermitted(_("%(actor)s may not edit “%(article)s”.") % {"actor": actor, "article": article})
    with transaction.atomic():
        article = _lock(comment)
        latest = _latest(comment)
        if not comment.suggestion:
            raise InvalidTransition(_("This comment suggests no wording."))
        if latest is not None and latest.state == CommentState.TAKEN:
            raise InvalidTransition(_("This wording has been used already."))
        try:
            body = replace_passage(article.body, comment.passage, comment.suggestion, comment.block)
        except PassageNotFound as error:
            raise InvalidTransition(str(error)) from error
        revision = drafting.rewrite(article=article, actor=actor, seen_version=seen_version, content={"body": body})
        if revision is None:
            raise InvalidTransition(_("The text says this already."))
        _mark(comment, actor, CommentState.TAKEN, revision)
        return revision


def _may(actor: User, comment: Comment) -> None:
    """Raise NotPermitted for users who may not take part in this thread."""
    if not may_take_part(actor, comment):
        raise NotPermitted(_("Only the advisors who were asked, and those who edit the article, take part here."))


def _lock(comment: Comment) -> Article:
    """Lock and return the article. Raise InvalidTransition if the comment is a reply."""
    if comment.parent_id:
        raise InvalidTransition(_("This is an answer. Only the comment that it belongs to can be resolved."))
    return Article.objects.select_for_update().get(pk=comment.review.submission.article_id)


def _latest(comment: Comment) -> CommentMark | None:
    """Return the newest change of a comment's state, or None."""
    return CommentMark.objects.filter(comment=comment).first()


def _mark(comment: Comment, actor: User, state: CommentState, revision: Revision | None = None) -> CommentMark:
    """Add a change of a comment's state, and return it."""
    return CommentMark.objects.create(
        comment=comment, state=state, marked_by=actor, marked_by_name=str(actor), revision=revision
    )
