"""The policies of the publication: pages that editors write. They do not depend on articles or people."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import HtmlField, LineField
from core.redirects.fields import AddressField

WORDS = ("title", "summary", "body")


class PolicyQuerySet(models.QuerySet):
    """Queries for policies."""

    def shown(self) -> "PolicyQuerySet":
        """Return the policies that readers can see."""
        return self.filter(is_shown=True)


class Policy(models.Model):
    """A policy page. `updated_at` is set when the text changes, and cannot be edited."""

    title = LineField(_("title"), max_length=120)
    slug = AddressField(_("address"), max_length=80, unique=True, help_text=_("The last part of its web address."))
    summary = LineField(_("summary"), max_length=240, help_text=_("One sentence: what readers learn here."))
    body = HtmlField(_("body"), help_text=_("Headings start at the second level: the title is the first."))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Its place in the list. The page with the smallest number comes first.")
    )
    is_shown = models.BooleanField(_("shown to readers"), default=False)
    updated_at = models.DateTimeField(_("text last changed"), editable=False)
    history = HistoricalRecords()

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        """Clean the texts, set `updated_at` if one differs from what is stored, and save.

        Raise ValidationError if a text is too long to be cleaned or cannot be sanitised (LineField, HtmlField).
        """
        for name in WORDS:
            setattr(self, name, self._meta.get_field(name).to_python(getattr(self, name)))
        before = Policy.objects.filter(pk=self.pk).values(*WORDS).first() if self.pk else None
        if before is None or any(before[name] != getattr(self, name) for name in WORDS):
            self.updated_at = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the public URL of the policy, as a path."""
        return reverse("policies:policy", args=[self.slug])
