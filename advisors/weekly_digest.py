"""The weekly digest for editors: overdue reviews, rounds without enough reviewers, and articles that need attention."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from advisors.models import Conflict, PanelMember, Response, Review
from articles.cited_sources.link_uses import links_to_mend, uses_of
from articles.models import Outcome, Publication, Stage, Submission
from articles.names.shown import shown_name
from articles.reviews_due import last_review_before
from articles.signals import AskingSignal

DAYS_AHEAD = 30
MOST_LINKS = 20


@dataclass(frozen=True)
class DigestNote:
    """A text that another app adds to the digest so that editors keep a copy, such as the newest seal of the log.

    `heading` is above the text, `why` says why to keep it, and `text` is printed unchanged.
    """

    heading: str
    why: str
    text: str


# Question: of which text should editors keep a copy? Arguments: now (an aware time). Answer: a DigestNote, or None.
notes_wanted = AskingSignal[DigestNote | None]()


@dataclass(frozen=True)
class WeeklyDigest:
    """The sections of the digest, most urgent first. Each row starts with the article's primary key and title."""

    overdue: list[tuple[int, str, str, date]]  # article, title, advisor, due date
    unassigned: list[tuple[int, str, int, int]]  # article, title, willing reviewers, approvals needed
    proposed: list[tuple[int, str, int, datetime | None]]  # article, title, number of proposals, time of the first
    ready: list[tuple[int, str, datetime | None]]  # article, title, time of approval
    renewals: list[tuple[int, str, datetime]]  # article, title, time of the last approval
    links: list[tuple[int, str, str]]  # article, title, dead or moved URL
    notes: list[DigestNote] = field(default_factory=list)  # of other apps

    def __bool__(self) -> bool:
        return any((self.overdue, self.unassigned, self.proposed, self.ready, self.renewals, self.links, self.notes))


def week(now: datetime) -> WeeklyDigest:
    """Return the digest at this aware time.

    It takes at most eight queries, three more if there are links to repair, and those of the apps that add notes.
    """
    today = timezone.localdate(now)
    notes = [note for note in notes_wanted.ask(sender=WeeklyDigest, now=now) if note]
    return WeeklyDigest(_overdue(today), _unassigned(), _proposed(), _ready(), _renewals(now), _links(), notes)


def _overdue(today: date) -> list[tuple[int, str, str, date]]:
    """Return the reviews whose due date is before `today`, the earliest due date first."""
    late = Review.objects.waiting().filter(submission__due_on__lt=today).order_by("submission__due_on", "pk")
    rows = late.values_list(
        "submission__article", "submission__revision__title", "advisor_name", "advisor__user", "submission__due_on"
    )
    return [(article, title, shown_name(name, account), due_on) for article, title, name, account, due_on in rows]


def _unassigned() -> list[tuple[int, str, int, int]]:
    """Return the open rounds that need more approvals than reviewers can still give, the oldest first."""
    willing = ~Q(reviews__response=Response.DECLINED) & ~Q(reviews__conflict=Conflict.DECLARED)
    willing &= Q(reviews__released_at=None, reviews__taken_back_at=None)
    rounds = (
        Submission.objects.open()
        .with_quorum_now()
        .annotate(willing=Count("reviews", filter=willing & Q(reviews__advisor__is_active=True)))
        .filter(willing__lt=F("quorum_now"))
        .order_by("submitted_at")
    )
    return list(rounds.values_list("article", "revision__title", "willing", "quorum_now"))


def _proposed() -> list[tuple[int, str, int, datetime | None]]:
    """Return the articles with proposed reviewers whom no editor has confirmed, the longest waiting first."""
    waiting = PanelMember.objects.waiting().order_by().values("article")
    counted = waiting.annotate(many=Count("pk"), since=Min("proposed_at"), first=Min("pk")).order_by("first")
    return [
        (article, title or "Untitled", many, since)
        for article, title, many, since in counted.values_list("article", "article__title", "many", "since")
    ]


def _ready() -> list[tuple[int, str, datetime | None]]:
    """Return the approved revisions that have not been published or scheduled, the earliest approval first."""
    shown = Publication.objects.filter(approval__revision=OuterRef("revision"), cancelled_at=None)
    rounds = Submission.objects.filter(~Exists(shown), outcome=Outcome.APPROVED, article__stage=Stage.APPROVED)
    newest = rounds.values("article").annotate(last=Max("pk")).values("last")
    found = Submission.objects.filter(pk__in=newest).order_by("closed_at")
    return list(found.values_list("article", "revision__title", "closed_at"))


def _renewals(now: datetime) -> list[tuple[int, str, datetime]]:
    """Return the live articles whose next review is due within 30 days and that are not before the board."""
    due = last_review_before(now + timedelta(days=DAYS_AHEAD)).exclude(article__submissions__outcome=Outcome.OPEN)
    rows = due.annotate(last=Max("approval__revision__approvals__approved_at")).order_by("last")
    return list(rows.values_list("article", "approval__revision__title", "last"))


def _links() -> list[tuple[int, str, str]]:
    """Return the links to repair, each with one live article that uses it, at most MOST_LINKS."""
    links = list(links_to_mend().order_by("state", "-checked_at", "-pk")[:MOST_LINKS])
    uses = uses_of(links)
    return [(uses[link.pk][0].article, uses[link.pk][0].title, link.url) for link in links if uses[link.pk]]
