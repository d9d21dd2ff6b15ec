"""The template tag for the review record of an article's page. Usage: `{% review_record page as record %}`."""

from typing import Any

from django import template
from django.template import Context

from articles.models import Article
from articles.pages import ArticlePage
from articles.signals import review_record_wanted

register = template.Library()


@register.simple_tag(takes_context=True)
def review_record(context: Context, page: ArticlePage) -> Any:
    """Return the review record of this page: the one of the context if its view has asked for it, else a new one."""
    return context["record"] if "record" in context else record_of(page)


def record_of(page: ArticlePage) -> Any:
    """Return the review record of this page, or None if no app provides one.

    The record has `signatories`, `renewed_by`, `unsigned` and `profiles` (articles.signals.review_record_wanted).
    """
    answers = review_record_wanted.ask(sender=Article, page=page)
    return next((answer for answer in answers if answer is not None), None)
