"""Who reviewed the article on a page, as answered to articles.signals.review_record_wanted."""

from django import template

from articles.models import Article
from articles.pages import ArticlePage
from articles.signals import review_record_wanted

register = template.Library()


@register.simple_tag
def review_record(page: ArticlePage) -> object | None:
    """Return what is known of the review of this page, or None where no room knows anything.

    It has `signatories`, `renewed_by` and `unsigned` (articles.signals.review_record_wanted).
    """
    answers = review_record_wanted.send(sender=Article, page=page)
    return next((answer for _, answer in answers if answer is not None), None)
