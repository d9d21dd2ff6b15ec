"""Fills an empty site with the demonstration, through the same functions that people use.

Nothing here writes a stage, an approval or a publication: articles are begun, submitted, reviewed and published
by the workflow's verbs and the board's own, so that the demonstration cannot reach a state that people could not.
"""

import tomllib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import ADVISORS, EDITORS, WRITERS
from advisors import checklists, disclosures, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, Conflict, PanelMember, Question, Review, Ticked, Verdict
from articles import drafting, readiness, waivers, workflow
from articles.models import Article, Author, ChangeKind, Recommendation, Source, Submission, Topic
from articles.preflight import unanswered
from demo.pictures.heroes import article_hero
from demo.pictures.portraits import portrait
from demo.pictures.products import product_picture
from policies.models import Policy
from products.models import Ingredient, Product, ProductIngredient, ProductPicture

CONTENT = Path(__file__).parent / "content"
PASSWORD = "betterment-demo"
ADMIN, EDITOR = "admin@example.org", "editor@example.org"
SIGN_INS = f"""
Sign in at /admin/ with the password {PASSWORD}:
  writer@example.org     writes and submits
  advisor1@example.org   reviews (advisor2, advisor3 as well)
  editor@example.org     decides the panel, publishes, schedules, withdraws
  admin@example.org      administers; has no vote on the board
"""
Progress = Callable[[str], object]


def is_loaded() -> bool:
    """Whether the demonstration is there. It is loaded in one transaction: whole or not at all."""
    return User.objects.filter(email=ADMIN).exists()


@transaction.atomic
def everything(progress: Progress = print) -> None:
    """Load it all; `progress` is told what is being done. Pictures are drawn on the way: this takes a minute."""
    progress("People …")
    people = _table("people")
    editor = _user(EDITOR, "Eleanor Marsh", EDITORS)
    User.objects.create_superuser(ADMIN, PASSWORD, name="Ada Min")
    authors = {row["slug"]: _author(row) for row in people["author"]}
    advisors = {row["slug"]: _advisor(row) for row in people["advisor"]}
    progress("Sources …")
    sources = {row["key"]: (_source(row, editor), row["supports"]) for row in _table("sources")["source"]}
    for row in _table("products")["product"]:
        progress(f"Product: {row['name']} …")
        _product(row)
    progress("Policies …")
    for place, row in enumerate(_table("policies/policies")["policy"]):
        _policy(row, place)
    stories = Stories(people, authors, advisors, sources, editor)
    for tell in (stories.published, stories.in_second_review, stories.scheduled, stories.in_review, stories.draft):
        article = tell()
        progress(f"Article: {article} – {article.get_stage_display()}")


class Stories:
    """How each article came to where it stands."""

    def __init__(
        self,
        people: dict,
        authors: dict[str, Author],
        advisors: dict[str, Advisor],
        sources: dict[str, tuple[Source, str]],
        editor: User,
    ) -> None:
        self.people, self.authors, self.advisors = people, authors, advisors
        self.sources, self.editor = sources, editor

    def published(self) -> Article:
        """Written, reviewed by two advisors, published."""
        article = self._begin("magnesium-and-sleep", ["helene-marchetti-oduya", "tobias-wrenfield"])
        self._approve(article)
        workflow.publish(article=article, actor=self.editor)
        return self._now(article)

    def in_second_review(self) -> Article:
        """Published; its second revision is before the board, and one of two has approved it."""
        slug = "l-theanine-and-attention"
        article = self._begin(slug, ["tobias-wrenfield", "priya-sundarekar"])
        self._approve(article, revision=1)
        workflow.publish(article=article, actor=self.editor)
        article, row = self._now(article), self._row(slug)
        drafting.rewrite(
            article=article,
            actor=article.created_by,
            seen_version=article.version,
            content={"body": _text(slug, "body-2.html")},
            sources=dict(self.sources[key] for key in row["sources_2"]),
        )
        self._submit(self._now(article), note=row["change_note"])
        self._verdict(self._asked(article, "tobias-wrenfield"), revision=2)
        self._accept(self._asked(article, "priya-sundarekar"))
        return self._now(article)

    def scheduled(self) -> Article:
        """Approved, and to appear in a week."""
        article = self._begin("caffeine-and-bedtime", ["helene-marchetti-oduya", "priya-sundarekar"])
        self._approve(article)
        at = (timezone.now() + timedelta(days=7)).replace(hour=7, minute=0, second=0, microsecond=0)
        workflow.schedule(article=article, actor=self.editor, at=at, kind=ChangeKind.FIRST)
        return self._now(article)

    def in_review(self) -> Article:
        """Before the board: one advisor reads and has commented, the other has not answered."""
        article = self._begin("melatonin-for-jet-lag", ["helene-marchetti-oduya", "priya-sundarekar"])
        self._submit(article)
        self._accept(self._asked(article, "helene-marchetti-oduya"))
        return self._now(article)

    def draft(self) -> Article:
        """Being written; the panel is decided."""
        return self._begin("ashwagandha-and-stress", ["tobias-wrenfield", "priya-sundarekar"])

    def _begin(self, slug: str, panel: list[str]) -> Article:
        row = self._row(slug)
        author = self.authors[row["author"]]
        article = drafting.begin(
            actor=author.user,
            slug=slug,
            content={
                **{
                    name: row[name]
                    for name in (
                        "title",
                        "standfirst",
                        "disclosure",
                        "hero_alt",
                        "hero_caption",
                        "hero_credit",
                        "search_description",
                    )
                },
                "key_messages": "\n".join(row["key_messages"]),
                "body": _text(slug, "body.html"),
                "safety_note": _text(slug, "safety.html"),
                "hero_image": ContentFile(article_hero(slug), "hero.jpg"),
            },
            authors=[author],
            topics=[_topic(name) for name in row["topics"]],
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
        """To the board, once the writer has answered the warnings that the editorial checks have on the text."""
        writer = article.created_by
        answers = {(row["check"], row["passage"]): row["reason"] for row in self._row(article.slug).get("answer", ())}
        for finding in unanswered(readiness.findings(article, article.head())):
            reason = answers.get((finding.id, finding.passage), "")
            waivers.waive(article=article, actor=writer, finding=finding, reason=reason)
        return workflow.submit(article=article, actor=writer, note=note)

    def _approve(self, article: Article, revision: int = 1) -> None:
        submission = self._submit(article)
        for review in submission.reviews.order_by("pk"):
            self._verdict(self._accept(review), revision)

    def _accept(self, review: Review) -> Review:
        """The advisor accepts, and leaves the comments that they have on this article's first round."""
        slug, name = review.submission.article.slug, review.advisor.slug
        review = reviews.accept(review=review, actor=review.advisor.user)
        for note in self.people["comment"]:
            if (note["article"], note["advisor"]) == (slug, name) and review.submission.revision.number == 1:
                reviews.comment(review=review, actor=review.advisor.user, text=note["text"], passage=note["passage"])
        return review

    def _verdict(self, review: Review, revision: int = 1) -> None:
        slug, advisor = review.submission.article.slug, review.advisor
        remarks = "".join(
            row["text"]
            for row in self.people["remark"]
            if (row["article"], row["advisor"], row.get("revision", 1)) == (slug, advisor.slug, revision)
        )
        if not review.response:
            review = self._accept(review)
        reviews.state_conflict(review=review, actor=advisor.user, conflict=Conflict.NONE)
        reviews.give_verdict(
            review=review,
            actor=advisor.user,
            verdict=Verdict.APPROVE,
            digest=review.submission.revision.digest,
            remarks=remarks,
            ticks={item.pk: Ticked.YES for item in checklists.items_for(review.submission.article)},
        )

    def _asked(self, article: Article, advisor: str) -> Review:
        return Review.objects.select_related("submission__article", "submission__revision", "advisor__user").get(
            submission__article=article, submission__outcome="", advisor__slug=advisor
        )

    def _row(self, slug: str) -> dict:
        return _table(f"{slug}/article")

    def _now(self, article: Article) -> Article:
        article.refresh_from_db()
        return article


def _table(name: str) -> dict:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def _text(slug: str, name: str) -> str:
    return (CONTENT / slug / name).read_text(encoding="utf-8")


def _user(email: str, name: str, role: str) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def _profile(row: dict) -> dict:
    fields = {name: row[name] for name in ("name", "slug", "credentials", "job_title", "affiliation", "biography")}
    return {**fields, "photo": ContentFile(portrait(row["slug"]), "portrait.jpg")}


def _author(row: dict) -> Author:
    return Author.objects.create(user=_user(row["email"], row["name"], WRITERS), **_profile(row))


def _advisor(row: dict) -> Advisor:
    user = _user(row["email"], row["name"], ADVISORS)
    advisor = Advisor.objects.create(user=user, **_profile(row))
    interests = dict.fromkeys(Question, Interest()) | {Question.OTHER: Interest(row["disclosure"])}
    disclosures.disclose(advisor=advisor, actor=user, interests=interests)
    return advisor


def _topic(name: str) -> Topic:
    topic, _ = Topic.objects.get_or_create(
        slug=slugify(name), defaults={"name": name, "description": _table("topics")[name]}
    )
    return topic


def _source(row: dict, editor: User) -> Source:
    fields = {name: value for name, value in row.items() if name not in ("authors", "accessed", "supports")}
    source = Source(
        authors="\n".join(row.get("authors", [])), accessed_on=row.get("accessed"), created_by=editor, **fields
    )
    source.full_clean()
    source.save()
    return source


def _product(row: dict) -> Product:
    fields = {
        name: row[name]
        for name in ("name", "slug", "audience", "kind", "tagline", "description", "directions", "cautions")
    }
    shop = f"https://shop.example.org/{row['slug']}"
    product = Product(ingredients="\n".join(row["ingredients"]), shop_url=shop, **fields)
    product.full_clean()
    product.save()
    for place, (name, amount) in enumerate(row.get("active", {}).items()):
        active = ProductIngredient(product=product, ingredient=Ingredient.objects.get(name=name), position=place)
        active.amount = Decimal(str(amount))
        active.full_clean()
        active.save()
    for view, alt in enumerate(row["alt"]):
        picture = ContentFile(product_picture(row["slug"], view), "product.jpg")
        ProductPicture.objects.create(product=product, image=picture, alternative_text=alt, position=view)
    return product


def _policy(row: dict, place: int) -> Policy:
    policy = Policy(body=_text("policies", f"{row['slug']}.html"), position=place, is_shown=True, **row)
    policy.full_clean()
    policy.save()
    return policy
