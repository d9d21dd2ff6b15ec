"""Articles that readers must not see. Each has a word of its own in every field that can hold text."""

from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from django.core.files.base import ContentFile
from django.utils import timezone

from advisors import reviews
from advisors.models import Review, Verdict
from articles import drafting, preview_links, workflow
from articles.models import Article, Submission
from sources.models import Source
from tests import newsroom
from tests.pictures import photos

WORDS = {
    "draft": "brillowick",
    "in_review": "quandermoss",
    "changes_requested": "fennelgrath",
    "approved": "ostrakindle",
    "scheduled": "mirrowhelm",
    "withdrawn": "tallowquist",
    "second_draft": "vexalorne",
    "second_review": "jastrimund",
}


@dataclass
class Aviary:
    """The hidden articles, and what is public beside them."""

    cast: newsroom.Cast
    hidden: dict[str, Article]
    pictures: dict[str, str]


def words(word: str, title: str = "") -> dict[str, object]:
    """Return a content with the word in each of its fields, and with a picture of its own."""
    said = f"Said of {word}."
    colour = f"#{crc32(word.encode()) % 0xFFFFFF:06x}"
    return newsroom.content(
        title=title or f"On {word} and sleep",
        standfirst=said,
        body=f'<h2>About {word}</h2><p>{said}<sup data-cite="doe2020"></sup></p>',
        key_messages=said,
        safety_note=f"<p>{said}</p>",
        disclosure=said,
        hero_image=ContentFile(photos.photograph((1200, 675), colour), f"{word}.jpg"),
        hero_alt=said,
        hero_caption=said,
        hero_credit=said,
        search_description=said,
    )


def build() -> Aviary:
    """Create an article at each stage that readers do not see, with the actions of the people who would do it."""
    cast = newsroom.cast()
    newsroom.published(cast, title="What everybody may read")
    hidden = {stage: _begun(cast, word) for stage, word in WORDS.items() if not stage.startswith("second")}
    for stage in ("in_review", "changes_requested", "approved", "scheduled", "withdrawn"):
        _comments(cast, hidden[stage], WORDS[stage], newsroom.submit(cast, hidden[stage]), stage)
    in_a_day = timezone.now() + timedelta(days=1)
    workflow.schedule(article=_now(hidden["scheduled"]), actor=cast.editor, at=in_a_day, change_note=WORDS["scheduled"])
    newsroom.publish(cast, _now(hidden["withdrawn"]))
    workflow.withdraw(article=_now(hidden["withdrawn"]), actor=cast.editor, notice="A dose was wrong.")
    for stage in ("second_draft", "second_review"):
        article = newsroom.published(cast, title="What everybody may read, again")
        drafting.rewrite(
            article=article, actor=cast.writer, seen_version=_now(article).version, content=words(WORDS[stage])
        )
        hidden[stage] = _now(article)
    _comments(cast, hidden["second_review"], WORDS["second_review"], newsroom.submit(cast, hidden["second_review"]), "")
    hidden = {stage: _now(article) for stage, article in hidden.items()}
    return Aviary(cast, hidden, {stage: article.hero_image.name for stage, article in hidden.items()})


def _begun(cast: newsroom.Cast, word: str) -> Article:
    # A withdrawn article keeps its title, so that readers know what was taken away.
    title = "What was withdrawn" if word == WORDS["withdrawn"] else ""
    source = Source.objects.get(key="doe2020")
    article = drafting.begin(
        actor=cast.writer,
        slug=f"hidden-{word}" if not title else "hidden-withdrawn",
        content=words(word, title),
        authors=[cast.author],
        topics=[cast.topic],
        sources={source: f"what {word} does"},
    )
    for member in cast.advisors[:2]:
        newsroom.PanelMember.objects.create(article=article, advisor=member, confirmed=True, proposed_by=cast.editor)
    preview_links.share(revision=article.head(), actor=cast.writer, note=word)
    return article


def _comments(cast: newsroom.Cast, article: Article, word: str, submission: Submission, stage: str) -> None:
    """Let each advisor write the word, and take the decisions that the stage needs."""
    asked = list(Review.objects.filter(submission=submission).order_by("pk"))
    for review in asked:
        reviews.accept(review=review, actor=review.advisor.user)
        reviews.comment(review=review, actor=review.advisor.user, text=f"What of {word}?")
    if stage == "changes_requested":
        _verdict(asked[0], Verdict.CHANGES)
    elif stage in ("approved", "scheduled", "withdrawn"):
        for review in asked:
            _verdict(review, Verdict.APPROVE)


def _verdict(review: Review, given: Verdict) -> None:
    review = Review.objects.get(pk=review.pk)
    actor, submission = review.advisor.user, review.submission
    digest, ticks = submission.revision.digest, newsroom.ticks(submission.article)
    reviews.give_verdict(
        authentication=newsroom.SIGNED_IN,
        review=review,
        actor=actor,
        conflict=newsroom.Conflict.NONE,
        verdict=given,
        digest=digest,
        ticks=ticks,
    )


def _now(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)
