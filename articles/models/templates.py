"""Templates of articles, from which writers begin. Editors write them in the admin."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import HtmlField, LineField, ProseField

# In characters of HTML. A template has headings and instructions, not an article's text.
LONGEST_TEMPLATE_BODY = 20_000
LONGEST_TEMPLATE_NOTE = 4_000


class ArticleTemplate(models.Model):
    """A kind of article with its sections. A new article may begin with a copy of this text.

    A paragraph, a line or a cell that begins with “[…]” is an instruction: check STR06 refuses a text in which one was
    left (checks.preflight.structure).
    """

    name = LineField(_("name"), max_length=80, unique=True, help_text=_("The kind of article, such as “News”."))
    purpose = LineField(
        _("purpose"), max_length=200, blank=True, help_text=_("When to use it. Shown where writers choose.")
    )
    standfirst = ProseField(_("standfirst"), max_length=400, blank=True)
    key_messages = ProseField(
        _("key messages"), max_length=1200, blank=True, help_text=_("One for each line, as in the article.")
    )
    body = HtmlField(
        _("body"),
        validators=[MaxLengthValidator(LONGEST_TEMPLATE_BODY)],
        help_text=_(
            "The sections with their headings. Begin each instruction with “[…]”, in a paragraph of its own: an "
            "article cannot be submitted before its writer has replaced them."
        ),
    )
    safety_note = HtmlField(_("safety note"), blank=True, validators=[MaxLengthValidator(LONGEST_TEMPLATE_NOTE)])
    disclosure = ProseField(_("disclosure"), max_length=600, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("article template")
        verbose_name_plural = _("article templates")

    def __str__(self) -> str:
        return self.name
