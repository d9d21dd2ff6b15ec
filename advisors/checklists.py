"""The check-list of a review: the questions that editors ask about an article, answered once, with the verdict."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from advisors.models import ChecklistAnswer, ChecklistItem, Review, Ticked, Verdict
from articles.exceptions import InvalidTransition
from articles.models import Article
from core.text import has_words


def items_for(article: Article) -> list[ChecklistItem]:
    """Return the questions asked about this article: those without a topic and those of its topics. One query."""
    topics = article.topics.values("pk")
    return list(ChecklistItem.objects.filter(Q(topics=None) | Q(topics__in=topics), is_active=True).distinct())


def last_answers(review: Review) -> dict[int, ChecklistAnswer]:
    """Return this advisor's last answers on this article from earlier rounds, by the primary key of the question. One
    query.

    Answers to a question that is worded differently today are left out.
    """
    answers = ChecklistAnswer.objects.filter(review__in=Review.objects.before(review)).select_related("review", "item")
    found = {answer.item_id: answer for answer in answers.order_by("review__submission_id")}
    return {key: answer for key, answer in found.items() if answer.question == answer.item.question}


def refusal(item: ChecklistItem, answer: str, reason: str, verdict: str) -> str:
    """Return in a sentence why this answer does not fit the verdict, or an empty string if it does. No queries.

    With an approval, a “no” needs a reason, and is refused if the question is required.
    """
    if answer != Ticked.NO or verdict != Verdict.APPROVE:
        return ""
    if item.is_required:
        return _("Nobody can approve a text and answer “no” here. Request changes, and comment on what is wrong.")
    if has_words(reason):
        return ""
    return _("Say what is not right, and why you approve all the same: the editors read it.")


def record(*, review: Review, ticks: Mapping[int, str], reasons: Mapping[int, str]) -> list[ChecklistAnswer]:
    """Store the answers to every question that is asked, with the words beside a “no”; return them in their order.

    `ticks` and `reasons` are keyed by the primary keys of the questions; keys of other questions are ignored. Only
    `reviews.give_verdict` calls it, before it saves the verdict and in the same transaction. Raises InvalidTransition
    if a question is not answered, or an answer does not fit the verdict (`refusal`).
    """
    answers = []
    for item in items_for(review.submission.article):
        answer, reason = ticks.get(item.pk, ""), reasons.get(item.pk, "")
        if answer not in Ticked.values:
            raise InvalidTransition(
                _("Answer each question of the check-list: “%(question)s”") % {"question": item.question}
            )
        if refused := refusal(item, answer, reason, review.verdict):
            raise InvalidTransition(f"“{item.question}” {refused}")
        answers.append(
            ChecklistAnswer(
                review=review,
                item=item,
                question=item.question,
                was_required=item.is_required,
                answer=answer,
                words=reason if answer == Ticked.NO else "",
            )
        )
    return ChecklistAnswer.objects.bulk_create(answers)
