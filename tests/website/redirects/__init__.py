"""What editors do with an error report, and what the tests of it share."""

from post_office.models import Email

from articles.models import Article, Publication
from tests import newsroom

LIST = "/admin/website/errorreport/"


def correct(cast, article: Article, minutes: str = "17 seconds") -> Publication:
    """The article goes through the board again with another number, and is published."""
    body = f'<h2>The trials</h2><p>Sleep was longer by {minutes}.<sup data-cite="doe2020"></sup></p>'
    newsroom.rewrite(cast, article, title="Magnesium & sleep", body=body)
    newsroom.approve(newsroom.submit(cast, article))
    return newsroom.publish(cast, Article.objects.get(pk=article.pk))


def answers() -> list[Email]:
    return [row for row in Email.objects.order_by("pk") if row.subject.startswith("Your error report")]
