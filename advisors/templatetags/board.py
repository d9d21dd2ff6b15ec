"""What the board has said of an article, for the article's form."""

from django import template

from articles.models import Article

register = template.Library()


@register.inclusion_tag("advisors/_rounds.html")
def board_rounds(article: Article) -> dict[str, object]:
    """The open round, else the last one, with every review and comment, in three queries."""
    submission = article.submissions.select_related("revision").prefetch_related("reviews__comments").first()
    return {"submission": submission, "reviews": submission.reviews.all() if submission else []}
