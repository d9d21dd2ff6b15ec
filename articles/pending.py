"""Find revisions that are before the board, approved or scheduled, and the doubtful sources that they cite."""

from collections.abc import Iterable

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from articles.models import Article, Citation, Publication, Revision, Stage, Submission, Transition
from articles.reviews_due import MARKS, unknown_then
from core import times

_STAGES = (Stage.IN_REVIEW, Stage.APPROVED)


def citations() -> "QuerySet[Citation]":
    """Return the citations in revisions before the board, approved or scheduled that readers do not see now."""
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    waiting = Article.objects.filter(stage__in=_STAGES).order_by().annotate(newest=Subquery(newest)).values("newest")
    scheduled = Publication.objects.upcoming().order_by().values("approval__revision")
    shown = Publication.objects.visible().filter(approval__revision=OuterRef("revision"))
    return Citation.objects.filter(revision__in=waiting.union(scheduled, all=True)).exclude(Exists(shown))


def in_doubt() -> "QuerySet[Citation]":
    """Return the `citations` whose source was retracted or put in doubt after the revision's last submission.

    Earlier states are left out: a text with a source known to be retracted cannot be submitted, and the writer has
    answered the warning about a doubt that was known then.
    """
    rounds = Submission.objects.filter(revision=OuterRef("revision")).order_by("-submitted_at", "-pk")
    cited = citations().filter(source__retraction_state__in=MARKS)
    submitted_at = Subquery(rounds.values("submitted_at")[:1], output_field=DateTimeField())
    return unknown_then(cited.annotate(board_at=submitted_at))


def places(revisions: Iterable[Revision]) -> dict[int, str]:
    """Return a description of the stage of each of these revisions, by primary key. Makes three queries."""
    revisions = list(revisions)
    scheduled = dict(
        Publication.objects.upcoming()
        .filter(approval__revision__in=revisions)
        .values_list("approval__revision", "starts_at")
    )
    called_off = dict(
        Transition.objects.filter(revision__in=revisions, verb="unschedule", actor=None)
        .order_by("at")
        .values_list("revision", "at")
    )
    stages = dict(Article.objects.filter(revisions__in=revisions).values_list("pk", "stage"))
    words = {}
    for revision in revisions:
        if revision.pk in scheduled:
            words[revision.pk] = _("scheduled for %(time)s") % {"time": times.moment(scheduled[revision.pk])}
        elif revision.pk in called_off:
            time = times.moment(called_off[revision.pk])
            words[revision.pk] = _("taken off the schedule on %(time)s") % {"time": time}
        else:
            is_in_review = stages[revision.article_id] == Stage.IN_REVIEW
            words[revision.pk] = _("before the board") if is_in_review else _("approved")
    return words
