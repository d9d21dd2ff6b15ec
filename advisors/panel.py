"""Who reviews an article: proposed by writers, decided by editors, asked when a submission opens."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from advisors.models import Advisor, PanelMember, Review
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Revision, Submission
from articles.permissions import people_of_the_text
from articles.preflight import Finding, Level


def may_decide(user: User) -> bool:
    """Whether this person decides who reviews, or only proposes."""
    return user.has_perm("articles.edit_all_articles")


def invite(*, submission: Submission, actor: User) -> list[Review]:
    """Ask everybody on the panel who has not been asked about this submission yet; returns the new reviews."""
    asked = set(submission.reviews.values_list("advisor", flat=True))
    members = PanelMember.objects.asked().filter(article=submission.article).exclude(advisor__in=asked)
    return [
        Review.objects.create(
            submission=submission,
            advisor=member.advisor,
            advisor_name=member.advisor.name_with_credentials,
            invited_by=actor,
        )
        for member in members.select_related("advisor")
    ]


def assign(*, article: Article, advisor: Advisor, actor: User) -> list[Review]:
    """Decide that an advisor reviews an article; returns the review they are asked for, if a round is open.

    Raises NotPermitted for those who may only propose, InvalidTransition for somebody of the text.
    """
    if not may_decide(actor):
        raise NotPermitted(f"{actor} may propose reviewers, and not decide on them.")
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        if advisor.user_id in people_of_the_text(article):
            raise InvalidTransition(f"{advisor} has written or edited this text. Ask another advisor.")
        PanelMember.objects.update_or_create(
            article=article,
            advisor=advisor,
            defaults={"confirmed": True},
            create_defaults={"confirmed": True, "proposed_by": actor},
        )
        return settle(article=article, actor=actor)


def settle(*, article: Article, actor: User) -> list[Review]:
    """After the panel was changed: those decided on while a submission is open are asked at once."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        submission = article.submissions.filter(outcome="").first()
        return invite(submission=submission, actor=actor) if submission else []


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """REV01: an author on the panel; a panel smaller than the approvals needed."""
    people = people_of_the_text(article)
    asked = list(PanelMember.objects.asked().filter(article=article).select_related("advisor"))
    found = [
        Finding(
            "REV01",
            Level.BLOCKER,
            f"{member.advisor} is on the panel and has written or edited this text.",
            "Ask another advisor.",
        )
        for member in asked
        if member.advisor.user_id in people
    ]
    free = [member for member in asked if member.advisor.user_id not in people]
    needed = settings.REVIEW_QUORUM
    if len(free) < needed:
        found.append(
            Finding(
                "REV01",
                Level.BLOCKER,
                f"{len(free)} of the {needed} advisors who have to approve are on the panel.",
                "Add advisors who did not work on the text.",
            )
        )
    return found
