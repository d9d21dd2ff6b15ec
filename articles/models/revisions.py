"""Immutable snapshots of an article's content, with the citations and the byline that belong to them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models.articles import Article
from articles.models.content import Content
from articles.models.names import UnderName
from articles.models.people import Author
from articles.models.visibility import in_force
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel, ImmutableQuerySet, UndeletableModel
from sources.models import Evidence, Source

HEX_DIGEST = r"^[0-9a-f]{64}$"


class RevisionQuerySet(ImmutableQuerySet["Revision"]):
    """Queries for revisions."""

    def visible(self) -> Self:
        """Return the revisions that readers see now."""
        return self.filter(pk__in=self.model.objects.filter(in_force(path="approvals__publications__")).values("pk"))

    def readable_by(self, user: User) -> Self:
        """Return the revisions whose text the user may read.

        These are all revisions of the articles that the user may open, and the live revisions of other articles. Every
        admin page that names, counts or searches other people's articles uses this method: only editors and the people
        who work on an article may know that the article exists, or its unapproved title.
        """
        if user.has_perm("articles.edit_all_articles"):
            return self
        return self.filter(
            Q(article__in=Article.objects.editable_by(user).order_by().values("pk"))
            | Q(pk__in=self.model.objects.visible().order_by().values("pk"))
        )


class Revision(ImmutableModel, Content):
    """The content of an article after one save. The database refuses to change a stored revision.

    `digest` is the SHA-256 of a canonical form of content, citations and byline (articles.digests).
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions")
    created_by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    created_by_shown = NameNow("created_by_name", "created_by_id")

    objects: ClassVar = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["article_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(digest__regex=HEX_DIGEST), name="revision_digest_is_sha256"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
        ]

    def __str__(self) -> str:
        return _("Revision %(number)s of “%(title)s”") % {"number": self.number, "title": self.title}


class CitationQuerySet(ImmutableQuerySet["Citation"]):
    """Queries for citations."""

    def readable_by(self, user: User) -> Self:
        """Return the citations in revisions that the user may read (RevisionQuerySet.readable_by)."""
        if user.has_perm("articles.edit_all_articles"):
            return self
        return self.filter(revision__in=Revision.objects.readable_by(user).order_by().values("pk"))


class Citation(ImmutableModel):
    """A source as one revision cites it. Its number, its bibliographic text and its links never change.

    `reference` is HTML with no tag but `em`; only sources.references writes it. `archived_url` is the address of the
    archived copy that the source had when the revision was saved, and `archived_on` the day of that copy.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    reference = models.TextField()
    link = models.CharField(max_length=500, blank=True)
    archived_url = models.CharField(max_length=500, blank=True)
    archived_on = models.DateField(null=True)
    evidence = models.CharField(max_length=24, choices=Evidence)

    objects: ClassVar = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="citation_number_once"),
            models.UniqueConstraint(fields=["revision", "key"], name="citation_key_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="citation_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.key}"


class Byline(UnderName):
    """An author of one revision, with the name, credentials, portrait and account (if any) that they had at that time.

    The portrait is the name of a stored picture, and stored pictures never change.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    credentials = models.CharField(max_length=120, blank=True)
    photo = models.ImageField(max_length=150, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="byline_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class Rendering(UndeletableModel):
    """A revision as HTML, stored so that no request has to render it.

    It is derived data and not part of the approval chain. The database lets only a newer version of the renderer change
    it, and check_integrity renders the revision again and compares every column.
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True, related_name="rendering")
    renderer = models.PositiveSmallIntegerField()  # the version of the code that made it
    body = models.TextField()
    safety_note = models.TextField(blank=True)
    headings = models.JSONField(default=list)  # the table of contents: level, text and anchor of each heading
    marks = models.JSONField(default=dict)  # the anchors of the markers of each citation key
    words = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Rendering of {self.revision_id}"
