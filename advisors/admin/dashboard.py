"""The board's panels on the admin's dashboard: an advisor's own reviews, and the newsroom's work on reviews."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.admin.person_flags import in_words
from advisors.models import PanelMember, PersonFlag, Review, ReviewQuerySet
from advisors.panel import may_decide
from advisors.quorum import declared_conflicts, vouching, withdrawn_consents
from advisors.quorum.standing import standings
from articles.admin.articles import WORDS
from articles.models import Article, Outcome, Publication, Submission
from articles.models.submissions import SubmissionQuerySet
from articles.names.shown import shown_name
from articles.reviews_due import due_apart, in_doubt, marked_since_approval
from core import times
from core.admin import dashboard
from core.admin.dashboard import MAX_COUNTED, Panel, PanelAction, PanelRow, count_of

ROWS = 6
MOST_NAMES = 6  # names shown of the advisors proposed for one article


@dashboard.add
def panels(user: User) -> list[Panel]:
    """Return the panels of the board that this user sees, depending on their role and permissions.

    Advisors see their own reviews. Users who work on articles see open rounds and overdue reviews, limited to the
    articles that they may edit. Editors also see proposed reviewers and the articles that are due for a new review.
    """
    found = []
    if Review.objects.of(user).exists():
        found += [_asked(user), _given(user)]
    if user.has_perm("articles.change_article"):
        rounds, reviews = Submission.objects.filter(outcome=Outcome.OPEN), Review.objects.waiting()
        if not user.has_perm("articles.edit_all_articles"):
            articles = Article.objects.editable_by(user)
            rounds, reviews = rounds.filter(article__in=articles), reviews.filter(submission__article__in=articles)
        found += [_open_rounds(rounds), _overdue(reviews)]
    if may_decide(user):
        found += [_proposed(), *_conflicts(), *_person_flags(), *_withdrawn_consents(), *_missing_vouches()]
    if user.has_perm("articles.edit_all_articles"):
        found.append(_reviews_due())
    return found


@dataclass(frozen=True)
class ProposedFor:
    """The reviewers proposed for one article.

    `members` are the first MOST_NAMES of them; `more` is the number of the others.
    """

    article: Article
    members: list[PanelMember]
    more: int

    @property
    def is_many(self) -> bool:
        """Return whether there is more than one proposed reviewer and all of them are in `members`."""
        return len(self.members) > 1 and not self.more

    @property
    def proposers(self) -> str:
        """Return the names of the users who proposed `members`, joined into text such as “Ada and Ben”."""
        names = dict.fromkeys(str(member.proposed_by) for member in self.members if member.proposed_by)
        return get_text_list(list(names), _("and"))

    @property
    def since(self) -> datetime | None:
        """Return the aware time of the earliest proposal among `members`, or None if no time was recorded."""
        return min((member.proposed_at for member in self.members if member.proposed_at), default=None)


def _proposed() -> Panel:
    """Return the panel of articles with proposed reviewers, the longest waiting first. Makes three queries."""
    waiting = PanelMember.objects.waiting()
    articles = waiting.order_by().values("article")
    first = articles.annotate(first=Min("pk")).order_by("first").values_list("article", flat=True)[:ROWS]
    members = waiting.filter(article__in=list(first)).select_related("article", "advisor", "proposed_by")
    by_article: dict[int, list[PanelMember]] = {}
    for member in members.order_by("pk").defer(*(f"article__{name}" for name in WORDS)):
        by_article.setdefault(member.article_id, []).append(member)
    shown = [
        ProposedFor(found[0].article, found[:MOST_NAMES], len(found[MOST_NAMES:])) for found in by_article.values()
    ]
    url = reverse("admin:articles_article_changelist") + "?proposed=waiting"
    return Panel(
        _("Reviewers proposed"),
        articles.distinct()[: MAX_COUNTED + 1].count(),
        url,
        rank=5,
        template="advisors/_proposed.html",
        context={"proposals": shown},
    )


@dataclass(frozen=True)
class ConflictsIn:
    """An open round in which advisors have declared a conflict of interest.

    `names` are theirs, joined into text; `state` says what the round still needs, and who could be asked.
    """

    submission: Submission
    names: str
    state: declared_conflicts.ConflictedRound


def _conflicts() -> list[Panel]:
    """Return the panel of open rounds with a declared conflict of interest, the earliest first, or no panel.

    The number of queries does not depend on the number of rounds.
    """
    rounds = declared_conflicts.declared().order_by().values("submission")
    count = rounds.distinct()[: MAX_COUNTED + 1].count()
    if not count:
        return []
    first = (
        rounds.annotate(first=Min("verdict_at")).order_by("first", "submission_id").values_list("submission", flat=True)
    )
    shown = list(first[:ROWS])
    names: dict[int, list[str]] = {}
    declared = declared_conflicts.declared().filter(submission__in=shown)
    for pk, name, account in declared.values_list("submission", "advisor_name", "advisor__user"):
        names.setdefault(pk, []).append(shown_name(name, account))
    submissions = Submission.objects.filter(pk__in=shown).select_related("revision", "article")
    submissions = submissions.only("article__created_by", "revision__title")
    states = declared_conflicts.rounds_of(submissions)
    rows = [
        ConflictsIn(submission, get_text_list(names[submission.pk], _("and")), states[submission.pk])
        for submission in sorted(submissions, key=lambda row: shown.index(row.pk))
    ]
    return [
        Panel(
            _("Conflicts of interest declared"),
            count,
            reverse("admin:advisors_review_changelist")
            + "?conflict__exact=declared&submission__outcome__exact=&taken_back=no",
            rank=4,
            template="advisors/_conflicts.html",
            context={"conflicts": rows},
        )
    ]


def _person_flags() -> list[Panel]:
    """Return the panel of accounts that may belong to one person and wait for a decision, or no panel."""
    flags = PersonFlag.objects.undecided()
    count = flags[: MAX_COUNTED + 1].count()
    if not count:
        return []
    rows = [
        PanelRow(str(flag), reverse("admin:advisors_personflag_change", args=[flag.pk]), in_words(flag.reasons))
        for flag in flags.with_sides()[:ROWS]
    ]
    url = reverse("admin:advisors_personflag_changelist") + "?decision=none"
    return [Panel(_("Possibly one person with two accounts"), count, url, rows, rank=37)]


def _withdrawn_consents() -> list[Panel]:
    """Return the panel of open rounds whose advisors no longer agree to be named, the earliest due first, or no panel.

    The number of queries does not depend on the number of rounds.
    """
    reviews = withdrawn_consents.withdrawn()
    count = reviews.order_by()[: MAX_COUNTED + 1].count()
    if not count:
        return []
    shown = reviews.select_related("submission__article", "submission__revision")[:ROWS]
    rows = [
        PanelRow(
            one.review.submission.revision.title,
            reverse("admin:articles_article_change", args=[one.review.submission.article_id]) + "#board",
            f"{one.review.advisor_shown}: {one.in_words}",
            is_urgent=True,
        )
        for one in withdrawn_consents.rounds_of(shown)
    ]
    url = reverse("admin:advisors_review_changelist") + "?submission__outcome__exact="
    return [Panel(_("Consent to be named withdrawn"), count, url, rows, rank=4)]


def _missing_vouches() -> list[Panel]:
    """Return the panel of open rounds with a reviewer for whom nobody vouches, the earliest due first, or no panel.

    The number of queries does not depend on the number of rounds.
    """
    rounds = vouching.rounds_that_wait()
    count = rounds.order_by()[: MAX_COUNTED + 1].count()
    if not count:
        return []
    shown = list(rounds.select_related("revision")[:ROWS])
    found = standings(shown)
    rows = [
        PanelRow(
            submission.revision.title,
            reverse("admin:articles_article_change", args=[submission.article_id]) + "#board",
            found[submission.pk].in_words,
            is_urgent=bool(found[submission.pk].given_unvouched),
        )
        for submission in shown
    ]
    url = reverse("admin:articles_article_changelist") + "?stage__exact=in_review"
    return [Panel(_("Reviewers for whom nobody vouches"), count, url, rows, rank=4)]


def _review(review: Review) -> str:
    return reverse("board:review", args=[review.pk])


def _asked(user: User) -> Panel:
    today = timezone.localdate()
    waiting = Review.objects.of(user).waiting().select_related("submission__revision").order_by("submission__due_on")
    rows = [
        PanelRow(
            review.submission.revision.title,
            _review(review),
            (_("due on %(day)s, accepted") if review.response else _("due on %(day)s"))
            % {"day": times.day(review.submission.due_on)},
            is_urgent=review.is_overdue(today),
        )
        for review in waiting[:ROWS]
    ]
    return Panel(
        _("Waiting for my review"),
        count_of(waiting),
        reverse("board:desk"),
        rows,
        1,
    )


def _given(user: User) -> Panel:
    given = Review.objects.of(user).exclude(verdict="").select_related("submission__revision").order_by("-verdict_at")
    rows = [
        PanelRow(
            review.submission.revision.title,
            _review(review),
            _("%(verdict)s, %(day)s; the round: %(outcome)s")
            % {
                "verdict": review.get_verdict_display(),
                "day": times.day(review.verdict_at),
                "outcome": review.submission.get_outcome_display(),
            },
        )
        for review in given[:ROWS]
    ]
    return Panel(_("What I reviewed"), count_of(given, len(rows), ROWS), reverse("board:desk"), rows, rank=2)


def _open_rounds(rounds: SubmissionQuerySet) -> Panel:
    rounds = rounds.order_by("due_on")
    rows = [
        PanelRow(
            submission.revision.title,
            reverse("admin:articles_article_change", args=[submission.article_id]),
            _waits_for(submission),
        )
        for submission in rounds.select_related("revision").prefetch_related("reviews")[:ROWS]
    ]
    url = reverse("admin:articles_article_changelist") + "?stage__exact=in_review"
    return Panel(_("In review"), count_of(rounds, len(rows), ROWS), url, rows, 30)


def _waits_for(submission: Submission) -> str:
    asked = [review.advisor_shown for review in submission.reviews.all() if review.is_waiting]
    values = {"day": times.day(submission.submitted_at), "names": get_text_list(asked, _("and"))}
    if not asked:
        return _("since %(day)s; waits for a reviewer to be added") % values
    return _("since %(day)s; waits for %(names)s") % values


def _overdue(waiting: ReviewQuerySet) -> Panel:
    overdue = (
        waiting.filter(submission__due_on__lt=timezone.localdate())
        .select_related("submission__revision")
        .order_by("submission__due_on")
    )
    rows = [
        PanelRow(
            review.submission.revision.title,
            reverse("admin:articles_article_change", args=[review.submission.article_id]),
            _("%(advisor)s, due %(day)s")
            % {"advisor": review.advisor_shown, "day": times.day(review.submission.due_on)},
            is_urgent=True,
        )
        for review in overdue[:ROWS]
    ]
    url = reverse("admin:articles_article_changelist") + "?stage__exact=in_review"
    return Panel(_("Reviews overdue"), count_of(overdue, len(rows), ROWS), url, rows, 35)


def _reviews_due() -> Panel:
    """Return the panel with the live articles that need a new review and are not before the board.

    The article that was reviewed longest ago comes first.
    """
    now = timezone.now()
    before_the_board = Submission.objects.filter(article=OuterRef("article"), outcome=Outcome.OPEN)
    due: dict[int, datetime | None] = {}
    # These are separate queries, because a combined one would test every condition on every live article.
    for found in (*due_apart(now), in_doubt(now, MAX_COUNTED + 1)):
        found = found.exclude(Exists(before_the_board)).order_by("reviewed_at", "pk")
        due.update(found.values_list("pk", "reviewed_at")[: MAX_COUNTED + 1])
    first = sorted(due, key=lambda key: (due[key], key))[:ROWS]
    publications = Publication.objects.filter(pk__in=first).select_related("approval__revision")
    shown = sorted(publications, key=lambda row: first.index(row.pk))
    cited = marked_since_approval().filter(revision__in=[row.approval.revision_id for row in shown])
    marked = set(cited.values_list("revision", flat=True))
    rows = [
        PanelRow(
            row.approval.revision.title,
            reverse("admin:articles_article_change", args=[row.article_id]),
            (
                _("last full review %(day)s; since then, a cited source was retracted or doubted")
                if row.approval.revision_id in marked
                else _("last full review %(day)s")
            )
            % {"day": times.day(row.reviewed_at)},
            is_urgent=row.approval.revision_id in marked,
            value=str(row.article_id),
        )
        for row in shown
    ]
    articles = reverse("admin:articles_article_changelist")
    action = PanelAction(_("Ask for new reviews…"), articles, ACTION_CHECKBOX_NAME, {"action": "renew"})
    url = f"{articles}?review_due=0"
    return Panel(
        _("Reviews due"),
        min(len(due), MAX_COUNTED + 1),
        url,
        rows,
        36,
        action,
    )
