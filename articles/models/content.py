"""The content fields of an article, declared once for the working copy and for every revision."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import HtmlField, LineField, ProseField
from pictures.fields import PictureField


class Content(models.Model):
    """Abstract base: the text and the picture of an article, which the board reviews and readers see."""

    title = LineField(_("title"), max_length=200)
    standfirst = ProseField(
        _("standfirst"), max_length=400, blank=True, help_text=_("In one or two sentences: what the reader will learn.")
    )
    key_messages = ProseField(
        _("key messages"),
        max_length=1200,
        blank=True,
        help_text=_("Two to five whole sentences, each on its own line."),
    )
    body = HtmlField(_("body"), blank=True)
    safety_note = HtmlField(
        _("safety note"),
        blank=True,
        help_text=_("Who should not take it, interactions, the upper limit. Shown in a box of its own."),
    )
    disclosure = ProseField(
        _("disclosure"),
        max_length=600,
        blank=True,
        help_text=_("What we sell or earn in connection with this article."),
    )
    hero_image = PictureField(_("picture"), blank=True)
    hero_alt = LineField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("Describe the picture for those who cannot see it."),
    )
    hero_caption = LineField(_("caption"), max_length=250, blank=True)
    hero_credit = LineField(_("credit"), max_length=120, blank=True)
    search_description = LineField(
        _("search description"), max_length=160, blank=True, help_text=_("The two lines that search engines show.")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or gettext("Untitled")

    def content(self) -> dict[str, str]:
        """Return the value of every content field by name. A picture's value is its stored name (a hash)."""
        return {
            field.name: (getattr(self, field.name).name or "")
            if isinstance(field, models.FileField)
            else getattr(self, field.name)
            for field in Content._meta.get_fields()
        }

    @property
    def messages(self) -> list[str]:
        """Return the key messages, one for each line that is not empty."""
        return [line.strip() for line in self.key_messages.splitlines() if line.strip()]
