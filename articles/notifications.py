"""Letters that this room sends: one function a letter, its subject, text and HTML as templates."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.urls import reverse

from accounts.models import User
from accounts.roles import EDITORS
from betterment.text import clean_line

if TYPE_CHECKING:
    from articles.retractions import Mark


def sources_marked(marks: Sequence["Mark"]) -> int:
    """Tell every editor which sources were retracted, doubted or reinstated, and which live articles cite them.

    One letter for all of them, to each editor alone. Returns how many were sent. Raises what the mail server's
    connection raises.
    """
    entries = [
        {
            "mark": mark,
            "url": _absolute("admin:articles_source_change", mark.source.pk),
            "articles": [
                (article, _absolute("admin:articles_article_change", article.pk)) for article in mark.articles
            ],
        }
        for mark in marks
    ]
    return _send("source_retracted", {"entries": entries, "site_name": settings.SITE_NAME}, _editors())


def _editors() -> list[str]:
    people = User.objects.filter(is_active=True, groups__name=EDITORS).exclude(email="").order_by("pk")
    return list(people.values_list("email", flat=True).distinct())


def _absolute(name: str, pk: int) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=[pk])


def _send(name: str, context: dict, recipients: Sequence[str]) -> int:
    """Send templates/emails/<name>.{subject,txt,html} to each of them. A subject is one line without controls."""
    subject = clean_line(_plain(f"emails/{name}.subject", context))
    text = _plain(f"emails/{name}.txt", context)
    html = render_to_string(f"emails/{name}.html", context)
    letters = [EmailMultiAlternatives(subject, text, to=[address]) for address in recipients]
    for letter in letters:
        letter.attach_alternative(html, "text/html")
    return get_connection().send_messages(letters) or 0 if letters else 0


def _plain(name: str, context: dict) -> str:
    """A template of plain text: nothing in it is HTML, so nothing is escaped."""
    return get_template(name).template.render(Context(context, autoescape=False))
