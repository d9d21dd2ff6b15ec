"""The models of manuscripts that were read, and are not articles yet."""

import json
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from manuscripts.proposals import Proposal


class ManuscriptQuerySet(models.QuerySet["Manuscript"]):
    """Queries for manuscripts."""

    def of(self, user: User) -> "ManuscriptQuerySet":
        """Return the manuscripts that this user uploaded. Nobody else ever sees them, so every view starts here."""
        return self.filter(user=user)


class Manuscript(models.Model):
    """A manuscript that one person uploaded, as it was read. Only that person sees it.

    It is deleted when its article begins, when the person discards it, or after a month (manuscripts.jobs). `read_as`
    holds a Proposal as JSON, in a text column because PostgreSQL's JSON refuses some text.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    file_name = models.CharField(_("name of the file"), max_length=200)
    read_as = models.TextField(_("text and references"))
    uploaded_at = models.DateTimeField(_("uploaded at"), db_index=True)

    objects: ClassVar = ManuscriptQuerySet.as_manager()

    class Meta:
        verbose_name = _("manuscript")
        verbose_name_plural = _("manuscripts")
        default_permissions = ()  # whoever may begin an article may upload a manuscript, and nobody sees another's

    def __str__(self) -> str:
        return self.file_name

    @property
    def proposal(self) -> Proposal:
        """Return what was read, with what has been looked up since."""
        return Proposal.from_json(json.loads(self.read_as))

    @proposal.setter
    def proposal(self, proposal: Proposal) -> None:
        self.read_as = json.dumps(proposal.as_json())


class ManuscriptPicture(models.Model):
    """A picture of a manuscript. It joins the library when the article begins, if it has a description."""

    manuscript = models.ForeignKey(
        Manuscript, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("manuscript")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.BinaryField(_("file"))
    alternative_text = models.CharField(_("alternative text"), max_length=250, blank=True)
    caption = models.CharField(_("caption"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("picture of a manuscript")
        verbose_name_plural = _("pictures of manuscripts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["manuscript", "number"], name="manuscript_picture_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)
