"""Standing disclosures. Advisors renew them yearly, and they are compared with each article under review."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Advisor, DisclosedAnswer, Disclosure, Question
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Topic
from core.text import clean_prose, has_words
from products.models import Product

VALID_DAYS = 365


@dataclass(frozen=True)
class Interest:
    """An advisor's answer to one question: a statement (empty for “none”), and the topics and products that it
    concerns.
    """

    statement: str = ""
    topics: tuple[Topic, ...] = ()
    products: tuple[Product, ...] = ()


def disclose(*, advisor: Advisor, actor: User, interests: Mapping[Question, Interest]) -> Disclosure:
    """Record the answers to all questions for a year from today, and return the disclosure.

    The advisor's public statement is updated. Raise NotPermitted unless `actor` is the advisor and active. Raise
    InvalidTransition if a question is not answered, or if topics or products are named without a statement, and
    ValidationError for a statement that is too long.
    """
    if advisor.user_id != actor.pk or not actor.is_active:
        raise NotPermitted(_("You cannot disclose interests for somebody else."))
    if missing := [question.label for question in Question if question not in interests]:
        raise InvalidTransition(
            _("Answer each question (“none” is an answer): %(question)s.") % {"question": missing[0]}
        )
    for question, interest in interests.items():
        if (interest.topics or interest.products) and not has_words(interest.statement):
            raise InvalidTransition(
                _("Describe the interest in a sentence: %(question)s.") % {"question": Question(question).label}
            )
    with transaction.atomic():
        until = timezone.localdate() + timedelta(days=VALID_DAYS)
        disclosure = Disclosure.objects.create(advisor=advisor, valid_until=until)
        for question in Question:
            interest = interests[question]
            answer = DisclosedAnswer(disclosure=disclosure, question=question, statement=interest.statement)
            answer.full_clean(exclude=["disclosure"])
            answer.save()
            answer.topics.set(interest.topics)
            answer.products.set(interest.products)
        # The history stores the whole row, so it is read anew: `advisor` may have been read some time ago.
        row = Advisor.objects.select_for_update().get(pk=advisor.pk)
        row.disclosure = advisor.disclosure = in_words(interests)
        row.save(update_fields=["disclosure"])
        return disclosure


def in_words(interests: Mapping[Question, Interest]) -> str:
    """Return the answers as readers see them beside the advisor's name, in at most 2,000 characters.

    The first line says whether this publication pays the advisor. The text is stored, and copied to every approval that
    the advisor signs, so it is never translated.
    """
    said = {question: clean_prose(interests[question].statement) for question in Question}
    fees = said.pop(Question.FEES)
    with translation.override(None):
        lines = [
            words if question == Question.OTHER else f"{question.label}: {words}"
            for question, words in said.items()
            if words
        ]
        first = f"{Question.FEES.label}: {fees}" if fees else "No fees from this publication."
    nothing = "No other interests to declare." if fees else "No interests to declare."
    return "\n".join([first, *(lines or [nothing])])[:2000]


def standing(advisor: Advisor) -> Disclosure | None:
    """Return the newest disclosure that is valid today, with its answers prefetched, or None."""
    return advisor.disclosures.standing().prefetch_related("answers__topics", "answers__products").first()


def touching(advisor: Advisor, article: Article) -> list[DisclosedAnswer]:
    """Return the answers in the standing disclosure that name this article's topics or recommended products."""
    disclosure = standing(advisor)
    if disclosure is None:
        return []
    topics = {topic.pk for topic in article.topics.all()}
    products = set(article.products.values_list("pk", flat=True))
    return [answer for answer in disclosure.answers.all() if touches(answer, topics, products)]


def touches(answer: DisclosedAnswer, topics: Iterable[int], products: Iterable[int]) -> bool:
    """Return whether this answer states an interest in one of these topics or products (primary keys).

    Makes no query if the answer's topics and products are prefetched.
    """
    named_topics = {topic.pk for topic in answer.topics.all()}
    named_products = {product.pk for product in answer.products.all()}
    return bool(answer.statement) and bool(named_topics & set(topics) or named_products & set(products))
