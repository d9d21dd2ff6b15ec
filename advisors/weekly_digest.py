"""What an editor has to know once a week: what is late, what lacks reviewers, what waits to be published or renewed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from advisors.models import Conflict, PanelMember, Response, Review
from articles.link_uses import links_to_mend, uses_of
from articles.models import Outcome, Publication, Stage, Submission
from articles.reviews_due import last_review_before

DAYS_AHEAD = 30
MOST_LINKS = 20


@dataclass(frozen=True)
class WeeklyDigest:
    """Rows of (article, title, …), the most urgent first."""

    overdue: list[tuple[int, str, str, date]]  # whose, since when
    unassigned: list[tuple[int, str, int, int]]  # willing reviewers, needed
    proposed: list[tuple[int, str, int, datetime | None]]  # how many, since when
    ready: list[tuple[int, str, datetime]]  # approved at
    renewals: list[tuple[int, str, datetime]]  # last full review
    links: list[tuple[int, str, str]]  # the dead or moved address

    def __bool__(self) -> bool:
        return any((self.overdue, self.unassigned, self.proposed, self.ready, self.renewals, self.links))


def week(now: datetime) -> WeeklyDigest:
    """The newsroom at this moment: eight queries, and three more where links are dead."""
    today = timezone.localdate(now)
    return WeeklyDigest(_overdue(today), _unassigned(), _proposed(), _ready(), _renewals(now), _links())


def _overdue(today: date) -> list[tuple[int, str, str, date]]:
    late = Review.objects.waiting().filter(submission__due_on__lt=today).order_by("submission__due_on", "pk")
    return list(
        late.values_list(
            "submission__article", "submission__revision__title", "advisor_name", "submission__due_on", named=False
        )
    )


def _unassigned() -> list[tuple[int, str, int, int]]:
    """Open rounds in which fewer can still approve than have to."""
    willing = ~Q(reviews__response=Response.DECLINED) & ~Q(reviews__conflict=Conflict.DECLARED)
    willing &= Q(reviews__released_at=None)
    rounds = (
        Submission.objects.open()
        .annotate(willing=Count("reviews", filter=willing & Q(reviews__advisor__is_active=True)))
        .filter(willing__lt=F("quorum"))
        .order_by("submitted_at")
    )
    return list(rounds.values_list("article", "revision__title", "willing", "quorum"))


def _proposed() -> list[tuple[int, str, int, datetime | None]]:
    """Articles for which reviewers are proposed whom no editor has confirmed, those that wait longest first."""
    waiting = PanelMember.objects.waiting().order_by().values("article")
    counted = waiting.annotate(many=Count("pk"), since=Min("proposed_at"), first=Min("pk")).order_by("first")
    return [
        (article, title or "Untitled", many, since)
        for article, title, many, since in counted.values_list("article", "article__title", "many", "since")
    ]


def _ready() -> list[tuple[int, str, datetime]]:
    """Approved, and this revision was never shown nor scheduled."""
    shown = Publication.objects.filter(approval__revision=OuterRef("revision"), cancelled_at=None)
    rounds = Submission.objects.filter(~Exists(shown), outcome=Outcome.APPROVED, article__stage=Stage.APPROVED)
    newest = rounds.values("article").annotate(last=Max("pk")).values("last")
    found = Submission.objects.filter(pk__in=newest).order_by("closed_at")
    return list(found.values_list("article", "revision__title", "closed_at"))


def _renewals(now: datetime) -> list[tuple[int, str, datetime]]:
    """Live texts whose review falls due within a month and which are not before the board already."""
    due = last_review_before(now + timedelta(days=DAYS_AHEAD)).exclude(article__submissions__outcome=Outcome.OPEN)
    rows = due.annotate(last=Max("approval__revision__approvals__approved_at")).order_by("last")
    return list(rows.values_list("article", "approval__revision__title", "last"))


def _links() -> list[tuple[int, str, str]]:
    """Return links to be mended, each with one live article that leads to it; at most MOST_LINKS."""
    links = list(links_to_mend().order_by("state", "-checked_at", "-pk")[:MOST_LINKS])
    uses = uses_of(links)
    return [(uses[link.pk][0].article, uses[link.pk][0].title, link.url) for link in links if uses[link.pk]]
