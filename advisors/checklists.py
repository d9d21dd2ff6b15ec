"""The check-list of a review: questions that editors ask about an article. Advisors answer them with the verdict."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from advisors.models import ChecklistAnswer, ChecklistItem, Review, Ticked, Verdict
from articles.exceptions import InvalidTransition
from articles.models import Article
from core.text import has_words


def items_for(article: Article) -> list[ChecklistItem]:
    """Return the active questions that apply to this article, because of its topics or because they have no topic.

    Makes one query.
    """
    topics = article.topics.values("pk")
    return list(ChecklistItem.objects.filter(Q(topics=None) | Q(topics__in=topics), is_active=True).distinct())


def last_answers(review: Review) -> dict[int, ChecklistAnswer]:
    """Return this advisor's latest answers on this article from earlier rounds, by the primary key of the question.

    An answer is left out if the wording of its question has changed since. Makes one query.
    """
    answers = ChecklistAnswer.objects.filter(review__in=Review.objects.before(review)).select_related("review", "item")
    found = {answer.item_id: answer for answer in answers.order_by("review__submission_id")}
    return {key: answer for key, answer in found.items() if answer.question == answer.item.question}


def refusal(item: ChecklistItem, answer: str, reason: str, verdict: str) -> str:
    """Return a sentence saying why this answer does not fit the verdict, or an empty string if it does.

    With an approval, a “no” needs a reason, and is refused if the question is required. Makes no queries.
    """
    if answer != Ticked.NO or verdict != Verdict.APPROVE:
        return ""
    if item.is_required:
        return _("A text with “no” here cannot be approved. Request changes, and comment on what is wrong.")
    if has_words(reason):
        return ""
    return _("Say what is not right, and why you still approve. The editors read this.")


def record(*, review: Review, ticks: Mapping[int, str], reasons: Mapping[int, str]) -> list[ChecklistAnswer]:
    """Store the answers to all questions of the review, and return them in the order of the questions.

    `ticks` maps the primary keys of the questions to answers, `reasons` to the reasons for a “no”; other keys are
    ignored. Only `reviews.give_verdict` calls this, in the same transaction and before it saves the verdict. Raise
    InvalidTransition if a question is not answered or an answer does not fit the verdict (`refusal`).
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
