"""Find the articles that show a picture of the library, now or in one of their revisions."""

from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models.articles import Article, ArticleQuerySet
from articles.models.publications import Publication
from articles.models.revisions import Revision
from pictures.library import STORED
from pictures.models import Picture
from pictures.signals import PictureUse, PictureUses, any_use_wanted, used_names_wanted, uses_wanted

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ShowingArticle = WithAnnotations[Article, "ShownColumn"]


class ShownColumn(TypedDict):
    """The column that `articles_showing` adds to an article."""

    shows_now: bool


def connect() -> None:
    """Connect the receivers that answer the picture library's questions about uses."""
    any_use_wanted.connect(_is_used, dispatch_uid="articles.is_used")
    uses_wanted.connect(_uses, dispatch_uid="articles.uses")
    used_names_wanted.connect(_used_names, dispatch_uid="articles.used_names")


def showing(name: str) -> Q:
    """Return the condition for articles or revisions that show the stored picture `name`.

    They may show it at the top, in their body or in their safety note.
    """
    return Q(hero_image=name) | Q(body__contains=name) | Q(safety_note__contains=name)


def articles_showing(picture: Picture) -> ArticleQuerySet:
    """Return the articles that show the picture now or in any revision, most recently saved first. Makes one query.

    `shows_now` is true for an article whose working copy shows the picture. The query reads the texts of all revisions,
    so use it for a page about one picture, not for lists.
    """
    name = picture.image.name
    revisions = Revision.objects.filter(showing(name), article=OuterRef("pk"))
    return (
        Article.objects.annotate(
            shows_now=models.Case(models.When(showing(name), then=models.Value(True)), default=models.Value(False))
        )
        .filter(Q(shows_now=True) | Exists(revisions))
        .defer("body", "safety_note")
    )


def uses_for(picture: Picture, user: User, most: int) -> PictureUses:
    """Return the uses of the picture that the user may see: articles that they may open, then other live articles.

    Each of the two groups has at most `most` articles.
    """
    own = cast("list[ShowingArticle]", list(articles_showing(picture).editable_by(user)[:most]))
    keys = [article.pk for article in own]
    live = Publication.objects.visible().select_related("article", "approval__revision")
    seen = set(live.filter(article__in=keys).values_list("article_id", flat=True))
    uses = [_own_use(article, is_public=article.pk in seen) for article in own]
    sees_all = user.has_perm("articles.edit_all_articles")
    if not sees_all:
        revisions = Revision.objects.filter(showing(picture.image.name)).order_by().values("pk")
        others = live.filter(approval__revision__in=revisions).exclude(article__in=keys).order_by("-starts_at")
        uses += [_public_use(publication) for publication in others[:most]]
    return PictureUses(uses=uses, sees_all=sees_all)


def used_names(user: User) -> set[str]:
    """Return the names of all pictures in texts that the user may read, by reading every text that has a picture."""
    names: set[str] = set()
    for rows in (Article.objects.editable_by(user), Revision.objects.readable_by(user)):
        names.update(rows.exclude(hero_image="").values_list("hero_image", flat=True).distinct().order_by())
        for field in ("body", "safety_note"):
            texts = rows.filter(**{f"{field}__contains": "/pictures/"}).order_by()
            for text in texts.values_list(field, flat=True).iterator(chunk_size=200):
                names.update(STORED.findall(text))
    return names


def _own_use(article: "ShowingArticle", *, is_public: bool) -> PictureUse:
    return PictureUse(
        title=str(article),
        url=reverse("admin:articles_article_change", args=[article.pk]),
        note=_("shows it now") if article.shows_now else _("in an earlier revision only"),
        stage=article.stage,
        stage_label=article.get_stage_display(),
        public_url=article.get_absolute_url() if is_public else "",
    )


def _public_use(publication: Publication) -> PictureUse:
    return PictureUse(
        title=publication.approval.revision.title,
        url=publication.article.get_absolute_url(),
        note=_("readers see it there"),
    )


# Receivers


def _is_used(picture: Picture, **kwargs: Any) -> bool:
    return articles_showing(picture).exists()


def _uses(picture: Picture, user: User, most: int, **kwargs: Any) -> PictureUses:
    return uses_for(picture, user, most)


def _used_names(user: User, **kwargs: Any) -> set[str]:
    return used_names(user)
