"""The model of the text that somebody has typed into an article's form and not saved yet."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models.articles import Article
from articles.models.revisions import HEX_DIGEST


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    """Queries for autosaves."""

    def of(self, user: User, article: Article | None, begun: str = "") -> "AutosaveQuerySet":
        """Return this user's autosave for the form of this article, or of the new one that `begun` names: one or none.

        Nobody else's autosaves are ever read, so every view starts here or with `begun_by`.
        """
        return self.filter(user=user, article=article, begun=begun)

    def begun_by(self, user: User) -> "AutosaveQuerySet":
        """Return this user's autosaves of articles that were never saved."""
        return self.filter(user=user, article=None)


class Autosave(models.Model):
    """The text that one person has typed into the form of an article (None: a new one) since the version `base`.

    It is outside the chain of revisions, and only that person sees it. A save deletes it. `window` names the page that
    wrote it, so that another page of the same person does not replace it unseen (articles.open_forms.autosaves).
    `begun` names the form of a new article, so that one person can have begun several; it is in the form's address.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="autosaves", verbose_name=_("article")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    begun = models.CharField(_("name of the form of a new article"), max_length=40, blank=True, default="")
    title = models.CharField(_("title in the form"), max_length=200, blank=True, default="")
    window = models.CharField(_("page that wrote it"), max_length=40)
    base = models.PositiveIntegerField(_("version that it was typed on"))
    # JSON of field names and their contents, as typed. In a text column, because PostgreSQL's JSON refuses some text.
    typed = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=64)
    saved_at = models.DateTimeField(_("kept at"), db_index=True)

    objects: ClassVar = AutosaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("text that is not saved yet")
        verbose_name_plural = _("texts that are not saved yet")
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="autosave_once"),
            models.UniqueConstraint(
                fields=["user", "begun"], condition=Q(article=None), name="autosave_once_of_a_new_article"
            ),
            models.CheckConstraint(condition=Q(digest__regex=HEX_DIGEST), name="autosave_digest_is_sha256"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]
