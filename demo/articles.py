"""The articles of the demonstration, each brought to its stage.

Nothing here writes a stage, an approval or a publication directly. Articles are created, submitted, reviewed and
published by the functions of the workflow and the board, so that the demonstration cannot reach a state that people
could not reach.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from accounts.sessions import Means
from advisors import checklists, reviews
from advisors.models import Advisor, Conflict, PanelMember, Review, Ticked, Verdict
from advisors.quorum.signatures import Authentication
from articles import drafting, readiness, waivers, workflow
from articles.models import Article, Author, ChangeKind, Recommendation, Submission, Topic
from checks.preflight import unanswered
from demo.pictures import Picture
from demo.texts import table, text
from products.models import Product
from sources.models import Source

WORDS = ("title", "standfirst", "disclosure", "hero_alt", "hero_caption", "hero_credit", "search_description")


class DemonstrationArticles:
    """Creates the articles of the demonstration."""

    def __init__(
        self,
        people: dict,
        authors: dict[str, Author],
        advisors: dict[str, Advisor],
        topics: dict[str, Topic],
        sources: dict[str, tuple[Source, str]],
        editor: User,
        picture: Picture,
    ) -> None:
        self.people, self.authors, self.advisors = people, authors, advisors
        self.topics, self.sources, self.editor, self.picture = topics, sources, editor, picture

    def create_all(self) -> Iterator[Article]:
        """Create the articles, and yield each as soon as it is complete: first the published ones, the oldest first."""
        yield self.corrected()
        yield self.published("menthol-and-sore-muscles", ["tobias-wrenfield", "priya-sundarekar"])
        yield self.published("valerian-chamomile-and-sleep", ["helene-marchetti-oduya", "priya-sundarekar"])
        yield self.published("magnesium-and-sleep", ["helene-marchetti-oduya", "tobias-wrenfield"])
        yield self.in_second_review()
        yield self.scheduled()
        yield self.in_review()
        yield self.draft()

    def published(self, slug: str, panel: list[str]) -> Article:
        """Create an article, let the two advisors in `panel` (slugs) approve it, publish it, and return it."""
        article = self._begin(slug, panel)
        self._approve(article)
        workflow.publish(article=article, actor=self.editor)
        return self._now(article)

    def corrected(self) -> Article:
        """Create and return an article that was published with an error and later published with a correction."""
        slug = "zinc-and-the-common-cold"
        mistake = self._row(slug)["correction"]
        before, after = text(slug, "body.html").split(mistake["right"])
        article = self._begin(slug, ["tobias-wrenfield", "priya-sundarekar"], body=before + mistake["wrong"] + after)
        self._approve(article)
        workflow.publish(article=article, actor=self.editor)
        article = self._now(article)
        drafting.rewrite(
            article=article,
            actor=article.created_by,
            seen_version=article.version,
            content={"body": text(slug, "body.html")},
        )
        self._approve(self._now(article), revision=2, note=mistake["note"])
        workflow.publish(article=article, actor=self.editor, kind=ChangeKind.CORRECTION, change_note=mistake["note"])
        return self._now(article)

    def in_second_review(self) -> Article:
        """Create and return a published article whose second revision is in review.

        One of the two advisors has approved the revision; the other has accepted the review.
        """
        slug = "l-theanine-and-attention"
        article = self._begin(slug, ["tobias-wrenfield", "priya-sundarekar"])
        self._approve(article, revision=1)
        workflow.publish(article=article, actor=self.editor)
        article, row = self._now(article), self._row(slug)
        drafting.rewrite(
            article=article,
            actor=article.created_by,
            seen_version=article.version,
            content={"body": text(slug, "body-2.html")},
            sources=dict(self.sources[key] for key in row["sources_2"]),
        )
        self._submit(self._now(article), note=row["change_note"])
        self._verdict(self._asked(article, "tobias-wrenfield"), revision=2)
        self._accept(self._asked(article, "priya-sundarekar"))
        return self._now(article)

    def scheduled(self) -> Article:
        """Create and return an approved article that is scheduled for 07:00 UTC in seven days."""
        article = self._begin("caffeine-and-bedtime", ["helene-marchetti-oduya", "priya-sundarekar"])
        self._approve(article)
        at = (timezone.now() + timedelta(days=7)).replace(hour=7, minute=0, second=0, microsecond=0)
        workflow.schedule(article=article, actor=self.editor, at=at, kind=ChangeKind.FIRST)
        return self._now(article)

    def in_review(self) -> Article:
        """Create and return an article in review, which one advisor has accepted and the other has not answered."""
        article = self._begin("melatonin-for-jet-lag", ["helene-marchetti-oduya", "priya-sundarekar"])
        self._submit(article)
        self._accept(self._asked(article, "helene-marchetti-oduya"))
        return self._now(article)

    def draft(self) -> Article:
        """Create and return a draft with a confirmed panel."""
        return self._begin("ashwagandha-and-stress", ["tobias-wrenfield", "priya-sundarekar"])

    def _begin(self, slug: str, panel: list[str], body: str = "") -> Article:
        """Create the article with its panel, topics and recommended products, and link the products to the topics."""
        row = self._row(slug)
        authors = [self.authors[name] for name in (row["author"], *row.get("co_authors", ()))]
        article = drafting.begin(
            actor=authors[0].user,
            slug=slug,
            content={
                **{name: row[name] for name in WORDS},
                "key_messages": "\n".join(row["key_messages"]),
                "body": body or text(slug, "body.html"),
                "safety_note": text(slug, "safety.html"),
                "hero_image": self.picture(slug, "hero.webp"),
            },
            authors=authors,
            topics=[self.topics[name] for name in row["topics"]],
            sources=dict(self.sources[key] for key in row["sources"]),
        )
        PanelMember.objects.bulk_create(
            PanelMember(article=article, advisor=self.advisors[name], confirmed=True, proposed_by=self.editor)
            for name in panel
        )
        for topic in article.topics.all():
            topic.products.add(*Product.objects.filter(slug__in=row["products"]))
        Recommendation.objects.bulk_create(
            Recommendation(article=article, product=Product.objects.get(slug=product), position=place)
            for place, product in enumerate(row["products"])
        )
        return article

    def _submit(self, article: Article, note: str = "") -> Submission:
        """Waive the warnings of the editorial checks on behalf of the writer, then submit the article."""
        writer = article.created_by
        answers = {(row["check"], row["passage"]): row["reason"] for row in self._row(article.slug).get("answer", ())}
        for finding in unanswered(readiness.findings(article, article.head())):
            reason = answers.get((finding.id, finding.passage), "")
            waivers.waive(article=article, actor=writer, finding=finding, reason=reason)
        return workflow.submit(article=article, actor=writer, note=note)

    def _approve(self, article: Article, revision: int = 1, note: str = "") -> None:
        """Submit the article and let every advisor on the panel approve it."""
        submission = self._submit(article, note)
        for review in submission.reviews.order_by("pk"):
            self._verdict(self._accept(review), revision)

    def _accept(self, review: Review) -> Review:
        """Accept the invitation on behalf of the advisor, add the advisor's comments on the first revision, and return
        the review.
        """
        slug, name = review.submission.article.slug, review.advisor.slug
        review = reviews.accept(review=review, actor=review.advisor.user)
        for note in self.people["comment"]:
            if (note["article"], note["advisor"]) == (slug, name) and review.submission.revision.number == 1:
                reviews.comment(review=review, actor=review.advisor.user, text=note["text"], passage=note["passage"])
        return review

    def _verdict(self, review: Review, revision: int = 1) -> None:
        """Approve on behalf of the advisor, with no conflict of interest and with the advisor's remarks.

        An invitation without a response is accepted first.
        """
        slug, advisor = review.submission.article.slug, review.advisor
        remarks = "".join(
            row["text"]
            for row in self.people["remark"]
            if (row["article"], row["advisor"], row.get("revision", 1)) == (slug, advisor.slug, revision)
        )
        if not review.response:
            review = self._accept(review)
        reviews.give_verdict(
            review=review,
            actor=advisor.user,
            authentication=Authentication(Means.PASSWORD),
            conflict=Conflict.NONE,
            verdict=Verdict.APPROVE,
            digest=review.submission.revision.digest,
            remarks=remarks,
            ticks={item.pk: Ticked.YES for item in checklists.items_for(review.submission.article)},
        )

    def _asked(self, article: Article, advisor: str) -> Review:
        """Return the review of this advisor in the open submission of the article."""
        return Review.objects.select_related("submission__article", "submission__revision", "advisor__user").get(
            submission__article=article, submission__outcome="", advisor__slug=advisor
        )

    def _row(self, slug: str) -> dict:
        """Return the content of the article's TOML file."""
        return table(f"{slug}/article")

    def _now(self, article: Article) -> Article:
        """Reload the article from the database, and return it."""
        article.refresh_from_db()
        return article
