"""The check-list of a review: what editors ask of a text on its topics, answered once and with the verdict."""

from collections.abc import Mapping

from django.db.models import Q

from advisors.models import ChecklistAnswer, ChecklistItem, Review, Ticked
from articles.exceptions import InvalidTransition
from articles.models import Article


def items_for(article: Article) -> list[ChecklistItem]:
    """The questions asked of this article: those without a topic, and those of its topics: one query."""
    topics = article.topics.values("pk")
    return list(ChecklistItem.objects.filter(Q(topics=None) | Q(topics__in=topics), is_active=True).distinct())


def last_answers(review: Review) -> dict[int, ChecklistAnswer]:
    """Return what this advisor last answered on this article in an earlier round, by the question's key: one query.

    An answer to other words than those of today's question is left out.
    """
    answers = ChecklistAnswer.objects.filter(review__in=Review.objects.before(review)).select_related("review", "item")
    found = {answer.item_id: answer for answer in answers.order_by("review__submission_id")}
    return {key: answer for key, answer in found.items() if answer.question == answer.item.question}


def tick(*, review: Review, ticks: Mapping[int, str]) -> list[ChecklistAnswer]:
    """Keep the answers to every question that is asked, by the question's key; others are left out.

    Only `reviews.give_verdict` calls it, in its own transaction. Raises InvalidTransition where one is not answered.
    """
    answers = []
    for item in items_for(review.submission.article):
        if ticks.get(item.pk) not in Ticked.values:
            raise InvalidTransition(f"Answer each question of the check-list at your desk: “{item.question}”")
        answers.append(ChecklistAnswer(review=review, item=item, question=item.question, answer=ticks[item.pk]))
    return ChecklistAnswer.objects.bulk_create(answers)
