"""What the start page shows of the board: an advisor's desk, and to the newsroom what waits for whom."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from advisors.models import Review
from articles.models import Article, Outcome, Publication, Submission
from articles.reviews_due import due_apart, in_doubt, marked_since_approval
from betterment import start_page
from betterment.start_page import MOST, Panel, Press, Row, count_of

ROWS = 6


@start_page.add
def panels(user: User) -> list[Panel]:
    """An advisor's own reviews; for those who work on articles, the open rounds and what is overdue."""
    found = []
    if Review.objects.of(user).exists():
        found += [_asked(user), _given(user)]
    if user.has_perm("articles.change_article"):
        rounds, reviews = Submission.objects.filter(outcome=Outcome.OPEN), Review.objects.waiting()
        if not user.has_perm("articles.edit_all_articles"):
            articles = Article.objects.editable_by(user)
            rounds, reviews = rounds.filter(article__in=articles), reviews.filter(submission__article__in=articles)
        found += [_open_rounds(rounds), _overdue(reviews)]
    if user.has_perm("articles.edit_all_articles"):
        found.append(_reviews_due())
    return found


def _review(review: Review) -> str:
    return reverse("board:review", args=[review.pk])


def _asked(user: User) -> Panel:
    today = timezone.localdate()
    waiting = Review.objects.of(user).waiting().select_related("submission__revision").order_by("submission__due_on")
    rows = [
        Row(
            review.submission.revision.title,
            _review(review),
            f"answer by {review.submission.due_on:%d %b}" + (", accepted" if review.response else ""),
            is_urgent=review.is_overdue(today),
        )
        for review in waiting[:ROWS]
    ]
    return Panel(
        "Waits for my review", count_of(waiting), reverse("board:desk"), rows, "Nothing waits for you. Thank you.", 1
    )


def _given(user: User) -> Panel:
    given = Review.objects.of(user).exclude(verdict="").select_related("submission__revision").order_by("-verdict_at")
    rows = [
        Row(
            review.submission.revision.title,
            _review(review),
            f"{review.get_verdict_display()}, {review.verdict_at:%d %b}; the round: "
            f"{review.submission.get_outcome_display()}",
        )
        for review in given[:ROWS]
    ]
    return Panel("What I reviewed", count_of(given), reverse("board:desk"), rows, rank=2)


def _open_rounds(rounds) -> Panel:
    rounds = rounds.order_by("due_on")
    rows = [
        Row(
            submission.revision.title,
            reverse("admin:articles_article_change", args=[submission.article_id]),
            _waits_for(submission),
        )
        for submission in rounds.select_related("revision").prefetch_related("reviews")[:ROWS]
    ]
    url = reverse("admin:articles_article_changelist") + "?stage__exact=in_review"
    return Panel("Before the board", count_of(rounds), url, rows, "Nothing is in review.", 30)


def _waits_for(submission: Submission) -> str:
    asked = [
        review.advisor_name
        for review in submission.reviews.all()
        if not review.verdict and review.response != "declined"
    ]
    return f"since {submission.submitted_at:%d %b}; waits for {' and '.join(asked) or 'somebody to be asked'}"


def _overdue(waiting) -> Panel:
    overdue = (
        waiting.filter(submission__due_on__lt=timezone.localdate())
        .select_related("submission__revision")
        .order_by("submission__due_on")
    )
    rows = [
        Row(
            review.submission.revision.title,
            reverse("admin:articles_article_change", args=[review.submission.article_id]),
            f"{review.advisor_name}, due {review.submission.due_on:%d %b}",
            is_urgent=True,
        )
        for review in overdue[:ROWS]
    ]
    url = reverse("admin:articles_article_changelist") + "?stage__exact=in_review"
    return Panel("Reviews overdue", count_of(overdue), url, rows, "No review is overdue.", 35)


def _reviews_due() -> Panel:
    """Live texts that have to come before the board again, and are not there: the longest unread first."""
    now = timezone.now()
    before_the_board = Submission.objects.filter(article=OuterRef("article"), outcome=Outcome.OPEN)
    due = {}
    for found in (*due_apart(now), in_doubt(now, MOST + 1)):  # together, each would be asked of every live text
        found = found.exclude(Exists(before_the_board)).order_by("reviewed_at", "pk")
        due.update(found.values_list("pk", "reviewed_at")[: MOST + 1])
    first = sorted(due, key=lambda key: (due[key], key))[:ROWS]
    shown = Publication.objects.filter(pk__in=first).select_related("approval__revision")
    shown = sorted(shown, key=lambda row: first.index(row.pk))
    cited = marked_since_approval().filter(revision__in=[row.approval.revision_id for row in shown])
    marked = set(cited.values_list("revision", flat=True))
    rows = [
        Row(
            row.approval.revision.title,
            reverse("admin:articles_article_change", args=[row.article_id]),
            f"last full review {timezone.localtime(row.reviewed_at):%d %b %Y}"
            + (", and a source was marked since" if row.approval.revision_id in marked else ""),
            is_urgent=row.approval.revision_id in marked,
            value=str(row.article_id),
        )
        for row in shown
    ]
    articles = reverse("admin:articles_article_changelist")
    press = Press("Ask for new reviews…", articles, ACTION_CHECKBOX_NAME, {"action": "renew"})
    url = f"{articles}?review_due=0"
    return Panel("Reviews due", min(len(due), MOST + 1), url, rows, "Every review is recent enough.", 36, press)
