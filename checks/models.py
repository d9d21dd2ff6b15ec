"""The word lists of the editorial checks, which editors maintain."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import LineField


class PreferredTerm(models.Model):
    """A spelling mistake or a term that the publication does not use, with its replacement (check LNG02)."""

    avoid = LineField(_("avoid"), max_length=80, unique=True, help_text=_("The word or words that should not be used."))
    prefer = LineField(_("write"), max_length=120)
    why = LineField(_("why"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name, verbose_name_plural = _("preferred term"), _("preferred terms")
        ordering = ["avoid"]

    def __str__(self) -> str:
        return f"{self.avoid} → {self.prefer}"


class ConditionKind(models.TextChoices):
    """What a term in a health claim names."""

    DISEASE = "disease", _("disease")
    SYMPTOM = "symptom", _("symptom of a disease")
    MARKER = "marker", _("value that stands for a disease")
    GERM = "germ", _("germ or cancer cell")
    MEDICINE = "medicine", _("medicine")
    SUBSTANCE = "substance", _("plant or other substance in supplements")
    VERB = "verb", _("verb that acts on a disease")
    EXCLUDED = "excluded", _("none of these, whatever the lists of the checks say")


class Condition(models.Model):
    """A term by which the checks CLM01 and CLM02 recognise a health claim.

    These terms are added to the diseases of conditions.txt and topics.txt and the substances of substances.txt (all in
    checks/preflight/terms/) and to the verbs of checks/preflight/verbs.py. A term of the kind `EXCLUDED` removes a name
    or a verb from those lists.
    """

    name = LineField(
        _("name"),
        max_length=80,
        unique=True,
        help_text=_("As it appears in texts: a noun in the singular, or a verb in its base form, without “to”."),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=ConditionKind, default=ConditionKind.DISEASE)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("term of health claims")
        verbose_name_plural = _("terms of health claims")
        constraints = [models.CheckConstraint(condition=Q(kind__in=ConditionKind.values), name="condition_kind")]

    def __str__(self) -> str:
        return str(self.name)
