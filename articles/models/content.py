"""What an article says. Declared once, held twice: as the working copy and in every revision."""

from django.db import models

from core.fields import HtmlField, LineField, ProseField
from pictures.fields import PictureField


class Content(models.Model):
    """The words and the picture that a board reviews and a reader reads."""

    title = LineField(max_length=200)
    standfirst = ProseField(
        max_length=400,
        blank=True,
        help_text="One or two sentences under the title: what the reader will know.",
    )
    key_messages = ProseField(
        max_length=1200, blank=True, help_text="Two to five, one on each line, each a whole sentence."
    )
    body = HtmlField(blank=True)
    safety_note = HtmlField(
        blank=True,
        help_text="Who should not take it, interactions, the upper limit. Shown in a box of its own.",
    )
    disclosure = ProseField(
        max_length=600, blank=True, help_text="What we sell or earn in connection with this article."
    )
    hero_image = PictureField("picture", blank=True)
    hero_alt = LineField(
        "alternative text",
        max_length=250,
        blank=True,
        help_text="Describe the picture for readers who cannot see it.",
    )
    hero_caption = LineField("caption", max_length=250, blank=True)
    hero_credit = LineField("credit", max_length=120, blank=True)
    search_description = LineField(max_length=160, blank=True, help_text="The two lines that search engines show.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or "Untitled"

    def content(self) -> dict[str, str]:
        """Every content field by name, pictures as their stored name (which is the hash of their bytes)."""
        return {
            field.name: (getattr(self, field.name).name or "")
            if isinstance(field, models.FileField)
            else getattr(self, field.name)
            for field in Content._meta.get_fields()
        }

    @property
    def messages(self) -> list[str]:
        """The key messages, without empty lines."""
        return [line.strip() for line in self.key_messages.splitlines() if line.strip()]
