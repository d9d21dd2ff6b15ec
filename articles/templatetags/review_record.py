"""The template tag for the review record of an article's page. Usage: `{% review_record page as record %}`."""

from django import template

from articles.models import Article
from articles.pages import ArticlePage
from articles.signals import review_record_wanted

register = template.Library()


@register.simple_tag
def review_record(page: ArticlePage) -> object | None:
    """Return the review record of this page, or None if no app provides one.

    The record has `signatories`, `renewed_by` and `unsigned` (articles.signals.review_record_wanted).
    """
    answers = review_record_wanted.ask(sender=Article, page=page)
    return next((answer for answer in answers if answer is not None), None)
