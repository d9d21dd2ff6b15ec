"""The measured actions on a new article, from saving it to publishing it."""

from collections.abc import Callable, Iterator

from accounts.models import User
from accounts.sessions import Means
from advisors import checklists, reviews
from advisors.models import Advisor, Conflict, PanelMember, Ticked, Verdict
from advisors.quorum.signatures import Authentication
from articles import drafting, readiness, waivers, workflow
from articles.models import Article, Author, Topic
from checks.preflight import unanswered
from demo.archive.people import DOMAIN
from sources.models import Source

CONTENT = {
    "title": "How long people sleep",
    "standfirst": "What trials have measured.",
    "safety_note": "<p>Ask a doctor before you start.</p>",
}
PARAGRAPH = "<p>In a trial of 46 adults sleep was longer by 17 minutes on average.{mark}</p>"


def slug_of(serial: int) -> str:
    """Return the slug of the article that `verbs` creates for this number."""
    return f"bench-{serial}"


def verbs(serial: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Create an article and yield (name, function) for each action on the way to publication.

    `serial` must not have been used in this archive. Call each function before asking for the next pair.
    """
    writer = User.objects.get(email=f"writer0@{DOMAIN}")
    editor = User.objects.get(email=f"editor@{DOMAIN}")
    source = Source.objects.filter(retraction_state="").order_by("pk")[3]
    mark = f'<sup data-cite="{source.key}"></sup>'
    body = "".join(f"<h2>Part {part}</h2>{PARAGRAPH.format(mark=mark) * 8}" for part in range(1, 7))
    article = drafting.begin(
        actor=writer,
        slug=slug_of(serial),
        content={**CONTENT, "body": body},
        authors=[Author.objects.get(user=writer)],
        topics=list(Topic.objects.order_by("pk")[:1]),
        sources={source: "the length of sleep"},
    )
    board = list(Advisor.objects.filter(user__email__endswith=f"@{DOMAIN}").order_by("pk")[:2])
    for advisor in board:
        PanelMember.objects.create(article=article, advisor=advisor, confirmed=True, proposed_by=editor)

    def save() -> object:
        return drafting.rewrite(
            article=article,
            actor=writer,
            seen_version=Article.objects.get(pk=article.pk).version,
            content={"body": f"{body}<p>One sentence more.</p>"},
        )

    yield "save", save
    for finding in unanswered(readiness.findings(article, article.head())):
        waivers.waive(article=article, actor=writer, finding=finding, reason="It stands as it is.")
    yield "submit", lambda: workflow.submit(article=article, actor=writer)
    *first, last = article.submissions.get(outcome="").reviews.order_by("pk")
    for review in first:
        _approve(_accepted(review))
    last = _accepted(last)
    yield "approve (the deciding verdict)", lambda: _approve(last)
    article.refresh_from_db()
    yield "publish", lambda: workflow.publish(article=article, actor=editor)


def _accepted(review):
    """Accept the review on behalf of its advisor, and return it."""
    return reviews.accept(review=review, actor=review.advisor.user)


def _approve(review):
    """Give an approving verdict on behalf of the review's advisor, and return the review."""
    submission = review.submission
    return reviews.give_verdict(
        review=review,
        actor=review.advisor.user,
        authentication=Authentication(Means.PASSWORD),
        conflict=Conflict.NONE,
        verdict=Verdict.APPROVE,
        digest=submission.revision.digest,
        ticks={item.pk: Ticked.YES for item in checklists.items_for(submission.article)},
    )
