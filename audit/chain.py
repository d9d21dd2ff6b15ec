"""Checks of the chain from revision to publication, which prove that readers see the text that was approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.digests import digest
from articles.models import Approval, Article, Outcome, Publication, Revision, Stage, Submission, Transition
from articles.permissions import people_of_the_text
from articles.rendering import RENDERER, numbers_and_tips, render
from core.db import triggers
from pictures.files import content_name


@dataclass(frozen=True)
class Fault:
    """A contradiction between what readers see and what was approved. `place` names the article or other object."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def missing_guards() -> Iterator[Fault]:
    """Yield a fault for each database trigger, of any app, that is missing or has been changed."""
    for name in triggers.missing(triggers.every_rule(), connection):
        yield Fault("database", f"the guard {name} is missing or changed; run manage.py migrate")


def publications() -> Iterator[Publication]:
    """Return an iterator over the publications that were not cancelled, by article and then by start.

    Each comes with its approval, revision and signatories, so that the checks of it make few queries.
    """
    return (
        Publication.objects.filter(cancelled_at=None)
        .select_related("article", "approval__submission", "approval__revision__rendering")
        .prefetch_related("approval__signatories", "approval__revision__citations", "approval__revision__bylines")
        .order_by("article_id", "starts_at")
        .iterator(chunk_size=200)
    )


def faults_of(publication: Publication) -> Iterator[Fault]:
    """Yield the faults of a publication and of the approval, revision, rendering and picture behind it."""
    approval, revision = publication.approval, publication.approval.revision
    submission, signatories = approval.submission, list(approval.signatories.all())
    place = f"“{revision.title}” ({publication.article.slug}), publication {publication.pk}"
    anew = digest(revision.content(), revision.citations.all(), revision.bylines.all())
    if revision.article_id != publication.article_id or submission.article_id != publication.article_id:
        yield Fault(place, "shows a revision of another article")
    if submission.revision_id != revision.pk:
        yield Fault(place, "its approval belongs to the submission of another revision")
    if submission.outcome != "approved":
        yield Fault(place, f"its submission ended as “{submission.get_outcome_display()}”")
    if anew != revision.digest:
        yield Fault(place, f"revision {revision.number} does not match its digest")
    if approval.digest != revision.digest:
        yield Fault(place, "the approval is of another digest")
    if approval.approved_at > publication.starts_at:
        yield Fault(place, "was shown before it was approved")
    if len({signatory.user_id for signatory in signatories}) < submission.quorum:
        yield Fault(place, f"has {len(signatories)} of the {submission.quorum} approvals needed")
    people = people_of_the_text(publication.article, until=revision)
    for signatory in signatories:
        if signatory.digest != revision.digest:
            yield Fault(place, f"{signatory} approved another digest")
        if signatory.user_id in people:
            yield Fault(place, f"{signatory} approved an article that they wrote or edited")
    yield from _faults_of_rendering(place, revision)
    yield from _faults_of_picture(place, revision)


def overlaps() -> Iterator[Fault]:
    """Yield a fault for each publication that begins before the previous one of the same article has ended."""
    before: Publication | None = None
    rows = Publication.objects.filter(cancelled_at=None).select_related("article").order_by("article_id", "starts_at")
    for row in rows.only("article__slug", "starts_at", "ends_at").iterator():
        if (
            before is not None
            and before.article_id == row.article_id
            and (before.ends_at is None or before.ends_at > row.starts_at)
        ):
            yield Fault(row.article.slug, f"publications {before.pk} and {row.pk} overlap")
        before = row


def cancellations() -> Iterator[Fault]:
    """Yield a fault for each cancelled publication without an entry in the article's log within a minute of it.

    The public record does not list cancelled publications, so without that entry nothing would show that readers may
    have seen the text.
    """
    told = Transition.objects.filter(
        article=OuterRef("article"),
        verb__in=("unschedule", "withdraw"),
        at__gte=OuterRef("cancelled_at"),
        at__lt=OuterRef("cancelled_at") + timedelta(minutes=1),
    )
    hidden = Publication.objects.exclude(cancelled_at=None).exclude(Exists(told)).select_related("article")
    for row in hidden.iterator():
        yield Fault(row.article.slug, f"publication {row.pk} was cancelled and the log does not say by whom")


def stages() -> Iterator[Fault]:
    """Yield a fault for each article whose stage contradicts its submissions, approvals or publications."""
    own = {"article": OuterRef("pk")}
    opened = Submission.objects.filter(outcome=Outcome.OPEN, **own).order_by().values("article")
    newest = Revision.objects.filter(article=OuterRef(OuterRef("pk"))).order_by("-number").values("pk")[:1]
    last = Publication.objects.filter(cancelled_at=None, **own).order_by("-starts_at", "-pk")
    rows: QuerySet[Article] = Article.objects.order_by("pk")
    articles = rows.annotate(
        open_submissions=Coalesce(Subquery(opened.annotate(many=Count("pk")).values("many")), 0),
        is_approved=Exists(Approval.objects.filter(revision=Subquery(newest))),
        shown=Exists(Publication.objects.filter(cancelled_at=None, **own)),
        last_notice=Subquery(last.values("notice")[:1]),
        last_shown=Subquery(last.values("approval__revision")[:1]),
        newest=Subquery(Revision.objects.filter(**own).order_by("-number").values("pk")[:1]),
    )
    for article in articles.only("title", "slug", "stage").iterator():
        place = f"“{article}” ({article.slug})"
        if (article.stage == Stage.IN_REVIEW) != (article.open_submissions == 1):
            yield Fault(
                place, f"is at “{article.get_stage_display()}” with {article.open_submissions} open submissions"
            )
        if article.stage in (Stage.APPROVED, Stage.PUBLISHED, Stage.WITHDRAWN) and not article.is_approved:
            yield Fault(place, f"is at “{article.get_stage_display()}” and its newest revision is not approved")
        if article.stage == Stage.PUBLISHED and not article.shown:
            yield Fault(place, "is at “Published” but was never published")
        if article.stage == Stage.WITHDRAWN and not article.last_notice:
            yield Fault(place, "is at “Withdrawn” and readers find no notice")
        if article.stage == Stage.APPROVED and article.last_notice and article.last_shown == article.newest:
            yield Fault(place, "is at “Approved” and its newest revision is withdrawn")


def times_of_review() -> Iterator[Fault]:
    """Yield a fault for each publication whose `reviewed_at` is not the time of the latest approval of its revision.

    The site would not notice when such an article is due for its next review. Withdrawn publications are not checked.
    """
    approvals = Approval.objects.filter(revision=OuterRef("approval__revision")).order_by("-approved_at")
    rows = Publication.objects.filter(cancelled_at=None, notice="").select_related("article").only("article__slug")
    rows = rows.annotate(newest=Subquery(approvals.values("approved_at")[:1]))
    for row in rows.filter(Q(reviewed_at=None) | ~Q(reviewed_at=F("newest"))).order_by().iterator():
        yield Fault(row.article.slug, f"publication {row.pk} does not say when its text was last reviewed")


def _faults_of_rendering(place: str, revision: Revision) -> Iterator[Fault]:
    """Yield a fault if the stored rendering differs from a new rendering of the revision.

    A rendering that is missing or was made by an older version of the renderer is not checked.
    """
    rendering = getattr(revision, "rendering", None)
    if rendering is None or rendering.renderer != RENDERER:
        return
    anew = render(revision.body, revision.safety_note, *numbers_and_tips(revision.citations.all()))
    if (anew.body, anew.safety_note) != (rendering.body, rendering.safety_note):
        yield Fault(place, f"the stored rendering of revision {revision.number} does not match its content")


def _faults_of_picture(place: str, revision: Revision) -> Iterator[Fault]:
    """Yield a fault if the file of the revision's picture is missing or does not have the hash in its name."""
    if not revision.hero_image:
        return
    name = PurePath(revision.hero_image.name)
    try:
        with revision.hero_image.open("rb") as file:
            stored = content_name(file.read(), name.suffix.lstrip("."))
    except OSError:
        yield Fault(place, f"the picture {name.name} is missing")
        return
    if stored != name.name:
        yield Fault(place, f"the picture {name.name} is not the one that was approved")
