"""The article: who it is, how far its working copy has come, and the working copy itself."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import User
from articles.models.content import Content
from articles.models.people import Author
from articles.models.visibility import in_force
from core.db.immutable import UndeletableQuerySet
from core.fields import LineField
from products.models import Product
from sources.models import Source


class Stage(models.TextChoices):
    """How far the working copy has come. `articles.workflow` alone writes it."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    # An editor took the article off the page after the board had approved the working copy.
    WITHDRAWN = "withdrawn", "Withdrawn"


class Topic(models.Model):
    """What an article is about, for readers to browse by."""

    name = LineField(max_length=80, unique=True)
    slug = models.SlugField("address", max_length=80, unique=True, help_text="The last part of its web address.")
    description = LineField(max_length=300, blank=True)
    products = models.ManyToManyField(
        Product,
        blank=True,
        related_name="topics",
        help_text="A recommended product should share a topic with its article.",
    )
    # The terms of a review, where the topic asks for others than the newsroom's own (articles.review_terms).
    review_quorum = models.PositiveSmallIntegerField(
        "approvals needed",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leave it empty for the usual number.",
    )
    review_due_days = models.PositiveSmallIntegerField(
        "days for a review",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leave it empty for the usual number.",
    )
    review_interval_days = models.PositiveSmallIntegerField(
        "days until the next review", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    needs_specialist = models.BooleanField(
        "needs a specialist", default=False, help_text="One of those who approve has this topic as a specialty."
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(UndeletableQuerySet):
    """Reads of articles."""

    def visible(self, at: datetime | None = None) -> "ArticleQuerySet":
        """Articles that readers see at that time (now, unless another aware time is given)."""
        return self.filter(in_force(at, "publications__"))

    def editable_by(self, user: User) -> "ArticleQuerySet":
        """Articles whose working copy this person may open: their own, or all with the editors' permission."""
        if user.has_perm("articles.edit_all_articles"):
            return self
        if not user.has_perm("articles.change_article"):
            return self.none()
        return self.filter(
            Q(created_by=user) | Exists(Authorship.objects.filter(article=OuterRef("pk"), author__user=user))
        )


class Article(Content):
    """Identity and working copy. The rows below it are the chain; none of it is ever deleted."""

    slug = models.SlugField("address", max_length=100, unique=True, help_text="The last part of its web address.")
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    authors = models.ManyToManyField(Author, through="Authorship", related_name="articles")
    sources = models.ManyToManyField(Source, through="ArticleSource", related_name="articles")
    products = models.ManyToManyField(Product, through="Recommendation", related_name="articles")
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The working copy's own counter: a form that was opened at an older one is told, not obeyed.
    version = models.PositiveIntegerField(default=0, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    saved_at = models.DateTimeField(null=True, editable=False, db_index=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        permissions = [
            ("edit_all_articles", "Can edit and submit every article"),
            ("publish_article", "Can publish, schedule and withdraw what the board approved"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="article_stage"),
        ]
        indexes = [models.Index(fields=["stage", "-saved_at", "-id"], name="article_stage_saved")]

    def get_absolute_url(self) -> str:
        return reverse("website:article", args=[self.slug])

    @property
    def is_locked(self) -> bool:
        """Whether the text must not change because reviewers are reading it: a query where changes are requested."""
        if self.stage == Stage.CHANGES_REQUESTED:
            return self.submissions.closing().exists()
        return self.stage == Stage.IN_REVIEW

    def head(self):
        """The newest revision, the working copy as it was last saved; None before the first save."""
        return self.revisions.order_by("-number").first()

    def approval_of_working_copy(self):
        """The latest approval of the newest revision, or None where the board has not approved it."""
        newest = self.head()
        return newest and newest.approvals.first()

    def delete(self, *args: object, **kwargs: object) -> None:
        raise models.ProtectedError("An article stays, with its record.", {self})


class Authorship(models.Model):
    """An author of an article, in the order of the byline."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="authorships")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="authorships")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "author"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="authorship_once",
                violation_error_message="This author is on the byline already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.author)


class ArticleSource(models.Model):
    """A source at hand for an article. The body's marks decide whether, where and as which number it is cited."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="article_sources")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="article_sources")
    supports = LineField(max_length=300, blank=True, help_text="Which statements it supports, for the reviewers.")

    class Meta:
        ordering = ["pk"]
        verbose_name = "source"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source"],
                name="article_source_once",
                violation_error_message="This source is attached already.",
            )
        ]

    def __str__(self) -> str:
        return self.source.key


class Recommendation(models.Model):
    """A product shown below an article: the shop's choice, not the board's."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="recommendations")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="recommendations")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "recommended product"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "product"],
                name="recommendation_once",
                violation_error_message="This product is recommended already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.product)
