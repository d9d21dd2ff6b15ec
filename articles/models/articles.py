"""Topics and articles. An article has an identity, a working copy, and the stage of that working copy."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from articles.models.content import Content
from articles.models.people import Author
from articles.models.visibility import in_force
from core.db.immutable import UndeletableQuerySet
from core.fields import LineField
from core.redirects.fields import AddressField
from products.models import Product
from sources.models import Source

if TYPE_CHECKING:
    from articles.models.revisions import Revision
    from articles.models.submissions import Approval


class Stage(models.TextChoices):
    """The stage of the working copy in the workflow. Only `articles.workflow` writes it."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    # An editor withdrew the article from readers after the board had approved the working copy.
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Topic(models.Model):
    """A subject of articles. Readers can browse articles by topic."""

    name = LineField(_("name"), max_length=80, unique=True)
    slug = AddressField(_("address"), max_length=80, unique=True, help_text=_("The last part of its web address."))
    description = LineField(_("description"), max_length=300, blank=True)
    products = models.ManyToManyField(
        Product,
        blank=True,
        related_name="topics",
        verbose_name=_("products"),
        help_text=_("A recommended product should share a topic with its article."),
    )
    # The terms of a review, if the topic has terms other than the newsroom's own (articles.review_terms).
    review_quorum = models.PositiveSmallIntegerField(
        _("approvals needed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave it empty for the usual number."),
    )
    review_due_days = models.PositiveSmallIntegerField(
        _("days for a review"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave it empty for the usual number."),
    )
    review_interval_days = models.PositiveSmallIntegerField(
        _("days until the next review"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    needs_specialist = models.BooleanField(
        _("needs a specialist"), default=False, help_text=_("One of those who approve must have this as a specialty.")
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(UndeletableQuerySet["Article"]):
    """Queries for articles."""

    def visible(self, at: datetime | None = None) -> "ArticleQuerySet":
        """Return the articles that readers see at the aware time `at` (now if None)."""
        return self.filter(in_force(at, "publications__"))

    def editable_by(self, user: User) -> "ArticleQuerySet":
        """Return the articles whose working copy the user may open: all for an editor, otherwise their own.

        Their own are those that they began, on whose byline they are, or that are assigned to them.
        """
        if user.has_perm("articles.edit_all_articles"):
            return self
        if not user.has_perm("articles.change_article"):
            return self.none()
        return self.filter(
            Q(created_by=user)
            | Exists(Authorship.objects.filter(article=OuterRef("pk"), author__user=user))
            # Not a join to the assignment, because PostgreSQL cannot lock the rows of an outer join.
            | Exists(Article.objects.filter(pk=OuterRef("pk"), assignment__person=user).order_by())
        )


class Article(Content):
    """The identity and the working copy of an article. Neither it nor its approval chain is ever deleted."""

    slug = AddressField(_("address"), max_length=100, unique=True, help_text=_("The last part of its web address."))
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles", verbose_name=_("topics"))
    authors: "models.ManyToManyField[Author, Authorship]" = models.ManyToManyField(
        Author, through="Authorship", related_name="articles"
    )
    sources: "models.ManyToManyField[Source, ArticleSource]" = models.ManyToManyField(
        Source, through="ArticleSource", related_name="articles"
    )
    products: "models.ManyToManyField[Product, Recommendation]" = models.ManyToManyField(
        Product, through="Recommendation", related_name="articles"
    )
    word_goal = models.PositiveIntegerField(
        _("words to aim for"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50_000)],
        help_text=_("Shown beside the word count, to writers and editors alone."),
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Counts the saves of the working copy. A form that was opened at an older version is refused.
    version = models.PositiveIntegerField(default=0, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    saved_at = models.DateTimeField(null=True, editable=False, db_index=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
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
        """Return whether reviewers are reading the text, so that it must not change. Makes at most one query."""
        if self.stage == Stage.CHANGES_REQUESTED:
            return self.submissions.closing().exists()
        return self.stage == Stage.IN_REVIEW

    def head(self) -> "Revision | None":
        """Return the newest revision, which is the working copy as last saved, or None before the first save."""
        return self.revisions.order_by("-number").first()

    def approval_of_working_copy(self) -> "Approval | None":
        """Return the latest approval of the newest revision, or None if the board has not approved that revision."""
        newest = self.head()
        return newest.approvals.first() if newest else None

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise models.ProtectedError("Articles are never deleted: their record is kept.", {self})


class Authorship(models.Model):
    """An author of an article, in the order of the byline."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="authorships", verbose_name=_("article")
    )
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="authorships", verbose_name=_("author"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("author")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="authorship_once",
                violation_error_message=_("This author is on the byline already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.author)


class ArticleSource(models.Model):
    """A source that is attached to an article. The citation markers in the text decide where it is cited."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="article_sources", verbose_name=_("article")
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="article_sources", verbose_name=_("source")
    )
    supports = LineField(
        _("supports"), max_length=300, blank=True, help_text=_("Which statements it supports, for the reviewers.")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("source")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source"],
                name="article_source_once",
                violation_error_message=_("This source is attached already."),
            )
        ]

    def __str__(self) -> str:
        return self.source.key


class Recommendation(models.Model):
    """A product that is recommended below an article. The shop chooses it; the board does not review it."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("article")
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("product")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("recommended product")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "product"],
                name="recommendation_once",
                violation_error_message=_("This product is recommended already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.product)
