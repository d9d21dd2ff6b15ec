"""Who reviews an article: proposed by writers, decided by editors, asked when a submission opens."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from advisors.models import Advisor, Disclosure, PanelMember, Response, Review
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Revision, Submission, Topic
from articles.permissions import people_of_the_text
from articles.preflight import Finding, Level
from articles.review_terms import ReviewTerms, terms_of

STAYS = (
    "%(advisor)s has been asked in the open round and stays on its record. They can decline; you can add somebody else."
)


def may_decide(user: User) -> bool:
    """Whether this person decides who reviews, or only proposes."""
    return user.has_perm("articles.edit_all_articles")


def invite(*, submission: Submission, actor: User) -> list[Review]:
    """Ask everybody on the panel who has not been asked about this submission yet; returns the new reviews.

    Left out is who could not be chosen today: a disclosure that lapsed while they were on the panel, a text that they
    have edited since.
    """
    asked = set(submission.reviews.values_list("advisor", flat=True))
    waiting = PanelMember.objects.asked().filter(article=submission.article).exclude(advisor__in=asked)
    members = list(waiting.select_related("advisor"))
    refused = refusals(submission.article, [member.advisor for member in members]) if members else {}
    return [
        Review.objects.create(
            submission=submission,
            advisor=member.advisor,
            advisor_name=member.advisor.name_with_credentials,
            invited_by=actor,
        )
        for member in members
        if member.advisor_id not in refused
    ]


def refusals(article: Article, advisors: Iterable[Advisor], actor: User | None = None) -> dict[int, str]:
    """Who of these advisors cannot be put on the panel of this article, by their key, with the reason in a sentence.

    The one rule, asked wherever somebody is chosen: here, on the article's form, for several articles at once. For an
    article that is not stored yet, `actor` is who begins it. The same few queries for any number of advisors.
    """
    advisors = list(advisors)
    people = people_of_the_text(article) if article.pk else {actor and actor.pk}
    standing = set(Disclosure.objects.standing().filter(advisor__in=advisors).values_list("advisor", flat=True))
    found = {}
    for advisor in advisors:
        if not advisor.is_active:
            found[advisor.pk] = f"{advisor} is no longer on the board."
        elif advisor.user_id in people:
            found[advisor.pk] = f"{advisor} has written or edited this text. Ask another advisor."
        elif advisor.pk not in standing:
            found[advisor.pk] = f"The standing disclosure of {advisor} has lapsed: ask them to renew it first."
    return found


def asked_now(article: Article) -> set[int]:
    """The advisors, by key, who stay on the panel: the open round asked them, and they have not declined."""
    if not article.pk:
        return set()
    asked = Review.objects.filter(submission__article=article, submission__outcome="")
    return set(asked.exclude(response=Response.DECLINED).values_list("advisor", flat=True))


def assign(*, article: Article, advisor: Advisor, actor: User) -> list[Review]:
    """Decide that an advisor reviews an article; returns the review they are asked for, if a round is open.

    Raises NotPermitted for those who may only propose, InvalidTransition for whom `refusals` names.
    """
    if not may_decide(actor):
        raise NotPermitted(f"{actor} may propose reviewers, and not decide on them.")
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        if refused := refusals(article, [advisor]):
            raise InvalidTransition(refused[advisor.pk])
        PanelMember.objects.update_or_create(
            article=article,
            advisor=advisor,
            defaults={"confirmed": True},
            create_defaults={"confirmed": True, "proposed_by": actor},
        )
        return settle(article=article, actor=actor)


def take_off(*, article: Article, advisor: Advisor, actor: User) -> None:
    """Take an advisor off the panel: later submissions do not ask them. What they were asked before stays on record.

    Raises NotPermitted for those who may only propose, InvalidTransition for somebody who is not on the panel, and
    for somebody whom the open round has asked.
    """
    if not may_decide(actor):
        raise NotPermitted(f"{actor} may propose reviewers, and not decide on them.")
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        if advisor.pk in asked_now(article):
            raise InvalidTransition(STAYS % {"advisor": advisor})
        if not PanelMember.objects.filter(article=article, advisor=advisor).delete()[0]:
            raise InvalidTransition(f"{advisor} is not on the panel.")


def settle(*, article: Article, actor: User) -> list[Review]:
    """After the panel was changed: those decided on while a submission is open are asked at once."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        submission = article.submissions.filter(outcome="").first()
        return invite(submission=submission, actor=actor) if submission else []


def findings(article: Article, revision: Revision | None) -> list[Finding]:
    """REV01: an author on the panel, a lapsed disclosure, a panel too small, a specialist missing."""
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
    standing = set(Disclosure.objects.standing().filter(advisor__panels__in=asked).values_list("advisor", flat=True))
    lapsed = [member.advisor for member in asked if member.advisor_id not in standing]
    found += [
        Finding(
            "REV01",
            Level.BLOCKER,
            f"The standing disclosure of {advisor} has lapsed.",
            "Ask them to renew it, or ask another advisor.",
        )
        for advisor in lapsed
    ]
    free = [member for member in asked if member.advisor.user_id not in people and member.advisor not in lapsed]
    terms = terms_of(article)
    if len(free) < terms.quorum:
        found.append(
            Finding(
                "REV01",
                Level.BLOCKER,
                f"{len(free)} of the {terms.quorum} advisors who have to approve are on the panel.",
                "Add advisors who did not work on the text.",
            )
        )
    for topic in lacking_specialists(terms, [member.advisor for member in free]):
        found.append(
            Finding(
                "REV01",
                Level.BLOCKER,
                f"Nobody on the panel is a specialist in “{topic}”, and texts on it need one.",
                "Add an advisor with that specialty.",
            )
        )
    return found


def has_standing_disclosure(advisor: Advisor) -> bool:
    """Whether they have answered the yearly questions, and the answers still hold today."""
    return advisor.disclosures.standing().exists()


def lacking_specialists(terms: ReviewTerms, advisors: Iterable[Advisor]) -> list[Topic]:
    """The topics that need a specialist's approval and have none among these advisors."""
    if not terms.specialists:
        return []
    there = set(Topic.objects.filter(advisors__in=list(advisors)).values_list("pk", flat=True))
    return [topic for topic in terms.specialists if topic.pk not in there]
